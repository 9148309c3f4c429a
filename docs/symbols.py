"""The table of all names: of records and tables, and of the attributes of public objects.

Units and meanings are read from where the sources say them: `comotion.tables.quantities`, the
tables' own descriptions, and docstrings. `symbols.toml` adds the symbols, signs and gauges.
"""

import inspect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

import comotion
from comotion.pages.descriptions import DESCRIBE
from comotion.tables.adiabatic_connections import CORRELATION, MOLLER_PLESSET
from comotion.tables.best_estimates import best_table
from comotion.tables.brackets import COLUMNS as BRACKET
from comotion.tables.kohn_sham_atoms import INVERSION, SELF_CONSISTENT
from comotion.tables.quantities import COLUMNS, Column, column

_ADDED = tomllib.loads(Path(__file__).with_name("symbols.toml").read_text(encoding="utf-8"))
SYMBOLS: dict[str, str] = _ADDED["symbol"]
SIGNS: dict[str, str] = _ADDED["sign"]
#: Unit and meaning of the keys of records that are no column, by record.
RECORDS: dict[str, dict[str, tuple[str, str]]] = _ADDED["records"]
#: Columns of each k stand for those of every k.
_OF_K = ("v_2", "v_2_error", "v_comotion_k", "v_comotion_k_error", "lower_k", "upper_k",
         "lower_proven_k")  # fmt: skip
_ENGINE = (
    "v_published", "nodes", "wall_seconds", "cpu_seconds", "peak_megabytes",
    "double_loop_ns_per_pair", "kernel_ns_per_pair", "minimiser_ns_per_pair",
)  # fmt: skip
#: Module and name of classes that are met as attributes, arguments and results.
_FURTHER = (
    ("electronic.state", "Energies"),
    ("electronic.terms", "GroundState"),
    ("density.functionals", "DensityIntegrals"),
    ("density.radial", "HasDensity"),
    ("density.radial", "Quadrature"),
    ("transport.bounds.lower_bound", "DualBound"),
    ("transport.bounds.primal", "PrimalBound"),
    ("transport.bounds.potential_space", "PotentialSpace"),
    ("transport.bounds.pair.trial", "PairTrial"),
    ("transport.bounds.pair.space", "PairSpace"),
    ("systems", "Atom"),
    ("systems", "Level"),
    ("systems", "Model"),
    ("number", "Number"),
    ("progress", "Report"),
    ("models.problem", "Solution"),
    ("models.line_densities", "LineDensity"),
    ("models.lieb.maximise", "LiebProblem"),
)
_UNIT = re.compile(
    r"[,;] (hartree per bohr\^2|hartree per bohr|hartree|bohr\^-\w+|bohr|electrons)\b"
)
_SHAPE = re.compile(r"shape (\([^)]*\)(?: or \([^)]*\))*)|shape of (?:the )?`*(\w+)")
_TYPES = {"float": "number", "int": "integer", "str": "text", "bool": "yes or no"}


@dataclass(frozen=True)
class Name:
    """A name of a record, a table or an object.

    Attributes:
        name: The name in code.
        meaning: What it is.
        unit: Its unit; "1" of a number without one, empty of what is no number.
        shape: Shape of an array, or the kind of value.
    """

    name: str
    meaning: str
    unit: str
    shape: str

    def added(self, texts: dict[str, str]) -> str:
        """Its symbol or its sign, listed under the name with or without brackets."""
        return texts.get(self.name) or texts.get(self.name.removesuffix("()"), "")


def of_tables() -> list[Name]:
    """Every column of every table, once: as the table of energies says it where it has it."""
    found = dict(COLUMNS)
    found |= {name: _of_every_k(name) for name in _OF_K}
    for table, names in (
        ("bracket", BRACKET), ("hierarchy_bracket", ("k",)), ("engine", _ENGINE),
        ("best", tuple(map(str, best_table([]).columns))),
        ("kohn_sham", tuple(SELF_CONSISTENT)), ("inversion", tuple(INVERSION)),
        ("connection", tuple(CORRELATION)), ("moller_plesset", tuple(MOLLER_PLESSET)),
    ):  # fmt: skip
        found = {name: DESCRIBE[table](name) for name in names if name not in found} | found
    order = [*COLUMNS, *_OF_K]
    return [
        Name(name, found[name].meaning, found[name].unit, _kind_of_column(found[name]))
        for name in [*order, *(name for name in found if name not in order)]
    ]


