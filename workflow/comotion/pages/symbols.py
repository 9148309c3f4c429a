"""Symbols of the quantities in headings, as HTML: the names of the tables say too little."""

import re
from html import escape

_V = "<i>V</i>"
_W = "<i>W</i><sub>&#8734;</sub>"
_W_PRIME = "<i>W</i>&#8242;<sub>&#8734;</sub>"
_V_EE = f"&#10216;{_V}<sub>ee</sub>&#10217;"
_SCE = f"{_V}<sub>SCE</sub>"
_RHO = "<i>&#961;</i>"
_PLUS_MINUS = "&#177;"

#: Symbols by the names of columns; units stand below them, meanings and names in the tooltip.
SYMBOLS = {
    "n_electrons": "<i>N</i>",
    "nuclear_charge": "<i>Z</i>",
    "energy": "<i>E</i>",
    "energy_exact": "<i>E</i> exact",
    "v_quantum": _V_EE,
    "v_hf": f"{_V_EE} HF",
    "hartree": "<i>U</i>",
    "v_mean_field": "(1&#8722;1/<i>N</i>) <i>U</i>",
    "v_comotion": f"{_V} co-motion",
    "v_published": f"{_V} published",
    "v_best_pattern": f"{_V} best pattern",
    "best_pattern": "best pattern",
    "lower": f"{_SCE} &#8805;",
    "upper": f"{_SCE} &#8804;",
    "lower_proven": f"{_SCE} &#8805;, proven",
    "w_inf_lower": f"{_W} &#8805;",
    "w_inf_upper": f"{_W} &#8804;",
    "w_inf_comotion": f"{_W} co-motion",
    "w_pc": f"{_W} PC",
    "w_inf_prime": f"{_W_PRIME} co-motion",
    "w_pc_prime": f"{_W_PRIME} PC",
    "unstable_share": "unstable",
    "rho_four_thirds": f"&#8747;{_RHO}<sup>4/3</sup>",
    "gradient_four_thirds": f"&#8747;|&#8711;{_RHO}|<sup>2</sup>/{_RHO}<sup>4/3</sup>",
    "rho_three_halves": f"&#8747;{_RHO}<sup>3/2</sup>",
    "gradient_seven_sixths": f"&#8747;|&#8711;{_RHO}|<sup>2</sup>/{_RHO}<sup>7/6</sup>",
    "lieb_oxford_ratio": f"&#8722;{_W} / &#8747;{_RHO}<sup>4/3</sup> &#8805;",
    "lieb_oxford_ratio_upper": f"&#8722;{_W} / &#8747;{_RHO}<sup>4/3</sup> &#8804;",
    "exchange": "<i>E</i><sub>x</sub>",
    "search_spread": f"{_PLUS_MINUS} search",
    "quadrature_error": f"{_PLUS_MINUS} quadrature",
    "upper_quadrature_error": f"{_PLUS_MINUS} upper",
    "density_integral_error": f"&#8747;{_RHO} &#8722; <i>N</i>",
    "virial_ratio": "virial",
    "spin_square": "&#10216;<i>S</i><sup>2</sup>&#10217;",
    "spline_error": f"{_PLUS_MINUS} splines",
    "gap": "gap",
    "relative_gap": "gap / upper",
    "comotion_excess": "co-motion &#8722; upper",
    "comotion_within_gap": "within gap",
    "lower_from": "lower from",
    "upper_plan": "plan of upper",
    "k": "<i>k</i>",
    "cpu_seconds": "CPU time",
    "wall_seconds": "wall time",
    "peak_megabytes": "memory",
}
#: What the columns of each k of the hierarchy mean of V_k.
_OF_ORDER = {
    "v": "",
    "v_comotion": " &#8804; (co-motion)",
    "lower": " &#8805;",
    "upper": " &#8804;",
}


def symbol(name: str) -> str:
    """The symbol of a column, as HTML.

    Args:
        name: Name of the column.

    Returns:
        Its symbol; the name in words where it has none.
    """
    if name in SYMBOLS:
        return SYMBOLS[name]
    if name.endswith("_error"):
        return f"{_PLUS_MINUS} {symbol(name.removesuffix('_error'))}"
    if name.endswith("_per_pair"):
        return f"{symbol(name.removesuffix('_per_pair'))} / pair"
    of_order = re.fullmatch(r"(v|v_comotion|lower|upper)_(\d+)", name)
    if of_order:
        stem, k = of_order.groups()
        return f"{_V}<sub>{k}</sub>{_OF_ORDER[stem]}"
    return escape(name.replace("_", " "))
