"""The command line: ``comotion STAGE ...``, also ``python -m comotion STAGE ...``.

Every stage is a module of `comotion.stages` of the same name (``-`` is ``_`` there) and is
imported when it is asked for, not before.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from comotion.errors import ComotionError
from comotion.version import VERSION

#: Settings of the libraries that would otherwise share the work of a stage among threads, and with
#: it the order of its sums: a stage runs on one, and systems run side by side.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

#: Stages and what each does.
STAGES = {
    "atom": "the ab-initio density and quantum energies of an atom",
    "self-consistent": "an atom that is self-consistent with a transport functional",
    "kohn-sham": "the Kohn-Sham potential of an atom's density, T_s, exchange and correlation",
    "model": "a model density and its integrals",
    "user-density": "a user's density, from a table or from orbitals",
    "lieb-oxford": "the shape of a density for which the ratio of Lieb and Oxford is large",
    "pair-angle": "the angle between electrons, by full CI",
    "pair-density": "the density of pairs of electrons, of a closed shell",
    "plan": "the co-motion plan, its cost and zero-point oscillations",
    "hierarchy": "V_2, and co-motion upper bounds of V_k from k = 3 on",
    "bracket": "lower <= V_SCE <= upper, the potential and the plan behind it",
    "pair-bound": "a lower bound of V_SCE that is proven, and its certificate",
    "connection": "the adiabatic connection of a density, and correlation energies from its ends",
    "connection-curve": "the adiabatic connection of two electrons at any coupling",
    "moller-plesset": "the ends of the Hartree-Fock adiabatic connection of an atom",
    "best-density": "the density of the best estimate, composed of those of several levels",
    "best": "the best estimate of an atom, all numbers of its best density",
    "energies-table": "records of all systems as one table",
    "best-table": "best estimates as one table",
    "kohn-sham-table": "self-consistent atoms, and Kohn-Sham systems of densities, as tables",
    "connection-table": "adiabatic connections as one table",
    "bracket-table": "brackets as one table",
    "figure": "one figure from tables, plans or arrays",
    "curves": "curves that answer the pointer, from plans",
    "page": "a table, or versions and settings, as a page of the report",
    "atom-page": "one system as a page of the report: numbers, figures, electrons in motion",
    "problem": "a soluble or model problem",
    "benchmark": "what the transport engine reaches and what it costs",
    "compile": "compile the engine before the first job needs it",
    "reference-add": "pairs of finished results become part of a reference set",
    "reference": "the reference set: what it holds",
    "reference-page": "the reference set as a page to look at",
    "verify-reference": "check a reference set by code of its own, prove pair bounds",
    "compare": "what changed between two versions of a reference set",
    "verify": "check files of results, compute brackets again, prove pair bounds",
    "verify-bound": "prove pair bounds from their certificates",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a stage; an error of the input becomes one sentence and exit status 1.

    Args:
        arguments: Words of the command line behind ``comotion``; those of the process if none.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    stage = words[0] if words else ""
    if stage not in STAGES:
        _overview().parse_args(words or ["--help"])
        return
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    parser = argparse.ArgumentParser(prog=f"comotion {stage}", description=f"{STAGES[stage]}.")
    try:
        module = import_module(f"comotion.stages.{stage.replace('-', '_')}")
        module.add_options(parser)
        module.run(parser.parse_args(words[1:]))
    except ComotionError as error:
        print(f"{parser.prog}: error: {error}", file=sys.stderr)
        raise SystemExit(1) from None


def _overview() -> argparse.ArgumentParser:
    """The parser of a command line that names no stage: it explains and ends."""
    lines = [f"  {name:17}{what}" for name, what in STAGES.items()]
    parser = argparse.ArgumentParser(
        prog="comotion",
        usage="comotion STAGE [options]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Optimal transport against quantum mechanics, atom by atom.",
        epilog="\n".join(["stages:", *lines, "", "comotion STAGE --help explains one of them."]),
    )
    parser.add_argument("--version", action="version", version=f"comotion {VERSION}")
    parser.add_argument("stage", metavar="STAGE", choices=list(STAGES), help="what to do")
    return parser
