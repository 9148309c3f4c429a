"""PySCF's spherical atom in the field of a transport functional."""

import warnings
from typing import Any

import numpy as np
from pyscf import gto, lib
from pyscf.scf.atom_hf import AtomSphAverageRHF

from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.basis import Shell, exponents, shells_like_s, with_diffuse
from comotion.electronic.ground_levels import ANGULAR_LETTERS
from comotion.electronic.mean_field import molecule
from comotion.electronic.terms import GroundState
from comotion.kohn_sham.blocks import RadialBlock, orthonormal, radial_blocks, spherical_matrix
from comotion.kohn_sham.channels import radial_grid
from comotion.kohn_sham.functional import Functional, Response
from comotion.progress import Report, within
from comotion.systems import Atom

#: Largest change of the energy in the last iteration, in units of the search spread.
_SPREADS = 10.0
#: Length b of the field in which the iteration begins, in units of Z^(-1/3) bohr: that of the
#: Thomas-Fermi atom.
_SCREENING = 0.885


class TransportField(AtomSphAverageRHF):  # type: ignore[misc]
    """PySCF's spherical atom in the field of a transport functional.

    Attributes:
        functional: The functional.
        electrons: Electrons of each angular momentum.
        blocks: The basis by angular momentum.
        report: Told where the searches are.
        responses: Number of times that the functional was asked.
        energy_change: Change of the energy in the last iteration, hartree.
        enough: Largest such change at which the iteration ends.
        gradient: Largest norm of `get_grad` there, hartree.
    """

    def __init__(
        self, mol: gto.Mole, ground: GroundState, functional: Functional, report: Report
    ) -> None:
        with warnings.catch_warnings():
            # PySCF's own class calls what its newer versions would rather not have called.
            warnings.simplefilter("ignore", DeprecationWarning)
            super().__init__(mol)
        self.functional = functional
        self.electrons = electrons_by_angular(ground)
        self.blocks = radial_blocks(mol)
        self.report = report
        self.responses = 0
        self.energy_change, self.enough, self.gradient = np.inf, 0.0, np.inf
        self.check_convergence = self._settled

    def get_init_guess(self, mol: Any = None, key: str = "", **others: Any) -> Array:
        """Density matrix of the orbitals in the field (N - 1) / (r + b) of a screened nucleus."""
        del mol, key, others
        charge = self.mol.atom_charge(0)
        grid = radial_grid(charge)
        r = grid.radii
        weights = (
            (self.mol.nelectron - 1) * grid.weights / (r + _SCREENING / charge ** (1 / 3)) ** 2
        )
        beyond = np.zeros(len(r), dtype=bool)
        parts = [block.enclosed(r, weights, beyond) for block in self.blocks]
        field = spherical_matrix(self.blocks, parts, self.mol.nao)
        energies, orbitals = self.eig(self.get_hcore() + field, self.get_ovlp())
        return np.asarray(self.make_rdm1(orbitals, self.get_occ(energies, orbitals)))

    def _settled(self, found: dict[str, Any]) -> bool:
        """Whether the energy no longer changes by more than the searches leave open."""
        self.energy_change = abs(float(found["e_tot"] - found["last_hf_e"]))
        spread = float(found["vhf"].response.spread)
        still = float(found["norm_gorb"]) <= self.gradient
        return still and self.energy_change <= max(self.enough, _SPREADS * spread)

    def get_grad(self, mo_coeff: Any, mo_occ: Any, fock: Any = None) -> Array:
        """Elements of the field between occupied and empty orbitals, times the occupations."""
        matrix = self.get_fock() if fock is None else fock
        occupied = mo_occ > 0
        elements = mo_coeff[:, ~occupied].T @ matrix @ mo_coeff[:, occupied]
        return np.asarray(elements * mo_occ[occupied]).ravel()

    def get_occ(self, mo_energy: Any = None, mo_coeff: Any = None) -> Array:
        """Occupations in the order of `AtomSphAverageRHF.eig`, the same for all m."""
        del mo_energy, mo_coeff
        return np.concatenate(
            [
                np.repeat(
                    filled(self.electrons.get(block.angular, 0), block) / block.degeneracy,
                    block.degeneracy,
                )
                for block in self.blocks
            ]
        )

    def get_veff(
        self, mol: Any = None, dm: Any = None, dm_last: Any = 0, vhf_last: Any = 0, hermi: int = 1
    ) -> Any:
        """Matrix of u with the `Response` of the functional as its tag ``response``."""
        del mol, dm_last, vhf_last, hermi
        matrix = np.asarray(self.make_rdm1() if dm is None else dm)
        density = spherical_average(self.mol, matrix)
        self.responses += 1
        report = within(self.report, f"field {self.responses}")
        response = self.functional.response(density, report)
        field, overlap = force_matrix(response, self.blocks), self.get_ovlp()
        missing = response.mean - float(np.einsum("ij,ji->", field, matrix))
        shift = missing / density.n_electrons
        return lib.tag_array(field + shift * overlap, response=response, shift=shift)

    def energy_elec(
        self, dm: Any = None, h1e: Any = None, vhf: Any = None
    ) -> tuple[float, float]:  # fmt: skip
        """Energy and its part V, hartree."""
        matrix = self.make_rdm1() if dm is None else dm
        core = self.get_hcore() if h1e is None else h1e
        value = (self.get_veff(dm=matrix) if vhf is None else vhf).response.value
        return float(np.einsum("ij,ji->", core, matrix)) + value, value


def force_matrix(response: Response, blocks: list[RadialBlock]) -> Array:
    """Matrix of u up to a multiple of the overlap, shape (n, n)."""
    parts = [block.enclosed(response.radii, response.weights, response.beyond) for block in blocks]
    return spherical_matrix(blocks, parts, sum(block.orbitals.size for block in blocks))


def electrons_by_angular(ground: GroundState) -> dict[int, int]:
    """Electrons of each angular momentum in a configuration."""
    found: dict[int, int] = {}
    for orbital, pair in ground.occupations.items():
        angular = ANGULAR_LETTERS.index(orbital[0])
        found[angular] = found.get(angular, 0) + sum(pair)
    return found


def filled(electrons: int, block: RadialBlock) -> Array:
    """Electrons of each radial function of a block, the lowest first, shape (c,)."""
    most = 2 * block.degeneracy
    return np.clip(electrons - most * np.arange(len(block.contractions)), 0, most).astype(float)


def orbitals_in_larger_basis(
    atom: Atom, shells: list[Shell], ground: GroundState, field: Any
) -> list[Array]:
    """Orbital energies in the same field, with functions that the basis lacks.

    One more diffuse function of each angular momentum, and one angular momentum more, with the
    exponents of the s functions but for the steepest.

    Args:
        atom: The atom.
        shells: Its basis.
        ground: Its configuration.
        field: What `TransportField.get_veff` gave for the converged iteration.

    Returns:
        Energies of each angular momentum from 0 on, ascending, hartree.
    """
    more = with_diffuse(shells, 1)
    more += shells_like_s(exponents(more)[0], max(exponents(shells)) + 1)
    mol = molecule(atom, more, ground, symmetry="")
    blocks, overlap = radial_blocks(mol), mol.intor("int1e_ovlp")
    fock = mol.intor("int1e_kin") + mol.intor("int1e_nuc") + force_matrix(field.response, blocks)
    bases = [orthonormal(block.part(overlap)) for block in blocks]
    return [
        np.asarray(np.linalg.eigvalsh(basis.T @ block.part(fock) @ basis)) + field.shift
        for block, basis in zip(blocks, bases, strict=True)
    ]
