"""Stage: compile the engine before the first job needs it.

Compiled code is kept on disk, by processor type and version of the engine.
"""

import argparse

from comotion.proof.boxes import compile_boxes
from comotion.transport.bounds.bracket import compile_bounds
from comotion.transport.bounds.pair.separation import compile_separation
from comotion.transport.comotion import compile_engine


def add_options(options: argparse.ArgumentParser) -> None:
    """No options."""
    del options


def run(options: argparse.Namespace) -> None:
    """Compile."""
    del options
    compile_engine()
    compile_bounds()
    compile_boxes()
    compile_separation()
