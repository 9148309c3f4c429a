"""Stage: is a pair density that of k particles? The distance, and a certificate if not."""

import argparse

import numpy as np

from comotion.errors import TransportError
from comotion.stage import parser
from comotion.theory.problem import Solution, run_problem
from comotion.theory.sites import membership, pair_densities

_TWO_SITES = (2, 3, 4, 6, 20)


def solve(options: argparse.Namespace) -> Solution:
    """The exclusion of two sites, and the switch of halves on more of them.

    Raises:
        TransportError: An odd number of sites, which has no halves to switch.
    """
    if options.sites % 2:
        raise TransportError(
            f"a switch of halves needs an even number of sites, not {options.sites}"
        )
    exclusion = np.array([[0.0, 0.5], [0.5, 0.0]])
    distances = {str(k): membership(exclusion, k).distance for k in _TWO_SITES}
    m = options.sites
    switch = np.roll(np.eye(m), m // 2, axis=1) / m
    found = membership(switch, options.particles)
    members = pair_densities(found.occupations)
    nearest = np.einsum("n,nab->ab", found.weights, members)
    # The switch looks the same from every site: the average over the shifts is as near.
    nearest = np.mean([np.roll(nearest, (a, a), (0, 1)) for a in range(m)], axis=0)
    # The certificate holds when no k-representable pair density reaches its value on rho_2: all
    # extreme ones are tried.
    largest = float(np.max(np.einsum("nab,ab->n", members, found.certificate)))
    reached = float(np.sum(found.certificate * switch))
    return Solution(
        {
            "exclusion_distance": distances,
            "switch_distance": found.distance,
            "certificate_on_switch": reached,
            "certificate_on_members": largest,
            "certificate_gap": reached - largest,
            "occupations": len(found.occupations),
            "settings": {"sites": m, "particles": options.particles},
        },
        {
            "pair_density": (switch, "1", "rho_2 of two particles that switch halves, (M, M)"),
            "nearest": (nearest, "1", "nearest k-representable pair density, (M, M)"),
            "certificate": (found.certificate, "1", "separating functional c, (M, M)"),
        },
    )


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.representability", __doc__ or "")
    arguments.add_argument("--sites", type=int, default=10, help="sites M of the example")
    arguments.add_argument("--particles", type=int, default=10, help="particles k of the example")
    run_problem("representability", solve, arguments)
