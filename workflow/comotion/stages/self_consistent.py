"""Stage: an atom that is self-consistent with a transport functional."""

import argparse
from typing import Any

import numpy as np

from comotion.density.hartree_potential import hartree_potential
from comotion.density.storage import save_density
from comotion.electronic.gate import expected_energy
from comotion.io import write_arrays, write_json
from comotion.kohn_sham.channels import radial_grid
from comotion.kohn_sham.potential_storage import potential_arrays
from comotion.kohn_sham.self_consistent import SelfConsistentAtom, self_consistent
from comotion.progress import Progress
from comotion.stages.options import add_file
from comotion.stages.records import density_integrals_record
from comotion.stages.search_options import add_search_options, searching
from comotion.systems import parse_atom, parse_level, transport_order


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--system", required=True, help="atom or ion, such as Ne or H-")
    options.add_argument("--level", required=True, help="such as ks-v2_unc-UGBS+2d")
    options.add_argument("--max-cycle", type=int, default=100, help="most iterations")
    add_search_options(options)
    add_file(options, "--density", "HDF5 file to write")
    add_file(options, "--quantum", "JSON file to write")
    add_file(options, "--potential", "HDF5 file to write: the Kohn-Sham potential on a grid")


def run(options: argparse.Namespace) -> None:
    """Write density.h5, quantum.json and kohn_sham.h5."""
    system, level = options.system, options.level
    search = searching(options)
    with Progress(f"{system} at {level}") as report:
        found = self_consistent(system, level, max_cycle=options.max_cycle, report=report, **search)
    settings = {
        "max_cycle": options.max_cycle,
        "seeds": list(search["seeds"]),
        "tolerance": options.tolerance,
        "quadrature_tolerance": options.quadrature_tolerance,
        "accept_disagreement": options.accept_disagreement,
    }
    save_density(options.density, system, level, found.density)
    write_json(options.quantum, _record(found) | {"settings": settings})
    _write_potential(options, found)


def _record(found: SelfConsistentAtom) -> dict[str, Any]:
    """What quantum.json holds; there is no wave function, and so no <V_ee>."""
    atom, theory = parse_atom(found.system), parse_level(found.level)
    density = found.density
    same = (
        "configuration", "energy", "kinetic_s", "nuclear_attraction", "v_functional",
        "v_functional_error", "orbital_energies", "highest_occupied", "lowest_unoccupied",
        "tail_gain", "virial_ratio", "iterations", "energy_change", "basis_functions",
    )  # fmt: skip
    return density_integrals_record(found.system, found.level, density) | {
        "nuclear_charge": atom.nuclear_charge,
        "charge": atom.charge,
        "method": theory.method,
        "basis": theory.basis,
        "order": transport_order(atom, theory),
        **{name: getattr(found, name) for name in same},
        "energy_exact": expected_energy(atom, "exact"),
        "hartree_fock_limit": expected_energy(atom, "hartree_fock"),
        "density_integral_error": float(density.cumulant(density.quadrature().radii[-1]))
        - density.n_electrons,
        "converged": True,
    }


def _write_potential(options: argparse.Namespace, found: SelfConsistentAtom) -> None:
    """The potential on the grid of the inversions."""
    charge = parse_atom(found.system).nuclear_charge
    grid = radial_grid(charge)
    r = grid.radii
    write_arrays(
        options.potential,
        potential_arrays(
            r,
            v_hxc=found.potential(r),
            v_hartree=hartree_potential(found.density)(r),
            nuclear_charge=charge,
            charge=4 * np.pi * r**2 * found.density.density(r),
        ),
        {
            "system": found.system,
            "level": found.level,
            "n_electrons": found.n_electrons,
            "nuclear_charge": charge,
        },
    )
