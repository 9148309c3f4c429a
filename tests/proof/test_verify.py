"""A certificate that proves its bound, and all that keep one from doing so."""

import ast
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from comotion.errors import InequalityError, ProofError
from comotion.proof.charge import decimal_below
from comotion.proof.verify import verify_bound
from pair_certificate import EXPONENTIAL, KERNELS, MARGIN, certificate, written

_NO_KERNEL = (((0.0, 0.0), (0.0, 0.0)),)


def _exponential_mean() -> float:
    """The energy of v alone in the exponential density, hartree."""
    mpmath.mp.dps = 20
    b = 1.3375

    def integrand(r: Any) -> Any:
        x = 1 - 2 * r / (r + b)
        v = mpmath.atan(x) / 2 + 1 / (2 * (1 + x * x)) - mpmath.mpf(1) / 4
        return 8 * r * r * mpmath.exp(-2 * r) * v / b

    return float(mpmath.quad(integrand, [0, 0.5, 1, 2, 4, 8, 40]))


def test_a_bound_without_kernels(tmp_path: Path) -> None:
    path = written(tmp_path / "bound.json", certificate(_NO_KERNEL, lower=0.33))
    found = verify_bound(path)
    margin = 2 * MARGIN / 1.3375
    assert found.lower == pytest.approx(_exponential_mean() - margin, abs=2e-7)
    assert (found.claimed, found.n_electrons, found.system, found.level) == (
        0.33, 2, "by-hand", "exact",
    )  # fmt: skip
    assert found.boxes > 1000
    assert found.integral_width < 1e-15
    assert len(found.digest) == 64
    lower = decimal_below(found.lower, 9)
    assert repr(found).startswith(f"ProvenBound(V_SCE >= {lower} hartree, by-hand exact")
    assert "\n" not in repr(found)


def test_a_bound_with_kernels_lies_below(tmp_path: Path) -> None:
    """The potential and U each lose half of K(y, y), and the mean gives a part back."""
    without = verify_bound(written(tmp_path / "a.json", certificate(_NO_KERNEL)))
    found = verify_bound(written(tmp_path / "b.json", certificate()))
    assert -5 < found.lower < without.lower


def test_a_density_between_radii(tmp_path: Path) -> None:
    """A ball needs the cells that it reaches only."""
    record = certificate(_NO_KERNEL, density={"kind": "ball", "radius": 1.0})
    # r = 1 lies at y = 0.4278, in the cell 13 of 32.
    record["cells"] = record["cells"][:14]
    record["potential"] = record["potential"][:14]
    for function in record["functions"]:
        function["coefficients"] = function["coefficients"][:14]
    assert verify_bound(written(tmp_path / "bound.json", record)).lower > 0.3
    record["cells"].pop()
    record["potential"].pop()
    for function in record["functions"]:
        function["coefficients"].pop()
    said = _refused(written(tmp_path / "bound.json", record))
    assert said.startswith("cells: none covers what follows y = 0.40625 (r = 0.915")


def _refused(path: Path) -> str:
    with pytest.raises(ProofError) as error:
        verify_bound(path)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix(f"{path}: ")


def test_a_claim_that_is_too_high(tmp_path: Path) -> None:
    path = tmp_path / "bound.json"
    proven = verify_bound(written(path, certificate())).lower
    assert verify_bound(written(path, certificate(lower=proven))).lower == proven
    for too_much in (1e-9, np.spacing(proven)):
        said = _refused(written(path, certificate(lower=float(proven + too_much))))
        assert said.startswith("lower: ")
        assert f"only {proven!r} is proven" in said


def test_a_kernel_that_is_not_semidefinite(tmp_path: Path) -> None:
    path = tmp_path / "bound.json"
    # One wrong sign.
    record = certificate()
    record["kernels"][0][2] *= -1
    assert _refused(written(path, record)).startswith("kernels[0]: the matrix of l = 0 is not posi")
    # The last is singular: an eigenvalue of -1e-9 is as wrong as a large one.
    record = certificate()
    record["kernels"][2][2] -= 1e-9
    said = _refused(written(path, record))
    assert said.startswith("kernels[2]: the matrix of l = 2")
    assert "pivot 1 of 2" in said
    record["kernels"][2][2] += 2e-9
    assert verify_bound(written(path, record)).lower < 0.34


def test_a_kernel_with_another_sign_off_the_diagonal(tmp_path: Path) -> None:
    """It stays semidefinite, and the inequality breaks."""
    record = certificate()
    record["kernels"][0][1] *= -1
    path = written(tmp_path / "bound.json", record)
    said = _refused(path)
    assert said.startswith("potential, kernels: the inequality is violated: at r = ")
    assert " degrees 1 / |x - x'| less the right side is -" in said
    # The error knows the place: that of the sentence.
    with pytest.raises(InequalityError) as error:
        verify_bound(path)
    y, z, cosine = error.value.place
    unit = float(record["unit"])
    assert f"r = {unit * y / (1 - y):.9g} and s = {unit * z / (1 - z):.9g} bohr" in said
    assert f"angle of {np.degrees(np.arccos(cosine)):.6g} degrees" in said


def test_a_potential_that_is_too_high_by_a_millionth(tmp_path: Path) -> None:
    record = certificate()
    record["potential"][16][0] += 1e-6
    said = _refused(written(tmp_path / "bound.json", record))
    assert said.startswith("potential, kernels: the inequality is violated: at r = 1.33")
    assert "angle of 180 degrees" in said


def test_a_potential_that_is_just_too_high_is_refused_undecided(tmp_path: Path) -> None:
    """Equality on a whole curve, up to rounding: nothing is proven, nothing violated."""
    record = certificate(_NO_KERNEL)
    record["potential"] = [[0.0] * 4] * 32
    said = _refused(written(tmp_path / "bound.json", record))
    assert said.startswith("potential, kernels: the inequality could not be decided: at r = ")


@pytest.mark.parametrize("removed", [0, 7, 31])
def test_cells_that_do_not_cover(tmp_path: Path, removed: int) -> None:
    record = certificate()
    record["cells"].pop(removed)
    record["potential"].pop(removed)
    for function in record["functions"]:
        function["coefficients"].pop(removed)
    said = _refused(written(tmp_path / "bound.json", record))
    assert said.startswith(f"cells: none covers what follows y = {removed / 32:.12g} (r = ")


def test_a_density_of_another_charge(tmp_path: Path) -> None:
    density = EXPONENTIAL | {"coefficients": [3.0]}
    said = _refused(written(tmp_path / "bound.json", certificate(density=density)))
    assert said.startswith("density: it has 3 electrons, and n_electrons is 2")


def test_more_electrons_with_the_same_inequality(tmp_path: Path) -> None:
    density = EXPONENTIAL | {"coefficients": [3.0]}
    record = certificate(KERNELS, density, n_electrons=3)
    assert verify_bound(written(tmp_path / "bound.json", record)).n_electrons == 3


def test_the_proof_uses_nothing_of_what_it_proves(project: Path) -> None:
    """Of comotion it imports itself and the errors, from others what the docstring names."""
    allowed = {"comotion.errors", "comotion.proof", "flint", "numba", "numpy"}
    standard = {
        "bisect", "collections", "dataclasses", "fractions", "functools", "hashlib", "json",
        "logging", "math", "os", "pathlib", "re", "stat", "typing",
    }  # fmt: skip
    seen = set()
    for path in (project / "workflow/comotion/proof").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            for name in names:
                parts = name.split(".")
                seen.add(".".join(parts[: 2 if parts[0] == "comotion" else 1]))
    assert seen - standard == allowed
