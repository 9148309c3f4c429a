"""The best density of an atom: a signed sum of the densities of several levels.

Two electrons are solved exactly (Hylleraas). For more, every quantity that is linear in the state,
the density among them, is

    X = X_HF(n) + X_corr(n -> inf) + [X_(T) - X_CCSD](inf) (+ [X_FCI - X_(T)](2)),

where X_corr is CCSD less its Hartree-Fock reference in the basis of the cardinal number n,
extrapolated from n - 1 and n by the inverse cube of the cardinal number (Helgaker, Klopper, Koch,
Noga, J. Chem. Phys. 106, 9639 (1997)); (T) less CCSD is extrapolated in the same way, from 2 and 3,
for four electrons from 3 and 4; beyond ten its triples fit into memory in aug-cc-pCVTZ only. Full
CI is affordable up to five electrons, in aug-cc-pCVDZ. All other Gaussian bases have the same
saturated s and p functions and those of aug-cc-p(C)VnZ from d on, so that the extrapolation meets
the error which it is meant for, and that a difference of densities hardly has a negative tail.

What is not linear in the density, U and the transport energies, is that of the composed density.

The error bar has two parts. That of the basis is the change from the same sum with n - 1 for n.
That of the method is half of the change by its last correction. Both are known without any exact
value; that the first is counted whole and the second by half was settled on two electrons and
beryllium.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comotion.errors import ComparisonError, ConfigError
from comotion.systems import BEST, Atom, Level, parse_atom, parse_level

#: Quantities of a state that are linear in it.
LINEAR = ("energy", "v_quantum", "kinetic", "nuclear_attraction")
#: Part of the last correction of the method that is its error.
_METHOD_SHARE = 0.5
#: Orders of the Hylleraas states: the second is the best, the first gives the error.
_HYLLERAAS = ("hylleraas_w8", "hylleraas_w10")
#: Letters of the cardinal numbers, and the saturated functions below theirs.
_ZETA = {2: "D", 3: "T", 4: "Q", 5: "5"}
_SATURATED = "hyb-1-UGBS+1d"
#: Largest cardinal number of the (T) correction, and that of the closed shell with few triples.
_TRIPLES, _FEW_TRIPLES = 3, {4: 4}
#: Most electrons whose triples fit into memory there, and the basis in which those of more do.
_SECOND_ROW, _SMALL_TRIPLES = 10, "aug-cc-pCVTZ"
#: Most electrons for which full CI is computed, and its basis.
_FULL, _FULL_CI = 5, "aug-cc-pCVDZ"
#: Most electrons for which the recipe is meant.
_MOST = 18
_CLOSED_SHELLS = (2, 4, 10, 12, 18)
#: Nuclear charges for which there is no aug-cc-pCV5Z.
_NO_CORE_5Z = (3, 4)
#: Largest cardinal number where none is asked for; neon's is larger.
_USUAL, _LARGER = 4, {10: 5}

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Estimate:
    """A number with its error bar.

    Attributes:
        value: The number.
        basis: What the basis leaves open.
        method: What the method leaves open.
    """

    value: float
    basis: float
    method: float

    @property
    def error(self) -> float:
        """Both in quadrature."""
        return float((self.basis**2 + self.method**2) ** 0.5)


@dataclass(frozen=True, eq=False)
class Recipe:
    """Levels and their weights in sums.

    Attributes:
        best: Weights of the best sum; they add up to one.
        smaller: Those of the sum with the next smaller basis.
        uncorrected: Those of the best sum without the last correction of the method; equal to
            ``best`` where the method is exact.
        reference: Level of the Hartree-Fock reference in the largest basis; None for two electrons
            in Hylleraas functions.
    """

    best: Weights
    smaller: Weights
    uncorrected: Weights
    reference: str | None

    @property
    def levels(self) -> list[str]:
        """All levels, each once."""
        return list(dict.fromkeys([*self.best, *self.smaller, *self.uncorrected]))

    def estimate(self, values: Mapping[str, float]) -> Estimate:
        """The estimate of a linear quantity, from its value at each level."""
        best, smaller, uncorrected = (
            sum(weight * values[level] for level, weight in weights.items())
            for weights in (self.best, self.smaller, self.uncorrected)
        )
        return estimate_of(best, smaller, uncorrected)


def estimate_of(best: float, smaller: float, uncorrected: float) -> Estimate:
    """The estimate of a quantity from its values for the three sums of a recipe."""
    return Estimate(best, abs(best - smaller), _METHOD_SHARE * abs(best - uncorrected))


def recipe(system: str, level: str = BEST) -> Recipe:
    """Levels of which a best level is composed.

    Args:
        system: Name of an atom or ion.
        level: ``best``, or ``best_5Z`` for the sum with this largest basis for any number of
            electrons, two included.

    Raises:
        ConfigError: No such atom or level.
        ComparisonError: The recipe is not for so many electrons.
    """
    atom, theory = parse_atom(system), parse_level(level)
    n = atom.n_electrons
    if theory.method != BEST:
        raise ConfigError(f"level {level!r} is no sum of others: write {BEST}")
    if not 2 <= n <= _MOST:
        raise ComparisonError(
            f"{atom.symbol} with charge {atom.charge:+d}: best estimates are for 2 to {_MOST} "
            f"electrons, not {n}"
        )
    if theory.basis == "5Z" and atom.nuclear_charge in _NO_CORE_5Z:
        raise ConfigError(
            f"level {level!r} of {atom.symbol}: its largest basis has no functions for the core of "
            f"this element; write {BEST} or {BEST}_QZ"
        )
    if n == 2 and not theory.basis:
        before, highest = _HYLLERAAS
        return Recipe({highest: 1.0}, {before: 1.0}, {highest: 1.0}, None)
    largest = _cardinal(theory) if theory.basis else _LARGER.get(n, _USUAL)
    best, smaller = _sum(atom, largest), _sum(atom, largest - 1)
    without = _sum(atom, largest, corrections=-1)
    return Recipe(best, smaller, without, _level(atom, _reference(atom), largest))


def _cardinal(theory: Level) -> int:
    """The cardinal number of a level such as best_5Z."""
    return next(number for number, letter in _ZETA.items() if theory.basis == f"{letter}Z")


def _sum(atom: Atom, largest: int, corrections: int | None = None) -> Weights:
    """Weights of the levels of an atom, with all or some of the corrections of the method."""
    n = atom.n_electrons
    reference = _reference(atom)
    total: dict[str, float] = {_level(atom, reference, largest): 1.0}
    _add(total, _limit(atom, "ccsd", reference, largest))
    later: list[Weights] = []
    # CCSD is exact for two electrons.
    if 2 < n <= _SECOND_ROW:
        triples = _FEW_TRIPLES.get(n, _TRIPLES)
        later.append(_limit(atom, "ccsd-t", "ccsd", min(largest, triples)))
    elif n > _SECOND_ROW:
        later.append({f"ccsd-t_{_SMALL_TRIPLES}": 1.0, f"ccsd_{_SMALL_TRIPLES}": -1.0})
    if 2 < n <= _FULL:
        later.append({f"fci_{_FULL_CI}": 1.0, f"ccsd-t_{_FULL_CI}": -1.0})
    for weights in later[:corrections]:
        _add(total, weights)
    return {level: weight for level, weight in total.items() if weight != 0}


def _limit(atom: Atom, method: str, before: str, cardinal: int) -> Weights:
    """Weights of the difference of two methods in the limit of the inverse cube."""
    beyond = (cardinal - 1) ** 3 / (cardinal**3 - (cardinal - 1) ** 3)
    weights: dict[str, float] = {}
    for number, weight in ((cardinal, 1 + beyond), (cardinal - 1, -beyond)):
        _add(weights, {_level(atom, method, number): weight, _level(atom, before, number): -weight})
    return weights


def _add(total: dict[str, float], weights: Weights) -> None:
    for level, weight in weights.items():
        total[level] = total.get(level, 0.0) + weight


def _reference(atom: Atom) -> str:
    """The method of the Hartree-Fock reference of CCSD."""
    return "hf" if atom.n_electrons in _CLOSED_SHELLS else "uhf"


def _level(atom: Atom, method: str, cardinal: int) -> str:
    """A level in the basis of a cardinal number: with functions for the core where there is one."""
    core = "C" if atom.nuclear_charge > 2 else ""
    return f"{method}_{_SATURATED}+aug-cc-p{core}V{_ZETA[cardinal]}Z"
