"""Units and meanings of the columns of every table that becomes a page."""

from collections.abc import Callable

from comotion.tables.adiabatic_connections import CORRELATION, MOLLER_PLESSET
from comotion.tables.best_estimates import QUANTITIES
from comotion.tables.kohn_sham_atoms import INVERSION, SELF_CONSISTENT
from comotion.tables.quantities import COLUMNS, Column, column

_SYSTEM = {name: COLUMNS[name] for name in ("system", "level", "n_electrons", "nuclear_charge")}

_BRACKET = {
    "lower": COLUMNS["lower"],
    "lower_from": Column("", "what lower comes from: duality, or V_2 less its error"),
    "upper": COLUMNS["upper"],
    "upper_plan": Column("", "the plan behind upper: comotion, pattern or cells"),
    "gap": Column("hartree", "upper - lower"),
    "relative_gap": Column("1", "gap over upper"),
    "v_comotion": COLUMNS["v_comotion"],
    "comotion_excess": Column("hartree", "v_comotion - upper"),
    "comotion_within_gap": Column("", "whether comotion_excess is at most gap"),
    "spline_error": Column("hartree", "change of lower with the size of the potential's space"),
}

_BEST = {
    "middle": Column("hartree", "middle of lower and upper"),
    "lower": COLUMNS["lower"],
    "upper": COLUMNS["upper"],
    "v_comotion_by_potential": Column(
        "hartree", "v_comotion by the potential, from the density in the next smaller basis"
    ),
    "energy_exact": Column("hartree", "exact non-relativistic energy, from the literature"),
    "energy_within_error": Column("", "whether it lies within the error bar"),
}

_COVERAGE = {
    "quantity": Column("", "quantity that is compared"),
    "value": Column("hartree", "the estimate"),
    "error": Column("hartree", "its error bar"),
    "exact": Column("hartree", "exact: from the literature, or of two electrons (hylleraas_w10)"),
    "bars": Column("1", "distance from exact in units of the error bar"),
}

_ENGINE = {
    "v_published": Column("hartree", "co-motion cost that others published"),
    "wall_seconds": Column("s", "wall time of both searches"),
    "cpu_seconds": Column("s", "CPU time of both searches"),
    "peak_megabytes": Column("MB", "most memory of the process so far"),
    "double_loop_ns_per_pair": Column(
        "ns", "time of energy and forces for each pair of electrons, in a plain double loop"
    ),
    "kernel_ns_per_pair": Column("ns", "time of energy and forces for each pair of electrons"),
    "minimiser_ns_per_pair": Column("ns", "time of one step of the minimiser for each pair"),
    "nodes": Column("1", "quadrature nodes"),
}


def _best(name: str) -> Column:
    """A quantity of the best estimates, or its error bar."""
    quantity = name.removesuffix("_error")
    if name != quantity and quantity in QUANTITIES:
        return Column((COLUMNS | _BEST)[quantity].unit, f"error bar of {quantity}")
    return (COLUMNS | _BEST)[name]


#: Describes each column of a table, by the table's name.
DESCRIBE: dict[str, Callable[[str], Column]] = {
    "energies": column,
    "best": _best,
    "coverage": (_SYSTEM | _COVERAGE).__getitem__,
    "bracket": (_SYSTEM | _BRACKET).__getitem__,
    "hierarchy_bracket": (
        _SYSTEM
        | {
            "k": Column("1", "electrons in the representing system"),
            "lower": Column("hartree", "lower bound of V_k"),
            "upper": Column("hartree", "upper bound of V_k"),
        }
    ).__getitem__,
    "kohn_sham": SELF_CONSISTENT.__getitem__,
    "inversion": INVERSION.__getitem__,
    "connection": CORRELATION.__getitem__,
    "moller_plesset": MOLLER_PLESSET.__getitem__,
    "engine": (COLUMNS | _ENGINE).__getitem__,
}

#: Columns of a wide table that are seen at first, in a window of common width; of the others, all
#: are.
SHOWN_FIRST = {
    "energies": (
        "system", "level", "n_electrons", "lower", "upper", "v_comotion", "v_quantum",
        "v_mean_field", "w_inf_lower", "w_inf_upper", "warnings",
    ),
    "connection": (
        "system", "level", "w_0", "w_0_prime", "w_inf_middle", "w_inf_prime", "e_c", "e_c_isi",
        "e_c_revisi", "e_c_genisi", "e_c_spl", "e_c_lb",
    ),
}  # fmt: skip
