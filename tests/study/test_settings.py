"""Each setting stands in one place, the schema; configuration and command lines follow it."""

import argparse
import inspect
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from comotion.cli import STAGES
from study.configuration import read_study
from study.settings import Setting, settings

_SCHEMA = Path(__file__).parents[2] / "workflow/schemas/config.schema.yaml"
_RULES = yaml.safe_load(_SCHEMA.read_text())
_SETTINGS = list(settings(_RULES))
#: Stages whose settings are all keys of the configuration.
_CONFIGURED = (
    "atom", "model", "user-density", "pair-angle", "pair-density", "plan", "hierarchy", "bracket",
    "pair-bound", "self-consistent", "kohn-sham",
)  # fmt: skip
#: Options that say what to work on, not how.
_WHAT = {"help", "system", "level", "parts"}


@cache
def _options(stage: str) -> dict[str, argparse.Action]:
    """Options of a stage by their flags."""
    parser = argparse.ArgumentParser()
    import_module(f"comotion.stages.{stage.replace('-', '_')}").add_options(parser)
    return {flag: action for action in parser._actions for flag in action.option_strings}


@pytest.mark.parametrize("setting", _SETTINGS, ids=lambda setting: ".".join(setting.path))
def test_every_flag_of_the_schema_is_an_option_with_the_same_default(setting: Setting) -> None:
    for stage in setting.stages:
        if stage.startswith("problem "):
            continue
        option = _options(stage)[setting.flag]
        if "*" in setting.path or stage == "figure":
            assert not option.default  # of one system, or of some figures only
        else:
            assert option.default == setting.rule["default"], stage
        types = {"integer": int, "number": float, "array": int, "boolean": None}
        assert option.type == types[setting.rule["type"]]


@pytest.mark.parametrize("stage", _CONFIGURED)
def test_every_setting_of_a_stage_is_a_key_of_the_configuration(stage: str) -> None:
    configured = {setting.flag for setting in _SETTINGS if stage in setting.stages}
    for flag, option in _options(stage).items():
        if option.dest not in _WHAT and option.type is not Path:
            assert flag in configured


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_needs_its_files_and_what_they_are_of(stage: str) -> None:
    """What is not a setting has no default: nothing is read or written that was not named."""
    for flag, option in _options(stage).items():
        named = option.type is Path or option.dest in (
            "system", "level", "rows", "tolerances", "electrons"
        )  # fmt: skip
        # The page of a set lies in the set unless another place is named.
        assert option.required == (named and option.dest not in ("parts", "output")), flag
        assert option.default is None or not option.required


def test_the_sizes_of_problems_are_keywords_with_the_same_defaults() -> None:
    for setting in _SETTINGS:
        for stage in setting.stages:
            if stage.startswith("problem "):
                solve = import_module(f"comotion.models.{stage.split()[1]}").solve
                keyword = setting.flag.removeprefix("--").replace("-", "_")
                default = inspect.signature(solve).parameters[keyword].default
                assert default == setting.rule["default"], stage


def _read(**config: Any) -> Any:
    return read_study({"models": ["ball-2"]} | config, _SCHEMA)


def test_options_of_a_stage() -> None:
    assert _read().settings("plan") == (
        "--seeds 1 2 --tolerance 1e-05 --quadrature-tolerance 1e-07 --pattern-electrons 10"
    )
    changed = _read(transport={"accept_disagreement": True, "seeds": [3, 4], "tolerance": 1.0e-3})
    assert changed.settings("hierarchy") == (
        "--seeds 3 4 --tolerance 0.001 --quadrature-tolerance 1e-07 --accept-disagreement"
        " --highest 20"
    )
    assert _read(bracket={"splines": [90, 30]}).settings("bracket").endswith(
        "--splines 30 90 --cells 20 --iterations 200 --hierarchy 4"
    )  # fmt: skip
    assert changed.settings("self-consistent", "Be") == (
        "--max-cycle 100 --seeds 3 4 --tolerance 0.001 --quadrature-tolerance 1e-07"
        " --accept-disagreement"
    )
    assert _read(kohn_sham={"electrons": 4}).settings("kohn-sham") == ""
    assert _read(pair_bound={"degree": 9}).settings("pair-bound") == (
        "--intervals 6 --degree 9 --rounds 6 --hierarchy 0"
    )


def test_options_of_a_system(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").touch()
    study = _read(
        abinitio={"unpaired_electrons": {"Be": 2}},
        densities={"mine": {"file": f"{tmp_path}/mine.csv", "normalize": True}},
    )
    assert study.settings("atom", "Be") == "--max-cycle 100 --unpaired 2"
    assert study.settings("atom", "Ne") == "--max-cycle 100"
    assert study.settings("self-consistent", "Be").startswith("--max-cycle 100 --seeds 1 2 --tol")
    assert study.settings("pair-angle", "Be") == "--max-cycle 100"
    assert study.settings("pair-density", "Be") == "--max-cycle 100"
    assert study.settings("user-density", "mine") == "--normalize"
    assert study.settings("user-density", "other") == ""


def test_entries_that_a_user_names_have_defaults_too(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").touch()
    study = _read(densities={"mine": {"file": f"{tmp_path}/mine.csv"}})
    assert study["densities"] == {"mine": {"file": f"{tmp_path}/mine.csv", "normalize": False}}
    assert list(study["densities"]["mine"]) == ["file", "normalize"]


def test_options_of_a_problem() -> None:
    study = _read(problems={"points": 30, "radial_points": 20})
    assert study.settings("problem semiclassical") == "--points 30"
    assert study.settings("problem radial_semiclassical") == "--points 20 --angles 10"
    assert study.settings("problem line") == ""
