"""What is known of an atomic state, and the state as it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from html import escape
from importlib import import_module
from typing import Any

from comotion.density.functionals import density_integrals
from comotion.density.radial import RadialDensity
from comotion.electronic.terms import GroundState
from comotion.electronic.two_electrons import HylleraasState
from comotion.systems import electrons_in_words


@dataclass(frozen=True)
class QuantumState:
    """Energies of an atomic state in a Gaussian basis and the figures by which it is judged.

    Attributes:
        energy: Total energy E, hartree.
        v_quantum: <V_ee> of the state, hartree.
        energy_hf: Hartree-Fock energy in the same basis, hartree.
        v_hf: <V_ee> of the Hartree-Fock reference, hartree.
        hartree_hf: Hartree energy U of the reference's averaged density, hartree.
        exchange: Exchange energy of the reference, hartree.
        kinetic: Kinetic energy T, hartree.
        nuclear_attraction: Energy in the field of the nucleus, hartree.
        virial_ratio: -(E - T) / T, 2 in a complete basis.
        spin_square: <S^2> of the reference determinant.
        ground: Configuration and term asked for and found.
        basis_functions: Number of basis functions.
        highest_occupied: Highest occupied orbital energy of the reference, hartree.
        natural_occupations: Smallest and largest natural occupation.
        reference: RHF, ROHF or UHF.
        converged: Whether every iteration says that it converged.
    """

    energy: float
    v_quantum: float
    energy_hf: float
    v_hf: float
    hartree_hf: float
    exchange: float
    kinetic: float
    nuclear_attraction: float
    virial_ratio: float
    spin_square: float
    ground: GroundState
    basis_functions: int
    highest_occupied: float
    natural_occupations: tuple[float, float]
    reference: str
    converged: bool


@dataclass(frozen=True)
class Energies:
    """Energies of an atomic state, hartree; None where the state has no such energy.

    Attributes:
        energy: Total energy E; that of the functional for a Kohn-Sham state.
        v_quantum: <V_ee> of the wave function.
        hartree: Hartree energy U of the averaged density.
        v_mean_field: (1 - 1/N) U, the cost of the independent plan.
        energy_hf: Hartree-Fock energy in the same basis.
        v_hf: <V_ee> of the Hartree-Fock reference.
        kinetic: Kinetic energy T of the wave function.
        nuclear_attraction: Energy in the field of the nucleus.
        errors: Numerical errors by name, where they are known.
    """

    energy: float
    v_quantum: float | None
    hartree: float
    v_mean_field: float
    energy_hf: float | None = None
    v_hf: float | None = None
    kinetic: float | None = None
    nuclear_attraction: float | None = None
    errors: Mapping[str, float] = field(default_factory=dict, hash=False)

    def known(self) -> dict[str, float]:
        """The energies that there are, by name."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "errors"}
        return {name: value for name, value in values.items() if value is not None}

    def __repr__(self) -> str:
        return "\n".join(
            f"{name:<18} {value}" for name, value in _shown(self.known(), self.errors).items()
        )

    def _repr_html_(self) -> str:
        """A table for notebooks."""
        return _html("", self)


@dataclass(frozen=True, eq=False, repr=False)
class ElectronicState:
    """An atom in a quantum state, as `comotion.atom` and `comotion.from_pyscf` return it.

    Attributes:
        system: Name of the atom or ion, such as ``Be`` or ``H-``.
        level: Name of the level, such as ``ccsd_aug-cc-pCVTZ``.
        term: Term symbol such as ``1S``; ``?`` stands for an L that nobody asked for.
        density: Spherically averaged density.
        energies: Energies of the state.
        details: Everything that the solver tells; None for a state of the user's own.
    """

    system: str
    level: str
    term: str
    density: RadialDensity
    energies: Energies
    details: QuantumState | HylleraasState | None = None

    @property
    def n_electrons(self) -> int:
        """Number of electrons N."""
        return self.density.n_electrons

    def connection(self, *, analysis: Any = None, energy_exact: float | None = None) -> Any:
        """The adiabatic connection of this state, `comotion.adiabatic_connection`.

        Args:
            analysis: Its analysis by `comotion.analyse`, where there is one already.
            energy_exact: Exact energy, hartree, of which E_c is then made.

        Returns:
            Its ends, the correlation energy, and what interpolations make of the ends.
        """
        # By the face, as a user would: a state knows nothing of what is made of it.
        connect = import_module("comotion").adiabatic_connection
        return connect(self, analysis=analysis, energy_exact=energy_exact)

    @property
    def _title(self) -> str:
        return f"{self.system}, {self.level}, {self.term}, {electrons_in_words(self.n_electrons)}"

    def __repr__(self) -> str:
        return f"{self._title}\n{self.energies!r}"

    def _repr_html_(self) -> str:
        """A table for notebooks."""
        return _html(self._title, self.energies)


def repulsion_energy(energy: float, one_electron: float, n_electrons: int) -> float:
    """<V_ee> of a wave function, what its energy has beside that of the one-electron Hamiltonian.

    Args:
        energy: Total energy E, hartree.
        one_electron: Tr(h gamma), kinetic energy and attraction, hartree.
        n_electrons: Number of electrons; of one, the difference is rounding and <V_ee> is 0.

    Returns:
        <V_ee>, hartree.
    """
    return energy - one_electron if n_electrons > 1 else 0.0


def energies_of(
    density: RadialDensity,
    energy: float,
    v_quantum: float | None,
    errors: Mapping[str, float] | None = None,
    **others: float | None,
) -> Energies:
    """Energies of a state with those that follow from its density.

    Args:
        density: The averaged density.
        energy: Total energy, hartree.
        v_quantum: <V_ee>, hartree, where the state is a wave function.
        errors: Numerical errors by name, hartree.
        others: Further attributes of `Energies`, hartree.
    """
    integrals = density_integrals(density)
    return Energies(
        energy=energy,
        v_quantum=v_quantum,
        hartree=integrals.hartree,
        v_mean_field=(1 - 1 / density.n_electrons) * integrals.hartree,
        errors={**(errors or {}), "hartree": integrals.hartree_error},
        **others,
    )


def _shown(values: Mapping[str, float], errors: Mapping[str, float]) -> dict[str, str]:
    """Each energy with its error as it is printed."""
    return {
        name: f"{value:16.9f}" + (f" +- {errors[name]:.0e}" if name in errors else "") + " hartree"
        for name, value in values.items()
    }


def _html(title: str, energies: Energies) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in _shown(energies.known(), energies.errors).items()
    )
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    return f"<table>{caption}{rows}</table>"
