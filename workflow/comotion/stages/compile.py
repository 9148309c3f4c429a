"""Stage: compile the engine before the first job needs it.

Compiled code is kept on disk, by processor type and version of the engine.
"""

import argparse

from comotion.density.model_densities import exponential
from comotion.proof.boxes import compile_boxes
from comotion.transport.bounds.bracket import compile_bounds
from comotion.transport.bounds.pair.trial import PairEffort, pair_trial
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
    # What looks for violated points of the pair bound.
    pair_trial(exponential(2), PairEffort(intervals=2, degree=1, rounds=1))
