"""The examples in the docstrings."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest


def _modules_with_examples(project: Path) -> list[str]:
    package = project / "workflow"
    return [
        ".".join(path.relative_to(package).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((package / "comotion").rglob("*.py"))
        if ">>> " in path.read_text()
    ]


@pytest.mark.parametrize("name", _modules_with_examples(Path(__file__).parents[1]))
def test_examples_print_what_they_say(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
