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

The error bar has three parts, in quadrature. That of the basis is the largest of the change from
the same sum with n - 1 for n, half of the extrapolation of CCSD, and a quarter of that
extrapolation of the energy: a change may be small by chance, that of the energy hardly is. That of
(T) is the change from the sum with (T) less CCSD without its limit (beyond ten electrons, in the
next smaller basis). That of the method is half of the change by its last correction. All are known
without any exact value; the rule was taken from He, Li+ and B3+.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from comotion.errors import ComparisonError, ConfigError
from comotion.systems import (
    BEST,
    MOST_ELECTRONS_OF_BEST,
    Atom,
    Level,
    parse_atom,
    parse_level,
)

#: Quantities of a state that are linear in it.
LINEAR = ("energy", "v_quantum", "kinetic", "nuclear_attraction")
#: Part of the last correction of the method that is its error.
_METHOD_SHARE = 0.5
#: Parts of the extrapolation, and of that of the energy, below which no error of the basis is.
_OWN_SHARE, _ENERGY_SHARE = 0.5, 0.25
#: Systems on which the rule of the error bar was chosen: their agreement is no test of it.
RULE_FROM = ("He", "Li+", "B3+")
#: Orders of the Hylleraas states: the second is the best, the first gives the error.
_HYLLERAAS = ("hylleraas_w8", "hylleraas_w10")
#: Letters of the cardinal numbers, and the saturated functions below theirs.
_ZETA = {2: "D", 3: "T", 4: "Q", 5: "5"}
_SATURATED = "hyb-1-UGBS+1d"
#: Largest cardinal number of the (T) correction, and that of the closed shell with few triples.
_TRIPLES, _FEW_TRIPLES = 3, {4: 4}
#: Most electrons whose triples fit into memory there, and bases in which those of more do.
_SECOND_ROW, _SMALL_TRIPLES = 10, ("aug-cc-pCVTZ", "aug-cc-pCVDZ")
#: Most electrons for which full CI is computed, and its basis.
_FULL, _FULL_CI = 5, "aug-cc-pCVDZ"
#: Most electrons for which the recipe is meant, and the number whose state is known exactly.
_MOST, EXACT_ELECTRONS = MOST_ELECTRONS_OF_BEST, 2
#: Electrons of closed shells, whatever the nucleus: a test compares them with the ground levels.
_CLOSED_SHELLS = (2, 4, 10, 12, 18)
#: Nuclear charges for which there is no aug-cc-pCV5Z.
_NO_CORE_5Z = (3, 4)
#: Largest cardinal number where none is asked for; neon's is larger.
_USUAL, _LARGER = 4, {"Ne": 5}

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Estimate:
    """A number with its error bar.

    Attributes:
        value: The number.
        basis: What the basis leaves open.
        triples: What the basis of the (T) correction leaves open.
        method: What the method leaves open.
    """

    value: float
    basis: float
    triples: float
    method: float

    @property
    def error(self) -> float:
        """All in quadrature."""
        return hypot(self.basis, self.triples, self.method)


@dataclass(frozen=True, eq=False)
class Recipe:
    """Levels and their weights in sums.

    Attributes:
        best: Weights of the best sum; they add up to one.
        smaller: Those of the sum with the next smaller basis.
        plain: Those of the best sum with CCSD in the largest basis as it is; equal to ``best``
            where nothing is extrapolated.
        rougher: Those of the best sum with (T) in a worse approximation; equal to ``best`` where
            there is no (T).
        uncorrected: Those of the best sum without the last correction of the method; equal to
            ``best`` where the method is exact.
        reference: Level of the Hartree-Fock reference in the largest basis; None for two electrons
            in Hylleraas functions.
    """

    best: Weights
    smaller: Weights
    plain: Weights
    rougher: Weights
    uncorrected: Weights
    reference: str | None

    @property
    def levels(self) -> list[str]:
        """All levels, each once."""
        return list(dict.fromkeys(level for weights in self.sums for level in weights))

    @property
    def sums(self) -> tuple[Weights, ...]:
        """All sums, the best one first."""
        return self.best, self.smaller, self.plain, self.rougher, self.uncorrected

    def values(self, of_levels: Mapping[str, float]) -> list[float]:
        """A linear quantity of each sum, from its value at each level."""
        return [
            sum(weight * of_levels[level] for level, weight in its.items()) for its in self.sums
        ]

    def floor(self, energies: Mapping[str, float]) -> float:
        """The least error of the basis, hartree, from the energy of each level."""
        best, _, plain, *_ = self.values(energies)
        return _ENERGY_SHARE * abs(best - plain)


