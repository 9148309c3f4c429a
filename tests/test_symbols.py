"""The table of names in the documents: nothing that a reader meets is missing from it."""

import importlib
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import comotion
import symbols
from comotion import cli
from comotion.tables.quantities import COLUMNS, column


def _stage(folder: Path, name: str, words: list[str], **files: str) -> None:
    for flag, file in files.items():
        words = [*words, f"--{flag.replace('_', '-')}", str(folder / file)]
    cli.main([name, *words])


def _records(folder: Path, system: str, level: str) -> dict[str, dict[str, Any]]:
    """All records of a system."""
    states = {"density": "density.h5", "quantum": "quantum.json"}
    if level == "exact":
        _stage(folder, "model", ["--system", system], density="density.h5",
               integrals="density.json")  # fmt: skip
    elif level.startswith("ks-"):
        words = ["--system", system, "--level", level]
        _stage(folder, "self-consistent", words, **states, potential="kohn_sham.h5")
    else:
        _stage(folder, "atom", ["--system", system, "--level", level], **states)
        _stage(folder, "kohn-sham", [], **states, kohn_sham="kohn_sham.json",
               potential="kohn_sham.h5")  # fmt: skip
    plans = {"plan": "plan.h5", "pattern": "pattern.h5"}
    of = {"density": "density.h5"}
    _stage(folder, "plan", [], **of, **plans, sce="sce.json")
    _stage(folder, "hierarchy", [], **of, sce="sce.json", hierarchy="hierarchy.json")
    _stage(folder, "bracket", ["--iterations", "3", "--cells", "4"], **of, **plans,
           parts="parts", bracket="bracket.json", details="bracket.h5",
           upper_plan="upper_plan.h5")  # fmt: skip
    _stage(folder, "pair-bound", ["--intervals", "3", "--degree", "2", "--rounds", "2"], **of,
           pair_bound="pair_bound.json",
           certificate="certificate/pair_certificate.json")  # fmt: skip
    if level.startswith("h"):
        _stage(folder, "connection", ["--bracket", str(folder / "bracket.json")],
               kohn_sham="kohn_sham.h5", quantum="quantum.json", sce="sce.json",
               hierarchy="hierarchy.json", connection="connection.json")  # fmt: skip
    if level.startswith("hylleraas"):
        _stage(folder, "connection-curve", [], **of, curve="connection_curve.json")
    if level.startswith("hf"):
        _stage(folder, "moller-plesset", [], **states, moller_plesset="moller_plesset.json")
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


@pytest.mark.parametrize(("system", "level"), [
    ("He", "hf_unc-UGBS"), ("He", "hylleraas_w2"), ("He", "ks-v2_6-31G"),
    ("exponential-3", "exact"),
])  # fmt: skip
def test_every_key_of_a_record_is_explained(tmp_path: Path, system: str, level: str) -> None:
    records = _records(tmp_path, system, level)
    made = {"sce", "hierarchy", "bracket", "pair_bound"}
    made |= {"density"} if level == "exact" else {"quantum"}
    made |= {"kohn_sham", "connection"} if level.startswith("h") else set()
    made |= {"connection_curve"} if level.startswith("hylleraas") else set()
    made |= {"moller_plesset"} if level.startswith("hf") else set()
    assert made == set(records)
    columns = {one.name for one in symbols.of_tables()}
    for name, record in records.items():
        known = columns | set(symbols.RECORDS["any"]) | set(symbols.RECORDS.get(name, {}))
        if level.startswith("hylleraas"):
            known |= set(symbols.RECORDS["hylleraas"])
        if level.startswith("ks-") and name == "quantum":
            known |= set(symbols.RECORDS["self_consistent"])
            assert set(symbols.RECORDS["self_consistent"]) <= set(record)
        if name == "kohn_sham":
            assert set(symbols.RECORDS["kohn_sham"]) <= set(record)
        assert set(record) <= known, name


def test_keys_of_the_other_records() -> None:
    """The angle between electrons and the best estimate, whose records take long to make."""
    pair = inspect.getsource(importlib.import_module("comotion.electronic.pair_angle"))
    best = inspect.getsource(importlib.import_module("comotion.estimate"))
    for key in symbols.RECORDS["pair_angle"]:
        assert f'"{key}"' in pair
    for key in symbols.RECORDS["best"]:
        assert f'"{key}"' in best
    own = {"levels", "middle", "v_comotion_by_potential"}
    assert set(symbols.RECORDS["best"]) == own
    composed = inspect.getsource(importlib.import_module("comotion.stages.best_density"))
    for key in symbols.RECORDS["best_density"]:
        assert f'"{key}"' in composed
    assert set(symbols.RECORDS["best_density"]) == {
        "errors", "weights", "nuclear_cusp", "moved_charge", "basis_floor",
    }  # fmt: skip


