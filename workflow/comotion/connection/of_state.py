"""The adiabatic connection of an atom's state: its ends, and what interpolations make of them.

Every number belongs to the state's averaged density. ``W_0 = E_x`` and ``W'_0 = 2 E_c^GL2`` are
those of its Kohn-Sham orbitals, W_inf and W'_inf of its transport, and E_c is what the exact
energy, or where that is not known the wave function's own, has beyond the Kohn-Sham determinant.
Of an open shell W_0 is <V_ee> - U of its term, averaged over rotations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any

from comotion.analysis import Analysis, analyse
from comotion.connection.ingredients import Ingredients
from comotion.connection.interpolations import (
    INTERPOLATIONS,
    WITHOUT_ZERO_POINT,
    Interpolation,
)
from comotion.connection.point_charge import point_charge
from comotion.connection.second_order import second_order
from comotion.connection.transport_ends import TransportEnd, transport_end
from comotion.electronic.gate import expected_energy
from comotion.electronic.state import ElectronicState
from comotion.errors import ComotionError, ComparisonError
from comotion.kohn_sham.of_density import KohnShamSystem, kohn_sham_system
from comotion.number import Number, html_of, table_of
from comotion.systems import electrons_in_words, parse_atom

#: Relative difference of two Hartree energies of one density.
_SAME = 1e-6
#: Where the strong end comes from: the suffixes of names, and what they mean.
_STRONG_ENDS = {"": "the ends of the density", "_pc": "the strong end by the point-charge model"}
#: Names of all numbers that a connection may have, in order, and of those that have an error.
NAMES = (
    "w_0", "w_0_prime", "w_1", "w_inf_lower", "w_inf_upper", "w_inf_middle", "w_inf_prime",
    "w_pc", "w_pc_prime", "e_c",
    *(f"e_c_{name}{suffix}" for name in INTERPOLATIONS for suffix in _STRONG_ENDS),
)  # fmt: skip
WITH_ERRORS = tuple(
    name
    for name in NAMES
    if name in ("w_0", "w_0_prime", "w_inf_middle", "w_inf_prime") or name.startswith("e_c")
)


@dataclass(frozen=True, eq=False, repr=False)
class Connection:
    """The adiabatic connection of a density, from weak to strong coupling.

    Attributes:
        system: Name of the atom or ion.
        level: Level of its density.
        n_electrons: Number of electrons N.
        energy_is_exact: Whether E_c is made of the exact energy, from the literature or of a state
            in Hylleraas functions, and not of another state's own, whose basis is in no bar.
        numbers: Ends, correlation energy and interpolations by name.
        missing: Why there is none of the others, a sentence by name.
    """

    system: str
    level: str
    n_electrons: int
    energy_is_exact: bool
    numbers: Mapping[str, Number] = field(hash=False)
    missing: Mapping[str, str] = field(hash=False)

    @property
    def ends(self) -> Ingredients:
        """The four ingredients of interpolations, W_inf the middle of its bounds.

        Raises:
            ComparisonError: One is missing.
        """
        return _ingredients(self.numbers, "")

    def to_pandas(self) -> Any:
        """The numbers as a table.

        Returns:
            One row for each number with the columns value, error (NaN where none is known), unit
            and meaning, by the number's name.
        """
        return table_of(self.numbers)

    def record(self) -> dict[str, Any]:
        """What connection.json holds.

        Returns:
            All numbers and their errors by name, None where there is none, and what is missing.
        """
        record: dict[str, Any] = {"energy_is_exact": self.energy_is_exact}
        for name in NAMES:
            one = self.numbers.get(name)
            record[name] = None if one is None else one.value
            if name in WITH_ERRORS:
                record[f"{name}_error"] = None if one is None else one.error
        return record | {"missing": dict(self.missing)}

    @property
    def _title(self) -> str:
        return f"{self.system}, {self.level}, {electrons_in_words(self.n_electrons)}"

    def __repr__(self) -> str:
        """One line for each number with its error, and for each that is missing."""
        lines = [f"<Connection of {self._title}>"]
        lines += [f"{name:16} {one}" for name, one in self.numbers.items()]
        lines += [f"{name:16} missing: {why}" for name, why in self.missing.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The numbers as a table for notebooks."""
        return html_of(self.numbers, f"{self._title}, hartree")


