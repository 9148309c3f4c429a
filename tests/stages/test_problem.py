"""The stage of problems: each keyword of a solution is an option, with its default."""

import inspect
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion.cli import main
from comotion.io import read_arrays, read_json
from comotion.models import PROBLEMS, infinite
from comotion.models.problem import Solution


def _solve(name: str, folder: Path, *words: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the stage; the record, and attributes and arrays together."""
    record, arrays = folder / "a.json", folder / "a.h5"
    main(["problem", name, "--record", str(record), "--arrays", str(arrays), *words])
    attributes, values = read_arrays(arrays)
    return read_json(record), attributes | values


def test_record_and_arrays_are_the_solution(tmp_path: Path) -> None:
    record, arrays = _solve("infinite", tmp_path, "--weights", "7")
    solution = infinite.solve(weights=7)
    assert record.pop("provenance")
    assert record == {"problem": "infinite", **solution.numbers}
    assert arrays.pop("problem") == "infinite"
    assert arrays.pop("versions")
    assert set(arrays) == set(solution.arrays)
    for name, (values, _, _) in solution.arrays.items():
        np.testing.assert_array_equal(arrays[name], values)
    assert len(arrays["weights"]) == 7


@pytest.mark.parametrize("name", PROBLEMS)
def test_sizes_are_the_keywords_of_the_solution(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default what a call from Python takes, else what is given: whole numbers or several."""
    module = import_module(f"comotion.models.{name}")
    parameters = inspect.signature(module.solve).parameters
    defaults = {keyword: size.default for keyword, size in parameters.items()}
    assert defaults
    told: list[dict[str, Any]] = []

    class Told:
        """In the place of the solution, with its signature."""

        __signature__ = inspect.signature(module.solve)
        __doc__ = module.solve.__doc__

        def __call__(self, **sizes: Any) -> Solution:
            told.append(sizes)
            return Solution({"x": 1}, {"y": ([1.0], "1", "some")})

    monkeypatch.setattr(module, "solve", Told())
    record, _ = _solve(name, tmp_path)
    assert (record["problem"], record["x"]) == (name, 1)
    words: list[str] = []
    expected: dict[str, Any] = {}
    for keyword, default in defaults.items():
        several = isinstance(default, Sequence)
        expected[keyword] = [0.5, 3.0] if several else 13
        words += [f"--{keyword.replace('_', '-')}", *(["0.5", "3"] if several else ["13"])]
    _solve(name, tmp_path, *words)
    assert told == [defaults, expected]


def test_help_names_problems_and_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["problem", "--help"], ["problem", "semiclassical", "--help"]):
        with pytest.raises(SystemExit):
            main(words)
    told = capsys.readouterr().out
    for name, what in PROBLEMS.items():
        assert f"  {name:22}{what}\n" in told
    assert "default 80" in told
    assert "default 10 3 1 0.5 0.25" in told
    assert "usage: comotion problem semiclassical" in told
