"""The configuration: defaults, and one sentence for each way to be wrong."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comotion.configuration import Study, read_study
from comotion.errors import ConfigError

_ATOMS = [{"systems": ["He"], "levels": ["hf_cc-pVDZ"]}]


def _read(project: Path, config: Any) -> Study:
    return read_study(config, project / "workflow/schemas/config.schema.yaml", "my.yaml")


def test_default_config_and_defaults(project: Path) -> None:
    study = _read(project, yaml.safe_load((project / "config.yaml").read_text()))
    assert study.systems[:3] == ["He", "Li", "Be"]
    assert study.shown[0] == ("He", "ccsd_aug-cc-pVTZ")
    assert study.rows[-1] == ("exponential-2", "exact")
    assert study.drawn == study.shown
    few = _read(project, {"models": ["ball-2", "ball-3", "ball-4"], "figures": {"panels": 2}})
    assert few.drawn == [("ball-2", "exact"), ("ball-3", "exact")]
    short = _read(project, {"atoms": _ATOMS})
    assert (short.seeds, short.tolerance, short.quadrature_tolerance) == ((1, 2), 1e-5, 1e-7)
    assert short.rows == (("He", "hf_cc-pVDZ"),)


def test_every_key_of_the_default_config_is_explained(project: Path) -> None:
    rules = yaml.safe_load((project / "workflow/schemas/config.schema.yaml").read_text())
    config = yaml.safe_load((project / "config.yaml").read_text())
    assert set(config) == set(rules["properties"])
    for section in ("abinitio", "transport", "figures"):
        assert set(config[section]) == set(rules["properties"][section]["properties"])


_WRONG: dict[str, tuple[str, str]] = {
    "unknown key": ("gird: 3", "top level: unknown key 'gird'; the keys are atoms"),
    "unknown nested key": (
        "transport: {seed: 3}", r"key transport: unknown key 'seed'; did you mean 'seeds'\?",
    ),
    "unknown element": (
        "atoms: [{systems: [Xx], levels: [hf_x]}]", r"key atoms\[0\].systems: system 'Xx'",
    ),
    "No is false": (
        "atoms: [{systems: [No], levels: [hf_x]}]",
        r"key atoms\[0\].systems\[0\]: False .* put the name in quotes, such as 'No'",
    ),
    "number as text": (
        "transport: {tolerance: 1e-8}", "key transport.tolerance: '1e-8' is text, .*1.0e-08",
    ),
    "unknown method": (
        "atoms: [{systems: [He], levels: [mp2_x]}]", r"key atoms\[0\].levels: level 'mp2_x'",
    ),
    "unknown model": ("models: [cube-2]", "key models: model 'cube-2'"),
    "nothing to do": ("models: []", "nothing to do"),
    "twice": ("models: [ball-2, ball-2]", "ball-2 at level exact is named 2 times"),
    "missing file": ("densities: {mine: {file: no.csv}}", "key densities.mine.file: 'no.csv'"),
    "name of an atom": ("densities: {He: {file: config.yaml}}", "key densities.He"),
    "name of a folder": ("densities: {tables: {file: config.yaml}}", "key densities.tables"),
    "name with a slash": ("densities: {a/b: {file: config.yaml}}", "'a/b' is not a name"),
    "impossible spin": (
        "{models: [ball-2], abinitio: {unpaired_electrons: {Be: 1}}}",
        "key abinitio.unpaired_electrons.Be: 4 electrons cannot have 1 unpaired",
    ),
    "one seed": ("transport: {seeds: [1]}", r"key transport.seeds: \[1\] does not fit"),
    "no tolerance": ("transport: {tolerance: 0}", "key transport.tolerance: 0 does not fit"),
    "angles of an open shell": (
        "{models: [ball-2], figures: {pair_angles: {B: fci_6-31G}}}",
        "key figures.pair_angles.B: 'fci_6-31G' of 5 electrons",
    ),
    "full CI of many": (
        "atoms: [{systems: [Ne], levels: [fci_x]}]", "fci is for at most 5",
    ),
    "Hylleraas of three": (
        "atoms: [{systems: [Li], levels: [hylleraas_w8]}]", "hylleraas is for exactly 2",
    ),
    "Hylleraas without order": (
        "atoms: [{systems: [He], levels: [hylleraas_x]}]", "names its order",
    ),
    "best of hydrogen": ("{models: [ball-2], best: [H]}", "key best: .* 2 to 18 electrons"),
    "one size of splines": (
        "{models: [ball-2], certificate: {splines: [40]}}", "key certificate.splines",
    ),
    "figure of nothing": (
        "{models: [ball-2], figures: {arrangements: [Ne]}}", "key figures.arrangements: 'Ne'",
    ),
    "electrons stripped": ("atoms: [{systems: [He2+], levels: [hf_x]}]", "leaves no electron"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), _WRONG.values(), ids=_WRONG)
def test_wrong_configuration(project: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as error:
        _read(project, yaml.safe_load(text))
    assert str(error.value).startswith("my.yaml: ")
    assert "\n" not in str(error.value)