def _of_every_k(name: str) -> Column:
    """A column of each k, from that of k = 3."""
    one = column(name.replace("_k", "_3"))
    meaning = one.meaning.replace("k = 3", "k").replace("V_3", "V_k").replace("n_3", "n_k")
    return Column(one.unit, meaning, one.record)


def _kind_of_column(one: Column) -> str:
    if one.unit:
        return "number"
    return "yes or no" if one.meaning.startswith("whether") else "text"


def of_record(record: str) -> list[Name]:
    """Keys of a record that are no column of a table."""
    return [Name(key, meaning, unit, "") for key, (unit, meaning) in RECORDS[record].items()]


def public_classes() -> list[type]:
    """Public classes, the abstract density first."""
    classes = [getattr(comotion, name) for name in comotion.__all__]
    found = [one for one in classes if inspect.isclass(one) and not issubclass(one, Exception)]
    return sorted(found, key=lambda one: one is not comotion.RadialDensity)


def further_classes() -> list[type]:
    """Classes that public functions take or return, which have no name in `comotion` itself."""
    modules = ((import_module(f"comotion.{where}"), name) for where, name in _FURTHER)
    return [getattr(module, name) for module, name in modules]


def of_class(cls: type) -> list[Name]:
    """Attributes, properties and methods of a class by its docstrings.

    What a kind of density has in common with all densities is listed there, once.
    """
    annotations = inspect.get_annotations(cls)
    names = [
        _name(name, text, text, annotations.get(name, "")) for name, text in _section(cls)
    ]  # fmt: skip
    known = {one.name for one in names} | set(getattr(cls, "__dataclass_fields__", {}))
    for base in cls.__mro__[1:]:
        known |= set(vars(base))
    for name, member in vars(cls).items():
        if not name.startswith("_") and not name.isupper() and name not in known:
            names.append(_of_member(name, member))
    return names


def _of_member(name: str, member: object) -> Name:
    """A property or a method; a method by what it returns."""
    if isinstance(member, property | cached_property):
        function: Any = member.fget if isinstance(member, property) else member.func
        first = _first(function)
        kind = inspect.get_annotations(function).get("return", "") if function else ""
        return _name(name, first, first, kind)
    function = getattr(member, "__func__", member)
    returned = " ".join(text for _, text in _section(function, "Returns"))
    return _name(f"{name}()", _first(function), returned, "")


def _first(documented: object) -> str:
    return " ".join((inspect.getdoc(documented) or "").partition("\n\n")[0].split())


def _name(name: str, meaning: str, text: str, annotation: object) -> Name:
    """A name whose unit and shape stand in a text of its docstring."""
    unit = _UNIT.search(text)
    shape = _SHAPE.search(text)
    kind = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    kind = re.sub(r"\b(?:\w+\.)+(?=\w)|\[.*\]", "", kind).removesuffix(" | None").strip('"')
    kind = _TYPES.get(kind, kind)
    number = kind in {"number", "integer"}
    found = (shape[1] or f"as {shape[2]}") if shape else kind
    return Name(name, meaning, unit[1] if unit else "1" if number else "", found)


def _section(documented: object, title: str = "Attributes") -> Iterator[tuple[str, str]]:
    """Entries of a section of a docstring; without names, one entry that has none."""
    match = re.search(
        rf"^{title}:\n((?:    .*\n?|\n)+)", inspect.getdoc(documented) or "", re.MULTILINE
    )
    entries = re.split(r"^    (?! )", match[1] if match else "", flags=re.MULTILINE)
    for entry in entries:
        text = " ".join(entry.split())
        if title == "Attributes" and text:
            name, _, meaning = text.partition(": ")
            yield name, meaning
        elif text:
            yield "", text


def markdown(names: list[Name]) -> str:
    """The table of names, Markdown."""
    lines = ["| name in code | symbol | meaning | unit | shape | sign, gauge |", "| --- " * 6 + "|"]
    for one in names:
        cells = [f"`{one.name}`", one.added(SYMBOLS), _text(one.meaning), _text(one.unit),
                 _text(one.shape), _text(one.added(SIGNS))]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def _text(text: str) -> str:
    """Text of a docstring in a cell: nothing of it is markup but the marks of code."""
    parts = re.split(r"`+([^`]+)`+", text)
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = f"`{part}`"
        else:
            parts[place] = re.sub(r"([|*_^\\$])", r"\\\1", escape(part, quote=False))
    return "".join(parts)
