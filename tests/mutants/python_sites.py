"""Places for faults in Python: numbers, signs, conditions, arguments, keys and calls."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from mutants.mutant import Site
from mutants.words import PAIRS, SIGNS, is_name, next_name, other_numbers

#: Calls that only speak to people.
_TALK = {"print", "warn"}
#: Libraries, whose names are exchanged only in pairs.
_LIBRARIES = {"math", "np", "os", "pd", "plt", "re", "special"}
_NO_CODE = (ast.Raise, ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr)
_NO_PLACES = {"returns", "annotation", "decorator_list"}

_SIGN_OF: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//",
    ast.Mod: "%", ast.MatMult: "@", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^",
    ast.LShift: "<<", ast.RShift: ">>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in",
    ast.NotIn: "not in", ast.And: "and", ast.Or: "or",
}  # fmt: skip


class _Places:
    """Walks through a module and collects the places."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.bytes = source.encode()
        tree = ast.parse(source)
        self.strings: list[str] = []
        self.attributes: defaultdict[str, list[str]] = defaultdict(list)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if is_name(node.value):
                    self.strings.append(node.value)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                self.attributes[node.value.id].append(node.attr)
        self.tree = tree

    def start(self, node: ast.expr | ast.stmt) -> int:
        return len(self.bytes[: self.starts[node.lineno - 1] + node.col_offset].decode())

    def end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return len(self.bytes[: self.starts[node.end_lineno - 1] + node.end_col_offset].decode())

    def text(self, node: ast.expr | ast.stmt) -> str:
        return self.source[self.start(node) : self.end(node)]

    def instead(self, node: ast.expr | ast.stmt, kind: str, *texts: str) -> Site:
        return Site(self.start(node), self.end(node), kind, texts)

    def sign(self, left: ast.expr, right: ast.expr, sign: str, kind: str) -> Iterator[Site]:
        """A sign between two operands; brackets and comments may stand beside it."""
        begin, stop = self.end(left), self.start(right)
        found = self.source.find(sign, begin, stop)
        if found >= 0 and sign in SIGNS:
            yield Site(found, found + len(sign), kind, SIGNS[sign])

    def swapped(self, one: ast.expr, other: ast.expr, kind: str) -> Iterator[Site]:
        first, second = self.text(one), self.text(other)
        if first != second:
            between = self.source[self.end(one) : self.start(other)]
            yield Site(self.start(one), self.end(other), kind, (second + between + first,))

    def below(self, node: ast.AST) -> Iterator[Site]:
        """All places in a node, what is no code of the product left out."""
        if isinstance(node, _NO_CODE) or self.is_told(node):
            return
        yield from self.here(node)
        for name, value in ast.iter_fields(node):
            if name in _NO_PLACES or (name == "target" and isinstance(node, ast.AnnAssign)):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self.below(child)

    @staticmethod
    def is_told(node: ast.AST) -> bool:
        """Docstrings, what is printed, and names such as ``__all__``."""
        if isinstance(node, ast.Assign):
            return isinstance(node.targets[0], ast.Name) and node.targets[0].id.startswith("__")
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            return getattr(function, "id", getattr(function, "attr", "")) in _TALK
        return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

    def here(self, node: ast.AST) -> Iterator[Site]:
        """The places of one node itself."""
        for kind, places in _PLACES.items():
            if isinstance(node, kind):
                yield from places(self, node)

    def expression(self, node: ast.Expr) -> Iterator[Site]:
        if isinstance(node.value, ast.Call):
            yield self.instead(node, "a call is left out", "pass")

    def operation(self, node: ast.BinOp) -> Iterator[Site]:
        yield from self.sign(node.left, node.right, _SIGN_OF[type(node.op)], "another operation")

    def choice(self, node: ast.BoolOp) -> Iterator[Site]:
        sign = _SIGN_OF[type(node.op)]
        yield from self.sign(node.values[0], node.values[1], sign, "and for or")

    def comparison(self, node: ast.Compare) -> Iterator[Site]:
        sides = pairwise([node.left, *node.comparators])
        for (left, right), operator in zip(sides, node.ops, strict=True):
            yield from self.sign(left, right, _SIGN_OF[type(operator)], "another comparison")

    def opposite(self, node: ast.UnaryOp) -> Iterator[Site]:
        if not isinstance(node.operand, ast.Constant):
            yield self.instead(node, "a sign is left out", self.text(node.operand))

    def condition(self, node: ast.If | ast.While) -> Iterator[Site]:
        if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            opposite = f"not {self.text(node.test)}"
            yield self.instead(node.test, "the opposite condition", opposite)

    def branches(self, node: ast.IfExp) -> Iterator[Site]:
        yield from self.swapped(node.body, node.orelse, "the other branch")

    def change(self, node: ast.AugAssign) -> Iterator[Site]:
        sign = f"{_SIGN_OF[type(node.op)]}="
        yield from self.sign(node.target, node.value, sign, "another operation")

    def results(self, node: ast.Return) -> Iterator[Site]:
        if isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
            one, other, *_ = node.value.elts
            yield from self.swapped(one, other, "results exchanged")

    def attribute(self, node: ast.Attribute) -> Iterator[Site]:
        start, end = self.end(node) - len(node.attr), self.end(node)
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        names = sorted(set(self.attributes[owner]) - {"T"})
        if node.attr in PAIRS:
            yield Site(start, end, "another name", (PAIRS[node.attr],))
        elif len(names) > 1 and owner not in _LIBRARIES:
            yield Site(start, end, "another name", (next_name(node.attr, names),))

    def name(self, node: ast.Name) -> Iterator[Site]:
        if node.id in PAIRS:
            yield self.instead(node, "another name", PAIRS[node.id])

    def constant(self, node: ast.Constant) -> Iterator[Site]:
        text = self.text(node)
        if isinstance(node.value, bool):
            yield self.instead(node, "another truth", *SIGNS[text])
        elif isinstance(node.value, int | float):
            yield self.instead(node, "another number", *other_numbers(text))
        elif isinstance(node.value, str) and is_name(node.value) and text[:1] in "'\"":
            other = next_name(node.value, self.strings)
            yield self.instead(node, "another key", f'"{other}"')

    def call(self, node: ast.Call) -> Iterator[Site]:
        positional = [one for one in node.args if not isinstance(one, ast.Starred)]
        for one, other in pairwise(positional):
            yield from self.swapped(one, other, "arguments exchanged")
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            start = self.end(keyword.value) - len(self.text(keyword.value))
            start = self.source.rindex(keyword.arg, 0, start)
            end = self.end(keyword.value)
            while self.source[end] in ", \n" and self.source[end] != ")":
                end += 1
            yield Site(start, end, "an argument is left out", ("",))


_PLACES: dict[Any, Callable[[_Places, Any], Iterator[Site]]] = {
    ast.Expr: _Places.expression,
    ast.Constant: _Places.constant,
    ast.BinOp: _Places.operation,
    ast.BoolOp: _Places.choice,
    ast.Compare: _Places.comparison,
    ast.UnaryOp: _Places.opposite,
    ast.If | ast.While: _Places.condition,
    ast.IfExp: _Places.branches,
    ast.AugAssign: _Places.change,
    ast.Return: _Places.results,
    ast.Call: _Places.call,
    ast.Attribute: _Places.attribute,
    ast.Name: _Places.name,
}


def python_sites(source: str) -> list[Site]:
    """All places of a module where a fault can be put in.

    Annotations, decorators, docstrings, the sentences of errors and what is printed are no places.
    """
    places = _Places(source)
    return [site for site in places.below(places.tree) if site.variants]


def is_python(source: str) -> bool:
    """Whether a module can still be read with its fault."""
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
