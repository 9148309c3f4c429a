"""What the command lines of all stages have in common; it costs no import of the engine."""

import argparse
from pathlib import Path


def add_file(options: argparse.ArgumentParser, flag: str, meaning: str) -> None:
    """A required option that names a file."""
    options.add_argument(flag, type=Path, required=True, help=meaning)
