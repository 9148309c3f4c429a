"""Shapes of a density of N electrons: log rho as a function of the charge inside.

With the charge m inside a sphere as the variable everything that the ratio needs is short. The
volume nu inside grows by d nu = dm / rho, the radius is R = (3 nu / 4 pi)^(1/3), and

    U = int_0^N m / R(m) dm,    int rho^(4/3) d3r = int_0^N rho^(1/3) dm.

Plans of the co-motion kind have their electrons at fixed charges, so no cumulant is inverted.

On each shell of one electron log rho is a cubic spline, continuous from shell to shell; its slope
may jump there, as that of the potential does. The variable of the spline is tau, with the charge
s = I_tau(2, 2) of the shell; at the centre, where the radius grows like s^(1/3), it is I_tau(3, 2)
and at the edge I_tau(2, 4). There rho vanishes like the third power of the distance, so like the
power 3/4 of the charge outside: that factor is split off. Hence all densities have an edge.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import beta, betainc, betaincinv

from comotion.density.radial import Array
from comotion.transport.quadrature import folded_rule

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Powers of tau with which the charge grows at the centre, at a border of shells, at the edge.
_CENTRE, _BORDER, _EDGE = 3, 2, 4
#: Power of the charge outside with which rho vanishes at the edge.
_VANISHING = 0.75
#: Degree of the splines, and Gauss-Legendre nodes of each cell of charge.
_DEGREE, _GAUSS = 3, 6


@dataclass(frozen=True, eq=False, repr=False)
class ChargeGrid:
    """Cells of charge, n in each of the N shells, and log rho there as a linear function.

    Attributes:
        at_borders: Matrix of log rho at the outer borders of the cells, shape (N n, size).
        border_constants: What is added to its product, shape (N n,); -inf at the edge.
        between: The same at the Gauss-Legendre nodes of the cells, shape (N n g, size).
        between_constants: What is added to its product, shape (N n g,).
        charges: Charges of these nodes, shape (N n g,), electrons.
        shells: Number of shells N.
    """

    at_borders: "csr_array"
    border_constants: Array
    between: "csr_array"
    between_constants: Array
    charges: Array
    shells: int

    def __repr__(self) -> str:
        """Number of cells, in a line."""
        return f"<ChargeGrid: {len(self.border_constants)} cells in {self.shells} shells>"

    def profile(self, coefficients: Array) -> "Profile":
        """The density of some coefficients.

        Args:
            coefficients: Those of the splines of log rho, shape (size,).

        Returns:
            Its radii and densities at the borders.
        """
        volumes = self.charges * np.exp(-(self.between @ coefficients + self.between_constants))
        inside = np.cumsum(np.sum(volumes.reshape(-1, _GAUSS), axis=1))
        root = np.exp((self.at_borders @ coefficients + self.border_constants) / 3)
        radii = np.cbrt(3 / (4 * np.pi) * inside)
        return Profile(
            radii.reshape(self.shells, -1), root.reshape(self.shells, -1), volumes
        )  # fmt: skip

    def pulled_back(self, profile: "Profile", on_radii: Array, on_root: Array) -> Array:
        """Derivatives with respect to the coefficients, from those with respect to a profile.

        Args:
            profile: The profile.
            on_radii: Derivatives with respect to its radii, shape (N, n).
            on_root: Derivatives with respect to its rho^(1/3), shape (N, n).

        Returns:
            Derivatives, shape (size,).
        """
        on_volume = on_radii / (4 * np.pi * profile.radii**2)
        # Each volume lies inside of all borders that follow.
        following = np.cumsum(on_volume.ravel()[::-1])[::-1]
        gradient = -self.between.T @ (profile.volumes * np.repeat(following, _GAUSS))
        gradient += self.at_borders.T @ (on_root * profile.root / 3).ravel()
        return np.asarray(gradient)


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """A shape at the outer borders of cells of charge.

    Attributes:
        radii: R at the borders, shape (N, n), bohr.
        root: rho^(1/3) there, shape (N, n), bohr^-1.
        volumes: Volume at each Gauss-Legendre node of the cells, shape (N n g,), bohr^3.
    """

    radii: Array
    root: Array
    volumes: Array

    def __repr__(self) -> str:
        """Shells, cells and edge, in a line."""
        shells, cells = self.radii.shape
        return f"<Profile: {shells} shells, {cells} cells, edge at {self.radii[-1, -1]:.4g} bohr>"


@dataclass(frozen=True)
class ShapeSpace:
    """Densities of N electrons by the coefficients of their splines.

    Attributes:
        n_electrons: Number of electrons N.
        pieces: Pieces of the spline of each shell.
        intervals: Intervals n of the quadrature of the plan.
    """

    n_electrons: int
    pieces: int
    intervals: int

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return self.n_electrons * self._own + 1

    @property
    def _own(self) -> int:
        """Coefficients of each shell but for the one that it shares with the shell inside."""
        return self.pieces + _DEGREE - 1

    @cached_property
    def weights(self) -> Array:
        """Weights of the borders of `nodes` in every shell, shape (n,), sum 1, the last is 0."""
        return np.append(folded_rule(self.intervals).weights, 0.0)

    @cached_property
    def charges(self) -> Array:
        """Charge inside of the borders of `nodes`, shape (N, n), electrons."""
        within = np.append(folded_rule(self.intervals).q, 1.0)
        return np.asarray(np.arange(self.n_electrons)[:, None] + within)

    @cached_property
    def nodes(self) -> ChargeGrid:
        """Cells whose borders are the nodes of the plan's quadrature."""
        rule = folded_rule(self.intervals)
        places = []
        for inner, outer in map(self._powers, range(self.n_electrons)):
            from_inside = betaincinv(inner, outer, rule.q)
            from_outside = 1 - betaincinv(outer, inner, rule.complement)
            places.append(np.append(np.where(rule.q < 0.5, from_inside, from_outside), 1.0))
        return self._grid(places)

    def rows(self, number: int) -> ChargeGrid:
        """Cells of equal width in tau.

        Args:
            number: Cells of each shell.
        """
        return self._grid([np.arange(1, number + 1) / number] * self.n_electrons)

    def metric(self, profile: Profile) -> Array:
        """Second derivatives of int rho^(4/3) at fixed charges, times 9, shape (size, size)."""
        matrix = self.nodes.at_borders
        weighted = (self.weights * profile.root).ravel()
        return np.asarray((matrix.T @ (matrix * weighted[:, None])).todense())

    def centre(self, coefficients: Array) -> float:
        """The density at the centre, bohr^-3."""
        return float(np.exp(coefficients[0]))

    def _powers(self, shell: int) -> tuple[int, int]:
        """Powers of tau and of 1 - tau with which the charge of a shell begins and ends."""
        last = self.n_electrons - 1
        return _CENTRE if shell == 0 else _BORDER, _EDGE if shell == last else _BORDER

    def _grid(self, places: list[Array]) -> ChargeGrid:
        """Cells of charge by the values of tau at their outer borders in each shell."""
        x, w = np.polynomial.legendre.leggauss(_GAUSS)
        x, w = (x + 1) / 2, w / 2
        inner, charges = [], []
        for shell, place in enumerate(places):
            width = np.diff(place, prepend=0.0)[:, None]
            tau = (place[:, None] - width * (1 - x)).ravel()
            p, q = self._powers(shell)
            # The weight of I_tau(p, q), DLMF 8.17.1.
            density = tau ** (p - 1) * (1 - tau) ** (q - 1) / beta(p, q)
            inner.append(tau)
            charges.append((width * w).ravel() * density)
        at_borders, border_constants = self._log_density(places)
        between, between_constants = self._log_density(inner)
        return ChargeGrid(
            at_borders, border_constants, between, between_constants,
            np.concatenate(charges), self.n_electrons,
        )  # fmt: skip

    def _log_density(self, places: list[Array]) -> "tuple[csr_array, Array]":
        """Matrix of log rho at values of tau in each shell, and what is added to its product."""
        from scipy.interpolate import BSpline  # noqa: PLC0415 - slow to import
        from scipy.sparse import csr_array, vstack  # noqa: PLC0415 - slow to import

        knots = np.linspace(0.0, 1.0, self.pieces + 1)
        knots = np.concatenate(([0.0] * _DEGREE, knots, [1.0] * _DEGREE))
        parts, constants = [], []
        for shell, tau in enumerate(places):
            basis = BSpline.design_matrix(tau, knots, _DEGREE)
            # The first function of a shell is the last one of the shell inside of it.
            columns = basis.indices + shell * self._own
            shape = (len(tau), self.size)
            parts.append(csr_array((basis.data, columns, basis.indptr), shape=shape))
            inner, outer = self._powers(shell)
            left = betainc(outer, inner, 1 - tau) if outer == _EDGE else np.ones_like(tau)
            with np.errstate(divide="ignore"):
                constants.append(_VANISHING * np.log(left))
        return csr_array(vstack(parts)), np.concatenate(constants)
