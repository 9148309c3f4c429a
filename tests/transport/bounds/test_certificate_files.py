"""The files of a bracket are enough to check it, for whoever has no comotion."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bounded import bracket_of
from comotion.errors import RecordError
from comotion.io import read_arrays, write_arrays
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.lower_bound import DualBound

#: What an outsider writes, of a density c r^p exp(-a r) / (4 pi r^2): both ends from two files.
_OUTSIDER = """
import sys, h5py, numpy as np
from scipy.integrate import quad
from scipy.interpolate import BSpline
from scipy.special import gammainc, gammaincinv, gamma
b, p = h5py.File(sys.argv[1]), h5py.File(sys.argv[2])
at, N, L = b.attrs, int(b.attrs["n_electrons"]), b.attrs["unit"]
table = b["polynomials"][:]
def u(r):
    y = np.asarray(r) / L
    x = np.clip((np.log(y) - at["grid_start"]) / at["grid_step"], 0, len(table))
    k = np.minimum(x.astype(int), len(table) - 1)
    g = sum(table[k, power] * (x - k) ** power for power in range(4))
    return g / np.sqrt(y**2 + at["b"] ** 2) / L
(c,), (power,), (a,) = (b["density_" + name][:] for name in ("coefficients", "powers", "exponents"))
radial = lambda r: c * a ** (power + 1) / gamma(power + 1) * r**power * np.exp(-a * r)
edges = np.concatenate(([0], L * np.exp(b["knots"][:]), [40, 80]))
integral = sum(quad(lambda r: radial(r) * u(r), *ends)[0] for ends in zip(edges, edges[1:]))
print(integral + N * at["constant"])  # the lower end
def repulsion(x):
    i, j = np.triu_indices(N, 1)
    return (1 / np.linalg.norm(x[:, :, i] - x[:, :, j], axis=1)).sum(axis=1)
x = np.concatenate((b["configurations"][:], p["positions"][:]))
print((repulsion(x) - u(np.linalg.norm(x, axis=1)).sum(axis=1) - N * at["constant"]).min())
print(1e6 * u(1e6))  # the tail
step = b["knots"][1] - b["knots"][0]  # u again, from knots, coefficients and g_0
t = b["knots"][0] + step * np.arange(-3, len(b["knots"]) + 3)
at_knots = (b["knots"][3:-3] - at["grid_start"]) / at["grid_step"]
g = BSpline(t, b["coefficients"][:-1], 3)(b["knots"][3:-3])
g += b["coefficients"][-1] * b["known"][:][np.round(at_knots).astype(int)]
print(np.abs(g / np.sqrt(np.exp(2 * b["knots"][3:-3]) + at["b"] ** 2) / L
             - u(L * np.exp(b["knots"][3:-3]))).max())
K, w, cells = int(p.attrs["n_cells"]), p["weights"][:], p["cells"][:]
charge = np.bincount(cells.ravel(), np.repeat(w, N), K)
print(np.abs(charge - N / K).max())  # the marginal, cell by cell
radii = np.linalg.norm(p["positions"][:], axis=1)
print(np.abs(gammainc(power + 1, a * radii) * K - cells - 0.5).max())  # electrons in their cells
print(w @ repulsion(p["positions"][:]))  # the upper end, by the midpoint rule
"""


def _found() -> Bracket:
    return bracket_of("exponential", 3, cells_per_shell=40)


def test_an_outsider_computes_both_ends(tmp_path: Path) -> None:
    found = _found()
    assert found.primal is not None
    found.dual.save(tmp_path / "bracket.h5")
    found.plan.save(tmp_path / "upper_plan.h5")
    assert "comotion" not in _OUTSIDER
    done = subprocess.run(
        [sys.executable, "-c", _OUTSIDER, tmp_path / "bracket.h5", tmp_path / "upper_plan.h5"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lower, slack, tail, difference, charge, within, cost = map(float, done.stdout.split())
    assert lower == pytest.approx(found.lower, rel=1e-9)
    assert slack > -1e-9
    assert tail == pytest.approx(2, rel=1e-9)
    assert difference < 1e-12
    assert charge < 1e-9
    assert within < 0.5
    # By the middle of each cell only; in the outermost one the repulsion drops like 1 / log.
    assert cost == pytest.approx(found.upper, rel=3e-3)


def test_a_bound_is_read_as_it_was_written(tmp_path: Path) -> None:
    one = _found().dual
    one.save(tmp_path / "bracket.h5")
    other = DualBound.load(tmp_path / "bracket.h5")
    for name in ("value", "programme", "constant", "searched", "corrected", "stopped_by"):
        assert getattr(one, name) == getattr(other, name), name
    r = np.geomspace(1e-6, 1e6, 100)
    np.testing.assert_array_equal(one.potential(r), other.potential(r))
    np.testing.assert_array_equal(one.density(r), other.density(r))
    np.testing.assert_array_equal(one.slack_of(one.configurations), other.slack_of(
        other.configurations
    ))  # fmt: skip


def test_polynomials_of_another_potential_are_refused(tmp_path: Path) -> None:
    one = _found().dual
    replace(one, coefficients=one.coefficients * 1.01).save(tmp_path / "other.h5")
    one.save(tmp_path / "bracket.h5")
    attributes, arrays = read_arrays(tmp_path / "bracket.h5")
    arrays["polynomials"] = read_arrays(tmp_path / "other.h5")[1]["polynomials"]
    mixed = {name: (values, "1", "") for name, values in arrays.items()}
    write_arrays(tmp_path / "bracket.h5", mixed, attributes)
    with pytest.raises(RecordError, match=r"bracket\.h5: polynomials is not the potential of"):
        DualBound.load(tmp_path / "bracket.h5")
