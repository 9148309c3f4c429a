"""What is known of an atomic state."""

from dataclasses import dataclass

from comotion.abinitio.terms import GroundState


@dataclass(frozen=True)
class QuantumState:
    """Energies of an atomic state and the figures by which it is judged.

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
