"""Is a pair density that of k particles? The distance, and a separating functional if not."""

import numpy as np

from comotion.errors import TransportError
from comotion.models.problem import Solution
from comotion.models.sites import membership, pair_densities

#: Numbers of particles for which two sites exclude each other.
_TWO_SITES = (2, 3, 4, 6, 20)


def solve(*, sites: int = 10, particles: int = 10) -> Solution:
    """Is a pair density k-representable? That of two sites, and the switch of halves on more.

    Args:
        sites: Sites M of the switch.
        particles: Particles k that the switch is tried with.

    Returns:
        Distances, and the certificate's values; the switch, the nearest k-representable pair
        density and the certificate.

    Raises:
        TransportError: An odd number of sites, which has no halves to switch.
    """
    if sites % 2:
        raise TransportError(f"a switch of halves needs an even number of sites, not {sites}")
    exclusion = np.array([[0.0, 0.5], [0.5, 0.0]])
    distances = {str(k): membership(exclusion, k).distance for k in _TWO_SITES}
    switch = np.roll(np.eye(sites), sites // 2, axis=1) / sites
    found = membership(switch, particles)
    members = pair_densities(found.occupations)
    nearest = np.einsum("n,nab->ab", found.weights, members)
    # The switch looks the same from every site: the average over the shifts is as near.
    nearest = np.mean([np.roll(nearest, (a, a), (0, 1)) for a in range(sites)], axis=0)
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
            "settings": {"sites": sites, "particles": particles},
        },
        {
            "pair_density": (switch, "1", "rho_2 of two particles that switch halves, (M, M)"),
            "nearest": (nearest, "1", "nearest k-representable pair density, (M, M)"),
            "certificate": (found.certificate, "1", "separating functional c, (M, M)"),
        },
    )
