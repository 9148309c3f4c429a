"""The file of a pair: density, plan and potential of one system at one level, small.

Numbers are doubles, shuffled and compressed. Where the last digits say nothing they are zero, which
compresses: rows of the radial table carry 40 bits, directions of the plan 30, radii all. An energy
is stationary in the directions, so 30 bits of them change it by 1e-18 of itself.
"""

import io
import json
from collections.abc import Mapping
from typing import Any

import h5py
import numpy as np

from comotion.audit.set_files import FORMAT, StoredPair
from comotion.density.radial import Array
from comotion.density.storage import density_of_parts, parts_of
from comotion.errors import RecordError
from comotion.reference_set.radial_table import radial_table
from comotion.transport.plan import Plan

#: What the names of parts of the density begin with.
OF_DENSITY = "density_"
_BITS, _DIRECTION_BITS = 40, 30
#: Radii at which the maps are given, one in the middle of each of as many equal charges; half as
#: many for more than so many electrons.
_MAPS, _MANY = 96, 18

#: Unit, shape and meaning of every array but those of the density.
ARRAYS = {
    "r": ("bohr", "(n,)", "radii of the radial table; 1e-10 electrons are inside and outside"),
    "rho": ("bohr^-3", "(n,)", "density; a cubic spline of log rho in log r has it to 1e-8"),
    "charge_inside": (
        "electrons", "(n,)",
        "N(r); the cubics in log r with the slopes 4 pi r^3 rho have it to 1e-8",
    ),
    "charge_outside": ("electrons", "(n,)", "N - N(r)"),
    "u": (
        "hartree", "(n,)",
        (
            "potential of the forces on the co-motion plan, u(inf) = 0; the cubics in log r with "
            "its slopes have it to 1e-6 of itself"
        ),
    ),
    "u_slope": ("hartree/bohr", "(n,)", "u'(r)"),
    "shells": ("bohr", "(N-1,)", "shell radii a_i: i electrons are inside of a_i"),
    "map_radii": ("bohr", "(m,)", "radii of the first electron"),
    "maps": ("bohr", "(m, N)", "co-motion functions f_1(r) = r, f_2(r), ..., f_N(r)"),
    "q": ("electrons", "(k,)", "folded cumulant of each configuration of the curve, in (0, 1)"),
    "curve_weights": ("1", "(k,)", "weights of the configurations, sum 1"),
    "curve_radii": ("bohr", "(k, N)", "radii of all electrons, by shell from the innermost"),
    "curve_directions": ("1", "(k, 3, N)", "their directions, unit vectors"),
    "curve_energies": ("hartree", "(k,)", "repulsion in each configuration"),
    "upward": ("1", "(N,)", "1 where an electron moves outwards with q, 0 where inwards"),
}  # fmt: skip


def pair_bytes(plan: Plan, versions: str) -> bytes:
    """The file of a pair.

    Args:
        plan: The co-motion plan, with its density, system and level.
        versions: The versions that made it, JSON.

    Returns:
        Its bytes, the same for the same plan.

    Raises:
        RecordError: The plan is not the co-motion plan of Coulomb's repulsion.
        DensityError: The density has a gap.
    """
    if plan.kind != "comotion" or plan.q is None or not plan.pair_cost.is_coulomb:
        raise RecordError(
            f"{plan!r}: the reference set holds co-motion plans of Coulomb's repulsion; give the "
            "plan.h5 of a pair"
        )
    of_density, parts = parts_of(plan.density)
    attributes = {
        "format": FORMAT,
        "system": plan.system,
        "level": plan.level,
        "n_electrons": plan.n_electrons,
        "cost": plan.cost,
        "cost_by_seed": json.dumps(plan.cost_by_seed),
        "search_spread": plan.search_spread,
        "quadrature_error": plan.quadrature_error,
        "seeds": json.dumps(plan.seeds),
        "moves": plan.moves,
        "versions": versions,
        **{OF_DENSITY + name: value for name, value in of_density.items()},
    }
    arrays = {name: (values, *ARRAYS[name]) for name, values in _arrays(plan, plan.q).items()}
    arrays |= {
        OF_DENSITY + name: (np.asarray(values), unit, "", meaning)
        for name, (values, unit, meaning) in parts.items()
    }
    memory = io.BytesIO()
    with h5py.File(memory, "w", libver=("v110", "v110")) as file:
        file.attrs.update(dict(sorted(attributes.items())))
        for name, (values, unit, shape, meaning) in sorted(arrays.items()):
            made = file.create_dataset(
                name, data=values, chunks=values.shape if values.size else None,
                track_times=False, **_COMPRESSED if values.size else {},
            )  # fmt: skip
            made.attrs.update({"unit": unit, "meaning": ", ".join(filter(None, (meaning, shape)))})
    return memory.getvalue()


