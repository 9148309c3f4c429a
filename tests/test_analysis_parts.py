"""What an analysis is put together of: its numbers, what is computed for how many electrons."""

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import comotion
from comotion import analysis
from comotion.analysis import Analysis
from comotion.errors import RecordError
from comotion.io import read_json, write_json
from comotion.number import Number
from comotion.transport.bounds.bracket import bracket
from comotion.transport.hierarchy import HierarchyValue

_PAIR = HierarchyValue(2, 0.5, 2e-9, closed=True)


def _analysis(**change: Any) -> Analysis:
    """An analysis of four electrons in which no two numbers are alike."""
    plan: Any = SimpleNamespace(
        density="rho", n_electrons=4, cost=3.3, error=3e-5, quadrature_error=1e-6
    )
    pattern: Any = SimpleNamespace(cost=3.2, quadrature_error=2e-6)
    return replace(
        Analysis(
            plan=plan, pattern=pattern, w_inf_prime=1.5, w_inf_prime_error=4e-4,
            unstable_share=0.125, hierarchy={2: _PAIR, 3: HierarchyValue(3, 2.5, 5e-6)},
            hartree=7.25, hartree_error=8e-7, bracket=None, v_quantum=None, name="",
        ),
        **change,
    )  # fmt: skip


def _bracket(lower_from: str) -> Any:
    return SimpleNamespace(lower=3.0, upper=3.125, lower_from=lower_from)


@pytest.mark.parametrize(
    ("lower_from", "kind"),
    [("duality", "by duality, as good as its search"), ("V_2", "V_2 less its error")],
)
def test_every_number_has_its_value_its_error_and_its_meaning(lower_from: str, kind: str) -> None:
    found = _analysis(bracket=_bracket(lower_from), v_quantum=4.5)
    assert found.numbers() == {
        "v_sce_lower": Number(3.0, None, f"lower bound of V_SCE, {kind}"),
        "v_sce_upper": Number(
            3.125, None, "upper bound of V_SCE, the cheapest plan found and its error"
        ),
        "v_comotion": Number(3.3, 3e-5, "cost of the co-motion plan"),
        "w_inf_lower": Number(3.0 - 7.25 - 8e-7, None, "lower bound of W_inf = V_SCE - U"),
        "w_inf_upper": Number(3.125 - 7.25 + 8e-7, None, "upper bound of W_inf"),
        "w_inf_prime": Number(
            1.5, 4e-4, "zero-point coefficient of the co-motion plan, W'_inf where that is optimal"
        ),
        "hartree": Number(7.25, 8e-7, "Hartree energy U"),
        "v_mean_field": Number(0.75 * 7.25, 0.75 * 8e-7, "mean field (1 - 1/N) U"),
        "v_quantum": Number(4.5, None, "quantum <V_ee>"),
        "v_2": Number(0.5, 2e-9, "V_2 in closed form, a lower bound of V_SCE"),
        "v_comotion_3": Number(2.5, 5e-6, "upper bound of V_3 by co-motion"),
    }


def test_without_bracket_or_state_there_are_the_bounds_by_v_2_and_patterns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(analysis, "pair_value", lambda rho: {"rho": _PAIR}[rho])
    found = _analysis()
    assert found.v_sce == (0.5 - 2e-9, 3.2 + 2e-6)
    numbers = found.numbers()
    assert "v_quantum" not in numbers
    assert numbers["v_sce_lower"].meaning == "lower bound of V_SCE, V_2 less its error"
    assert (numbers["v_sce_lower"].value, numbers["v_sce_upper"].value) == found.v_sce


def test_text_and_caption_name_what_was_analysed() -> None:
    for name, line, caption in (
        ("Be hf_x", "<Analysis of Be hf_x: 4 electrons>", "Be hf_x, 4 electrons, hartree"),
        ("", "<Analysis: 4 electrons>", "density, 4 electrons, hartree"),
    ):
        found = _analysis(bracket=_bracket("V_2"), name=name)
        first, *others = repr(found).splitlines()
        assert first == line
        assert others[2] == "v_comotion       3.30000000 +- 3e-05"
        assert len(others) == len(found.numbers())
        assert f"<caption>{caption}</caption>" in found._repr_html_()


