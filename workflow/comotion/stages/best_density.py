"""Stage: the density of the best estimate of an atom, a signed sum of those of several levels."""

import argparse
from pathlib import Path
from typing import Any

from comotion.composite import composed_densities
from comotion.density.functionals import hartree
from comotion.density.storage import load_levels, save_density
from comotion.electronic.gate import check_density, density_quality
from comotion.errors import ComparisonError
from comotion.io import read_json, write_json
from comotion.recipe import LINEAR, Estimate, Recipe, estimate_of, recipe
from comotion.stages.options import add_file
from comotion.stages.records import density_integrals_record
from comotion.systems import parse_atom

#: What is said of the best state as it is of its reference.
_OF_REFERENCE = ("energy_hf", "v_hf", "hartree_hf", "exchange", "spin_square", "highest_occupied",
                 "reference")  # fmt: skip
#: What all records of an atom say.
_OF_ATOM = ("nuclear_charge", "charge", "term", "configuration", "energy_exact",
            "hartree_fock_limit")  # fmt: skip


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--system", required=True, help="atom or ion, such as Ne or H-")
    options.add_argument("--level", required=True, help="best, or such as best_5Z")
    options.add_argument(
        "--densities", type=Path, nargs="+", required=True, help="density.h5 of every level"
    )
    options.add_argument(
        "--records", type=Path, nargs="+", required=True, help="quantum.json of every level"
    )
    add_file(options, "--density", "HDF5 file to write")
    add_file(options, "--quantum", "JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write density.h5 and quantum.json."""
    system, level = options.system, options.level
    parts = recipe(system, level)
    records = {record["level"]: record for record in map(read_json, options.records)}
    missing = [name for name in parts.levels if name not in records]
    if missing:
        raise ComparisonError(f"{system}: the records of {', '.join(missing)} are missing")
    sums = composed_densities(parts, load_levels(options.densities))
    best = sums.best
    quality = density_quality(parse_atom(system), best)
    check_density(f"{system} at {level}", quality)
    record = density_integrals_record(system, level, best)
    floor = parts.floor({name: its["energy"] for name, its in records.items()})
    estimates = {name: _linear(name, parts, records, floor) for name in LINEAR}
    estimates["hartree"] = estimate_of(*map(hartree, sums.all), floor=floor)
    first = next(iter(records.values()))
    reference = records.get(parts.reference, {})
    record |= {name: first[name] for name in _OF_ATOM}
    record |= {name: reference.get(name) for name in _OF_REFERENCE}
    record |= {name: estimate.value for name, estimate in estimates.items() if name != "hartree"}
    kinetic = record["kinetic"]
    record |= {
        "virial_ratio": -(record["energy"] - kinetic) / kinetic,
        "converged": all(its.get("converged", True) for its in records.values()),
        "density_integral_error": quality.charge_error,
        "nuclear_cusp": quality.nuclear_cusp,
        "moved_charge": sums.moved,
        "basis_floor": floor,
        "errors": {
            name: {part: getattr(estimate, part) for part in ("basis", "triples", "method")}
            for name, estimate in estimates.items()
        },
        "weights": dict(parts.best),
    }
    save_density(options.density, system, level, best)
    write_json(options.quantum, record)


def _linear(name: str, parts: Recipe, records: dict[str, Any], floor: float) -> Estimate:
    """The estimate of an energy that is linear in the state."""
    return estimate_of(
        *parts.values({level: its[name] for level, its in records.items()}), floor=floor
    )
