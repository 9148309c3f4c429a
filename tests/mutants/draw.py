"""Which faults are tried: those drawn at random with a seed, or those of a list made by hand."""

import random
import tomllib
from functools import cache
from pathlib import Path

from mutants.mutant import Mutant, Site, mutant_at, replaced
from mutants.python_sites import is_python, python_sites
from mutants.rule_sites import rule_sites

#: What is tried: the science with its tables, figures and stages, the study, and the rules.
SOURCES = ("workflow/comotion/**/*.py", "workflow/study/**/*.py", "rules/*.smk", "Snakefile")


def sources(project: Path, *patterns: str) -> list[str]:
    """Files that faults are put into, relative to the project."""
    found = {path for pattern in SOURCES for path in project.glob(pattern)}
    names = sorted(path.relative_to(project).as_posix() for path in found)
    return [name for name in names if not patterns or any(p in name for p in patterns)]


@cache
def sites(path: Path) -> tuple[str, tuple[Site, ...]]:
    """A file's text and its places."""
    source = path.read_text()
    return source, tuple(python_sites(source) if path.suffix == ".py" else rule_sites(source))


def drawn(project: Path, size: int, seed: int, *patterns: str) -> list[Mutant]:
    """Mutants at different places, every place with the same chance.

    Args:
        project: The project's folder.
        size: How many mutants.
        seed: Seed of the draw; the same draws the same from the same sources.
        patterns: Only from files whose path contains one of these.

    Returns:
        The mutants, in the order in which they were drawn.
    """
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    places = [
        (name, site) for name in sources(project, *patterns) for site in sites(project / name)[1]
    ]
    chance.shuffle(places)
    found: list[Mutant] = []
    for name, site in places:
        if len(found) == size:
            break
        source = sites(project / name)[0]
        mutant = mutant_at(name, source, site, chance.choice(site.variants))
        if not name.endswith(".py") or is_python(mutant.source):
            found.append(mutant)
    return found


def by_hand(project: Path, path: Path) -> list[Mutant]:
    """The faults of a list: tables of ``path``, ``old``, ``new`` and ``says``.

    Raises:
        ValueError: If what a fault replaces does not stand in its file exactly once.
    """
    faults = tomllib.loads(path.read_text())["fault"]
    return [
        replaced(project, fault["path"], fault["old"], fault["new"], fault["says"])
        for fault in faults
    ]
