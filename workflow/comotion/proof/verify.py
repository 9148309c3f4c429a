"""A pair bound, proven from its certificate alone.

What is checked, in this order: the form of the file (`comotion.proof.document`), that the cells
cover the density, that the kernels are positive semidefinite (`comotion.proof.semidefinite`), the
inequality for all positions of two electrons (`comotion.proof.inequality`), and the energy of the
density (`comotion.proof.charge`). `comotion.proof.one_body` has the argument that these together
make V_SCE >= (int rho U - C) / b.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import acos, degrees, inf
from pathlib import Path

from comotion.errors import InequalityError, ProofError
from comotion.proof.charge import decimal_below, enclosed_energy
from comotion.proof.document import Certificate, read_certificate
from comotion.proof.given_density import uncovered
from comotion.proof.inequality import Violation, prove_inequality
from comotion.proof.semidefinite import failing_pivot


@dataclass(frozen=True)
class ProvenBound:
    """A lower bound of V_SCE that was proven.

    Attributes:
        lower: The proven bound, rounded down, hartree.
        claimed: The bound that the certificate claims, not above it, hartree.
        n_electrons: Number of electrons N.
        system: Name of the system, as the certificate has it.
        level: Name of the level, as the certificate has it.
        boxes: Boxes on which the inequality was proven.
        integral_width: Width within which the energy of the density was enclosed, hartree.
        digest: SHA-256 of the file.
    """

    lower: float
    claimed: float
    n_electrons: int
    system: str
    level: str
    boxes: int
    integral_width: float
    digest: str

    def __repr__(self) -> str:
        return (
            f"ProvenBound(V_SCE >= {decimal_below(self.lower, 9)} hartree, {self.system} "
            f"{self.level}, N = {self.n_electrons}, {self.boxes} boxes)"
        )


def verify_bound(path: str | Path) -> ProvenBound:
    """Prove the bound of a certificate.

    Args:
        path: The file of the certificate.

    Returns:
        What is proven.

    Raises:
        InequalityError: Its inequality fails at some place.
        ProofError: The file is no certificate, or does not prove what it claims; the sentence
            says where it fails.
    """
    certificate = read_certificate(Path(path))
    _check_cover(certificate)
    _check_kernels(certificate)
    boxes, violation = prove_inequality(
        certificate.cells, certificate.potential, certificate.functions, certificate.kernels
    )
    if violation is not None:
        raise InequalityError(
            f"{path}: {_in_words(violation, certificate.unit)}", (*violation.y, violation.cosine)
        )
    energy = enclosed_energy(certificate)
    if certificate.lower > energy.lower:
        raise ProofError(
            f"{path}: lower: {certificate.lower!r} hartree is claimed, and only {energy.lower!r} "
            "is proven; claim less"
        )
    return ProvenBound(
        lower=energy.lower,
        claimed=certificate.lower,
        n_electrons=certificate.n_electrons,
        system=certificate.system,
        level=certificate.level,
        boxes=boxes,
        integral_width=energy.width,
        digest=certificate.digest,
    )


def _check_cover(certificate: Certificate) -> None:
    """Check that the cells cover the density."""
    cells = [(Fraction(low), Fraction(high)) for low, high in certificate.cells.tolist()]
    open_from = uncovered(certificate.density, cells, Fraction(certificate.unit))
    if open_from is not None:
        y = float(open_from)
        raise ProofError(
            f"{certificate.path}: cells: none covers what follows y = {y:.12g} "
            f"(r = {_radius(y, certificate.unit):.6g} bohr), where the density may have charge; "
            "cover all of it"
        )


def _check_kernels(certificate: Certificate) -> None:
    """Check that the kernels are positive semidefinite."""
    for order, kernel in enumerate(certificate.kernels):
        pivot = failing_pivot(kernel.tolist())
        if pivot is not None:
            raise ProofError(
                f"{certificate.path}: kernels[{order}]: the matrix of l = {order} is not positive "
                f"semidefinite: pivot {pivot} of {len(kernel)} is negative, or zero in a row that "
                "is not"
            )


def _in_words(violation: Violation, unit: float) -> str:
    """Where the inequality fails."""
    r, s = (_radius(y, unit) for y in violation.y)
    angle = degrees(acos(violation.cosine))
    how = "is violated" if violation.decided else "could not be decided"
    return (
        f"potential, kernels: the inequality {how}: at r = {r:.9g} and s = {s:.9g} bohr with an "
        f"angle of {angle:.6g} degrees 1 / |x - x'| less the right side is "
        f"{violation.slack / unit:.3e} hartree"
    )


def _radius(y: float, unit: float) -> float:
    return unit * y / (1 - y) if y < 1 else inf
