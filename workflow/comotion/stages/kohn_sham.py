"""Stage: the Kohn-Sham potential of an atom's density, and its parts of the energy."""

import argparse
from dataclasses import asdict
from typing import Any

from comotion.density.storage import load_density
from comotion.errors import ConfigError
from comotion.io import read_json, write_json
from comotion.kohn_sham.of_density import (
    BASIS,
    KohnShamSystem,
    kohn_sham_correlation,
    kohn_sham_system,
)
from comotion.kohn_sham.potential_storage import save_kohn_sham
from comotion.stages.options import add_file

#: What a state's record must hold for its correlation to be known.
_OF_STATE = ("energy", "kinetic", "nuclear_attraction", "v_quantum")


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_file(options, "--density", "density.h5 to read")
    add_file(options, "--quantum", "quantum.json of its state, to read")
    add_file(options, "--kohn-sham", "JSON file to write")
    add_file(options, "--potential", "HDF5 file to write: the system, potential on a grid")


def run(options: argparse.Namespace) -> None:
    """Write kohn_sham.json and kohn_sham.h5."""
    system, level, density = load_density(options.density)
    state = read_json(options.quantum)
    unpaired = state.get("settings", {}).get("unpaired")
    if unpaired is not None:
        raise ConfigError(
            f"{system} at {level} was made with {unpaired} unpaired electrons "
            "(abinitio.unpaired_electrons): a Kohn-Sham potential is found for the configuration "
            "of the ground state; remove the key"
        )
    found = kohn_sham_system(system, density)
    head = {"system": system, "level": level, "n_electrons": found.n_electrons}
    head |= {"nuclear_charge": found.nuclear_charge}
    write_json(options.kohn_sham, head | _record(found, state))
    save_kohn_sham(options.potential, level, found)


def _record(found: KohnShamSystem, state: dict[str, Any]) -> dict[str, Any]:
    """What kohn_sham.json holds; what needs a wave function is null without one."""
    names = (
        "configuration", "kinetic_s", "kinetic_s_error", "hartree", "exchange", "exchange_error",
        "orbital_energies", "highest_occupied", "residual",
    )  # fmt: skip
    record = {name: getattr(found, name) for name in names} | {"orbital_basis": BASIS}
    if any(state.get(name) is None for name in _OF_STATE):
        return record | {"e_c": None, "t_c": None, "w_1": None}
    of_state = {name: float(state[name]) for name in _OF_STATE}
    return record | asdict(kohn_sham_correlation(found, **of_state))
