"""Densities of N electrons with a large ratio -W_inf / int rho^(4/3), by their shape.

The largest ratio of all densities of N electrons is the smallest constant C(N) in the inequality
of Lieb and Oxford for them, W_inf >= -C(N) int rho^(4/3) d3r (E. H. Lieb, S. Oxford, Int. J.
Quantum Chem. 19, 427 (1981)). The cost V of any plan is an upper bound of V_SCE, so the ratio
(U - V) / int rho^(4/3) of any density is a lower bound of C(N).

Where the ratio C of a density is largest, its change with every small change of rho of no charge
vanishes: v_H - u - C 4/3 rho^(1/3) is the same wherever there is density (Euler's equation), with
the potential u of the plan. Scaling all lengths leaves the ratio; inside of the equation this says
U - V - C (int rho^(4/3) - 4 pi/3 a^3 rho(a)^(4/3)) = 0 for a jump at the edge a, so there is none:
rho^(1/3) vanishes at the edge, in proportion to the distance. There v_H = N / a, and in the gauge
of a plan's potential, in which u = (N - 1) / a at the last radius, the constant is 1 / a.
"""

from dataclasses import dataclass
from numbers import Integral

import numpy as np

from comotion.density.functionals import density_integrals, expansion_errors
from comotion.density.hartree_potential import hartree_potential
from comotion.density.radial import RadialDensity
from comotion.density.table import TabulatedDensity, tabulated
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.systems import electrons_in_words
from comotion.transport.angular.minimiser import MAX_ELECTRONS
from comotion.transport.comotion import comotion_plan
from comotion.transport.lieb_oxford.climbing import Summit, summits
from comotion.transport.lieb_oxford.shape_space import ShapeSpace
from comotion.transport.maps import alternating
from comotion.transport.patterns import best_pattern
from comotion.transport.plan import Plan

#: Rows of a table in all, and of one shell at least and at most.
_ROWS, _FEWEST_ROWS, _MOST_ROWS = 400, 12, 96
#: Intervals of the quadrature for each piece of a spline while the shape is sought; with fewer the
#: shape would fit the errors of the quadrature.
_INTERVALS = 8
#: Times that directions of the shells are chosen anew at most.
_PATTERNS = 8


@dataclass(frozen=True, eq=False, repr=False)
class LiebOxfordShape:
    """A density with a large ratio -W_inf / int rho^(4/3).

    Attributes:
        density: The density, with its edge at 1 bohr.
        plan: The plan whose cost V the ratio has.
        ratio: (U - V) / int rho^(4/3): a lower bound, up to `error`, of the smallest constant of
            the inequality for densities of N electrons.
        error: Error of the ratio from the quadratures of U, V and int rho^(4/3) together.
        euler_residual: Mean square deviation, over the charge, of v_H - u - C 4/3 rho^(1/3) from
            its mean; its root in units of the mean of the last term.
        euler_constant: That mean times the radius of the edge; 1 where the equation holds.
        ratios_by_start: Ratio that the climb from each start reached, with coarser quadrature.
        history: Ratio of the best climb at its start and after each climb and each search for
            arrangements.
        seeds: Seeds of the starts.
        pieces: Pieces of the spline of each shell.
    """

    density: TabulatedDensity
    plan: Plan
    ratio: float
    error: float
    euler_residual: float
    euler_constant: float
    ratios_by_start: tuple[float, ...]
    history: tuple[float, ...]
    seeds: tuple[int, ...]
    pieces: int

    def __repr__(self) -> str:
        """Electrons and ratio with its error, in a line."""
        electrons = electrons_in_words(self.density.n_electrons)
        return f"<LiebOxfordShape: {electrons}, ratio {self.ratio:.8f} +- {self.error:.0e}>"