class Steps:
    """The steps of an analysis, with what each was given; none of them is computed."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.given: dict[str, tuple[Any, ...]] = {}
        self.plan: Any = SimpleNamespace(cost=3.3, error=3e-5)
        self.other: Any = SimpleNamespace(cost=3.2)
        self.ends: Any = SimpleNamespace(lower=3.0)
        zero_point = SimpleNamespace(w_inf_prime=1.5, quadrature_error=4e-4, unstable_share=0.125)
        integrals = SimpleNamespace(hartree=7.25, hartree_error=8e-7)
        for name, result in {
            "comotion_plan": self.plan, "best_pattern": SimpleNamespace(plan=self.other),
            "zero_point": zero_point, "density_integrals": integrals, "bracket": self.ends,
        }.items():  # fmt: skip
            patch.setattr(analysis, name, self._step(name, result))
        patch.setattr(analysis, "hierarchy", self._hierarchy)
        patch.setattr(analysis, "radial_density", lambda rho: rho)

    def _step(self, name: str, result: Any) -> Any:
        def take(*given: Any) -> Any:
            self.given[name] = given
            return result

        return take

    def _hierarchy(self, density: Any, orders: Any) -> dict[int, HierarchyValue]:
        self.given["hierarchy"] = (density, *orders)
        return {2: _PAIR} if density.n_electrons > 1 else {}

    def analyse(self, n: int, **options: Any) -> Analysis:
        """Put an analysis of n electrons together."""
        self.given.clear()
        self.density: Any = SimpleNamespace(n_electrons=n)
        return comotion.analyse(self.density, **options)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    return Steps(monkeypatch)


@pytest.mark.parametrize(
    ("n", "bracketed", "with_bracket", "with_pattern"),
    [
        (1, None, False, False), (1, True, False, False), (2, None, True, False),
        (3, None, True, True), (10, None, True, True), (11, None, False, False),
        (3, False, False, True), (11, True, True, False),
    ],
)  # fmt: skip
def test_brackets_and_patterns_are_for_at_most_ten_electrons(
    steps: Steps, n: int, bracketed: bool | None, with_bracket: bool, with_pattern: bool
) -> None:
    found = steps.analyse(n, bracketed=bracketed)
    pattern = steps.other if with_pattern else steps.plan
    assert found.pattern is pattern
    assert found.plan is steps.plan
    if with_pattern:
        assert steps.given["best_pattern"] == (steps.density, steps.plan)
    assert ("best_pattern" in steps.given) == with_pattern
    curves = [steps.plan, steps.other] if with_pattern else [steps.plan]
    assert steps.given.get("bracket") == ((steps.density, curves) if with_bracket else None)
    assert found.bracket is (steps.ends if with_bracket else None)


def test_each_part_of_an_analysis_is_that_of_its_step(steps: Steps) -> None:
    found = steps.analyse(4)
    assert steps.given["comotion_plan"] == (steps.density,)
    assert steps.given["zero_point"] == (steps.plan,)
    assert steps.given["density_integrals"] == (steps.density,)
    assert (found.w_inf_prime, found.w_inf_prime_error) == (1.5, 4e-4)
    assert found.unstable_share == 0.125
    assert (found.hartree, found.hartree_error) == (7.25, 8e-7)
    # The last member of the hierarchy is the co-motion plan of all electrons.
    assert found.hierarchy == {2: _PAIR, 4: HierarchyValue(4, 3.3, 3e-5)}
    assert steps.analyse(2).hierarchy == {2: _PAIR}


@pytest.mark.parametrize(
    ("n", "options", "orders"),
    [(4, {}, (2, 3)), (30, {}, tuple(range(2, 21))), (30, {"highest": 3}, (2, 3)), (2, {}, (2,))],
)
def test_the_hierarchy_ends_at_the_highest_order(
    steps: Steps, n: int, options: dict[str, int], orders: tuple[int, ...]
) -> None:
    steps.analyse(n, bracketed=False, **options)
    assert steps.given["hierarchy"] == (steps.density, *orders)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of records made by hand about the plans of two electrons; only numbers differ."""
    folder = tmp_path_factory.mktemp("He")
    density = comotion.model("exponential", 2)
    plan = replace(comotion.comotion_plan(density), system="He", level="hf_x")
    plan.save(folder / "plan.h5")
    replace(plan, cost=0.25).save(folder / "pattern.h5")
    cells = replace(
        plan, cells=np.zeros(plan.radii.shape, dtype=np.int64), q=None, cost=0.375,
        upward=np.ones(plan.radii.shape, dtype=bool),
    )  # fmt: skip
    cells.save(folder / "upper_plan.h5")
    bracket(density, [plan]).dual.save(folder / "bracket.h5")
    write_json(folder / "sce.json", {
        "w_inf_prime": 1.5, "w_inf_prime_error": 4e-4, "unstable_share": 0.125,
    })  # fmt: skip
    write_json(folder / "quantum.json", {"v_quantum": 0.9375})
    write_json(folder / "hierarchy.json", {
        "hierarchy": {"v_2": 0.5, "v_comotion_3": 0.75},
        "hierarchy_error": {"v_2": 2e-9, "v_comotion_3": 5e-6},
    })  # fmt: skip
    write_json(folder / "bracket.json", {
        "lower": 0.0625, "lower_from": "duality", "upper": 0.625, "v_comotion": 0.6875,
        "spline_error": 1e-5, "upper_iterations": 17, "upper_stopped_by": "no gain",
    })  # fmt: skip
    return folder


