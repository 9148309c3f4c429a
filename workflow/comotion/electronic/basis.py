"""Basis sets by name, and what can be made of them.

A name is one that PySCF or the Basis Set Exchange knows, with these additions:

- ``unc-X``: the primitives of X, uncontracted;
- ``hyb-l-A+X``: the primitives of A up to angular momentum l and the functions of X above it
  (l = 0 is s alone), such as ``hyb-1-UGBS+aug-cc-pCVQZ``: A serves the Hartree-Fock part, X
  the correlation. A may have diffuse functions of its own, ``hyb-1-UGBS+1d+aug-cc-pCVQZ``. Of an
  angular momentum that A lacks, the primitives have the exponents of its s functions but for the
  steepest: universal sets share their exponents between angular momenta;
- ``...+nd``: n more diffuse functions for each l, continuing the last ratio of exponents.
"""

import re
from pathlib import Path
from typing import Any

from pyscf import gto
from pyscf.lib.exceptions import BasisNotFoundError

from comotion.errors import ElectronicStructureError

_DIFFUSE = re.compile(r"(.+)\+([1-9])d")
_HYBRID = re.compile(r"hyb-([0-9])-([^+]+(?:\+[1-9]d)?)\+(.+)")
#: Ratio of exponents where an angular momentum has one only.
_LONE_RATIO = 2.5

#: Largest exponent of s functions over that of the others: UGBS has 200 to 800 for p.
_STEEPER = 500.0

#: A shell in PySCF's format: l, then [exponent, coefficients] for each primitive.
Shell = list[Any]


def load_basis(name: str, symbol: str) -> list[Shell]:
    """Shells of a basis for an element; see the module for names.

    Args:
        name: Name of the basis, such as ``aug-cc-pCVTZ`` or ``hyb-1-UGBS+1d+aug-cc-pCVTZ``.
        symbol: Symbol of the element, such as ``Ne``.

    Returns:
        The shells as PySCF takes them: ``basis={"Ne": load_basis(..., "Ne")}``.

    Raises:
        ElectronicStructureError: No library has the basis for the element, or a file has its name.
    """
    if match := _DIFFUSE.fullmatch(name):
        return with_diffuse(load_basis(match[1], symbol), int(match[2]))
    if match := _HYBRID.fullmatch(name):
        low, high = load_basis(f"unc-{match[2]}", symbol), load_basis(match[3], symbol)
        return _hybrid(low, high, int(match[1]))
    if name.startswith("unc-"):
        return uncontracted(load_basis(name.removeprefix("unc-"), symbol))
    if Path(name).exists():
        # PySCF would read that file, and results would depend on where they are computed.
        raise ElectronicStructureError(
            f"basis {name!r}: a file of this name is in the working directory, {Path.cwd()}, and "
            "would be taken for the basis; rename it"
        )
    try:
        shells: list[Shell] = gto.basis.load(name, symbol)
    except (BasisNotFoundError, KeyError, RuntimeError, OSError, AssertionError) as error:
        raise ElectronicStructureError(
            f"basis {name!r} is unknown or lacks the element {symbol}: choose another from PySCF's "
            "list or the Basis Set Exchange"
        ) from error
    return shells


def _hybrid(low: list[Shell], high: list[Shell], highest: int) -> list[Shell]:
    """The uncontracted shells ``low`` up to an angular momentum, ``high`` above; see the module."""
    shells = [shell for shell in low if shell[0] <= highest]
    of_s = exponents(low)[0]
    for angular in range(max(exponents(low)) + 1, highest + 1):
        shells += shells_like_s(of_s, angular)
    return shells + [shell for shell in high if shell[0] > highest]


def shells_like_s(of_s: list[float], angular: int) -> list[Shell]:
    """Functions of an angular momentum with the exponents of s functions but for the steepest.

    Args:
        of_s: Exponents of the s functions, largest first, bohr^-2.
        angular: The angular momentum.
    """
    return [[angular, [value, 1.0]] for value in of_s if value < of_s[0] / _STEEPER]


def exponents(shells: list[Shell]) -> dict[int, list[float]]:
    """Distinct exponents of each angular momentum, largest first, bohr^-2."""
    found: dict[int, set[float]] = {}
    for shell in shells:
        found.setdefault(shell[0], set()).update(primitive[0] for primitive in _primitives(shell))
    return {angular: sorted(values, reverse=True) for angular, values in sorted(found.items())}


def _primitives(shell: Shell) -> list[Shell]:
    """Exponents with their coefficients; some libraries put the quantum number kappa before."""
    return shell[2:] if isinstance(shell[1], int) else shell[1:]


def uncontracted(shells: list[Shell]) -> list[Shell]:
    """One function for each distinct exponent."""
    return [
        [angular, [exponent, 1.0]]
        for angular, values in exponents(shells).items()
        for exponent in values
    ]


def with_diffuse(shells: list[Shell], count: int) -> list[Shell]:
    """The shells and, for each l, an even-tempered continuation towards small exponents."""
    more: list[Shell] = []
    for angular, values in exponents(shells).items():
        ratio = values[-2] / values[-1] if len(values) > 1 else _LONE_RATIO
        more += [[angular, [values[-1] / ratio**k, 1.0]] for k in range(1, count + 1)]
    return shells + more


def functions(shells: list[Shell], highest: int | None = None) -> int:
    """Number of basis functions, of angular momenta up to ``highest`` if it is given."""
    return sum(
        (2 * shell[0] + 1) * (len(_primitives(shell)[0]) - 1)
        for shell in shells
        if highest is None or shell[0] <= highest
    )
