"""Stage: prove the pair bounds of certificates: ``comotion verify-bound FILE...``.

Nothing that a certificate says of itself is trusted but the density that it is about.
"""

import argparse
from pathlib import Path
from time import perf_counter

from comotion.errors import ProofError
from comotion.proof.charge import decimal_below
from comotion.proof.verify import ProvenBound, verify_bound


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("certificates", type=Path, nargs="+", help="certificates of pair bounds")


def run(options: argparse.Namespace) -> None:
    """Print what each certificate proves; those that prove nothing are named at the end."""
    wrong = []
    for path in options.certificates:
        begun = perf_counter()
        try:
            proven = verify_bound(path)
        except ProofError as error:
            # One certificate that fails does not keep the others from being looked at.
            wrong.append(str(error))
            continue
        print(f"{path}: {in_words(proven)}, {perf_counter() - begun:.1f} s")
    if wrong:
        raise ProofError("\n".join(wrong))


def in_words(proven: ProvenBound) -> str:
    """What is proven, on one line.

    Args:
        proven: The bound.

    Returns:
        System, level, bound and number of boxes.
    """
    name = " ".join(part for part in (proven.system, proven.level) if part)
    return (
        f"{name or 'a density'}, {proven.n_electrons} electrons: V_SCE >= "
        f"{decimal_below(proven.lower, 9)} hartree is proven, {proven.boxes} boxes"
    )
