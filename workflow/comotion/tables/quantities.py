"""Columns of the table of energies: the unit, the meaning and the record of each."""

from dataclasses import dataclass

#: Records that a row is made of. One of the first two is there: an atom has quantum.json, which
#: holds the integrals of its density too, every other density has density.json.
RECORDS = ("quantum", "density", "sce", "hierarchy", "bracket", "pair_bound")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        unit: Its unit; "1" if it has none, empty if it is no number.
        meaning: What it is, in a phrase.
        record: Record of `RECORDS` that it is read from, or empty if it is derived; "density"
            stands for quantum.json too.
    """

    unit: str
    meaning: str
    record: str = ""


#: What the spread of the searches is, for all that shows it.
SEARCH_SPREAD = (
    "rise of v_comotion if each configuration had the highest energy that a seed found for it"
)

_ENERGIES = {
    "energy": Column("hartree", "total energy E", "quantum"),
    "v_quantum": Column("hartree", "quantum <V_ee>", "quantum"),
    "v_hf": Column("hartree", "Hartree-Fock <V_ee> in the same basis", "quantum"),
    "hartree": Column(
        "hartree", "Hartree energy U of the spherically averaged density", "density"
    ),
    "v_mean_field": Column("hartree", "mean field (1 - 1/N) U", "density"),
    "v_comotion": Column("hartree", "cost of the co-motion plan, an upper bound of V_SCE", "sce"),
}  # fmt: skip
#: Energies that are also given per electron pair.
PER_PAIR = tuple(_ENERGIES)

COLUMNS: dict[str, Column] = {
    "system": Column("", "atom, ion, model or user density"),
    "level": Column("", "level of theory of the density, method_basis"),
    "n_electrons": Column("1", "number of electrons N"),
    "nuclear_charge": Column("1", "nuclear charge Z of an atom or ion", "quantum"),
    **_ENERGIES,
    **{
        f"{name}_per_pair": Column("hartree", f"{energy.meaning}, over N (N - 1) / 2")
        for name, energy in _ENERGIES.items()
    },
    "v_best_pattern": Column(
        "hartree", "cost of the best pattern of shell directions found, an upper bound of V_SCE",
        "sce",
    ),
    "best_pattern": Column(
        "", "that pattern, u up and d down, from the innermost shell", "sce"
    ),
    "lower": Column(
        "hartree", "lower bound of V_SCE by duality, as good as its search, or V_2", "bracket"
    ),
    "upper": Column(
        "hartree", "upper bound of V_SCE: the cheapest plan found, plus its quadrature error",
        "bracket",
    ),
    "lower_proven": Column(
        "hartree", "lower bound of V_SCE, the pair bound, proven from its certificate",
        "pair_bound",
    ),
    "lower_pair": Column(
        "hartree", "the same bound as its solver and a quadrature have it, not proven",
        "pair_bound",
    ),
    "w_inf_lower": Column(
        "hartree",
        "lower bound of W_inf = V_SCE - U: lower, or the larger of v_2 less its error and "
        "lower_proven where there is no bracket, less U and the error of U",
    ),
    "w_inf_upper": Column(
        "hartree",
        "upper bound of W_inf: upper, or v_best_pattern with its error where there is no bracket, "
        "less U, plus the error of U",
    ),
    "w_inf_comotion": Column(
        "hartree", "v_comotion - U, an upper bound of W_inf", "sce"
    ),
    "w_pc": Column("hartree", "point-charge-plus-continuum model of W_inf", "density"),
    "w_inf_prime": Column(
        "hartree",
        "zero-point coefficient of the co-motion plan, W'_inf where that is optimal; none where "
        "its error is more than half of it",
        "sce",
    ),
    "w_inf_prime_optimal": Column(
        "hartree",
        "W'_inf of the optimal plan, from the potentials of lower bounds: no co-motion plan is "
        "needed",
        "bracket",
    ),
    "w_pc_prime": Column("hartree", "point-charge-plus-continuum model of W'_inf", "density"),
    "unstable_share": Column(
        "1", "share of configurations about which the co-motion plan is unstable", "sce"
    ),
    "rho_four_thirds": Column("bohr^-1", "int rho^(4/3)", "density"),
    "gradient_four_thirds": Column("bohr^-1", "int |grad rho|^2 / rho^(4/3)", "density"),
    "rho_three_halves": Column("bohr^-3/2", "int rho^(3/2)", "density"),
    "gradient_seven_sixths": Column("bohr^-3/2", "int |grad rho|^2 / rho^(7/6)", "density"),
    "lieb_oxford_ratio": Column(
        "1", "-w_inf_upper / int rho^(4/3), a lower bound of -W_inf / int rho^(4/3), at most 1.58"
    ),
    "exchange": Column("hartree", "exchange energy of the reference determinant", "quantum"),
    "search_spread": Column("hartree", SEARCH_SPREAD, "sce"),
    "quadrature_error": Column("hartree", "estimated quadrature error of v_comotion", "sce"),
    "w_inf_prime_error": Column("hartree", "estimated quadrature error of w_inf_prime", "sce"),
    "w_inf_prime_optimal_error": Column(
        "hartree",
        "error bar of w_inf_prime_optimal by a rule whose form was fixed on two to four electrons",
        "bracket",
    ),
    "hartree_error": Column("hartree", "estimated quadrature error of U", "density"),
    "density_integral_error": Column("electrons", "int rho - N", "quantum"),
    "virial_ratio": Column("1", "-(E - T) / T, 2 in a complete basis", "quantum"),
    "spin_square": Column("1", "<S^2> of the reference determinant", "quantum"),
    "converged": Column("", "whether all iterations converged", "quantum"),
    "upper_quadrature_error": Column(
        "hartree", "quadrature error within upper, where a plan by cells is behind it", "bracket"
    ),
    "warnings": Column("", "inequalities of V_SCE that its upper bounds, or <V_ee>, do not obey"),
}  # fmt: skip


def column(name: str) -> Column:
    """A column by its name, those of each k of the hierarchy included.

    Args:
        name: One of `COLUMNS`, ``v_2``, or ``v_comotion_k``, ``lower_k``, ``upper_k``,
            ``lower_proven_k`` with a number k, the first two also with ``_error``.

    Raises:
        KeyError: There is no such column.
    """
    stem, _, k = name.removesuffix("_error").rpartition("_")
    if name in COLUMNS or not k.isdecimal():
        return COLUMNS[name]
    if name == "v_2":
        return Column("hartree", "V_2 in closed form, a lower bound of V_SCE", "hierarchy")
    if name == "v_2_error":
        return Column("hartree", "estimated quadrature error of v_2", "hierarchy")
    if name == f"v_comotion_{k}_error":
        return Column("hartree", f"error of v_comotion_{k}, of search and quadrature", "hierarchy")
    if name.endswith("_error"):
        raise KeyError(name)
    return {
        "v_comotion": Column(
            "hartree",
            f"cost of the co-motion plan of k = {k} electrons in rho k / N, times "
            f"N (N - 1) / (k (k - 1)): an upper bound of V_{k}",
            "hierarchy",
        ),
        "lower": Column("hartree", f"lower bound of V_{k}", "bracket"),
        "upper": Column("hartree", f"upper bound of V_{k}", "bracket"),
        "lower_proven": Column("hartree", f"proven lower bound of V_{k}", "pair_bound"),
    }[stem]


def orders(names: list[str], stem: str) -> list[int]:
    """The numbers k for which a table has the column ``stem_k``, ascending."""
    ends = [name.removeprefix(f"{stem}_") for name in names if name.startswith(f"{stem}_")]
    return sorted(int(end) for end in ends if end.isdecimal())
