"""The pair bound: a trial, its certificate, and the proof of it.

A trial is what a solver in doubles found. Only what `comotion.proof` then proves of its
certificate, in exact and in ball arithmetic, is a bound.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from numpy.typing import ArrayLike

from comotion.density.radial import Array, HasDensity, RadialDensity
from comotion.errors import InequalityError
from comotion.io import write_json
from comotion.progress import Report, silent
from comotion.proof.charge import decimal_below
from comotion.proof.verify import ProvenBound, verify_bound
from comotion.transport.bounds.pair.proof_file import certificate
from comotion.transport.bounds.pair.trial import PairEffort, PairTrial, pair_trial

#: A claim that every certificate proves, hartree.
_NOTHING = -1e50
#: How often a trial is lowered at most where the proof finds it violated, how much more than there,
#: and the least at first, relative to 1/|x - x'| + 1/b.
_REPAIRS, _MARGIN, _LEAST = 8, 1.5, 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class PairBound:
    """A lower bound of V_SCE that is proven.

    Attributes:
        trial: Potential and kernels.
        proven: What the verifier says.
        lowered: By how much the trial was lowered so that the proof went through, relative to
            1/|x - x'| + 1/b; 0 if it did at once.
    """

    trial: PairTrial
    proven: ProvenBound
    lowered: float

    def __repr__(self) -> str:
        """The bound, in a line."""
        return f"<PairBound: V_SCE >= {decimal_below(self.lower, 8)} hartree, proven>"

    @property
    def lower(self) -> float:
        """The proven bound, hartree."""
        return self.proven.lower

    def potential(self, r: ArrayLike) -> Array:
        """Its Kantorovich potential in the gauge u(inf) = 0.

        With a constant added to it, sum_i u(r_i) <= sum_{i<j} 1/r_ij for all positions, which is
        proven, too. Of a density that ends somewhere that is so up to there only: u is zero at its
        outer edge and no number outside of it.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            u(r), shape of ``r``, hartree.
        """
        return self.trial.one_body(r) - self.trial.one_body(self.trial.density.support[1])

    def save(self, path: str | Path, system: str = "", level: str = "") -> None:
        """Write the certificate, which ``comotion verify-bound`` proves again.

        Args:
            path: The file.
            system: Name of the system.
            level: Name of the level.

        Raises:
            RecordError: The file cannot be written.
        """
        write_json(Path(path), certificate(self.trial, self.lower, system, level))


def pair_bound(
    rho: RadialDensity | HasDensity, *, effort: PairEffort | None = None, report: Report = silent
) -> PairBound:
    """A proven lower bound of V_SCE, of a size that does not depend on the number of electrons.

    Args:
        rho: The density, N >= 2 electrons, or an object with one.
        effort: How hard to try.
        report: Told where the search is.

    Returns:
        The bound.

    Raises:
        DensityError: There is no density.
        TransportError: Fewer than two electrons, or the programme cannot be solved.
        ProofError: What was found cannot be proven.
    """
    trial = pair_trial(rho, effort, report)
    theta, least = 0.0, _LEAST
    for _ in range(_REPAIRS):
        tried = trial.lowered(theta)
        try:
            return PairBound(tried, _proven(tried, report), theta)
        except InequalityError as error:
            report(f"{error}")
            # What cannot be decided needs more room each time.
            by, least = _MARGIN * tried.violation_near(error.place) + least, 4 * least
            # Lowered by one and then by the other is lowered by this.
            theta += by + theta * by
    tried = trial.lowered(theta)
    return PairBound(tried, _proven(tried, report), theta)


def _proven(trial: PairTrial, report: Report) -> ProvenBound:
    """What the verifier says of a trial."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.json"
        write_json(path, certificate(trial, _NOTHING))
        found = verify_bound(path)
    lower = decimal_below(found.lower, 8)
    report(f"pair bound {lower} hartree, proven on {found.boxes} boxes")
    return found