def lieb_oxford_shape(
    n_electrons: int,
    *,
    pieces: int = 8,
    seeds: tuple[int, ...] = (1, 2, 3, 4),
    patterns: bool = True,
    report: Report = silent,
) -> LiebOxfordShape:
    """Search a density of N electrons for which the ratio of Lieb and Oxford is large.

    The inequality: E. H. Lieb, S. Oxford, Int. J. Quantum Chem. 19, 427 (1981). Spherical
    densities with an edge are tried, and plans of the co-motion kind. The search climbs from
    several starts and may end below the largest ratio that there is; whatever it finds is a lower
    bound.

    Args:
        n_electrons: Number of electrons N.
        pieces: Pieces of the spline of log rho on each shell.
        seeds: Seeds of the starts; the first start does not depend on its seed.
        patterns: Whether other directions of the shells than those of the co-motion plan are
            tried, too.
        report: Told where the search is.

    Returns:
        The density with the largest ratio found, its plan, and the residual of Euler's equation.

    Raises:
        TransportError: N or the pieces are no whole number from 1 on, or N is too large, or no
            seed is given, or seeds of the last plan disagree.
    """
    _check(n_electrons, pieces, seeds)
    space = ShapeSpace(int(n_electrons), int(pieces), _INTERVALS * int(pieces))
    upward, begin = alternating(space.n_electrons), None
    for _ in range(_PATTERNS):
        found = summits(space, upward, seeds, begin, report)
        highest = max(found, key=lambda one: one.ratio)
        density = _density(space, highest)
        if not patterns or space.n_electrons < 3:
            plan = comotion_plan(density, upward=upward, report=report)
            break
        plan = best_pattern(density, report=report).plan
        if np.array_equal(plan.upward, upward):
            break
        upward, begin = plan.upward, highest.coefficients
    return _result(density, plan, found, seeds, pieces)


def lieb_oxford_ratio(density: RadialDensity, plan: Plan) -> tuple[float, float]:
    """(U - V) / int rho^(4/3) of a density and a plan of it.

    Args:
        density: The density.
        plan: The plan, whose cost is V.

    Returns:
        The ratio, and its error from all quadratures.
    """
    integrals = density_integrals(density)
    local = integrals.rho_four_thirds
    ratio = (integrals.hartree - plan.cost) / local
    of_energies = integrals.hartree_error + plan.quadrature_error
    return ratio, (of_energies + abs(ratio) * expansion_errors(density)[0]) / local


def euler_equation(density: RadialDensity, plan: Plan, ratio: float) -> tuple[float, float]:
    """How well v_H - u - C 4/3 rho^(1/3) is constant where there is density.

    Args:
        density: The density, which has an edge.
        plan: A plan of it, with the potential u.
        ratio: The ratio C.

    Returns:
        The root of its mean square deviation from its mean, over the charge, in units of the mean
        of the last term; and that mean times the radius of the edge.
    """
    radii = plan.radii.ravel()
    share = np.repeat(plan.weights, density.n_electrons) / density.n_electrons
    local = 4 / 3 * ratio * np.cbrt(density.density(radii))
    sides = hartree_potential(density)(radii) - plan.potential(radii) - local
    mean = float(share @ sides)
    deviation = float(np.sqrt(share @ (sides - mean) ** 2))
    return deviation / float(share @ local), mean * density.support[1]


def _check(n_electrons: int, pieces: int, seeds: tuple[int, ...]) -> None:
    """Check that a search can begin.

    Raises:
        TransportError: It cannot.
    """
    for name, value, most in (("electrons", n_electrons, MAX_ELECTRONS), ("pieces", pieces, 64)):
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not whole or not 1 <= value <= most:
            raise TransportError(f"a shape of {value!r} {name}: give a whole number, 1 to {most}")
    if not seeds or any(not isinstance(seed, Integral) or seed < 0 for seed in seeds):
        raise TransportError(f"seeds {seeds!r}: give at least one, whole numbers from 0 on")


def _density(space: ShapeSpace, highest: Summit) -> TabulatedDensity:
    """The table of a shape, with its edge at 1 bohr."""
    number = min(max(_ROWS // space.n_electrons, _FEWEST_ROWS), _MOST_ROWS)
    profile = space.rows(number).profile(highest.coefficients)
    edge = profile.radii[-1, -1]
    r = np.concatenate(([0.0], profile.radii.ravel() / edge))
    rho = np.concatenate(([space.centre(highest.coefficients)], profile.root.ravel() ** 3))
    return tabulated(r, rho * edge**3, normalize=True)


def _result(
    density: TabulatedDensity,
    plan: Plan,
    found: list[Summit],
    seeds: tuple[int, ...],
    pieces: int,
) -> LiebOxfordShape:
    """What is told of a density."""
    ratio, error = lieb_oxford_ratio(density, plan)
    residual, constant = euler_equation(density, plan, ratio)
    return LiebOxfordShape(
        density=density,
        plan=plan,
        ratio=ratio,
        error=error,
        euler_residual=residual,
        euler_constant=constant,
        ratios_by_start=tuple(one.ratio for one in found),
        history=tuple(max(found, key=lambda one: one.ratio).history.tolist()),
        seeds=tuple(seeds),
        pieces=pieces,
    )
