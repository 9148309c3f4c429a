"""One object for everything about a density: computed now, or read from a finished run."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import comotion
from comotion.analysis import Analysis
from comotion.cli import main
from comotion.errors import RecordError, TransportError
from comotion.io import read_json, write_json
from comotion.transport.bounds.certificate import Bracket

_R = np.geomspace(1e-3, 30.0, 200)
_X = np.random.default_rng(1).normal(size=(5, 3, 3))


def _stages(folder: Path, system: str, *, bracketed: bool) -> Path:
    """The folder of a model density after the stages of a run with the usual settings."""
    at = {name: str(folder / name) for name in (
        "density.h5", "density.json", "sce.json", "plan.h5", "pattern.h5", "hierarchy.json",
        "bracket.json", "bracket.h5", "upper_plan.h5",
    )}  # fmt: skip
    density = ["--density", at["density.h5"]]
    plans = ["--plan", at["plan.h5"], "--pattern", at["pattern.h5"]]
    main(["model", "--system", system, *density, "--integrals", at["density.json"]])
    main(["plan", *density, *plans, "--sce", at["sce.json"]])
    main(["hierarchy", *density, "--sce", at["sce.json"], "--hierarchy", at["hierarchy.json"]])
    if bracketed:
        main([
            "bracket", *density, *plans, "--bracket", at["bracket.json"],
            "--details", at["bracket.h5"], "--upper-plan", at["upper_plan.h5"],
        ])  # fmt: skip
    return folder


def _same(computed: Analysis, loaded: Analysis) -> None:
    """Every number, and every function on some points, to the last bit."""
    assert loaded.numbers() == computed.numbers()
    assert (loaded.v_sce, loaded.w_inf) == (computed.v_sce, computed.w_inf)
    assert loaded.hierarchy == computed.hierarchy
    assert loaded.unstable_share == computed.unstable_share
    assert loaded.n_electrons == computed.n_electrons
    for name in ("density", "potential", "functions"):
        np.testing.assert_array_equal(getattr(loaded, name)(_R), getattr(computed, name)(_R))
    for one, other in ((loaded.plan, computed.plan), (loaded.pattern, computed.pattern)):
        _same_plan(one, other)


def _same_plan(one: comotion.Plan, other: comotion.Plan) -> None:
    """Every number and array of two plans."""
    for name, value in vars(other).items():
        if name == "pair_cost":
            assert one.pair_cost.name == other.pair_cost.name
        elif (
            name not in {"density", "system", "level"} and name in type(other).__dataclass_fields__
        ):
            np.testing.assert_array_equal(getattr(one, name), value)
    np.testing.assert_array_equal(one.potential(_R), other.potential(_R))


def _analysis(path: Path) -> Analysis:
    found = comotion.load(path)
    assert isinstance(found, Analysis)
    return found


@pytest.mark.slow
def test_a_finished_run_is_the_analysis(tmp_path: Path) -> None:
    computed = comotion.analyse(comotion.model("exponential", 3))
    loaded = _analysis(_stages(tmp_path, "exponential-3", bracketed=True))
    assert (computed.name, loaded.name) == ("", "exponential-3 exact")
    _same(computed, loaded)
    np.testing.assert_array_equal(loaded.slack(_X), computed.slack(_X))
    # One configuration is summed in another order than several.
    assert float(loaded.slack(_X[0])) == pytest.approx(computed.slack(_X)[0], rel=1e-13)
    assert np.all(computed.slack(_X) > 0)
    one, other = loaded.bracket, computed.bracket
    assert isinstance(one, Bracket)
    assert isinstance(other, Bracket)
    for name in ("lower", "upper", "v_comotion", "spline_error", "gap", "comotion_excess",
                 "comotion_within_gap"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name
    np.testing.assert_array_equal(one.potential(_R), other.potential(_R))
    _same_plan(one.plan, other.plan)
    assert one.primal is not None
    assert other.primal is not None
    assert (one.primal.iterations, one.primal.stopped_by) == (
        other.primal.iterations, other.primal.stopped_by,
    )  # fmt: skip
    for name in ("value", "programme", "constant", "searched", "corrected", "stopped_by"):
        assert getattr(one.dual, name) == getattr(other.dual, name), name
    assert computed.v_sce == (other.lower, other.upper)
    # The bracket closes on less than V_2 and the best pattern leave open.
    assert comotion.pair_value(computed.density).value < other.lower
    assert other.upper <= computed.pattern.cost < computed.v_comotion


def test_a_run_without_bracket(tmp_path: Path) -> None:
    folder = _stages(tmp_path, "exponential-3", bracketed=False)
    computed = comotion.analyse(comotion.model("exponential", 3), bracketed=False)
    loaded = _analysis(folder)
    _same(computed, loaded)
    pair = comotion.pair_value(computed.density)
    assert computed.bracket is None
    assert computed.v_sce == (
        pair.value - pair.error, computed.pattern.cost + computed.pattern.quadrature_error
    )  # fmt: skip
    assert computed.hierarchy[2] == pair
    assert computed.hierarchy[3].value == computed.v_comotion == computed.plan.cost
    u, error = computed.hartree, computed.hartree_error
    lower, upper = computed.v_sce
    assert computed.w_inf == (lower - u - error, upper - u + error)
    with pytest.raises(TransportError, match="bracketed=True"):
        computed.slack(_X)
    for name, plan in (("plan.h5", computed.plan), ("pattern.h5", computed.pattern)):
        found = comotion.load(str(folder / name))
        assert isinstance(found, comotion.Plan)
        assert (found.system, found.level) == ("exponential-3", "exact")
        _same_plan(found, plan)


def test_numbers_as_a_table() -> None:
    found = comotion.analyse(comotion.model("exponential", 2))
    table = found.to_pandas()
    assert list(table.columns) == ["value", "error", "unit", "meaning"]
    assert set(table["unit"]) == {"hartree"}
    assert table.index.name == "quantity"
    assert list(table.index) == list(found.numbers())
    assert table.loc["v_comotion", "value"] == found.plan.cost
    assert table.loc["v_comotion", "error"] == found.plan.error
    assert table.loc["hartree", "error"] == found.hartree_error
    assert table["error"].isna()["w_inf_upper"]
    assert (table["meaning"] != "").all()
    # For two electrons the co-motion plan is the optimum and V_2 its cost.
    assert found.v_sce[1] - found.v_sce[0] < 1e-6 * found.v_comotion
    assert found.hierarchy[2].value == pytest.approx(found.v_comotion, abs=found.plan.error)
    for name in found.numbers():
        assert f"\n{name} " in repr(found)
        assert f"<td>{name}</td>" in found._repr_html_()


def test_one_electron_repels_nothing(tmp_path: Path) -> None:
    computed = comotion.analyse(comotion.model("exponential", 1))
    loaded = _analysis(_stages(tmp_path, "exponential-1", bracketed=False))
    _same(computed, loaded)
    zero = {name: one.value for name, one in computed.numbers().items()}
    # U and W_inf of one electron are its self-repulsion, which is no zero.
    u, error = zero.pop("hartree"), computed.hartree_error
    assert (zero.pop("w_inf_lower"), zero.pop("w_inf_upper")) == (-u - error, -u + error)
    assert 0 < error < 1e-12 < u
    assert set(zero.values()) == {0.0}
    assert computed.hierarchy == {}
    assert computed.bracket is None
    np.testing.assert_array_equal(computed.potential(_R), 0.0)
    np.testing.assert_array_equal(computed.functions(_R), _R[:, None])


def test_an_atom_brings_its_name_and_quantum_repulsion() -> None:
    density = comotion.model("exponential", 2)
    atom = SimpleNamespace(
        density=density, system="He", level="fci_cc-pVDZ", energies=SimpleNamespace(v_quantum=0.9)
    )
    found = comotion.analyse(atom, bracketed=False)
    assert found.v_quantum == found.numbers()["v_quantum"].value == 0.9
    assert found.name == "He fci_cc-pVDZ"
    assert repr(found).startswith("<Analysis of He fci_cc-pVDZ: 2 electrons>\n")


def test_a_self_consistent_atom_is_loaded_like_any_other(tmp_path: Path) -> None:
    """Its folder has no state's <V_ee>; plan and V_2 are those of its own density."""
    folder = tmp_path / "results/He/ks-v2_6-31G"
    folder.mkdir(parents=True)
    at = {name: str(folder / name) for name in (
        "density.h5", "quantum.json", "kohn_sham.h5", "sce.json", "plan.h5", "pattern.h5",
        "hierarchy.json",
    )}  # fmt: skip
    density = ["--density", at["density.h5"]]
    main([
        "self-consistent", "--system", "He", "--level", folder.name, *density,
        "--quantum", at["quantum.json"], "--potential", at["kohn_sham.h5"],
    ])  # fmt: skip
    plans = ["--plan", at["plan.h5"], "--pattern", at["pattern.h5"]]
    main(["plan", *density, *plans, "--sce", at["sce.json"]])
    main(["hierarchy", *density, "--sce", at["sce.json"], "--hierarchy", at["hierarchy.json"]])
    found, atom = _analysis(folder), comotion.self_consistent("He", folder.name)
    assert (found.name, found.v_quantum, found.bracket) == ("He ks-v2_6-31G", None, None)
    assert "v_quantum" not in found.numbers()
    np.testing.assert_allclose(found.density(_R), atom.density(_R), rtol=1e-12)
    # Of two electrons V_2 is the co-motion cost, which is found by another route.
    assert found.v_comotion == pytest.approx(atom.v_functional, rel=1e-7)
    assert found.hierarchy[2].value == pytest.approx(atom.v_functional, rel=1e-9)
    assert found.v_sce == pytest.approx((atom.v_functional,) * 2, rel=1e-7)
    np.testing.assert_allclose(found.potential(_R), atom.potential(_R), atol=1e-5)
    table = tmp_path / "energies.csv"
    words = ["--rows", "He/ks-v2_6-31G", "--results", str(tmp_path / "results"), "--csv"]
    main([
        "energies-table", *words, str(table), "--units", str(tmp_path / "units.json"),
        "--markdown", str(tmp_path / "a.md"), "--settings", str(tmp_path / "s.json"),
    ])  # fmt: skip
    row = pd.read_csv(table).iloc[0]
    assert row["energy"] == pytest.approx(atom.energy, rel=1e-12)
    assert np.isnan(row["v_quantum"])
    assert row["v_comotion"] == found.v_comotion


def test_records_of_another_version_are_refused(tmp_path: Path) -> None:
    folder = _stages(tmp_path, "exponential-2", bracketed=False)
    for name, key in (("hierarchy.json", "hierarchy"), ("sce.json", "w_inf_prime")):
        path = folder / name
        whole = path.read_bytes()
        write_json(path, {k: v for k, v in read_json(path).items() if k != key})
        with pytest.raises(RecordError, match=f"lack '{key}', they were made by another version"):
            comotion.load(folder)
        path.write_bytes(whole)
    assert isinstance(comotion.load(folder), Analysis)
