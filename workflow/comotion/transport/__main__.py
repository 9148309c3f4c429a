"""Stage: co-motion functions, angular minima, transport cost and SCE potential."""

import argparse
from dataclasses import asdict

import numpy as np

from comotion.density.functionals import hartree
from comotion.progress import Progress
from comotion.records import read_density, write_arrays, write_json
from comotion.stage import add_file, add_search_options, parser, run
from comotion.transport import hopping
from comotion.transport.compiled import on_disk
from comotion.transport.maps import comotion_functions
from comotion.transport.patterns import BestPattern, best_pattern, pattern_name
from comotion.transport.potential import force_potential
from comotion.transport.sce import Accuracy, strict_correlation
from comotion.transport.zeropoint import zero_point

#: Points of the radial grid on which the co-motion functions are stored.
_GRID = 600
#: Charge left outside the last point of that grid, electrons: beyond it Gaussian tails
#: are not physics.
_TAIL_CHARGE = 1e-4


def main(options: argparse.Namespace) -> None:
    """Write sce.json and comotion.h5."""
    system, level, density = read_density(options.density)
    accuracy = Accuracy(
        options.tolerance, options.quadrature_tolerance, options.accept_disagreement
    )
    with Progress(system) as report:
        if not on_disk(hopping.hop):
            report.say("compiles the engine, once for each version of it and processor: 20 s")
        plan = strict_correlation(
            density, seeds=tuple(options.seeds), accuracy=accuracy, report=report
        )
        best = BestPattern(plan, tried=1, exhaustive=density.n_electrons <= 2)
        if 2 < density.n_electrons <= options.pattern_electrons:
            best = best_pattern(density, plan, accuracy=accuracy, report=report)
        report("zero-point oscillations")
        oscillations = zero_point(density, plan)
    write_json(
        options.sce,
        {
            "system": system,
            "level": level,
            "n_electrons": density.n_electrons,
            "v_comotion": plan.v_comotion,
            "w_inf": plan.v_comotion - hartree(density),
            "v_best_pattern": best.plan.v_comotion,
            "best_pattern": pattern_name(best.plan.upward),
            "patterns_tried": best.tried,
            "patterns_exhaustive": best.exhaustive,
            "v_by_seed": list(plan.v_by_seed),
            "search_spread": plan.search_spread,
            "quadrature_error": plan.quadrature_error,
            "w_inf_prime": oscillations.w_inf_prime,
            "w_inf_prime_error": oscillations.quadrature_error,
            "unstable_share": oscillations.unstable_share,
            "least_eigenvalue": oscillations.least_eigenvalue,
            "zero_mode_residual": oscillations.zero_mode_residual,
            "nodes": len(plan.rule.q),
            "moves": plan.moves,
            "settings": {
                "seeds": list(plan.seeds),
                "accuracy": asdict(accuracy),
                "pattern_electrons": options.pattern_electrons,
            },
        },
    )
    n_electrons = density.n_electrons
    last = float(density.radius(n_electrons - _TAIL_CHARGE, _TAIL_CHARGE))
    grid = np.linspace(0.0, last, _GRID + 1)[1:]
    potential = force_potential(plan.minimum)
    arrays = {
        "q": (plan.rule.q, "electrons", "folded cumulant of the nodes, (n,)"),
        "weights": (plan.rule.weights, "1", "quadrature weights, (n,)"),
        "radii": (plan.minimum.radii, "bohr", "radii by shell, (n, N)"),
        "positions": (plan.minimum.positions, "bohr", "best arrangements, (n, 3, N)"),
        "energies": (plan.minimum.energies, "hartree", "E_N at the nodes, (n,)"),
        "shells": (density.shells, "bohr", "shell radii a_i, (N-1,)"),
        "grid": (grid, "bohr", "radii of the first electron, (m,)"),
        "radial_density": (
            4 * np.pi * grid**2 * density.density(grid), "bohr^-1", "4 pi r^2 rho, (m,)",
        ),
        "comotion": (comotion_functions(density, grid), "bohr", "f_i(r), (m, N)"),
        "potential_radii": (potential.radii, "bohr", "radii of the potential, (p,)"),
        "potential": (potential.values, "hartree", "u(r) with u(inf) = 0, (p,)"),
        "potential_slope": (potential.slopes, "hartree/bohr", "u'(r), (p,)"),
    }  # fmt: skip
    write_arrays(options.comotion, arrays, {"system": system, "level": level})


if __name__ == "__main__":
    arguments = parser("comotion.transport", __doc__ or "")
    add_search_options(arguments)
    arguments.add_argument(
        "--pattern-electrons",
        type=int,
        default=10,
        help="most electrons for which other directions of the shells are tried",
    )
    add_file(arguments, "--density", "density.h5 to read")
    add_file(arguments, "--sce", "JSON file to write")
    add_file(arguments, "--comotion", "HDF5 file to write")
    run(main, arguments)
