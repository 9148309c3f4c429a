"""The folder that holds the project: the jobs must be able to find the package in it."""

import os
import re
from pathlib import Path

from comotion.errors import ConfigError

#: What Snakemake makes something else of in the path of a file: wildcards, the names of folders
#: that a user can move, ends of lines.
SPECIAL = re.compile(r"[{}<>\x00-\x1f\x7f]")


def check_folder(folder: Path) -> None:
    """Refuse a folder in which no job would find what it needs.

    Args:
        folder: Absolute path of the project.

    Raises:
        ConfigError: Its path holds a character that means something else.
    """
    path = str(folder)
    if special := SPECIAL.search(path):
        found, why = special[0], "which Snakemake takes for a part of a pattern"
    elif os.pathsep in path:
        found, why = os.pathsep, "at which Python ends the name of a folder"
    else:
        return
    raise ConfigError(
        f"the project's folder {path!r} has {found!r} in its path, {why}; rename or move it"
    )