_COMPRESSED: dict[str, Any] = {"compression": "gzip", "compression_opts": 9, "shuffle": True}


def _arrays(plan: Plan, q: Array) -> dict[str, Array]:
    """Arrays of the file by name, those of the density apart."""
    density, n = plan.density, plan.n_electrons
    table = radial_table(density, plan.radial_potential)
    places = _MAPS if n <= _MANY else _MAPS // 2
    at = density.radius((np.arange(places) + 0.5) * n / places)
    # A multiple of the number of maps may fall on a shell, where two electrons change places.
    at = at[np.min(np.abs(at[:, None] / np.append(density.shells, np.inf) - 1), axis=1) > 1e-6]
    directions = plan.positions / plan.radii[:, None, :]
    maps = rounded(plan.functions(at), _BITS)
    return {
        "r": table.r,
        "rho": rounded(table.rho, _BITS),
        "charge_inside": rounded(table.inside, _BITS),
        "charge_outside": rounded(table.outside, _BITS),
        "u": rounded(table.u, _BITS),
        "u_slope": rounded(table.u_slope, _BITS),
        "shells": density.shells,
        "map_radii": maps[:, 0],
        "maps": maps,
        "q": q,
        "curve_weights": plan.weights,
        "curve_radii": plan.radii,
        # Of unit vectors the absolute error counts, not the relative one.
        "curve_directions": np.round(directions * 2.0**_DIRECTION_BITS) / 2.0**_DIRECTION_BITS,
        "curve_energies": plan.energies,
        "upward": plan.upward.astype(np.uint8),
    }


def rounded(values: Array, bits: int) -> Array:
    """Numbers to the nearest with so many bits.

    Args:
        values: The numbers.
        bits: Bits that are kept of each.

    Returns:
        The numbers, relative changes below 2^-bits.
    """
    fraction, power = np.frexp(values)
    return np.asarray(np.ldexp(np.round(fraction * 2.0**bits) / 2.0**bits, power))


def plan_of(pair: StoredPair) -> Plan:
    """The plan of a pair, with its density.

    Args:
        pair: What its file holds.

    Returns:
        The plan; positions and energies are those of the directions in the file.

    Raises:
        RecordError: Something is missing.
        DensityError: The parts make no density.
    """
    attributes, arrays = pair.attributes, pair.arrays
    try:
        parts: tuple[Mapping[str, Any], ...] = tuple(
            {name.removeprefix(OF_DENSITY): value for name, value in held.items()
             if name.startswith(OF_DENSITY)}
            for held in (attributes, arrays)
        )  # fmt: skip
        directions = arrays["curve_directions"]
        directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        return Plan(
            density=density_of_parts(*parts),
            weights=arrays["curve_weights"],
            radii=arrays["curve_radii"],
            positions=directions * arrays["curve_radii"][:, None, :],
            energies=arrays["curve_energies"],
            upward=arrays["upward"] > 0,
            cost=float(attributes["cost"]),
            cost_by_seed=tuple(json.loads(attributes["cost_by_seed"])),
            search_spread=float(attributes["search_spread"]),
            quadrature_error=float(attributes["quadrature_error"]),
            seeds=tuple(json.loads(attributes["seeds"])),
            moves=int(attributes["moves"]),
            q=arrays["q"],
            system=str(attributes["system"]),
            level=str(attributes["level"]),
        )
    except KeyError as error:
        raise RecordError(f"{pair.name}: is no file of a pair: {error} is missing") from error
