"""What ``help`` says of every public name: shapes, units, gauge, errors, sources."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

import comotion

#: Arrays that have no unit.
_PURE_NUMBERS = {"upward", "q", "complement", "weights", "cells", "couplings"}
_UNIT = re.compile(r"\b(bohr|hartree|electrons)\b")
_ARRAY = re.compile(r"(?:Array|ArrayLike|NDArray\[.*\])(?: \| None)?")
_GAUGE = "u(inf) = 0"
_SECTIONS = ("Args", "Returns", "Raises", "Attributes")
#: Functions whose formula comes from the literature.
_WITH_SOURCE = (
    "angular_minimum", "bracket", "comotion_functions", "comotion_plan", "density_integrals",
    "force_potential", "hierarchy", "kohn_sham_system", "pair_value", "self_consistent",
    "solve_two_electrons", "zero_point",
)  # fmt: skip


def _callables() -> dict[str, Any]:
    """Public functions, and public methods of public classes, by their names."""
    found: dict[str, Any] = {}
    for name in comotion.__all__:
        value = getattr(comotion, name)
        if inspect.isfunction(value):
            found[name] = value
        elif inspect.isclass(value):
            for method, _ in inspect.getmembers(value):
                raw = inspect.getattr_static(value, method)
                function = raw.__func__ if isinstance(raw, classmethod) else raw
                if inspect.isfunction(function) and (method == "__call__" or method[0] != "_"):
                    found[f"{name}.{method}"] = function
    return found


def _attributes() -> Iterator[tuple[str, str]]:
    """Name and documentation of every public field and property of public classes."""
    for name in comotion.__all__:
        value = getattr(comotion, name)
        if not inspect.isclass(value):
            continue
        entries = _entries(_sections(value).get("Attributes", ""))
        for field in fields(value) if is_dataclass(value) else ():
            yield f"{name}.{field.name}", entries.get(field.name, "")
        for member, _ in inspect.getmembers(value):
            raw = inspect.getattr_static(value, member)
            getter = getattr(raw, "fget", getattr(raw, "func", None))
            if getter is not None and member[0] != "_":
                yield f"{name}.{member}", inspect.getdoc(getter) or ""


def _sections(documented: Any) -> dict[str, str]:
    """The sections of a docstring, and what stands before them under an empty name."""
    parts = re.split(
        rf"^({'|'.join(_SECTIONS)}):\n", inspect.getdoc(documented) or "", flags=re.MULTILINE
    )
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def _entries(section: str) -> dict[str, str]:
    """The entries of a section by their names."""
    parts = re.split(r"^    (\w+): ", section, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _signature(function: Any) -> ast.FunctionDef:
    """The definition of a function, as it is written."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    return definition


def _parameters(function: Any) -> dict[str, str]:
    """Annotations of the parameters of a function."""
    arguments = _signature(function).args
    listed = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    return {one.arg: ast.unparse(one.annotation) for one in listed if one.annotation is not None}


def _result(function: Any) -> str:
    """Annotation of what a function returns."""
    returns = _signature(function).returns
    return "None" if returns is None else ast.unparse(returns)


def _explained_elsewhere(function: Any) -> str | None:
    """The method that a docstring refers to, if it has no sections of its own."""
    sections = _sections(function)
    found = re.search(r"see `([\w.]+)`", sections[""])
    return found[1] if found and len(sections) == 1 else None


CALLABLES = _callables()
EXPLAINED = [name for name, one in CALLABLES.items() if _explained_elsewhere(one) is None]


@pytest.mark.parametrize("name", CALLABLES)
def test_a_reference_leads_to_an_explanation(name: str) -> None:
    elsewhere = _explained_elsewhere(CALLABLES[name])
    if elsewhere is not None:
        of_class = f"{name.partition('.')[0]}.{elsewhere}"
        assert elsewhere in EXPLAINED or of_class in EXPLAINED


@pytest.mark.parametrize("name", EXPLAINED)
def test_help_names_what_goes_in_and_comes_out(name: str) -> None:
    function, sections = CALLABLES[name], _sections(CALLABLES[name])
    parameters = _parameters(function)
    assert list(_entries(sections.get("Args", ""))) == list(parameters)
    assert ("Returns" in sections) == (_result(function) != "None")
    raised = set(re.findall(r"raise (\w+Error)\(", inspect.getsource(function)))
    if any("HasDensity" in annotation for annotation in parameters.values()):
        raised.add("DensityError")
    assert raised <= set(_entries(sections.get("Raises", "")))


@pytest.mark.parametrize("name", EXPLAINED)
def test_help_gives_shapes_and_units_of_arrays(name: str) -> None:
    function, sections = CALLABLES[name], _sections(CALLABLES[name])
    entries = _entries(sections.get("Args", ""))
    arrays = {parameter: entries[parameter] for parameter, annotation
              in _parameters(function).items() if _ARRAY.fullmatch(annotation)}  # fmt: skip
    if "Array" in _result(function) and "Mapping" not in _result(function):
        arrays["returned"] = sections["Returns"]
    for array, meaning in arrays.items():
        assert "shape" in meaning, array
        assert array in _PURE_NUMBERS or _UNIT.search(meaning), array


@pytest.mark.parametrize(("name", "meaning"), list(_attributes()))
def test_help_explains_every_attribute(name: str, meaning: str) -> None:
    assert meaning
    owner, _, attribute = name.partition(".")
    annotations = inspect.get_annotations(getattr(comotion, owner))
    if "ndarray" in str(annotations.get(attribute, "")):
        assert "shape" in meaning
        assert (
            attribute in _PURE_NUMBERS | {"powers", "coefficients"}
            or "bohr" in meaning
            or (_UNIT.search(meaning))
        )


def test_help_gives_the_gauge_of_every_potential() -> None:
    documented = [(name, inspect.getdoc(one) or "") for name, one in CALLABLES.items()]
    documented += [one for one in _attributes() if one[0] != "RadialPotential.n_electrons"]
    potentials = {
        name: text for name, text in documented
        if re.search(r"(\b|_)potential(?!s)$|RadialPotential\.(values|__call__)", name)
    }  # fmt: skip
    assert len(potentials) >= 6
    assert [name for name, text in potentials.items() if _GAUGE not in text] == []


@pytest.mark.parametrize("name", _WITH_SOURCE)
def test_help_gives_the_source(name: str) -> None:
    assert re.search(
        r"[A-Z][\w.]+ [\w. ]*\d+, \d+ \(\d{4}\)", inspect.getdoc(CALLABLES[name]) or ""
    )
