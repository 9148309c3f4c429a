"""The best estimate of an atom, composed of several levels, with an error bar.

Two electrons are solved exactly (Hylleraas). For more,

    X = X_HF(hybrid basis) + X_corr(CBS) + [X_(T) - X_CCSD](TZ) (+ [X_FCI - X_(T)](DZ)),

for X = E, <V_ee> and U, where X_corr is the difference of CCSD and Hartree-Fock in one basis,
extrapolated from the triple- and quadruple-zeta level by the inverse cube of the cardinal number
(Helgaker, Klopper, Koch, Noga, J. Chem. Phys. 106, 9639 (1997)). Full CI is affordable
up to five electrons. The error bar adds, in quadrature, a share of the extrapolation and a share
of the last correction of the method. The transport energies are those of the best density in a
single basis; their error bar is the change from the basis before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comotion.errors import ComparisonError
from comotion.systems import Atom, parse_atom

#: Name of the level under which best estimates are stored.
BEST = "best"
#: Quantities composed, and the same of the Hartree-Fock reference in the same basis.
_COMPOSED = {"energy": "energy_hf", "v_quantum": "v_hf", "hartree": "hartree_hf"}
#: Quantities of the transport plan.
_TRANSPORT = ("v_comotion", "v_best_pattern", "w_inf_comotion", "w_inf_prime")
#: Orders of the Hylleraas states: the second is the best, the first gives the error.
_HYLLERAAS = {"before": "hylleraas_w8", "best": "hylleraas_w10"}
#: Share of the extrapolation beyond the largest basis that is taken as its error: where the
#: method is as good as exact (Li, Be) the energy misses by 0.10 and 0.12 of it. The core of the
#: third row converges more slowly: Na, Mg, Si miss by 0.23 to 0.25 of it, Al by 0.29, Ar by 0.06.
_BASIS_SHARE, _BASIS_SHARE_THIRD_ROW = 0.12, 0.30
#: Shares of the last correction of the method. In boron full CI (DZ) adds, to <V_ee>, 0.47 of
#: the (T) correction in the same basis (0.36 of that at TZ), and to U 0.50 (0.56); the share for
#: the energy is calibrated so that the bars cover all of Li to Ne.
_METHOD_SHARE = {"energy": 0.15, "v_quantum": 0.47, "hartree": 0.56}
#: Most electrons for which full CI is computed, and for which the recipe is meant.
_FULL, _MOST = 5, 18
#: Electrons of neon.
_SECOND_ROW = 10
_CLOSED_SHELLS = (2, 4, 10, 12, 18)


@dataclass(frozen=True)
class Estimate:
    """A number with its error bar, hartree."""

    value: float
    error: float


def ingredients(atom: Atom) -> dict[str, str]:
    """Levels of which the best estimate of an atom is composed, by their role.

    Raises:
        ComparisonError: The recipe is not for so many electrons.
    """
    n = atom.n_electrons
    if n == 2:
        return dict(_HYLLERAAS)
    if not 2 < n <= _MOST:
        raise ComparisonError(
            f"{atom.symbol} with charge {atom.charge:+d}: best estimates are for 2 to {_MOST} "
            f"electrons, not {n}"
        )
    highest = 0 if n <= 4 else 1
    reference = "hf" if n in _CLOSED_SHELLS else "uhf"
    levels = {
        "hartree_fock": f"{reference}_hyb-{highest}-UGBS+aug-cc-pCVTZ",
        "before": "ccsd_aug-cc-pCVTZ",
        "best": "ccsd_aug-cc-pCVQZ",
        "triples": "ccsd-t_aug-cc-pCVTZ",
    }
    if n <= _FULL:
        levels |= {"small_triples": "ccsd-t_aug-cc-pCVDZ", "full": "fci_aug-cc-pCVDZ"}
    return levels


def best_estimate(
    system: str, quantum: Mapping[str, Mapping[str, Any]], sce: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Compose the best estimate of an atom.

    Args:
        system: Name of the atom.
        quantum: Contents of quantum.json by level; every level of `ingredients`.
        sce: Contents of sce.json by level, of the roles ``before`` and ``best``.

    Returns:
        The record: every quantity with ``_error`` beside it, and its parts.

    Raises:
        ComparisonError: A level is missing.
    """
    atom = parse_atom(system)
    levels = ingredients(atom)
    missing = [level for level in levels.values() if level not in quantum]
    missing += [levels[role] for role in ("before", "best") if levels[role] not in sce]
    if missing:
        raise ComparisonError(f"{system}: the records of {', '.join(missing)} are missing")
    by_role = {role: quantum[level] for role, level in levels.items()}
    compose = _exact if atom.n_electrons == 2 else _composed
    record: dict[str, Any] = {
        "system": system,
        "level": BEST,
        "n_electrons": atom.n_electrons,
        "nuclear_charge": atom.nuclear_charge,
        "levels": levels,
    }
    for name in _COMPOSED:
        estimate = compose(name, by_role, atom.n_electrons)
        record |= {name: estimate.value, f"{name}_error": estimate.error}
    for name in _TRANSPORT:
        best, before = sce[levels["best"]], sce[levels["before"]]
        if best[name] is None or before[name] is None:
            # A number whose error was too large; sce.json says so.
            record |= {name: None, f"{name}_error": None}
            continue
        error = abs(best[name] - before[name])
        # The density's error comes before that of the search and of the quadrature.
        error += best["search_spread"] + best["quadrature_error"]
        record |= {name: best[name], f"{name}_error": error}
    exact = by_role["best"].get("energy_exact")
    record |= {"energy_exact": exact, "energy_within_error": None}
    if exact is not None:
        record["energy_within_error"] = abs(record["energy"] - exact) <= record["energy_error"]
    return record


def _exact(name: str, records: Mapping[str, Mapping[str, Any]], _: int) -> Estimate:
    """Two electrons: the highest order, with the change from the one before as error."""
    value = float(records["best"][name])
    return Estimate(value, abs(value - float(records["before"][name])))


def _composed(
    name: str, records: Mapping[str, Mapping[str, Any]], n_electrons: int
) -> Estimate:  # fmt: skip
    """More electrons; see the module."""

    def correlation(role: str) -> float:
        return float(records[role][name]) - float(records[role][_COMPOSED[name]])

    triple, quadruple = correlation("before"), correlation("best")
    beyond = 27 / (64 - 27) * (quadruple - triple)
    method = float(records["triples"][name]) - float(records["before"][name])
    value = float(records["hartree_fock"][name]) + quadruple + beyond + method
    if "full" in records:
        method = float(records["full"][name]) - float(records["small_triples"][name])
        value += method
    share = _BASIS_SHARE if n_electrons <= _SECOND_ROW else _BASIS_SHARE_THIRD_ROW
    basis_error, method_error = share * beyond, _METHOD_SHARE[name] * method
    return Estimate(value, (basis_error**2 + method_error**2) ** 0.5)
