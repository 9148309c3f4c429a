"""Places for faults in rules: a parameter dropped, a name exchanged, a flag lost."""

import io
import itertools
import re
import tokenize
from collections.abc import Iterator

from mutants.mutant import Site
from mutants.words import PAIRS, SIGNS, is_name, next_name, other_numbers

#: One entry of a directive: a name and what it is, on one line or more, up to its comma.
_ENTRY = re.compile(
    r"^( {4,8})(\w+)=[^=\n].*?,\n(?= *(?:\w+=|\w+:|\S*$|#|[^ ]|\"))", re.MULTILINE | re.DOTALL
)
#: A flag of a command, with its value.
_FLAG = re.compile(r"--[a-z][a-z-]*(?:[ =]\{[^{}]*\})?")
#: Directives of which the text is for people, or for Snakemake's own files.
_TOLD = re.compile(
    r"^    (?:message|log|benchmark|localrule):.*?(?=^    \w|^\S|\Z)", re.MULTILINE | re.DOTALL
)
#: Names that each rule can use.
_FAMILIES = (
    ("wildcards.system", "wildcards.level", "wildcards.atom", "wildcards.model"),
    ("input", "output"),
    ("mem_mb", "runtime"),
)


def rule_sites(source: str) -> list[Site]:
    """All places of a file of rules where a fault can be put in."""
    told = [match.span() for match in _TOLD.finditer(source)]
    found = [*_entries(source), *_flags(source), *_tokens(source)]
    return [
        site
        for site in found
        if site.variants and not any(start <= site.start < end for start, end in told)
    ]


def _entries(source: str) -> Iterator[Site]:
    """An entry of a directive is left out."""
    for match in _ENTRY.finditer(source):
        yield Site(match.start(), match.end(), "an entry is left out", ("",))


def _flags(source: str) -> Iterator[Site]:
    """A flag of a command is lost."""
    for match in _FLAG.finditer(source):
        if "#" not in source[source.rfind("\n", 0, match.start()) + 1 : match.start()]:
            yield Site(match.start(), match.end(), "a flag is lost", ("",))


def _tokens(source: str) -> Iterator[Site]:
    """Numbers, signs, strings and names, one token each."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    names = [
        token.string[1:-1]
        for token in tokens
        if token.type == tokenize.STRING and is_name(token.string[1:-1])
    ]
    for before, token in itertools.pairwise(tokens):
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        text = token.string
        if token.type == tokenize.NUMBER:
            yield Site(start, end, "another number", other_numbers(text))
        elif token.type == tokenize.STRING and is_name(text[1:-1]):
            yield Site(start, end, "another key", (f'"{next_name(text[1:-1], names)}"',))
        elif token.type == tokenize.STRING:
            yield from _wildcards(source, start, end)
        elif token.type == tokenize.NAME and text == "not":
            yield Site(start, end + 1, "a sign is left out", ("",))
        elif token.type == tokenize.NAME and before.string == ".":
            yield from _exchanged(text, start, end)
        elif text in SIGNS and text not in {"in", "*", "**"} and not _is_mark(before.string):
            yield Site(start, end, "another sign", SIGNS[text])
        elif token.type == tokenize.NAME and text in PAIRS:
            yield Site(start, end, "another name", (PAIRS[text],))


def _is_mark(before: str) -> bool:
    """Whether a sign after this token stands before one operand, not between two."""
    return before in {"(", ",", "=", "[", ":", "return"}


def _wildcards(source: str, start: int, end: int) -> Iterator[Site]:
    """In a path: one wildcard taken for another."""
    for match in re.finditer(r"\{(system|level|atom|model|density)\}", source[start:end]):
        other = "level" if match[1] == "system" else "system"
        yield Site(start + match.start(1), start + match.end(1), "another wildcard", (other,))


def _exchanged(text: str, start: int, end: int) -> Iterator[Site]:
    """After a dot: a name of the same family."""
    for family in _FAMILIES:
        short = [name.rpartition(".")[2] for name in family]
        if text in short:
            yield Site(start, end, "another name", (next_name(text, short),))
