"""Every entry of the catalogue has its function, its text in the report and its place."""

from importlib import import_module
from pathlib import Path

import pytest

from study.catalogue import FIGURES, PAGES, PROBLEMS

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
