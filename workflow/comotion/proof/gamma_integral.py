"""int rho U for a sum of generalised gamma terms, in a ball that contains it.

With x = log r, G_k(x) = exp(n_k + q_k x - a_k e^(s x)), q_k = p_k + 1 and n_k = log s + (q_k / s)
log a_k - log Gamma(q_k / s), a term c_k g_k(r) dr is c_k G_k(x) dx, and its integral is c_k. So for
the density that is scaled to N

    int rho U = N (u + I / sum_k c_k),   I = int (U - u) sum_k c_k G_k dx,   u = U(y = 0).

I is taken over the cells, from a point in the first to a point in the last, and enclosed thus:

- Inside of the first point, where tau = (y - low) / (high - low) is largest there,
  |U - u| <= 6 tau max_i |beta_i - beta_0| with the Bernstein coefficients beta of U, since the sum
  of all Bernstein polynomials but the first is 1 - (1 - tau)^6 <= 6 tau; and
  int_(-inf)^x G_k <= z^o / Gamma(o + 1), z = a_k e^(s x), o = q_k / s, since e^(-z) <= 1.
- Outside of the last point |U - u| <= max_i |beta_i - u|, and for z > o - 1
  int_x^inf G_k <= z^(o - 1) e^(-z) / ((1 - max(o - 1, 0) / z) Gamma(o)): the logarithm of
  t^(o - 1) e^(-t) falls from z on at least as fast as with the slope (o - 1) / z - 1, or -1.
- Between them Gauss's rule of n = 24 nodes on intervals of half-width h. If f is analytic and
  |f| <= M in the ellipse with foci at the ends and the sum rho h of its half-axes, its Chebyshev
  coefficients are at most 2 M rho^-k. The rule is exact below degree 2n and for odd polynomials;
  it has positive weights, so it and the integral differ by at most 2 + 2 / (k^2 - 1) <= 32 / 15 for
  T_k. The sum over k = 2n, 2n + 2, ... gives the error h (64 / 15) M rho^(-2n) / (1 - rho^-2).
  Here rho = 4: the half-axes are A = 17 h / 8 and B = 15 h / 8. f is analytic there if B and s B
  are below pi / 2, and for x = v + i w, |w| <= B:
  |G_k| <= exp(n_k + q_k v - a_k e^(s v) cos(s B)), whose exponent is concave in v;
  |y - y'| <= |x - x'| sup |dy/dx|, |dy/dx| = |e^x b / (e^x + b)^2| <= min(1/2, e^v / b, b / e^v)
  since |e^x + b|^2 >= e^(2v) + b^2. That bounds |tau| and |1 - tau|, and with them U - u.
- An interval whose integrand is so small that it does not matter is bounded by its largest value
  on the real line; one on which neither succeeds is halved.
"""

from dataclasses import dataclass
from functools import cache
from math import comb

from flint import arb, ctx

from comotion.proof.given_density import GammaTerms
from comotion.proof.one_body import DEGREE, CellPotential

#: Nodes of Gauss's rule, and the sum of the half-axes of the ellipse in units of the half-width.
_NODES, _RHO = 24, 4
#: Error of one interval, in units of the sum of |c_k| times the largest |U - u|.
_TOLERANCE = 1e-20
#: Most intervals, halvings behind one of them, and steps to find the first and the last point.
_MOST_INTERVALS, _MOST_HALVINGS, _MOST_STEPS = 20_000, 60, 5_000


class NotEnclosedError(ArithmeticError):
    """An integral cannot be enclosed; the sentence says why."""


@dataclass(frozen=True)
class _Term:
    """A term c G_k in balls, and its power as a number to sort by."""

    charge: arb
    log_norm: arb
    power: arb
    decay: arb
    kind: float

    @classmethod
    def of(cls, s: arb, coefficient: float, power: float, exponent: float) -> "_Term":
        rise, decay = arb(power) + 1, arb(exponent)
        order = rise / s
        log_norm = s.log() + order * decay.log() - order.lgamma()
        return cls(arb(coefficient), log_norm, rise, decay, power)


