"""Values V_k of the hierarchy of k-density-representable pair problems.

``V_k[rho] = N (N - 1) / (k (k - 1)) V_SCE[(k / N) rho]`` with k electrons in the scaled
density. V_2 has a closed form; V_N is V_SCE itself; V_k tends to the mean field
``(1 - 1/N) U`` as k grows without bound. Reference: Friesecke, Mendl, Pass, Cotar,
Klueppelberg, J. Chem. Phys. 139, 164109 (2013).
"""

from comotion.density.radial import RadialDensity
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.folded import folded_rule
from comotion.transport.sce import Accuracy, strict_correlation

#: Intervals of the first and of the finest rule for V_2, and the relative change of its value
#: at which no finer one is taken. Atoms reach it at once; shells far apart need more.
_INTERVALS, _FINEST, _SETTLED = 128, 8192, 1e-9


def pair_value(density: RadialDensity) -> float:
    """V_2 in closed form, (N - 1) / 2 int_0^N dm / (R(m) + R(N - m)), hartree.

    The integrand is symmetric under m -> N - m; the half m in [0, N/2] is integrated in
    the folded variable.
    """
    intervals, former, value = _INTERVALS, 0.0, _pair_value(density, _INTERVALS)
    while abs(value - former) > _SETTLED * value and intervals < _FINEST:
        intervals *= 2
        former, value = value, _pair_value(density, intervals)
    return value


def _pair_value(density: RadialDensity, intervals: int) -> float:
    """V_2 on one rule."""
    n_electrons = density.n_electrons
    rule = folded_rule(intervals)
    # m = N q / 2 runs over half of the range; its mirror image N - m has m outside.
    inside = n_electrons / 2 * rule.q
    near = density.radius(inside)
    far = density.radius(n_electrons - inside, inside)
    return float((n_electrons - 1) * n_electrons / 2 * (rule.weights @ (1 / (near + far))))


def hierarchy_value(
    density: RadialDensity,
    k: int,
    *,
    seeds: tuple[int, ...] = (1, 2),
    accuracy: Accuracy | None = None,
    report: Report = silent,
) -> float:
    """V_k by the co-motion plan of k electrons, hartree; see the module.

    Raises:
        TransportError: k < 2.
    """
    if k < 2:
        raise TransportError(f"V_k needs k >= 2 electrons, got k = {k}")
    if k == 2:
        return pair_value(density)
    n_electrons = density.n_electrons
    plan = strict_correlation(density.scaled(k), seeds=seeds, accuracy=accuracy, report=report)
    return n_electrons * (n_electrons - 1) / (k * (k - 1)) * plan.v_comotion