def _loaded(folder: Path) -> Analysis:
    found = comotion.load(folder)
    assert isinstance(found, Analysis)
    return found


def test_every_part_is_read_from_its_file(folder: Path) -> None:
    found = _loaded(folder)
    assert found.name == "He hf_x"
    assert (found.pattern.cost, found.plan.kind) == (0.25, "comotion")
    assert (found.w_inf_prime, found.w_inf_prime_error) == (1.5, 4e-4)
    assert (found.unstable_share, found.v_quantum) == (0.125, 0.9375)
    assert found.hierarchy == {2: _PAIR, 3: HierarchyValue(3, 0.75, 5e-6)}
    # U of two electrons with the density of hydrogen's of half the nuclear charge.
    assert found.hartree == pytest.approx(0.625, rel=1e-9)
    assert 0 <= found.hartree_error < 1e-9
    ends = found.bracket
    assert ends is not None
    assert (ends.lower, ends.lower_from, ends.upper) == (0.0625, "duality", 0.625)
    assert (ends.v_comotion, ends.spline_error) == (0.6875, 1e-5)
    assert (ends.plan.kind, ends.plan.cost) == ("cells", 0.375)
    assert ends.primal is not None
    assert ends.primal.plan is ends.plan
    assert (ends.primal.iterations, ends.primal.stopped_by) == (17, "no gain")
    assert found.v_sce == (0.0625, 0.625)


def test_what_a_record_does_not_know_is_no_number(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    sce = read_json(folder / "sce.json") | {"w_inf_prime": None, "w_inf_prime_error": None}
    write_json(tmp_path / "sce.json", sce)
    ends = read_json(folder / "bracket.json") | {"spline_error": None}
    write_json(tmp_path / "bracket.json", ends)
    # A curve that closes the gap has no plan by cells.
    (tmp_path / "upper_plan.h5").write_bytes((folder / "plan.h5").read_bytes())
    for name in ("quantum.json", "hierarchy.json"):
        (tmp_path / name).unlink()
    found = _loaded(tmp_path)
    assert math.isnan(found.w_inf_prime)
    assert found.w_inf_prime_error == math.inf
    assert str(found.numbers()["w_inf_prime"]) == "unknown: its error is too large"
    assert (found.v_quantum, found.hierarchy) == (None, {})
    assert found.bracket is not None
    assert found.bracket.primal is None
    assert math.isnan(found.bracket.spline_error)
    (tmp_path / "bracket.json").unlink()
    assert _loaded(tmp_path).bracket is None


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"holds no sce\.json; give the folder of a system and"):
        comotion.load(tmp_path)
