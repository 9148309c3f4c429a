"""What may stand in the place of a number, a name or a sign, in Python as in rules."""

import re

#: Names of which one is easily taken for the other.
PAIRS = {
    one: other
    for pair in (
        ("min", "max"), ("minimum", "maximum"), ("argmin", "argmax"), ("any", "all"),
        ("floor", "ceil"), ("lower", "upper"), ("sin", "cos"), ("sum", "prod"), ("exp", "expm1"),
        ("log", "log1p"), ("sqrt", "square"), ("zeros", "ones"), ("left", "right"),
        ("isfinite", "isnan"), ("startswith", "endswith"), ("append", "remove"),
    )
    for one, other in (pair, pair[::-1])
}  # fmt: skip

#: Signs, each with what may be mistaken for it.
SIGNS = {
    "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "**": ("*",), "//": ("/",), "%": ("//",),
    "<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="),
    "==": ("!=",), "!=": ("==",), "and": ("or",), "or": ("and",), "in": ("not in",),
    "not in": ("in",), "is": ("is not",), "is not": ("is",), "+=": ("-=",), "-=": ("+=",),
    "*=": ("/=",), "/=": ("*=",), "True": ("False",), "False": ("True",),
}  # fmt: skip

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def other_numbers(text: str) -> tuple[str, ...]:
    """Numbers that may stand in the place of one: its neighbours, or another size."""
    value = complex(text) if text.endswith("j") else float(text.replace("_", ""))
    if isinstance(value, complex):
        return ()
    if text.isdigit():
        return (str(int(value) + 1), str(int(value) - 1) if value > 0 else "2")
    if value == 0:
        return ("1.0",)
    # A tolerance is loosened a thousandfold; other numbers change by half.
    return (f"{value * 1000:.6g}",) if value < 1e-3 else (f"{value * 1.5:.6g}", f"{value / 2:.6g}")


def is_name(text: str) -> bool:
    """Whether a string is a key or the name of something, not a sentence."""
    return _NAME.fullmatch(text) is not None


def next_name(text: str, names: list[str]) -> str:
    """The name after this one among those of the file; one of its own if it has no neighbour."""
    others = sorted(set(names) | {text})
    return others[(others.index(text) + 1) % len(others)] if len(others) > 1 else text + "_"
