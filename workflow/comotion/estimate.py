"""What follows from the best density of an atom, every number with its error bar.

`comotion.recipe` says what the error bars are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comotion.composite import ComposedDensities
from comotion.density.functionals import hartree
from comotion.errors import ComparisonError
from comotion.recipe import Estimate, estimate_of
from comotion.transport.comotion import comotion_plan
from comotion.transport.plan import Plan
from comotion.transport.zero_point import zero_point


@dataclass(frozen=True)
class TransportChanges:
    """How the error of a density changes what follows from its co-motion plan, hartree.

    Attributes:
        v_comotion: Cost of the co-motion plan.
        w_inf_comotion: The same less U.
        w_inf_prime: W'_inf, or None where a plan has none.
        by_potential: The cost by the other route: that of the density in the smaller basis, and
            the integral of the mean of both potentials over the difference of the densities.
    """

    v_comotion: Estimate
    w_inf_comotion: Estimate
    w_inf_prime: Estimate | None
    by_potential: float


def transport_changes(
    plan: Plan, w_inf_prime: float | None, sums: ComposedDensities, floor: float, **search: Any
) -> TransportChanges:
    """Transport energies of the sums of a recipe.

    Args:
        plan: The co-motion plan of the best one.
        w_inf_prime: Its W'_inf, hartree.
        sums: The sums.
        floor: The least error of the basis, see `comotion.recipe.Recipe.floor`, hartree.
        search: Arguments of the search for the other plans, see `comotion_plan`.

    Raises:
        TransportError: A plan cannot be found.
    """
    before, *others = (
        plan if density is sums.best else comotion_plan(density, **search)
        for density in sums.all[1:]
    )
    plans = (plan, before, *others)
    v = [one.cost for one in plans]
    w = [one.cost - hartree(one.density) for one in plans]
    primes = [w_inf_prime, *(_w_inf_prime(one) for one in plans[1:])]
    known = [value for value in primes if value is not None]
    # The integral of the mean potential over the change of the density.
    step = 0.0
    for sign, density in ((1, sums.best), (-1, sums.smaller)):
        rule = density.quadrature()
        mean = (plan.potential(rule.radii) + before.potential(rule.radii)) / 2
        step += sign * float(rule.weights @ mean)
    return TransportChanges(
        v_comotion=estimate_of(*v, floor=floor),
        w_inf_comotion=estimate_of(*w, floor=floor),
        w_inf_prime=estimate_of(*known, floor=floor) if len(known) == len(primes) else None,
        by_potential=before.cost + step,
    )


def _w_inf_prime(plan: Plan) -> float | None:
    """W'_inf of a plan, if its error is small enough."""
    found = zero_point(plan)
    return None if found.missing else found.w_inf_prime


def best_estimate(
    system: str,
    level: str,
    quantum: Mapping[str, Any],
    sce: Mapping[str, Any],
    changes: TransportChanges,
    bracket: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The best estimate of an atom: all numbers of one density, each with its error bar.

    Args:
        system: Name of the atom.
        level: ``best`` or such.
        quantum: Contents of its quantum.json.
        sce: Contents of its sce.json.
        changes: How the error of the density changes the transport energies.
        bracket: Contents of its bracket.json, where there is one.

    Returns:
        The record: every quantity with ``_error`` beside it, and its parts.

    Raises:
        ComparisonError: The lower end of the bracket is above the upper one.
    """
    record: dict[str, Any] = {
        "system": system,
        "level": level,
        "n_electrons": quantum["n_electrons"],
        "nuclear_charge": quantum["nuclear_charge"],
        "levels": quantum["weights"],
    }
    for name, parts in quantum["errors"].items():
        record |= {name: quantum[name], f"{name}_error": Estimate(quantum[name], **parts).error}
    numerical = sce["search_spread"] + sce["quadrature_error"]
    for name, change, own in (
        ("v_comotion", changes.v_comotion, numerical),
        ("v_best_pattern", changes.v_comotion, numerical),
        ("w_inf_comotion", changes.w_inf_comotion, numerical),
        ("w_inf_prime", changes.w_inf_prime, sce["w_inf_prime_error"]),
    ):
        # None where the error of a number was too large for the plan of one of the densities.
        error = None if change is None or own is None else change.error + own
        record |= {name: sce[name], f"{name}_error": error}
    record["v_comotion_by_potential"] = changes.by_potential
    record |= _middle(changes.v_comotion.error, bracket)
    exact = quantum["energy_exact"]
    record |= {"energy_exact": exact, "energy_within_error": None}
    if exact is not None:
        record["energy_within_error"] = abs(record["energy"] - exact) <= record["energy_error"]
    return record


def _middle(density_error: float, bracket: Mapping[str, Any] | None) -> dict[str, float | None]:
    """The bracket and its middle; the error is that of the density and half of the bracket."""
    if bracket is None:
        return dict.fromkeys(("lower", "upper", "middle", "middle_error"))
    lower, upper = float(bracket["lower"]), float(bracket["upper"])
    if lower > upper:
        raise ComparisonError(f"the bracket's lower end {lower!r} is above the upper one {upper!r}")
    return {
        "lower": lower,
        "upper": upper,
        "middle": (lower + upper) / 2,
        "middle_error": density_error + (upper - lower) / 2,
    }
