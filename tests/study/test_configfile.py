"""A configuration gives every key once."""

from pathlib import Path

import pytest
import yaml

from comotion.errors import ConfigError
from study.configfile import check_keys, repeated_keys


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("models: [a]\nbest: []\nmodels: [b]", "key models: given in line 1 and again in line 3"),
        ("bracket:\n  cells: 4\n  'cells': 5", "key bracket.cells: given in line 2 and again"),
        ("atoms: [{levels: [x], levels: [y]}]", r"key atoms\[0\].levels: given in line 1"),
        ("densities: {a: {file: x}, a: {file: y}}", "key densities.a: given"),
        ("a: &a {x: 1, x: 2}\nb: *a", "key a.x: given"),
        ('{"models": ["a"],\n\t"models": ["b"]}', "key models: given twice"),
        ('{"a": [{"x": 1, "x": 2}]}', r"key a\[0\].x: given"),
    ],
)
def test_a_key_given_twice(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=f"my.yaml: {sentence}.* give it once"):
        check_keys(path)


@pytest.mark.parametrize(
    "text",
    [
        "", "models: [a, a]", "a: {x: 1}\nb: {x: 1}", "a: &a {x: 1}\nb: *a\nc: *a", "a: &a [*a]",
        "a: &a {x: 1}\nb: {<<: *a, x: 2}", '{"x": {"y": 1}, "y":\t1}', "no: [yaml",
        "a.b: 1\na: {b: 2}",
    ],
)  # fmt: skip
def test_keys_given_once(text: str) -> None:
    """Also where one stands in many places, or the text is neither YAML nor JSON."""
    assert list(repeated_keys(text)) == []


def test_the_projects_own_files(project: Path) -> None:
    paths = [project / "config.yaml", *(project / "studies").glob("*.yaml")]
    paths += [*(project / "profiles").rglob("*.yaml"), *(project / "workflow").rglob("*.yaml")]
    assert len(paths) > 10
    for path in paths:
        check_keys(path)
        assert isinstance(yaml.safe_load(path.read_text()), dict)