def gamma_integral(
    density: GammaTerms, potential: list[CellPotential], unit: float
) -> tuple[arb, arb]:
    """The mean of U in a density, and its charge.

    Args:
        density: The terms.
        potential: U on the cells, which cover [0, 1].
        unit: The length b, bohr.

    Returns:
        int rho U / int rho, and int rho as given, with the precision that is set.

    Raises:
        NotEnclosedError: It cannot be enclosed.
    """
    charge = sum((arb(c) for c in density.coefficients), arb(0))
    if not charge > 0:
        raise NotEnclosedError("its charge is not positive")
    total = _Integral(density, potential, arb(unit)).total()
    return potential[0].bernstein[0] + total / charge, charge


class _Integral:
    """The integral I of one density."""

    def __init__(self, density: GammaTerms, potential: list[CellPotential], unit: arb) -> None:
        self.s = arb(density.s)
        self.terms = [
            _Term.of(self.s, *numbers)
            for numbers in zip(density.coefficients, density.powers, density.exponents, strict=True)
            if numbers[0] != 0.0
        ]
        self.potential = potential
        self.unit = unit
        self.origin = potential[0].bernstein[0]
        self.intervals = 0
        charges = sum((abs(term.charge) for term in self.terms), arb(0))
        largest = arb(0)
        for cell in potential:
            largest = largest.max(self._largest(cell))
        self.tolerance = ((charges * largest + arb(2) ** -200) * _TOLERANCE).lower()

    def total(self) -> arb:
        ends = [self._log_radius(cell.high) for cell in self.potential[:-1]]
        first, inside = self._first(ends[0] if ends else arb(0))
        last, outside = self._last(ends[-1] if ends else arb(0))
        points = [first, *ends, last]
        total = _around_zero(inside) + _around_zero(outside)
        for cell, low, high in zip(self.potential, points[:-1], points[1:], strict=True):
            total += self._between(cell, low, high, 0)
        return total

    def _log_radius(self, y: arb) -> arb:
        return (self.unit * y / (1 - y)).log()

    def _largest(self, cell: CellPotential) -> arb:
        """A bound of |U - u| on a cell."""
        largest = arb(0)
        for value in cell.bernstein:
            largest = largest.max(abs(value - self.origin))
        return largest

    def _first(self, below: arb) -> tuple[arb, arb]:
        """A point inside of which little is left, and a bound of that."""
        cell = self.potential[0]
        slope = DEGREE * self._largest(cell)
        x = below.mid().min(arb(0)).floor() - 1
        for _ in range(_MOST_STEPS):
            radius = x.exp()
            tau = radius / (radius + self.unit) / cell.high
            left = arb(0)
            for term in self.terms:
                # z^o / Gamma(o + 1) = (s z^o / Gamma(o)) / (s o), and s o = q.
                left += abs(term.charge) * (term.log_norm + term.power * x).exp() / term.power
            left *= slope * tau
            if left <= self.tolerance:
                return x, left
            x -= 1
        raise NotEnclosedError("its centre reaches too far in")

    def _last(self, above: arb) -> tuple[arb, arb]:
        """A point outside of which little is left, and a bound of that."""
        largest = self._largest(self.potential[-1])
        x = above.mid().max(arb(0)).ceil() + 1
        step = 1 / (2 * self.s)
        for _ in range(_MOST_STEPS):
            left = self._outside(x)
            if left is not None and largest * left <= self.tolerance:
                return x, largest * left
            x = (x + step).mid()
        raise NotEnclosedError("its tail reaches too far out")

    def _outside(self, x: arb) -> arb | None:
        """A bound of the absolute charge outside of a point, if the simple one holds there."""
        left = arb(0)
        for term in self.terms:
            z = term.decay * (self.s * x).exp()
            excess = (term.power / self.s - 1).max(arb(0))
            if not z > excess:
                return None
            # z^(o - 1) e^(-z) / Gamma(o) = G / (s z).
            density = (term.log_norm + term.power * x - z).exp()
            left += abs(term.charge) * density / (self.s * z * (1 - excess / z))
        return left

    def _between(self, cell: CellPotential, low: arb, high: arb, halvings: int) -> arb:
        """The integral over an interval of a cell."""
        self.intervals += 1
        if self.intervals > _MOST_INTERVALS or halvings > _MOST_HALVINGS:
            raise NotEnclosedError("it takes too many intervals")
        bound = (high - low) * self._largest(cell) * self._peak(low, high, arb(1))
        if bound <= self.tolerance:
            return _around_zero(bound)
        half = (high - low) / 2
        middle = (high + low) / 2
        tall, wide = half * (_RHO - arb(1) / _RHO) / 2, half * (_RHO + arb(1) / _RHO) / 2
        if tall < 1.5 and self.s * tall < 1.5:
            cosine = (self.s * tall).cos()
            error = (
                half * arb(64) / 15 / (1 - arb(_RHO) ** -2) * arb(_RHO) ** (-2 * _NODES)
                * self._peak(middle - wide, middle + wide, cosine)
                * self._off_axis(cell, middle, wide)
            )  # fmt: skip
            if error <= self.tolerance:
                return self._rule(cell, middle, half) + _around_zero(error)
        lower = self._between(cell, low, middle, halvings + 1)
        return lower + self._between(cell, middle, high, halvings + 1)

    def _peak(self, low: arb, high: arb, cosine: arb) -> arb:
        """A bound of sum_k |c_k| |G_k| between two values of the real part of x."""
        total = arb(0)
        at_low, at_high = (self.s * low).exp(), (self.s * high).exp()
        for term in self.terms:
            decay = term.decay * cosine
            turn = term.power / (decay * self.s)
            # The exponent is concave and largest where e^(s v) = turn.
            if at_low >= turn:
                exponent = term.power * low - decay * at_low
            elif at_high <= turn:
                exponent = term.power * high - decay * at_high
            else:
                exponent = term.power / self.s * (turn.log() - 1)
            total += abs(term.charge) * (term.log_norm + exponent).exp()
        return total

    def _off_axis(self, cell: CellPotential, middle: arb, wide: arb) -> arb:
        """A bound of |U - u| in the ellipse."""
        inner, outer = (middle - wide).exp(), (middle + wide).exp()
        rise = arb("0.5").min(outer / self.unit).min(self.unit / inner)
        tau = self._tau(cell, middle)
        reach = rise * wide / (cell.high - cell.low)
        near, far = abs(tau) + reach, abs(1 - tau) + reach
        total = arb(0)
        for i, value in enumerate(cell.bernstein):
            total += abs(value - self.origin) * comb(DEGREE, i) * near**i * far ** (DEGREE - i)
        return total

    def _tau(self, cell: CellPotential, x: arb) -> arb:
        radius = x.exp()
        return (radius / (radius + self.unit) - cell.low) / (cell.high - cell.low)

    def _rule(self, cell: CellPotential, middle: arb, half: arb) -> arb:
        """Gauss's rule on an interval."""
        total = arb(0)
        for node, weight in _gauss(ctx.prec):
            x = middle + half * node
            grown = (self.s * x).exp()
            of_power: dict[float, arb] = {}
            for term in self.terms:
                value = term.charge * (term.log_norm - term.decay * grown).exp()
                of_power[term.kind] = of_power.get(term.kind, arb(0)) + value
            density = sum(
                (value * ((arb(power) + 1) * x).exp() for power, value in of_power.items()), arb(0)
            )
            total += weight * density * (cell.at(self._tau(cell, x)) - self.origin)
        return total * half


@cache
def _gauss(precision: int) -> list[tuple[arb, arb]]:
    """Nodes and weights on [-1, 1], enclosed with the precision that is set."""
    del precision
    return [arb.legendre_p_root(_NODES, k, weight=True) for k in range(_NODES)]


def _around_zero(bound: arb) -> arb:
    """A ball that contains all numbers of at most this size."""
    return arb(0, bound.upper())
