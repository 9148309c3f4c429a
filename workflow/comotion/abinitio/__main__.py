"""Stage: the ab-initio density and quantum energies of an atom."""

import argparse
from dataclasses import asdict
from typing import Any

from comotion.abinitio.atoms import solve_atom
from comotion.abinitio.gate import expected_energy
from comotion.abinitio.hylleraas import HylleraasState, one_body_density, solve_two_electrons
from comotion.abinitio.mean_field import single_thread
from comotion.abinitio.state import QuantumState
from comotion.density.radial import RadialDensity
from comotion.progress import Progress
from comotion.records import density_record, write_density, write_json
from comotion.stage import add_file, parser, run
from comotion.systems import check_level, parse_atom, parse_level


def main(options: argparse.Namespace) -> None:
    """Write density.h5 and quantum.json."""
    single_thread()
    atom, level = parse_atom(options.system), parse_level(options.level)
    check_level(atom, level)
    density: RadialDensity
    with Progress(f"{options.system} at {options.level}") as report:
        if level.method == "hylleraas":
            report("Hylleraas expansion")
            exact = solve_two_electrons(atom.nuclear_charge, int(level.basis[1:]))
            density = one_body_density(exact)
            state = _hylleraas_record(exact)
        else:
            found, density = solve_atom(atom, level, options.unpaired, options.max_cycle, report)
            state = _record(found)
    record = density_record(options.system, options.level, density) | state
    record |= {
        "nuclear_charge": atom.nuclear_charge,
        "charge": atom.charge,
        "method": level.method,
        "basis": level.basis,
        "energy_exact": expected_energy(atom, "exact"),
        "hartree_fock_limit": expected_energy(atom, "hartree_fock"),
        "converged": True,
        "density_integral_error": float(density.cumulant(density.quadrature().radii[-1]))
        - density.n_electrons,
        "settings": {"max_cycle": options.max_cycle, "unpaired": options.unpaired},
    }
    write_density(options.density, options.system, options.level, density)
    write_json(options.quantum, record)


def _record(state: QuantumState) -> dict[str, Any]:
    """What quantum.json holds of a state in a Gaussian basis."""
    ground = asdict(state.ground)
    return {key: value for key, value in asdict(state).items() if key != "ground"} | {
        "term": ground["term"],
        "configuration": ground["configuration"],
        "occupations": ground["occupations"],
    }


def _hylleraas_record(state: HylleraasState) -> dict[str, Any]:
    """What quantum.json holds of a Hylleraas state."""
    left_out = ("nuclear_charge", "coefficients")
    return {key: value for key, value in asdict(state).items() if key not in left_out} | {
        "v_hf": None,
        "virial_ratio": state.virial_ratio,
        "term": "1S",
        "configuration": "1s2",
    }


if __name__ == "__main__":
    arguments = parser("comotion.abinitio", __doc__ or "")
    arguments.add_argument("--system", required=True, help="atom or ion, such as Ne or H-")
    arguments.add_argument("--level", required=True, help="such as ccsd_aug-cc-pCVTZ")
    arguments.add_argument("--max-cycle", type=int, default=100, help="most SCF or CC iterations")
    arguments.add_argument(
        "--unpaired", type=int, help="unpaired electrons, where not those of Hund's rule"
    )
    add_file(arguments, "--density", "HDF5 file to write")
    add_file(arguments, "--quantum", "JSON file to write")
    run(main, arguments)
