"""A density from the radial table of a pair, and its integrals by a rule of their own.

Between the rows log rho is a cubic spline in log r, and N(r) the cubic with the slopes
4 pi r^3 rho at both ends. Integrals are sums of five Gauss-Legendre nodes in log r for each
interval of the table. Inside the first row and outside the last are 1e-10 electrons each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.interpolate import CubicHermiteSpline, CubicSpline
from scipy.special import gammaln, xlogy

from comotion.audit.set_files import Array, StoredPair

#: Charge per unit of log r below which relative errors of rho do not matter, electrons.
_CHARGED = 1e-8
#: Largest relative difference of the table and what makes the density: of terms, and of the rows
#: of a table, between which the published interpolation is not this one.
_TERMS, _ROWS = 1e-9, 1e-6
#: Largest error of the charge between two rows by Simpson's rule, in units of N, and, far out, of
#: the charge outside of the first of them, or in electrons where that is more: rho is tabulated for
#: what is charged, and the tail of a composed density has a kink.
_BETWEEN, _TAIL, _LITTLE = 3e-9, 2e-3, 1e-10
#: Coefficients of the point-charge-plus-continuum model: Seidl, Perdew, Kurth, Phys. Rev. A 62,
#: 012502 (2000).
_PC, _PC_PRIME = (-1.451, 5.317e-3), (1.535, -0.02558)


@dataclass(frozen=True, eq=False, repr=False)
class StoredDensity:
    """A density as the table of a pair has it.

    Attributes:
        n_electrons: Number of electrons N.
        r: Radii of the rows, increasing, shape (n,), bohr.
        rho: Density at them, shape (n,), bohr^-3.
        inside: N(r) at them, shape (n,), electrons.
        outside: N - N(r) at them, shape (n,), electrons.
    """

    n_electrons: int
    r: Array
    rho: Array
    inside: Array
    outside: Array

    def __repr__(self) -> str:
        """Rows and electrons, in a line."""
        return f"<StoredDensity: {self.n_electrons} electrons, {len(self.r)} rows>"

    def density(self, r: Array) -> Array:
        """rho(r) between the first and the last row, shape of ``r``, bohr^-3."""
        return np.asarray(np.exp(self._log_rho(np.log(r))))

    def charge(self, r: Array) -> Array:
        """N(r), shape of ``r``, electrons; outside the table that of its ends."""
        return np.asarray(self._inside(np.log(np.clip(r, self.r[0], self.r[-1]))))

    @cached_property
    def _log_rho(self) -> CubicSpline:
        return CubicSpline(np.log(self.r), np.log(self.rho))

    @cached_property
    def _inside(self) -> CubicHermiteSpline:
        return CubicHermiteSpline(np.log(self.r), self.inside, 4 * np.pi * self.r**3 * self.rho)

    @cached_property
    def _outside(self) -> CubicHermiteSpline:
        return CubicHermiteSpline(np.log(self.r), self.outside, -4 * np.pi * self.r**3 * self.rho)

    @cached_property
    def rule(self) -> tuple[Array, Array]:
        """Radii of the nodes, bohr, and the charges that they stand for, shape (m,), electrons."""
        return self._between(np.log(self.r))

    def _between(self, ends: Array) -> tuple[Array, Array]:
        """The rule with intervals between these logarithms of radii."""
        x, w = np.polynomial.legendre.leggauss(5)
        width = np.diff(ends)[:, None]
        r = np.exp(ends[:-1, None] + width * (x + 1) / 2).ravel()
        return r, (width * w / 2).ravel() * 4 * np.pi * r**3 * self.density(r)

    def mean(self, values: Array) -> float:
        """Integral of rho times a function given at the nodes of `rule`."""
        return float(self.rule[1] @ values)

    def pair_value(self) -> float:
        """V_2, hartree: (N - 1) / 2 int rho / (r + f) d3r, where N - N(r) electrons are inside f.

        Two electrons of rho 2 / N stand on opposite sides of the nucleus: Cotar, Friesecke,
        Klueppelberg, Comm. Pure Appl. Math. 66, 548 (2013). Of both the inner one is followed, for
        f is smooth there even where a density ends abruptly. f is a cubic spline of log r as a
        function of log N(r) - log (N - N(r)), which changes its sign from r to f, and then two
        steps of Newton's method.
        """
        order = np.log(self.inside) - np.log(self.outside)
        ends = np.log(self.r)
        across = CubicSpline(order, ends)
        half = float(across(0.0))
        r, charges = self._between(np.append(ends[ends < half], half))
        inside = self._inside(np.log(r))
        log_f = across(np.log(self.n_electrons / inside - 1))
        for _ in range(2):
            log_f += (self._outside(log_f) - inside) / self._inside(log_f, 1)
        return (self.n_electrons - 1) * float(charges @ (1 / (r + np.exp(log_f))))

    def integrals(self) -> dict[str, float]:
        """Charge, U, V_2, integrals and models of the gradient expansions; atomic units."""
        r = self.rule[0]
        rho = self.density(r)
        ends = float(self.inside[0] + self.outside[-1])
        slope = self._log_rho(np.log(r), 1) / r
        local = self.mean(np.cbrt(rho))
        prime = self.mean(np.sqrt(rho))
        gradient = self.mean(slope**2 / np.cbrt(rho))
        gradient_prime = self.mean(slope**2 / rho ** (1 / 6))
        return {
            "n_electrons": self.mean(np.ones_like(r)) + ends,
            "hartree": self.mean(self.charge(r) / r)
            + float(self.outside[-1]) * self.n_electrons / float(self.r[-1]),
            "v_2": self.pair_value(),
            "rho_four_thirds": local,
            "gradient_four_thirds": gradient,
            "rho_three_halves": prime,
            "gradient_seven_sixths": gradient_prime,
            "w_pc": _PC[0] * local + _PC[1] * gradient,
            "w_pc_prime": _PC_PRIME[0] * prime + _PC_PRIME[1] * gradient_prime,
        }


def stored_density(pair: StoredPair) -> StoredDensity:
    """The density of the table of a pair."""
    names = ("r", "rho", "charge_inside", "charge_outside")
    return StoredDensity(pair.n_electrons, *(pair.arrays[name] for name in names))


def density_findings(pair: StoredPair) -> Iterator[str]:
    """What is wrong with the table of a density: with itself, and with what makes the density."""
    table = stored_density(pair)
    if not (np.all(np.diff(table.r) > 0) and table.r[0] > 0 and np.all(table.rho > 0)):
        yield "r, rho: the radii do not increase from above 0, or the density is not positive"
        return
    total = table.inside + table.outside
    if np.max(np.abs(total - table.n_electrons)) > 1e-9 * table.n_electrons:
        yield "charge_inside, charge_outside: they do not add up to N"
    width, middle = np.diff(np.log(table.r)), np.sqrt(table.r[1:] * table.r[:-1])
    ends = 4 * np.pi * table.r**3 * table.rho
    simpson = width * (ends[1:] + ends[:-1] + 16 * np.pi * middle**3 * table.density(middle)) / 6
    if np.max(np.abs(simpson - np.diff(table.inside))) > _BETWEEN * table.n_electrons:
        yield "rho, charge_inside: the charge between two rows is not the integral of the density"
    little = np.maximum(_TAIL * table.outside[:-1], _LITTLE)
    if np.any(np.abs(simpson + np.diff(table.outside)) > little):
        yield "rho, charge_outside: the charge between two rows is not the integral of the density"
    parts = {
        name.removeprefix("density_"): value
        for name, value in {**pair.attributes, **pair.arrays}.items()
        if name.startswith("density_")
    }
    charged = ends > _CHARGED
    if parts.get("kind") == "table":
        rows = (parts["r"] > table.r[0]) & (parts["r"] < table.r[-1])
        r, rho = parts["r"][rows], parts["rho"][rows]
        matter, allowed, found = 4 * np.pi * r**3 * rho > _CHARGED, _ROWS, table.density(r)
    else:
        rho, found = of_terms(parts, table.r), table.rho
        matter, allowed = charged, _TERMS
    if not np.all(np.abs(found - rho)[matter] <= allowed * rho[matter]):
        yield "rho: it is not that of the parts of the density"


def of_terms(parts: Mapping[str, Any], r: Array) -> Array:
    """The density of generalised gamma terms, or of a uniform ball.

    Args:
        parts: What makes it, by name.
        r: Radii, shape (n,), bohr.

    Returns:
        rho(r), shape (n,), bohr^-3.
    """
    if parts["kind"] == "ball":
        n, radius = float(parts["n_electrons"]), float(parts["ball_radius"])
        return np.where(r <= radius, n / (4 * np.pi / 3 * radius**3), 0.0)
    s = float(parts["s"])
    orders = (parts["powers"] + 1) / s
    log_norm = np.log(s) + orders * np.log(parts["exponents"]) - gammaln(orders)
    powers = xlogy(parts["powers"] - 2, r[:, None])
    terms = np.exp(log_norm + powers - r[:, None] ** s * parts["exponents"])
    return np.asarray(terms @ parts["coefficients"] / (4 * np.pi))