def adiabatic_connection(
    state: ElectronicState,
    *,
    analysis: Analysis | None = None,
    energy_exact: float | None = None,
) -> Connection:
    """The adiabatic connection of an atom's state.

    Args:
        state: The state, of `comotion.atom` or `comotion.from_pyscf`.
        analysis: Its analysis by `comotion.analyse`, where there is one already.
        energy_exact: Exact energy, hartree, of which E_c is made; by default that of the
            literature, or where none is known the wave function's own.

    Returns:
        Ends, correlation energy and interpolations.

    Raises:
        ComparisonError: No state of an atom, one electron, an energy that is not finite, or the
            analysis of another density.
        ElectronicStructureError: No potential has orbitals with this density; see
            `comotion.kohn_sham_system`.
        DensityError: The density is not that of the atom's ground state.
        TransportError: See `comotion.analyse`.
    """
    if not isinstance(state, ElectronicState):
        raise ComparisonError(
            f"a {type(state).__name__} is no state of an atom: take comotion.atom or "
            "comotion.from_pyscf; of a density of two electrons comotion.connection_curve"
        )
    if energy_exact is not None and not isfinite(energy_exact):
        raise ComparisonError(f"energy_exact = {energy_exact}: give a number in hartree")
    require_pairs(state.system, state.n_electrons)
    found = kohn_sham_system(state.system, state)
    analysis = analyse(state) if analysis is None else analysis
    if not abs(analysis.hartree - found.hartree) <= _SAME * found.hartree:
        raise ComparisonError(
            f"the analysis is of a density with U = {analysis.hartree:.6f}, the state has "
            f"{found.hartree:.6f} hartree: give comotion.analyse of this state"
        )
    energies = state.energies
    known = expected_energy(parse_atom(state.system), "exact")
    energy, exact = energy_for_correlation(
        state.level,
        exact=known if energy_exact is None else energy_exact,
        energy=energies.energy,
        v_quantum=energies.v_quantum,
    )
    return connection_of(
        found,
        transport_end(analysis),
        level=state.level,
        model=_by_model(state),
        energy=energy,
        energy_is_exact=exact,
        nuclear_attraction=energies.nuclear_attraction,
        v_quantum=energies.v_quantum,
    )


def require_pairs(system: str, n_electrons: int) -> None:
    """Refuse one electron.

    Raises:
        ComparisonError: There is one alone.
    """
    if n_electrons < 2:
        raise ComparisonError(
            f"{system} has one electron, which repels nothing: W_lambda is -U at every coupling, "
            "and there is nothing to interpolate"
        )


def energy_for_correlation(
    level: str, *, exact: float | None, energy: float | None, v_quantum: float | None
) -> tuple[float | None, bool]:
    """The energy of which E_c is made, and whether it is the exact one.

    Args:
        level: Level of the state.
        exact: Exact energy from the literature, hartree, or None.
        energy: The state's own, hartree, or None.
        v_quantum: <V_ee> of the state, hartree; None where it has no wave function, and its energy
            is that of a functional.
    """
    if exact is not None:
        return exact, True
    return (None if v_quantum is None else energy), level.partition("_")[0] == "hylleraas"


def connection_of(
    found: KohnShamSystem,
    transport: TransportEnd,
    *,
    level: str,
    model: tuple[float, float] | None,
    energy: float | None,
    energy_is_exact: bool,
    nuclear_attraction: float | None,
    v_quantum: float | None,
) -> Connection:
    """The adiabatic connection of a density whose Kohn-Sham system and transport are known.

    Args:
        found: Its Kohn-Sham system.
        transport: Its strong-coupling end.
        level: Its level.
        model: W_inf and W'_inf of the point-charge-plus-continuum model, hartree, or None.
        energy: The exact energy, or the wave function's own, hartree, or None.
        energy_is_exact: Whether it is the exact one.
        nuclear_attraction: int v rho, hartree, or None.
        v_quantum: <V_ee> of the state, hartree, or None.

    Returns:
        Ends, correlation energy and interpolations.
    """
    numbers: dict[str, Number] = {}
    missing: dict[str, str] = {}
    numbers["w_0"] = Number(found.exchange, found.exchange_error, "W_0 = E_x")
    try:
        gl2 = second_order(found)
        numbers["w_0_prime"] = Number(2 * gl2.energy, 2 * gl2.error, "W'_0 = 2 E_c^GL2")
    except ComotionError as error:
        missing["w_0_prime"] = str(error)
    if v_quantum is None:
        missing["w_1"] = "the state has no wave function, and so no <V_ee>"
    else:
        numbers["w_1"] = Number(v_quantum - found.hartree, None, "W_1 = <V_ee> - U of the state")
    numbers |= _strong(transport, model)
    if transport.w_inf_prime is None:
        missing["w_inf_prime"] = transport.missing or "it is not known"
    if energy is None or nuclear_attraction is None:
        missing["e_c"] = "no energy is known but that of a functional"
    else:
        determinant = found.kinetic_s + nuclear_attraction + found.hartree + found.exchange
        bar = found.kinetic_s_error + found.exchange_error
        whose = "the exact energy" if energy_is_exact else "the state's own energy"
        numbers["e_c"] = Number(energy - determinant, bar, f"correlation energy E_c, of {whose}")
    for name, one in INTERPOLATIONS.items():
        for suffix, about in _STRONG_ENDS.items():
            if suffix and model is None:
                continue
            try:
                numbers[f"e_c_{name}{suffix}"] = _interpolated(one, numbers, suffix, about)
            except ComparisonError as error:
                missing[f"e_c_{name}{suffix}"] = str(error)
    n = found.n_electrons
    return Connection(found.system, level, n, energy_is_exact, numbers, missing)


