"""Records made by hand that obey every inequality."""

from collections.abc import Callable
from typing import Any

import pytest

Records = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="session")
def neon() -> Records:
    """A wave function of neon, its density, its plans, and bounds of V_SCE, V_2 and V_3."""
    key = {"system": "Ne", "level": "hf_x", "n_electrons": 10}
    return [
        ("quantum", {
            **key, "energy": -128.5, "v_quantum": 54.0, "v_hf": 54.0, "hartree": 66.1,
            "hartree_error": 1e-7, "v_mean_field": 59.49, "rho_four_thirds": 14.9, "w_pc": -20.0,
        }),
        ("sce", {
            **key, "v_comotion": 46.0, "v_best_pattern": 45.99, "w_inf_comotion": -20.1,
            "search_spread": 1e-5, "quadrature_error": 1e-6, "settings": {},
        }),
        ("hierarchy", {
            **key, "hierarchy": {"v_2": 29.2, "v_comotion_3": 35.4, "v_comotion_10": 46.0},
            "hierarchy_error": {"v_2": 1e-8, "v_comotion_3": 1e-6, "v_comotion_10": 1.1e-5},
        }),
        ("bracket", {
            **key, "lower": 45.95, "upper": 45.96, "v_comotion": 46.00001, "spline_error": 0.1,
            "upper_quadrature_error": 2e-6,
            "hierarchy_bracket": {"2": [29.2, 29.2], "3": [35.3, 35.35]},
        }),
        ("pair_bound", {
            **key, "lower_proven": 45.9, "lower_pair": 45.9000001,
            "hierarchy_proven": {"2": 29.19, "3": 35.29},
        }),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def changed(neon: Records) -> Callable[..., Records]:
    """Those records with other values; a key that a record does not have is not added."""

    def change(**values: Any) -> Records:
        return [
            (name, record | {key: value for key, value in values.items() if key in record})
            for name, record in neon
        ]

    return change
