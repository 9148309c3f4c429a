"""A small fault in a source file: a piece of its text, and what is put there."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Site:
    """A place where a fault can be put in, in one of several ways.

    Attributes:
        start: Index of the first character that is replaced.
        end: Index after the last one.
        kind: What sort of fault it is, in a few words.
        variants: Texts that may stand there instead.
    """

    start: int
    end: int
    kind: str
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        path: The file, relative to the project.
        line: Where it is, from 1 on.
        kind: What sort of fault it is, in a few words.
        old: The lines that are changed.
        new: The lines as they are changed.
        source: The whole file with the fault.
    """

    path: str
    line: int
    kind: str
    old: str
    new: str
    source: str

    def __repr__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}: {self.old.strip()} -> {self.new.strip()}"


def mutant_at(path: str, source: str, site: Site, variant: str) -> Mutant:
    """Put one variant in its place."""
    changed = source[: site.start] + variant + source[site.end :]
    first = source.rfind("\n", 0, site.start) + 1
    last = source.find("\n", site.end)
    last = len(source) if last < 0 else last
    return Mutant(
        path=path,
        line=source.count("\n", 0, site.start) + 1,
        kind=site.kind,
        old=source[first:last],
        new=changed[first : last + len(changed) - len(source)],
        source=changed,
    )


def replaced(project: Path, path: str, old: str, new: str, says: str) -> Mutant:
    """A fault made by hand.

    Raises:
        ValueError: If the text does not stand in the file exactly once.
    """
    source = (project / path).read_text()
    if source.count(old) != 1:
        raise ValueError(f"{path}: {source.count(old)} times, not once: {old!r}")
    start = source.index(old)
    return mutant_at(path, source, Site(start, start + len(old), says, (new,)), new)