def test_units_and_meanings_are_those_of_the_sources() -> None:
    found = {one.name: one for one in symbols.of_tables()}
    assert set(COLUMNS) < set(found)
    for name, of in COLUMNS.items():
        assert (found[name].unit, found[name].meaning) == (of.unit, of.meaning)
    assert found["lower_k"].meaning == "lower bound of V_k"
    assert found["v_comotion_k"].unit == column("v_comotion_3").unit == "hartree"
    assert "3" not in found["v_comotion_k"].meaning + found["v_comotion_k_error"].meaning


@pytest.mark.parametrize("cls", [*symbols.public_classes(), *symbols.further_classes()])
def test_every_public_attribute_is_explained(cls: type) -> None:
    listed = {one.name.removesuffix("()") for one in symbols.of_class(cls)}
    of_bases = {
        one.name.removesuffix("()")
        for base in cls.__mro__[1:]
        for one in symbols.of_class(base)
        if base.__module__.startswith("comotion")
    }
    public = {name for name in dir(cls) if not name.startswith("_") and not name.isupper()}
    public |= {name for name in getattr(cls, "__dataclass_fields__", {}) if not name.isupper()}
    assert public <= listed | of_bases
    assert all(one.meaning for one in symbols.of_class(cls))


@pytest.mark.parametrize(("cls", "name", "unit", "shape"), [
    (comotion.Plan, "positions", "bohr", "(n, 3, N)"), (comotion.Plan, "cost", "hartree", "number"),
    (comotion.Plan, "potential()", "hartree", "as r"), (comotion.Plan, "grid", "bohr", "(m,)"),
    (comotion.Bracket, "gap", "hartree", "number"),
    (comotion.PairBound, "lower", "hartree", "number"),
    (comotion.PairBound, "potential()", "hartree", "as r"),
    (comotion.Bracket, "slack()", "hartree", "() or (m,)"),
    (comotion.RadialDensity, "density()", "bohr^-3", "as r"),
    (comotion.RadialDensity, "shells", "bohr", "(N-1,)"),
    (comotion.RadialPotential, "slopes", "hartree per bohr", "(n,)"),
    (comotion.ElectronicState, "density", "", "RadialDensity"),
    (comotion.Effort, "hops", "1", "integer"),
    (comotion.SelfConsistentAtom, "kinetic_s", "hartree", "number"),
    (comotion.SelfConsistentAtom, "potential", "hartree", "RadialPotential"),
    (comotion.KohnShamSystem, "v_s", "hartree", "(n,)"),
    (comotion.KohnShamSystem, "v_xc", "hartree", "(n,)"),
    (comotion.KohnShamSystem, "charge", "bohr^-1", "(n,)"),
    (comotion.KohnShamCorrelation, "e_c", "hartree", "number"),
])  # fmt: skip
def test_unit_and_shape(cls: type, name: str, unit: str, shape: str) -> None:
    (found,) = [one for one in symbols.of_class(cls) if one.name == name]
    assert (found.unit, found.shape) == (unit, shape)


def test_every_symbol_and_sign_belongs_to_a_name() -> None:
    names = {one.name for one in symbols.of_tables()}
    names |= {one.name for record in symbols.RECORDS for one in symbols.of_record(record)}
    classes = [*symbols.public_classes(), *symbols.further_classes()]
    names |= {one.name for cls in classes for one in symbols.of_class(cls)}
    names |= {name.removesuffix("()") for name in names}
    assert set(symbols.SYMBOLS) | set(symbols.SIGNS) <= names


def test_bounds_are_not_called_by_the_name_of_what_they_bound() -> None:
    for name in ("lower", "upper", "w_inf_lower", "w_inf_upper", "lower_k", "v_comotion_k"):
        assert symbols.SYMBOLS[name].startswith((r"$\le", r"$\ge"))
        assert ("below" in symbols.SIGNS[name]) == symbols.SYMBOLS[name].startswith(r"$\le")


@pytest.mark.parametrize(("text", "shown"), [
    ("int |grad rho|^2 of `w_inf`", r"int \|grad rho\|\^2 of `w_inf`"),
    ("<V_ee>", r"&lt;V\_ee&gt;"),
])  # fmt: skip
def test_text_is_no_markup(text: str, shown: str) -> None:
    row: Callable[[str], str] = lambda meaning: symbols.markdown(  # noqa: E731
        [symbols.Name("gap", meaning, "hartree", "number")]
    )
    assert f"| `gap` |  | {shown} | hartree | number | not negative |\n" in row(text)