def estimate_of(
    best: float,
    smaller: float,
    plain: float,
    rougher: float,
    uncorrected: float,
    *,
    floor: float,
) -> Estimate:
    """The estimate of a quantity from its values for the five sums of a recipe.

    Args:
        best: Of the best sum.
        smaller: Of that with the next smaller basis.
        plain: Of that without an extrapolation.
        rougher: Of that with (T) in a worse approximation.
        uncorrected: Of that without the last correction.
        floor: The least error of the basis, see `Recipe.floor`.
    """
    return Estimate(
        value=best,
        basis=max(abs(best - smaller), _OWN_SHARE * abs(best - plain), floor),
        triples=abs(best - rougher),
        method=_METHOD_SHARE * abs(best - uncorrected),
    )


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
    _check(atom, theory, level)
    n = atom.n_electrons
    if n == EXACT_ELECTRONS and not theory.basis:
        before, highest = _HYLLERAAS
        state = {highest: 1.0}
        return Recipe(state, {before: 1.0}, state, state, state, None)
    largest = _cardinal(theory) if theory.basis else _LARGER.get(str(atom), _USUAL)
    reference = _level(atom, _reference(atom), largest)
    corrections = _corrections(atom, largest)
    best = _total(_hartree_fock_and_ccsd(atom, largest), *(best for best, _ in corrections))
    smaller = _total(
        _hartree_fock_and_ccsd(atom, largest - 1),
        *(best for best, _ in _corrections(atom, largest - 1)),
    )
    ccsd = _hartree_fock_and_ccsd(atom, largest)
    as_it_is = {_level(atom, "ccsd", largest): 1.0}
    plain = _total(as_it_is, *(best for best, _ in corrections))
    rougher = _total(ccsd, *(rough for _, rough in corrections))
    uncorrected = _total(ccsd, *(best for best, _ in corrections[:-1]))
    return Recipe(best, smaller, plain, rougher, uncorrected, reference)


def _check(atom: Atom, theory: Level, level: str) -> None:
    """Refuse what has no recipe.

    Raises:
        ConfigError: The level is no sum, or lacks functions.
        ComparisonError: The recipe is not for so many electrons, or for the element.
    """
    name, n = f"{atom.symbol} with charge {atom.charge:+d}", atom.n_electrons
    if theory.method != BEST:
        raise ConfigError(f"level {level!r} is no sum of others: write {BEST}")
    if not 2 <= n <= _MOST:
        raise ComparisonError(f"{name}: best estimates are for 2 to {_MOST} electrons, not {n}")
    if n > EXACT_ELECTRONS and not EXACT_ELECTRONS < atom.nuclear_charge <= _MOST:
        raise ComparisonError(
            f"{name}: best estimates of more than two electrons are for the nuclei Li to Ar, which "
            "have the bases"
        )
    if theory.basis == "5Z" and atom.nuclear_charge in _NO_CORE_5Z:
        raise ConfigError(
            f"level {level!r} of {atom.symbol}: its largest basis has no functions for the core of "
            f"this element; write {BEST} or {BEST}_QZ"
        )


def _cardinal(theory: Level) -> int:
    """The cardinal number of a level such as best_5Z."""
    return next(number for number, letter in _ZETA.items() if theory.basis == f"{letter}Z")


def _hartree_fock_and_ccsd(atom: Atom, largest: int) -> Weights:
    """Weights of Hartree-Fock in the largest basis and of the limit of CCSD's correlation."""
    reference = _reference(atom)
    return _total({_level(atom, reference, largest): 1.0}, _limit(atom, "ccsd", reference, largest))


def _corrections(atom: Atom, largest: int) -> list[tuple[Weights, Weights]]:
    """Weights of each correction of the method, and of the same in a rougher approximation."""
    n = atom.n_electrons
    # CCSD is exact for two electrons.
    found: list[tuple[Weights, Weights]] = []
    if EXACT_ELECTRONS < n <= _SECOND_ROW:
        cardinal = min(largest, _FEW_TRIPLES.get(n, _TRIPLES))
        triples, ccsd = (_level(atom, method, cardinal) for method in ("ccsd-t", "ccsd"))
        found.append((_limit(atom, "ccsd-t", "ccsd", cardinal), {triples: 1.0, ccsd: -1.0}))
    elif n > _SECOND_ROW:
        small, smaller = ({f"ccsd-t_{its}": 1.0, f"ccsd_{its}": -1.0} for its in _SMALL_TRIPLES)
        found.append((small, smaller))
    if EXACT_ELECTRONS < n <= _FULL:
        full = {f"fci_{_FULL_CI}": 1.0, f"ccsd-t_{_FULL_CI}": -1.0}
        found.append((full, full))
    return found


def _total(*parts: Weights) -> Weights:
    """The sum of some weights, without those that cancel."""
    total: dict[str, float] = {}
    for weights in parts:
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
