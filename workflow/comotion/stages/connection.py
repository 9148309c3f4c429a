"""Stage: the adiabatic connection of an atom's density, and correlation energies from its ends."""

import argparse
from pathlib import Path
from typing import Any

from comotion.connection.of_state import (
    connection_of,
    energy_for_correlation,
    require_pairs,
)
from comotion.connection.transport_ends import TransportEnd, ZeroPointOf, end_of
from comotion.errors import RecordError
from comotion.io import read_json, write_json
from comotion.kohn_sham.potential_storage import load_kohn_sham
from comotion.stages.options import add_file

#: Ends of the names of a value, its error, and why there is none.
_OF = ("", "_error", "_missing")


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_file(options, "--kohn-sham", "kohn_sham.h5 of the density, to read")
    add_file(options, "--quantum", "quantum.json of its state, to read")
    add_file(options, "--sce", "sce.json of its co-motion plan, to read")
    add_file(options, "--hierarchy", "hierarchy.json, to read: V_2 is a lower bound")
    options.add_argument(
        "--bracket", type=Path, nargs="*", required=True, help="bracket.json, or none"
    )
    add_file(options, "--connection", "JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write connection.json."""
    level, found = load_kohn_sham(options.kohn_sham)
    state, sce, hierarchy = map(read_json, (options.quantum, options.sce, options.hierarchy))
    bracket = read_json(options.bracket[0]) if options.bracket else None
    records = [(options.quantum, state), (options.sce, sce), (options.hierarchy, hierarchy)]
    if bracket is not None:
        records.append((options.bracket[0], bracket))
    for path, record in records:
        if (record["system"], record["level"]) != (found.system, level):
            raise RecordError(
                f"{path} is of {record['system']} at {record['level']}, {options.kohn_sham} of "
                f"{found.system} at {level}: give files of one system at one level"
            )
    require_pairs(found.system, found.n_electrons)
    energy, exact = energy_for_correlation(
        level,
        exact=state.get("energy_exact"),
        energy=state.get("energy"),
        v_quantum=state.get("v_quantum"),
    )
    model = (state.get("w_pc"), state.get("w_pc_prime"))
    connection = connection_of(
        found,
        end_in_records(state, sce, hierarchy, bracket),
        level=level,
        model=None if None in model else (float(model[0]), float(model[1])),  # type: ignore[arg-type]
        energy=energy,
        energy_is_exact=exact,
        nuclear_attraction=state.get("nuclear_attraction"),
        v_quantum=state.get("v_quantum"),
    )
    head = {"system": found.system, "level": level, "n_electrons": found.n_electrons}
    head |= {"nuclear_charge": found.nuclear_charge}
    write_json(options.connection, head | connection.record())


def end_in_records(
    state: dict[str, Any], sce: dict[str, Any], hierarchy: dict[str, Any], bracket: Any
) -> TransportEnd:
    """The strong-coupling end in records.

    Args:
        state: quantum.json.
        sce: sce.json.
        hierarchy: hierarchy.json, whose V_2 is the lower bound where there is no bracket.
        bracket: bracket.json, or None.

    Raises:
        RecordError: The bracket is of another version.
    """
    if bracket is None:
        lower = hierarchy["hierarchy"]["v_2"] - hierarchy["hierarchy_error"]["v_2"]
        upper = sce["v_best_pattern"] + sce["quadrature_error"]
    else:
        lower, upper = bracket["lower"], bracket["upper"]
    own, error = state["hartree"], state["hartree_error"]
    bounds = lower - own - error, upper - own + error
    optimal = None
    if bracket is not None:
        if "w_inf_prime_optimal" not in bracket:
            raise RecordError(
                "bracket.json lacks w_inf_prime_optimal, it was made by another version; make it "
                "anew"
            )
        optimal = ZeroPointOf(*(bracket[f"w_inf_prime_optimal{of}"] for of in _OF))
    comotion = ZeroPointOf(*(sce[f"w_inf_prime{of}"] for of in _OF))
    return end_of(state["n_electrons"], bounds, comotion, sce["unstable_share"], optimal)
