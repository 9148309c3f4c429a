"""Stage: draw figures from tables, records, plans or arrays.

A figure is named by its function, ``module.function`` below `comotion.figures`, which takes what
its inputs hold: the rows of a table that are shown, a list of plans, of records or of arrays of
brackets, or the arrays of one problem.
"""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from comotion.density.storage import load_density
from comotion.errors import ComotionError
from comotion.figures.canvas import save, style
from comotion.io import read_arrays, read_csv, read_json
from comotion.tables.rows import last_levels


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("figures", help="module.function of each figure, separated by commas")
    options.add_argument(
        "--inputs", type=Path, nargs="+", required=True, help="a table, or records, or plans"
    )
    options.add_argument(
        "--panels", type=int, help="most systems in a figure with a panel for each: the first"
    )
    options.add_argument(
        "--out", type=Path, nargs="+", required=True, help="files to write, alike for each figure"
    )


def run(options: argparse.Namespace) -> None:
    """Draw the figures and save each in every format asked for."""
    names = options.figures.split(",")
    if len(options.out) % len(names):
        raise ComotionError(
            f"{len(options.out)} files for {len(names)} figures: give each the same number of files"
        )
    each = len(options.out) // len(names)
    functions = [_function(name) for name in names]
    content = _content(options.inputs)
    more = {} if options.panels is None else {"panels": options.panels}
    with style():
        for k, function in enumerate(functions):
            save(function(content, **more), options.out[k * each : (k + 1) * each])


def _function(name: str) -> Any:
    """The function that draws a figure.

    Raises:
        ComotionError: There is none of this name.
    """
    module, _, function = name.rpartition(".")
    try:
        return getattr(import_module(f"comotion.figures.{module}"), function)
    except (ImportError, AttributeError) as error:
        raise ComotionError(f"no figure {name!r}: {error}") from error


def _content(paths: Sequence[Path]) -> Any:
    """What the inputs of a figure hold, by their suffix and name."""
    first = paths[0]
    if first.suffix == ".csv":
        return last_levels(read_csv(first))
    if first.suffix == ".json":
        return [read_json(path) for path in paths]
    if first.name in ("plan.h5", "pattern.h5", "upper_plan.h5"):
        from comotion.transport.plan import Plan  # noqa: PLC0415 - slow to import, too

        return [Plan.load(path) for path in paths]
    if first.name in ("density.h5", "kohn_sham.h5"):
        read: Callable[[Path], Any] = (
            load_density if first.name == "density.h5" else drawn_potential
        )
        return [read(path) for path in paths]
    if first.name in ("bracket.h5", "pair_density.h5"):
        drawn = drawn_bracket if first.name == "bracket.h5" else drawn_pair_density
        own = [path for path in paths if path.name == first.name]
        plans: Sequence[Path | None] = paths[len(own) :] or [None for _ in own]
        return [drawn(path, plan) for path, plan in zip(own, plans, strict=True)]
    return read_arrays(first)[1]


def drawn_bracket(path: Path, plan: Path | None) -> dict[str, Any]:
    """What the figures of a bracket are drawn from.

    Args:
        path: bracket.h5.
        plan: plan.h5 of the co-motion plan, if it is drawn beside it.

    Returns:
        The arrays of the bracket with the name of its system, ``system``; with a plan this, too,
        ``plan``, and the bound by duality, ``bound``.
    """
    attributes, arrays = read_arrays(path)
    found: dict[str, Any] = {"system": str(attributes["system"]), **arrays}
    if plan is not None:
        from comotion.transport.bounds.lower_bound import DualBound  # noqa: PLC0415 - slow, too
        from comotion.transport.plan import Plan  # noqa: PLC0415 - slow, too

        found |= {"bound": DualBound.load(path), "plan": Plan.load(plan)}
    return found


def drawn_pair_density(path: Path, plan: Path | None) -> dict[str, Any]:
    """What the figure of pair densities is drawn from.

    Args:
        path: pair_density.h5.
        plan: plan.h5 of the co-motion plan, if it is drawn on top.

    Returns:
        The arrays with the name of the system, ``system``, and the number of electrons,
        ``n_electrons``; with a plan this, too, ``plan``.
    """
    attributes, arrays = read_arrays(path)
    head = {"system": str(attributes["system"]), "n_electrons": int(attributes["n_electrons"])}
    if plan is None:
        return {**head, **arrays}
    from comotion.transport.plan import Plan  # noqa: PLC0415 - slow to import, too

    return {**head, **arrays, "plan": Plan.load(plan)}


def drawn_potential(path: Path) -> dict[str, Any]:
    """What the figure of Kohn-Sham potentials is drawn from.

    Args:
        path: kohn_sham.h5.

    Returns:
        The arrays with the name of the system, ``system``, its level, ``level``, and the number of
        electrons, ``n_electrons``.
    """
    attributes, arrays = read_arrays(path)
    return {
        "system": str(attributes["system"]),
        "level": str(attributes["level"]),
        "n_electrons": int(attributes["n_electrons"]),
        **arrays,
    }
