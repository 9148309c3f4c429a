"""Stage: the ab-initio density and quantum energies of an atom."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from comotion.density.storage import save_density
from comotion.electronic.atoms import atom
from comotion.electronic.gate import expected_energy
from comotion.electronic.state import ElectronicState
from comotion.electronic.two_electrons import HylleraasState
from comotion.io import write_json
from comotion.progress import Progress
from comotion.stages.records import density_integrals_record
from comotion.systems import parse_atom, parse_level


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--system", required=True, help="atom or ion, such as Ne or H-")
    parser.add_argument("--level", required=True, help="such as ccsd_aug-cc-pCVTZ")
    parser.add_argument("--max-cycle", type=int, default=100, help="most SCF or CC iterations")
    parser.add_argument(
        "--unpaired", type=int, help="unpaired electrons, where not those of Hund's rule"
    )
    parser.add_argument("--density", type=Path, required=True, help="HDF5 file to write")
    parser.add_argument("--quantum", type=Path, required=True, help="JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write density.h5 and quantum.json."""
    system, level = options.system, options.level
    with Progress(f"{system} at {level}") as report:
        state = atom(
            system,
            level=level,
            unpaired=options.unpaired,
            max_cycle=options.max_cycle,
            report=report,
        )
    density = state.density
    ion, theory = parse_atom(system), parse_level(level)
    record = density_integrals_record(system, level, density) | _solution(state)
    record |= {
        "nuclear_charge": ion.nuclear_charge,
        "charge": ion.charge,
        "method": theory.method,
        "basis": theory.basis,
        "energy_exact": expected_energy(ion, "exact"),
        "hartree_fock_limit": expected_energy(ion, "hartree_fock"),
        "density_integral_error": float(density.cumulant(density.quadrature().radii[-1]))
        - density.n_electrons,
        "settings": {"max_cycle": options.max_cycle, "unpaired": options.unpaired},
    }
    save_density(options.density, system, level, density)
    write_json(options.quantum, record)


def _solution(state: ElectronicState) -> dict[str, Any]:
    """What quantum.json holds of the solver's own figures."""
    found = state.details
    if isinstance(found, HylleraasState):
        left_out = "coefficients"
        more: dict[str, Any] = {
            "v_hf": None,
            "virial_ratio": found.virial_ratio,
            "term": state.term,
            "configuration": "1s2",
        }
    elif found is not None:
        left_out = "ground"
        names = ("term", "configuration", "occupations")
        more = {name: getattr(found.ground, name) for name in names}
    else:
        return {}
    return {key: value for key, value in asdict(found).items() if key != left_out} | more