def _by_model(state: ElectronicState) -> tuple[float, float] | None:
    """The strong end of the point-charge-plus-continuum model, or None where it has no value."""
    try:
        strong = point_charge(state)
    except ComotionError:
        return None
    return strong.w_pc, strong.w_pc_prime


def _strong(transport: TransportEnd, model: tuple[float, float] | None) -> dict[str, Number]:
    """Numbers of the strong end."""
    lower, upper = transport.w_inf_lower, transport.w_inf_upper
    numbers = {
        "w_inf_lower": Number(lower, None, "lower bound of W_inf = V_SCE - U"),
        "w_inf_upper": Number(upper, None, "upper bound of W_inf"),
        "w_inf_middle": Number((lower + upper) / 2, (upper - lower) / 2, "middle of the two"),
    }
    if transport.w_inf_prime is not None:
        numbers["w_inf_prime"] = Number(
            transport.w_inf_prime, transport.w_inf_prime_error, "zero-point coefficient W'_inf"
        )
    if model is not None:
        about = "by the point-charge-plus-continuum model"
        numbers["w_pc"] = Number(model[0], None, f"W_inf {about}")
        numbers["w_pc_prime"] = Number(model[1], None, f"W'_inf {about}")
    return numbers


def _names(suffix: str) -> dict[str, str]:
    """Names of the numbers that are the ingredients, with the strong end of a model or not."""
    strong = ("w_pc", "w_pc_prime") if suffix else ("w_inf_middle", "w_inf_prime")
    own = (one.name for one in fields(Ingredients))
    return dict(zip(own, ("w_0", "w_0_prime", *strong), strict=True))


def _ingredients(numbers: Mapping[str, Number], suffix: str) -> Ingredients:
    """The ingredients among the numbers.

    Raises:
        ComparisonError: One is missing, or they cannot be those of a density.
    """
    values: dict[str, float | None] = {}
    for end, name in _names(suffix).items():
        if name not in numbers and name not in ("w_inf_prime", "w_pc_prime"):
            raise ComparisonError(f"{name} is missing, which interpolations need")
        values[end] = numbers[name].value if name in numbers else None
    return Ingredients(**values)  # type: ignore[arg-type] # only W'_inf may be None


def _interpolated(
    one: Interpolation, numbers: Mapping[str, Number], suffix: str, about: str
) -> Number:
    """Correlation energy of an interpolation; its error is what those of all ingredients can do."""
    ends = _ingredients(numbers, suffix)
    value, error = one.correlation(ends), 0.0
    for end, name in _names(suffix).items():
        bar = numbers[name].error if name in numbers else None
        if not bar or (end == "w_inf_prime" and one.name in WITHOUT_ZERO_POINT):
            continue
        try:
            moved = [
                one.correlation(Ingredients(**vars(ends) | {end: getattr(ends, end) + sign * bar}))
                for sign in (-1, 1)
            ]
        except ComparisonError as what:
            raise ComparisonError(
                f"{name} = {numbers[name].value:.6g} hartree has the error bar {bar:.1e}, too "
                "large to interpolate"
            ) from what
        error += max(abs(other - value) for other in moved)
    return Number(value, error, f"E_c of {one.name} from {about}")
