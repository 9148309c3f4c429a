"""Stage: what the transport engine reaches and what it costs, one process, one thread.

The time per pair (energy and all forces) is measured three times: of the plain double loop,
a yardstick for the machine; of the kernel alone; and of the whole minimiser per evaluation,
which says what the minimiser adds to the arithmetic.
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from comotion.density.radial import Array, RadialDensity
from comotion.density.storage import load_density
from comotion.errors import ComotionError
from comotion.io import replace_text
from comotion.progress import Progress, Report, within
from comotion.stages.options import add_file
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.coulomb import ROW, energy_forces, pair_sums, place
from comotion.transport.angular.minimiser import metric, quench, to_spheres, workspace
from comotion.transport.comotion import Accuracy, comotion_plan, compile_engine
from comotion.transport.maps import alternating, configuration_radii

#: Repetitions of each timing of the kernel, of which the median is kept.
_REPETITIONS = 7
#: Electrons from which on the cost is fitted by a power of N.
_FIT_FROM = 10
#: Co-motion costs that others published, with their source.
_PUBLISHED = Path(__file__).parents[1] / "transport/published.csv"


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--densities", type=Path, nargs="+", required=True, help="density.h5")
    options.add_argument(
        "--tolerances",
        type=float,
        nargs="+",
        required=True,
        help="largest search spread, relative to the cost, for each density",
    )
    options.add_argument(
        "--quadrature-tolerance", type=float, default=3e-8, help="when the nodes are doubled"
    )
    add_file(options, "--csv", "CSV file to write")
    add_file(options, "--markdown", "Markdown file to write")


def run(options: argparse.Namespace) -> None:
    """Compute every density in turn; write the table as CSV and Markdown.

    Raises:
        ComotionError: There are not as many tolerances as densities.
    """
    if len(options.tolerances) != len(options.densities):
        raise ComotionError(
            f"{len(options.tolerances)} tolerances for {len(options.densities)} densities: give "
            "each its own"
        )
    compile_engine()
    rows: list[dict[str, Any]] = []
    with Progress("benchmark") as progress:
        for path, tolerance in zip(options.densities, options.tolerances, strict=True):
            accuracy = Accuracy(tolerance, options.quadrature_tolerance, accept_disagreement=True)
            report = within(progress, f"{len(rows) + 1} of {len(options.densities)}")
            rows.append(_row(path, accuracy, report))
    table = pd.DataFrame(rows).merge(
        pd.read_csv(_PUBLISHED, comment="#"), on=["system", "level"], how="left"
    )
    table = table.sort_values("n_electrons", kind="stable")
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.markdown, _markdown(table))


def cost_exponent(table: pd.DataFrame) -> float:
    """Exponent p of cpu_seconds ~ N^p over the systems with at least ten electrons."""
    large = table[table["n_electrons"] >= _FIT_FROM]
    if large["n_electrons"].nunique() < 2:
        return float("nan")
    return float(np.polyfit(np.log(large["n_electrons"]), np.log(large["cpu_seconds"]), 1)[0])


def _row(path: Path, accuracy: Accuracy, report: Report) -> dict[str, Any]:
    """One line of the table."""
    system, level, density = load_density(path)
    wall, cpu = time.perf_counter(), time.process_time()
    plan = comotion_plan(density, accuracy=accuracy, report=within(report, system))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    loop, kernel, minimiser = pair_times(density)
    return {
        "system": system,
        "level": level,
        "n_electrons": density.n_electrons,
        "nodes": len(plan.weights),
        "v_comotion": plan.cost,
        "search_spread": plan.search_spread,
        "quadrature_error": plan.quadrature_error,
        "wall_seconds": wall,
        "cpu_seconds": cpu,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "double_loop_ns_per_pair": loop,
        "kernel_ns_per_pair": kernel,
        "minimiser_ns_per_pair": minimiser,
    }


def pair_times(density: RadialDensity) -> tuple[float, float, float]:
    """Nanoseconds per pair and evaluation: plain double loop, kernel, whole minimiser.

    Args:
        density: A density of at least two electrons; its radii at q = 1/2 are taken.

    Returns:
        Medians of several timings.
    """
    n = density.n_electrons
    radii = configuration_radii(density, [0.5], [0.5], alternating(n))[0]
    starts = np.random.default_rng(1).normal(size=(20, 3, n))
    for start in starts:
        to_spheres(start, radii)
    w = workspace()
    times = int(1e7 / (n * n)) + 1
    jobs: list[Callable[[], int]] = [
        lambda: _loop(starts[0], times),
        lambda: _kernel(starts[0], times, w),
        lambda: _minimise(starts, radii, times // 1000 + 1, w),
    ]
    seconds: list[list[float]] = [[] for _ in jobs]
    for job in jobs:
        job()  # compiles
    for _ in range(_REPETITIONS):
        for job, measured in zip(jobs, seconds, strict=True):
            begin = time.perf_counter()
            evaluations = job()
            measured.append((time.perf_counter() - begin) / evaluations)
    loop, kernel, minimiser = (1e9 * np.median(s) / (n * (n - 1) / 2) for s in seconds)
    return float(loop), float(kernel), float(minimiser)


@compiled()
def _loop(x: Array, times: int) -> int:
    """Evaluate energy and forces many times by the double loop; returns how often."""
    gradient = np.empty_like(x)
    total = 0.0
    for _ in range(times):
        # The moving point keeps the compiler from doing the work once only.
        x[0, 0] += 1e-13
        total += energy_forces(x, gradient)
    return times if total > 0.0 else 0


@compiled()
def _kernel(x: Array, times: int, w: Array) -> int:
    """Evaluate energy and forces many times by the kernel; returns how often."""
    groups = place(w, 0, x)
    total = 0.0
    for _ in range(times):
        w[0] += 1e-13
        total += pair_sums(w, groups, 0, 3 * ROW, None)
    return times if total > 0.0 else 0


@compiled()
def _minimise(starts: Array, radii: Array, times: int, w: Array) -> int:
    """Quench copies of the starts many times; returns the number of evaluations."""
    inverse = np.empty(radii.shape[0])
    metric(radii, inverse)
    evaluations = 0
    for _ in range(times):
        for start in starts:
            x = start.copy()
            evaluations += quench(x, radii, inverse, 1e-8 / radii[0], np.inf, 2000, w)[1]
    return evaluations


def _markdown(table: pd.DataFrame) -> str:
    """The table for people."""
    columns = {
        "system": "{}", "level": "{}", "n_electrons": "{}", "v_published": "{:.6f}",
        "v_comotion": "{:.7f}", "search_spread": "{:.0e}", "quadrature_error": "{:.0e}",
        "nodes": "{}", "cpu_seconds": "{:.1f}", "peak_megabytes": "{:.0f}",
        "double_loop_ns_per_pair": "{:.2f}", "kernel_ns_per_pair": "{:.2f}",
        "minimiser_ns_per_pair": "{:.2f}",
    }  # fmt: skip
    lines = [
        "| " + " | ".join(name.replace("_", " ") for name in columns) + " |",
        "| --- " * len(columns) + "|",
    ]
    for _, row in table.iterrows():
        cells = ["" if pd.isna(row[name]) else form.format(row[name])
                 for name, form in columns.items()]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", f"CPU seconds grow like N^{cost_exponent(table):.1f}.", ""])
