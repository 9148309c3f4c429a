"""Kohn-Sham atoms as ``snakemake -n`` plans them: which rows, and what they add to a study."""

from typing import Any

import pytest
import yaml

from planned import Asked, Plan, planned

_NONE: dict[str, Any] = {"bracket": {"electrons": 0}, "pair_bound": {"electrons": 0}}
_KOHN_SHAM: dict[str, Any] = {
    "atoms": [
        {"systems": ["Be", "N"], "levels": ["ks-v2_x", "best"]},
        {"systems": ["Ne"], "levels": ["hf_x", "ks-comotion3_x", "ks-comotion_x"]},
        {"systems": ["Ne+", "Na"], "levels": ["hf_x"]},
    ],
    "models": ["exponential-2"], "kohn_sham": {"electrons": 10},
} | _NONE  # fmt: skip
#: What each of these adds to a study: rules, pages and figures.
_PARTS: dict[str, tuple[dict[str, Any], set[str], set[str], set[str]]] = {
    "nothing of Kohn and Sham": ({"levels": ["hf_x"]}, set(), set(), set()),
    "self-consistent alone": (
        {"levels": ["hf_x", "ks-v2_x"], "electrons": 4}, {"self_consistent"}, {"kohn_sham"},
        {"energies", "densities", "potentials"},
    ),
    "inverted alone": (
        {"levels": ["hf_x"], "electrons": 4}, {"kohn_sham"}, {"inversion"}, {"potentials"},
    ),
    "both": (
        {"levels": ["ks-v2_x", "hf_x"], "electrons": 4}, {"self_consistent", "kohn_sham"},
        {"kohn_sham", "inversion"}, {"energies", "densities", "potentials"},
    ),
    "one electron too many": (
        {"levels": ["ks-v2_x", "hf_x"], "electrons": 3}, {"self_consistent"}, {"kohn_sham"},
        {"energies", "densities", "potentials"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    """All dry runs, by what they are about."""
    studies = {"kohn-sham": _KOHN_SHAM}
    for about, (part, *_) in _PARTS.items():
        atoms = [{"systems": ["Be"], "levels": part["levels"]}]
        kohn_sham = {"electrons": part.get("electrons", 0)}
        studies[about] = {"atoms": atoms, "kohn_sham": kohn_sham} | _NONE
    asked = []
    for config in studies.values():
        folder = tmp_path_factory.mktemp("study")
        (folder / "config.yaml").write_text(yaml.safe_dump(config))
        asked.append(Asked(str(folder)))
    return dict(zip(studies, planned(asked), strict=True))


def test_last_levels_are_inverted_and_functionals_are_not(plans: dict[str, Plan]) -> None:
    """Of atoms of at most ten electrons; composed densities among them, models not."""
    plan = plans["kohn-sham"]
    assert plan.error == ""
    assert set(plan.of("self_consistent")) == {
        ("Be", "ks-v2_x"), ("N", "ks-v2_x"), ("Ne", "ks-comotion3_x"), ("Ne", "ks-comotion_x"),
    }  # fmt: skip
    inverted = plan.of("kohn_sham")
    assert set(inverted) == {("Be", "best"), ("N", "best"), ("Ne+", "hf_x")}
    of = "results/Be/best"
    job = inverted["Be", "best"]
    assert job.outputs == {
        "kohn_sham": [f"{of}/kohn_sham.json"], "potential": [f"{of}/kohn_sham.h5"],
    }  # fmt: skip
    assert {name: job.inputs[name] for name in ("density", "quantum")} == {
        "density": [f"{of}/density.h5"], "quantum": [f"{of}/quantum.json"],
    }  # fmt: skip
    made = plan.of("best_density")["Be", "best"].outputs
    assert made == {name: job.inputs[name] for name in ("density", "quantum")}
    (table,) = plan.of("kohn_sham_table").values()
    states = ["Be/ks-v2_x", "N/ks-v2_x", "Ne/ks-comotion3_x", "Ne/ks-comotion_x"]
    found = ["Be/best", "N/best", "Ne+/hf_x"]
    assert table.inputs["states"] == [f"results/{row}/quantum.json" for row in states]
    assert table.inputs["inversions"] == [f"results/{row}/kohn_sham.json" for row in found]
    compared = [
        "Be/ks-v2_x", "Be/best", "N/ks-v2_x", "N/best",
        "Ne/hf_x", "Ne/ks-comotion3_x", "Ne/ks-comotion_x",
    ]  # fmt: skip
    for name, file, rows in (
        ("energies", "quantum.json", compared), ("densities", "density.h5", compared),
        ("potentials", "kohn_sham.h5", states + found),
    ):  # fmt: skip
        (figure,) = plan.of(f"kohn_sham_{name}_figure").values()
        assert figure.inputs["inputs"] == [f"results/{row}/{file}" for row in rows]


@pytest.mark.parametrize("about", _PARTS)
def test_what_kohn_sham_levels_add_to_a_study(plans: dict[str, Plan], about: str) -> None:
    """Each rule, page and figure is there if there is something for it, and not else."""
    _, rules, pages, figures = _PARTS[about]
    plan = plans[about]
    assert plan.error == ""
    jobs = {job.rule for job in plan.jobs}
    assert jobs & {"self_consistent", "kohn_sham"} == rules
    assert ("kohn_sham_table" in jobs) == bool(rules)
    shown = {name for (name,) in plan.of("table_page")}
    assert shown == {"overview", "energies", "study"} | pages
    drawn = {rule for rule in jobs if rule.startswith("kohn_sham_") and rule.endswith("_figure")}
    assert drawn == {f"kohn_sham_{name}_figure" for name in figures}
    (everything,) = plan.of("all").values()
    table = "results/studies/default/tables/kohn_sham.csv"
    assert (table in everything.inputs[""]) == bool(rules)
