"""Stage: infinitely many particles, the cost of a mixture as mean field plus variance."""

import argparse
from dataclasses import replace

import numpy as np

from comotion.stage import parser
from comotion.theory.infinite import MixedLaw, mean_field, mixed_energy, variance
from comotion.theory.problem import Solution, run_problem

#: Two unit Gaussians apart, the same moved off the origin, and two widths at one centre.
_EXAMPLES = {
    "apart": (np.array([-1.0, 1.0]), np.array([1.0, 1.0])),
    "moved": (np.array([1.0, 3.0]), np.array([1.0, 1.0])),
    "concentric": (np.array([0.0, 0.0]), np.array([0.5, 1.5])),
}


def solve(options: argparse.Namespace) -> Solution:
    """Both sides of the identity for three laws, against the weight and against the mixing."""
    both = np.array([0.5, 0.5])
    laws = {name: MixedLaw(both, np.eye(2), *example) for name, example in _EXAMPLES.items()}
    numbers = {
        name: {
            "cost": mixed_energy(law),
            "mean_field": mean_field(law),
            "variance": variance(law),
            "difference": mixed_energy(law) - mean_field(law) - variance(law),
        }
        for name, law in laws.items()
    }
    apart = laws["apart"]
    weights = np.linspace(0, 1, options.weights)
    weighted = [replace(apart, weights=np.array([w, 1 - w])) for w in weights]
    # The same density at every mixing: from the product measure (0) to the two Gaussians (1).
    mixing = np.linspace(-1, 1, options.weights)
    mixed = [replace(apart, members=np.array([[1 + m, 1 - m], [1 - m, 1 + m]]) / 2) for m in mixing]
    quick = (160, 80)
    return Solution(
        {"examples": numbers},
        {
            "weights": (weights, "1", "weight of the first Gaussian, (m,)"),
            "cost": ([mixed_energy(law) for law in weighted], "hartree", "cost per pair, (m,)"),
            "mean_field": ([mean_field(law) for law in weighted], "hartree", "mean field, (m,)"),
            "sum": (
                [mean_field(law) + variance(law, quick) for law in weighted],
                "hartree", "mean field plus variance, (m,)",
            ),
            "mixing": (mixing, "1", "how far the members differ at equal density, (m,)"),
            "mixed_cost": ([mixed_energy(law) for law in mixed], "hartree", "cost, (m,)"),
            "mixed_sum": (
                [mean_field(law) + variance(law, quick) for law in mixed],
                "hartree", "mean field plus variance, (m,)",
            ),
        },
    )  # fmt: skip


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.infinite", __doc__ or "")
    arguments.add_argument("--weights", type=int, default=25, help="mixing weights")
    run_problem("infinite", solve, arguments)
