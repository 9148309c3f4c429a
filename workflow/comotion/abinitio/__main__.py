"""Stage: the ab-initio density and quantum energies of an atom."""

import argparse
from dataclasses import asdict

from comotion.abinitio.atoms import single_thread, solve_atom
from comotion.records import density_record, write_density, write_json
from comotion.stage import add_file, parser, run
from comotion.systems import parse_atom, parse_level


def main(options: argparse.Namespace) -> None:
    """Write density.h5 and quantum.json."""
    single_thread()
    atom, level = parse_atom(options.system), parse_level(options.level)
    state, density = solve_atom(atom, level, options.unpaired, options.max_cycle)
    ground = asdict(state.ground)
    record = density_record(options.system, options.level, density)
    record |= {key: value for key, value in asdict(state).items() if key != "ground"}
    record |= {
        "nuclear_charge": atom.nuclear_charge,
        "charge": atom.charge,
        "method": level.method,
        "basis": level.basis,
        "term": ground["term"],
        "configuration": ground["configuration"],
        "occupations": ground["occupations"],
        "converged": True,
        "density_integral_error": density.integral - density.n_electrons,
        "settings": {"max_cycle": options.max_cycle, "unpaired": options.unpaired},
    }
    write_density(options.density, options.system, options.level, density)
    write_json(options.quantum, record)


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
