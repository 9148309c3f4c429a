"""Every entry of the catalogue has its function, its text in the report and its place."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from comotion.figures.curves import SPECIFICATIONS
from study.catalogue import ATOM_PAGE, CURVE_PAGE, CURVES, FIGURES, PAGES, PROBLEMS, drawn_from

_FUNCTIONS = [figure.function for figure in FIGURES.values()]
_FUNCTIONS += [problem.function for problem in PROBLEMS.values()]


@pytest.mark.parametrize("function", _FUNCTIONS)
def test_every_figure_has_a_function(function: str) -> None:
    module, _, name = function.rpartition(".")
    assert callable(getattr(import_module(f"comotion.figures.{module}"), name))


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_has_a_module(problem: str) -> None:
    assert callable(import_module(f"comotion.models.{problem}").solve)


def test_the_report_says_what_each_shows(project: Path) -> None:
    report = project / "workflow/report"
    table_figures = (report / "table_figure.rst").read_text()
    for name in FIGURES:
        assert f'"{name}"' in table_figures or (report / f"{name}.rst").is_file(), name
    for names, file in ((PAGES, "page.rst"), (PROBLEMS, "problem_figure.rst")):
        text = (report / file).read_text()
        assert all(f'"{name}"' in text for name in names)


def test_every_figure_and_page_is_in_its_group(project: Path) -> None:
    """The groups are those of which the report's first page tells."""
    groups = {
        "Atoms": {"energies", "isoelectronic", "best", "pair_angle", "pair_density"},
        "Transport": {
            "hierarchy",
            "density",
            "comotion",
            "potential",
            "energy_density",
            "arrangement",
        },
        "Brackets": {"bracket", "pair_bound", "dual_potential", "support", "slack"},
        "Kohn-Sham": {
            "kohn_sham_energies",
            "kohn_sham_densities",
            "kohn_sham_potentials",
            "correlation",
            "strong_end",
            "connection_curve",
        },
        "Benchmarks": {"engine"},
    }
    for group, names in groups.items():
        assert {name for name, figure in FIGURES.items() if figure.category == group} == names
    pages = {
        "Atoms": {"overview", "energies", "best", "coverage"},
        "Brackets": {"bracket", "hierarchy_bracket"},
        "Kohn-Sham": {"kohn_sham", "inversion", "connection", "moller_plesset"},
        "Benchmarks": {"engine"},
        "Study": {"study"},
    }
    for group, names in pages.items():
        assert {name for name, page in PAGES.items() if page.category == group} == names
    text = (project / "workflow/report/workflow.rst").read_text()
    menu = text.partition("Finding your way")[2].partition("This study")[0]
    assert set(re.findall(r"\*(\w[\w-]+)\*", menu)) == {*groups, *pages, "Problems"}


def test_other_pages_are_in_groups_of_their_own(project: Path) -> None:
    assert (ATOM_PAGE.category, CURVE_PAGE.category) == ("Atoms", "Transport")
    assert list(CURVES) == list(SPECIFICATIONS)
    for name in ("atom_page", "curves"):
        assert (project / f"workflow/report/{name}.rst").is_file()


def test_no_two_have_one_label() -> None:
    """In a group of the report nothing else tells them apart."""
    labels = [one.label for many in (FIGURES, PAGES, PROBLEMS) for one in many.values()]
    assert len(set(labels)) == len(labels)
    assert all(labels)


def test_a_figure_is_drawn_from_one_source() -> None:
    assert drawn_from("plans") == ["density", "comotion", "potential", "energy_density"]
    assert drawn_from("brackets") == ["dual_potential", "slack"]
    for source, name in (
        ("states", "energies"), ("densities", "densities"), ("potentials", "potentials"),
    ):  # fmt: skip
        assert drawn_from(source) == [f"kohn_sham_{name}"]
    assert drawn_from("connection table") == ["correlation", "strong_end"]
    assert drawn_from("connection curves") == ["connection_curve"]
    assert drawn_from("nothing") == []
    assert sorted(name for source in {figure.drawn_from for figure in FIGURES.values()}
                  for name in drawn_from(source)) == sorted(FIGURES)  # fmt: skip


def test_the_modules_of_functions() -> None:
    assert FIGURES["density"].module == "figures.plans"
    assert FIGURES["kohn_sham_energies"].module == "figures.self_consistency"
    assert PROBLEMS["line"].module == "figures.models.few_bodies"
