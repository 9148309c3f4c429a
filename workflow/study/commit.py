"""What git says of the folder of the project."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """The state of a folder.

    Attributes:
        revision: The commit, or nothing outside git.
        changed: Whether files that git knows differ from it.
    """

    revision: str = ""
    changed: bool = False

    @property
    def swhid(self) -> str:
        """The commit as a SWHID, where the folder is just that commit."""
        return f"swh:1:rev:{self.revision}" if self.revision and not self.changed else ""

    @property
    def sentence(self) -> str:
        """The same in words."""
        if not self.revision:
            return "No commit is known: the project's folder is not a git repository."
        more = ", with changes that are not committed" if self.changed else ""
        return f"The project's folder was at commit {self.revision}{more} when this was written."


def commit_of(folder: Path) -> Commit:
    """The state of a folder; nothing is known where it is no repository of its own.

    Args:
        folder: The project's folder.
    """
    if not (folder / ".git").exists():
        return Commit()
    revision = _git(folder, "rev-parse", "HEAD")
    return Commit(revision, bool(_git(folder, "status", "--porcelain", "--untracked-files=no")))


def _git(folder: Path, *words: str) -> str:
    """What git prints, or nothing where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - no word is a user's
            ["git", "-C", str(folder), *words],  # noqa: S607 - git, wherever it is
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
