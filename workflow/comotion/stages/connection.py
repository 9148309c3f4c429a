"""Stage: the adiabatic connection of an atom's density, and correlation energies from its ends."""

import argparse
from pathlib import Path
from typing import Any

from comotion.connection.of_state import (
    TransportEnd,
    connection_of,
    of_comotion_plan,
    of_optimal_plan,
)
from comotion.errors import RecordError
from comotion.io import read_json, write_json
from comotion.kohn_sham.potential_storage import load_kohn_sham
from comotion.stages.options import add_file

#: Number of electrons whose co-motion plan is optimal.
_PAIR = 2


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
    for path, record in ((options.quantum, state), (options.sce, sce)):
        if (record["system"], record["level"]) != (found.system, level):
            raise RecordError(
                f"{path} is of {record['system']} at {record['level']}, {options.kohn_sham} of "
                f"{found.system} at {level}: give files of one system at one level"
            )
    exact = state.get("energy_exact")
    model = (state.get("w_pc"), state.get("w_pc_prime"))
    connection = connection_of(
        found,
        transport_end(state, sce, hierarchy, bracket),
        level=level,
        model=None if None in model else (float(model[0]), float(model[1])),  # type: ignore[arg-type]
        energy=state.get("energy") if exact is None else exact,
        nuclear_attraction=state.get("nuclear_attraction"),
        v_quantum=state.get("v_quantum"),
    )
    head = {"system": found.system, "level": level, "n_electrons": found.n_electrons}
    head |= {"nuclear_charge": found.nuclear_charge}
    of_energy = {"energy_is_exact": exact is not None}
    write_json(options.connection, head | of_energy | connection.record())


def transport_end(
    state: dict[str, Any], sce: dict[str, Any], hierarchy: dict[str, Any], bracket: Any
) -> TransportEnd:
    """The strong-coupling end in records.

    Args:
        state: quantum.json.
        sce: sce.json.
        hierarchy: hierarchy.json, whose V_2 is the lower bound where there is no bracket.
        bracket: bracket.json, or None.
    """
    if bracket is None:
        lower = hierarchy["hierarchy"]["v_2"] - hierarchy["hierarchy_error"]["v_2"]
        upper = sce["v_best_pattern"] + sce["quadrature_error"]
    else:
        lower, upper = bracket["lower"], bracket["upper"]
    own, error = state["hartree"], state["hartree_error"]
    bounds = lower - own - error, upper - own + error
    if bracket is None or state["n_electrons"] == _PAIR:
        value, bar = sce["w_inf_prime"], sce["w_inf_prime_error"]
        return of_comotion_plan(bounds, value, bar, sce["unstable_share"])
    value, bar = bracket["w_inf_prime_optimal"], bracket["w_inf_prime_optimal_error"]
    return of_optimal_plan(bounds, value, bar, bracket["w_inf_prime_optimal_missing"])
