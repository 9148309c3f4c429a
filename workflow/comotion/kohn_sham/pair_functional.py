"""The pair bound as a functional of the density.

Its value is a lower bound of V_SCE (`comotion.transport.bounds.pair`), here as its solver and a
quadrature have it, not proven; so the least ``T_s + V + int v rho`` lies below the exact energy.
Its derivative is the potential that is found with it: a maximum over potentials changes with the
density in first order by the best of them alone.
"""

from dataclasses import dataclass, field

import numpy as np

from comotion.density.radial import RadialDensity
from comotion.kohn_sham.functional import Response
from comotion.progress import Report, silent
from comotion.transport.bounds.pair.trial import PairEffort, pair_trial
from comotion.transport.potential import RadialPotential

#: Change of the energy, and norm of its gradient in units of Z, below which the programme's own
#: error hides what is left, hartree.
_SETTLED = (1e-5, 2e-3)
#: Step of the grid in log r, and the charges inside its first and outside of its last radius.
_STEP, _INNER, _OUTER = 0.01, 1e-12, 1e-12
#: End of the grid in units of that last radius.
_BEYOND = 1e4


@dataclass(frozen=True)
class PairBoundFunctional:
    """The pair bound in a space.

    Attributes:
        effort: How hard to try.
    """

    effort: PairEffort = field(default_factory=PairEffort)

    @property
    def settled(self) -> tuple[float, float]:
        """See `comotion.kohn_sham.functional.Functional`."""
        return _SETTLED

    def response(self, density: RadialDensity, report: Report = silent) -> Response:
        """See `comotion.kohn_sham.functional.Functional`.

        Raises:
            TransportError: The programme cannot be solved.
        """
        n = density.n_electrons
        trial = pair_trial(density, self.effort, report)
        ends = density.radius([_INNER, n - _OUTER], [n - _INNER, _OUTER])
        # Where no charge is the potential is any that keeps the inequality, and not yet its tail.
        r = np.exp(np.arange(np.log(ends[0]), np.log(_BEYOND * ends[1]), _STEP))
        gauge = float(trial.one_body(np.inf))
        u = trial.one_body(r) - gauge
        slope_per_log = np.gradient(u, _STEP)
        nodes = density.quadrature()
        return Response(
            value=trial.value,
            error=abs(trial.programme - trial.value),
            spread=0.0,
            radii=r,
            weights=-slope_per_log * _STEP,
            beyond=r > float(density.radius(n / 2)),
            mean=float(nodes.weights @ (trial.one_body(nodes.radii) - gauge)),
            potential=RadialPotential(r, u, slope_per_log / r, n),
        )
