"""Stage: the shape of a density for which the ratio of Lieb and Oxford is large, as a table."""

import argparse
import gzip

from comotion.io import replace_bytes
from comotion.progress import Progress
from comotion.stages.options import add_file
from comotion.transport.lieb_oxford.largest_ratio import LiebOxfordShape, lieb_oxford_shape
from comotion.transport.patterns import pattern_name


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--electrons", type=int, required=True, help="number of electrons")
    options.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2, 3, 4], help="seeds of the starts"
    )
    options.add_argument(
        "--pieces", type=int, default=8, help="pieces of the spline of log rho on each shell"
    )
    options.add_argument(
        "--comotion-only",
        action="store_true",
        help="try no other directions of the shells than those of the co-motion plan",
    )
    add_file(options, "--table", "CSV file to write, compressed where its name ends in .gz")


def run(options: argparse.Namespace) -> None:
    """Write the table, with the numbers of its density as comments."""
    with Progress(f"lieb_oxford-{options.electrons}") as report:
        shape = lieb_oxford_shape(
            options.electrons,
            pieces=options.pieces,
            seeds=tuple(options.seeds),
            patterns=not options.comotion_only,
            report=report,
        )
    print(shape)
    content = "".join(f"{line}\n" for line in table_lines(shape)).encode()
    if options.table.suffix == ".gz":
        # Without a time the same numbers give the same bytes.
        content = gzip.compress(content, mtime=0)
    replace_bytes(options.table, content)


def table_lines(shape: LiebOxfordShape) -> list[str]:
    """The lines of a table that `comotion.read_density` reads.

    Args:
        shape: The density and its numbers.

    Returns:
        Comments of the form ``# name: value``, the header, and the rows in full precision.
    """
    plan, density = shape.plan, shape.density
    numbers = {
        "electrons": density.n_electrons,
        "ratio": f"{shape.ratio:.10f}",
        "ratio_error": f"{shape.error:.1e}",
        "v_plan": f"{plan.cost:.10f}",
        "search_spread": f"{plan.search_spread:.1e}",
        "pattern": pattern_name(plan.upward),
        "euler_residual": f"{shape.euler_residual:.1e}",
        "euler_constant": f"{shape.euler_constant:.5f}",
        "ratios_by_start": " ".join(f"{ratio:.8f}" for ratio in shape.ratios_by_start),
        "seeds": " ".join(map(str, shape.seeds)),
        "pieces": shape.pieces,
    }
    comments = ["# A density with a large ratio -W_inf / int rho^(4/3), by `comotion lieb-oxford`"]
    comments += [f"# {name}: {value}" for name, value in numbers.items()]
    rows = zip(density.r.tolist(), density.rho.tolist(), strict=True)
    return [*comments, "r,rho", *(f"{r!r},{rho!r}" for r, rho in rows)]
