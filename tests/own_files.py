"""The files of the project itself: those that git knows, or, outside git, all but what is made."""

import subprocess
from fnmatch import fnmatch
from pathlib import Path

#: What tools, Python and the workflow leave behind, as in .gitignore.
_MADE = (".*_cache", ".venv", ".snakemake", ".hypothesis", ".mutants", ".coverage", "build",
         "_build", "generated", "__pycache__", "*.egg-info", "PKG-INFO", "setup.cfg")  # fmt: skip


def own_files(project: Path, *patterns: str) -> list[str]:
    """Names of the project's files, relative to its folder, sorted.

    Args:
        project: The project's folder.
        patterns: Only names that match one of these.
    """
    if (project / ".git").exists():
        names = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=project, check=True, capture_output=True, text=True,
        ).stdout.split("\0")  # fmt: skip
    else:
        found = (path.relative_to(project) for path in project.rglob("*") if path.is_file())
        names = [path.as_posix() for path in found if not _is_made(path)]
    return sorted(
        name
        for name in names
        if (project / name).is_file() and (not patterns or any(fnmatch(name, p) for p in patterns))
    )


def _is_made(path: Path) -> bool:
    in_results = path.parts[0] == "results" and path.name != "README.md"
    return in_results or any(fnmatch(part, made) for part in path.parts for made in _MADE)
