"""Stage: the ends of the Hartree-Fock adiabatic connection of an atom."""

import argparse
from typing import Any

from comotion.connection.hartree_fock import electrostatic_energy, moller_plesset_energy
from comotion.connection.second_order import round_subshells
from comotion.connection.spl2 import spl2_correlation
from comotion.density.storage import load_density
from comotion.errors import ConfigError, ElectronicStructureError
from comotion.io import read_json, write_json
from comotion.progress import Progress
from comotion.stages.options import add_file
from comotion.systems import parse_atom, parse_level


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_file(options, "--density", "density.h5 of a Hartree-Fock level, to read")
    add_file(options, "--quantum", "quantum.json of it, to read")
    add_file(options, "--moller-plesset", "JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write moller_plesset.json."""
    system, level, density = load_density(options.density)
    if parse_level(level).method != "hf":
        raise ConfigError(
            f"{system} at {level}: the Moller-Plesset connection is that of Hartree-Fock; ask for "
            f"it at a level hf_..., such as results/{system}/hf_aug-cc-pCVTZ/moller_plesset.json"
        )
    state = read_json(options.quantum)
    with Progress(system) as report:
        found = electrostatic_energy(density, report=report)
        second_order, missing = _second_order(system, level)
        not_round = _not_round(system)
    head = {"system": system, "level": level, "n_electrons": density.n_electrons}
    exchange, exact = float(state["exchange"]), state.get("energy_exact")
    limit = state.get("hartree_fock_limit")
    write_json(
        options.moller_plesset,
        head
        | {
            "exchange": exchange,
            "e_c_mp2": second_order,
            "e_c_mp2_missing": missing,
            "electrostatic": found.value,
            "w_c_inf": found.value + exchange if not_round is None else None,
            "w_c_inf_missing": not_round,
            "e_c_hartree_fock": None if exact is None or limit is None else exact - limit,
            "e_c_spl2": _by_spl2(exchange, second_order, state.get("w_pc")),
            "searched": found.searched,
        },
    )


def _not_round(system: str) -> str | None:
    """Why E_x and E_el are not of one density: the one of a determinant that is not round."""
    try:
        round_subshells(parse_atom(system))
    except ElectronicStructureError:
        return (
            "E_x is that of a determinant whose density is not round, E_el that of the averaged one"
        )
    return None


def _second_order(system: str, level: str) -> tuple[float | None, str | None]:
    """E_c^MP2, hartree, or why there is none."""
    try:
        return moller_plesset_energy(system, parse_level(level).basis), None
    except ElectronicStructureError as error:
        return None, str(error)


def _by_spl2(exchange: float, second_order: float | None, w_pc: Any) -> float | None:
    """Correlation energy by SPL2, hartree, where its ingredients are known."""
    if second_order is None or w_pc is None:
        return None
    return spl2_correlation(exchange, second_order, float(w_pc))
