"""The configuration: defaults, and one sentence for each way to be wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from comotion.errors import ConfigError
from comotion.recipe import recipe
from comotion.systems import LARGEST_BASES
from study.configuration import Study, read_study
from study.user_files import RESERVED

_ATOMS = [{"systems": ["He"], "levels": ["hf_cc-pVDZ"]}]


def _read(project: Path, config: Any) -> Study:
    return read_study(config, project / "workflow/schemas/config.schema.yaml", "my.yaml")


def test_default_config_and_defaults(project: Path) -> None:
    study = _read(project, yaml.safe_load((project / "config.yaml").read_text()))
    assert study.systems[:4] == ["He", "Be", "Ne", "Li"]
    assert study.self_consistent == [(name, "ks-v2_unc-UGBS+2d") for name in ("He", "Be", "Ne")]
    assert study.inverted == []
    assert study.shown[0] == ("He", "ccsd_aug-cc-pVTZ")
    assert study.rows[-1] == ("exponential-2", "exact")
    assert study.drawn == study.shown
    few = _read(project, {"models": ["ball-2", "ball-3", "ball-4"], "figures": {"panels": 2}})
    assert few.drawn == [("ball-2", "exact"), ("ball-3", "exact")]
    short = _read(project, {"atoms": _ATOMS})
    transport = short["transport"]
    assert transport["seeds"] == (1, 2)
    assert (transport["tolerance"], transport["quadrature_tolerance"]) == (1e-5, 1e-7)
    assert short.rows == (("He", "hf_cc-pVDZ"),)
    assert short["study"] == "default"


def test_a_study_cannot_be_changed(project: Path) -> None:
    study = _read(project, {"atoms": _ATOMS})
    with pytest.raises(TypeError):
        study["transport"]["tolerance"] = 1.0


def test_the_default_config_says_the_defaults(project: Path) -> None:
    """Whoever leaves a key out gets what the file shows, but for what the study consists of."""
    shown = _read(project, yaml.safe_load((project / "config.yaml").read_text()))
    left_out = _read(project, {"atoms": _ATOMS})
    other = {"problems": {"include"}, "figures": {"arrangements", "pair_angles", "pair_densities"}}
    for section in ("study", "abinitio", "transport", "bracket", "pair_bound", "kohn_sham",
                    "connection", "problems", "figures"):  # fmt: skip
        mine, theirs = shown[section], left_out[section]
        if not isinstance(mine, str):
            assert set(mine) == set(theirs)
            mine, theirs = (
                {key: value for key, value in values.items() if key not in other.get(section, ())}
                for values in (mine, theirs)
            )
        assert mine == theirs


def test_every_key_of_the_schema_is_explained(project: Path) -> None:
    rules = yaml.safe_load((project / "workflow/schemas/config.schema.yaml").read_text())
    for name, rule in rules["properties"].items():
        for key, inner in rule.get("properties", {}).items():
            assert inner["description"].endswith("."), f"{name}.{key}"
    keys = re.findall(r"^  [a-z_]+:.*", (project / "config.yaml").read_text(), re.MULTILINE)
    assert len(keys) > 20
    assert not [key for key in keys if "#" not in key]


def test_the_studies_are_valid_and_have_names_of_their_own(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    paths = [project / "config.yaml", *sorted((project / "studies").glob("*.yaml"))]
    studies = [_read(project, yaml.safe_load(path.read_text())) for path in paths]
    names = [study["study"] for study in studies]
    assert names == ["default", *(path.stem for path in paths[1:])]
    assert len(set(names)) == len(paths) > 6


def test_figures_and_pages_are_those_asked_for(project: Path) -> None:
    none = {"bracket": {"electrons": 0}, "pair_bound": {"electrons": 0}}
    small = _read(project, {"atoms": _ATOMS} | none)
    drawn = ["energies", "hierarchy", "density", "comotion", "potential", "energy_density"]
    assert small.figures == drawn
    assert small.pages == ["overview", "energies", "study"]
    full = _read(project, {
        "atoms": _ATOMS, "best": ["He"],
        "figures": {
            "arrangements": ["He"], "isoelectronic": True, "pair_angles": {"He": "fci_cc-pVDZ"},
            "pair_densities": {"Ne": "ccsd_cc-pVDZ"},
        },
    })  # fmt: skip
    assert set(full.figures) - set(small.figures) == {
        "isoelectronic", "best", "bracket", "pair_bound", "pair_angle", "pair_density",
        "dual_potential", "support", "slack", "arrangement/He/hf_cc-pVDZ",
    }  # fmt: skip
    assert set(full.pages) - set(small.pages) == {
        "best", "coverage", "bracket", "hierarchy_bracket",
    }  # fmt: skip
    assert full.drawn_brackets == [("He", "hf_cc-pVDZ")]


def test_what_is_left_out_is_nowhere(project: Path) -> None:
    """A system, or one at a level; a best estimate goes with each level that it needs."""
    config = {
        "atoms": [{"systems": ["He", "Be"], "levels": ["hf_cc-pVDZ", "ccsd_cc-pVDZ"]}],
        "models": ["ball-3"],
        "best": ["He", "Be"],
        "figures": {
            "arrangements": ["Be", "ball-3"],
            "pair_angles": {"He": "fci_cc-pVDZ", "Be": "fci_cc-pVDZ"},
            "pair_densities": {"Be": "fci_cc-pVDZ", "Ne": "hf_cc-pVDZ"},
        },
    }
    whole = _read(project, config)
    assert whole["best"] == ("He", "Be")
    assert "arrangement/Be/ccsd_cc-pVDZ" in whole.figures

    level = _read(project, config | {"leave_out": ["Be/ccsd_cc-pVDZ", "Be/fci_cc-pVDZ"]})
    assert level.rows == tuple(row for row in whole.rows if row != ("Be", "ccsd_cc-pVDZ"))
    assert "arrangement/Be/hf_cc-pVDZ" in level.figures
    assert level["best"] == ("He", "Be")
    assert level.pair_angles == (("He", "fci_cc-pVDZ"),)
    assert whole.pair_densities == (("Be", "fci_cc-pVDZ"), ("Ne", "hf_cc-pVDZ"))
    assert level.pair_densities == (("Ne", "hf_cc-pVDZ"),)

    system = _read(project, config | {"leave_out": ["Be", "ball-3/exact"]})
    assert system.systems == ["He"]
    assert not [name for name in system.figures if name.startswith("arrangement")]
    assert (system["best"], system.pair_angles) == (("He",), (("He", "fci_cc-pVDZ"),))
    assert system.pair_densities == level.pair_densities

    for word in ("best", *recipe("Be").levels):
        part = _read(project, config | {"leave_out": [f"Be/{word}"]})
        assert (part["best"], part.rows) == (("He",), whole.rows)


def test_a_row_at_a_best_level_goes_with_each_level_that_it_needs(project: Path) -> None:
    config: dict[str, Any] = {"atoms": [{"systems": ["Be", "He"], "levels": ["best", "best_QZ"]}]}
    whole = _read(project, config)
    shared = set(recipe("Be").levels) & set(recipe("Be", "best_QZ").levels)
    assert len(shared) > 5
    for level in shared:
        part = _read(project, config | {"leave_out": [f"Be/{level}"]})
        assert part.rows == (("He", "best"), ("He", "best_QZ")) == whole.rows[2:]
    part = _read(project, config | {"leave_out": ["He/hylleraas_w8"]})
    assert part.rows == (*whole.rows[:2], ("He", "best_QZ"))


def test_the_best_levels_are_rows_like_others(project: Path) -> None:
    config = {
        "atoms": [{"systems": ["He", "Ne"], "levels": ["hf_cc-pVDZ", "best", "best_5Z"]}],
        "bracket": {"electrons": 2}, "figures": {"panels": 1},
    }  # fmt: skip
    study = _read(project, config)
    he = [("He", "hf_cc-pVDZ"), ("He", "best"), ("He", "best_5Z")]
    assert study.rows == (*he, ("Ne", "hf_cc-pVDZ"), ("Ne", "best"), ("Ne", "best_5Z"))
    assert study.bracketed == he
    assert study.shown == [("He", "best_5Z"), ("Ne", "best_5Z")]
    assert study.drawn_brackets == [("He", "best_5Z")]
    # Such rows are in the table of best estimates, behind those that the key of this name asks for.
    assert study["best"] == ()
    assert study.estimates == [row for row in study.rows if row[1] != "hf_cc-pVDZ"]
    assert {"best", "coverage"} < set(study.pages)
    more = _read(project, config | {"best": ["Li", "Ne"]})
    assert more.estimates == [
        ("Li", "best"), ("Ne", "best"), ("He", "best"), ("He", "best_5Z"), ("Ne", "best_5Z"),
    ]  # fmt: skip
    assert _read(project, config | {"leave_out": ["Ne/best", "He/best_5Z"]}).rows == (
        *he[:2], ("Ne", "hf_cc-pVDZ"), ("Ne", "best_5Z"),
    )  # fmt: skip


@pytest.mark.parametrize("largest", LARGEST_BASES)
@pytest.mark.parametrize("system", ["H-", "He", "B", "Ne", "Ar"])
def test_each_largest_basis_is_a_level_with_a_recipe(
    project: Path, system: str, largest: str
) -> None:
    level = f"best_{largest}"
    study = _read(project, {"atoms": [{"systems": [system], "levels": [level]}]})
    assert study.rows == ((system, level),)
    bases = ["DZ", "TZ", "QZ", "5Z"]
    found = {it[-2:] for it in recipe(system, level).levels}
    assert largest in found <= set(bases[: bases.index(largest) + 1])


def test_every_key_of_the_default_config_is_explained(project: Path) -> None:
    rules = yaml.safe_load((project / "workflow/schemas/config.schema.yaml").read_text())
    config = yaml.safe_load((project / "config.yaml").read_text())
    assert set(config) == set(rules["properties"])
    for section in ("abinitio", "transport", "bracket", "pair_bound", "problems", "figures"):
        assert set(config[section]) == set(rules["properties"][section]["properties"])


_WRONG: dict[str, tuple[str, str]] = {
    "not there to be left out": (
        "{models: [ball-2], leave_out: [ball-3]}", "'ball-3' is not in .* such as ball-2/exact",
    ),
    "nothing left": ("{models: [ball-2], leave_out: [ball-2]}", "nothing of the study is left"),
    "unknown key": ("gird: 3", "top level: unknown key 'gird'; the keys are study"),
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
    "former name of an ion": (
        "atoms: [{systems: [He1+], levels: [hf_x]}]", r"key atoms\[0\].systems: .* write He\+",
    ),
    "charge of nothing": ("{models: [ball-2], best: [Be0+]}", "key best: .* write Be, "),
    "number with a zero": ("models: [exponential-02]", "key models: .* write exponential-2, "),
    "fraction of an electron": ("models: [exponential-2.5]", "a whole number"),
    "order with a zero": (
        "atoms: [{systems: [He], levels: [hylleraas_w08]}]", "names its order",
    ),
    "levels in capitals": (
        "atoms: [{systems: [He], levels: [hf_cc-pVDZ, hf_cc-pvdz]}]", "differ in capitals only",
    ),
    "densities in capitals": (
        "densities: {mine: {file: config.yaml}, Mine: {file: config.yaml}}",
        "mine/table and Mine/table differ in capitals only",
    ),
    **{
        f"taken name, {name}": (
            f"densities: {{{name}: {{file: config.yaml}}}}", f"key densities.{name}: .* choose",
        )
        for name in ("Ne", "ne", "NE", "Studies", "MODELS", "con", "CON", "nul", "LPT1", "com9")
    },
    **{
        f"file called {file}": (
            f"densities: {{mine: {{file: '{file}'}}}}", f"key densities.mine.file: .*{why}",
        )
        for file, why in (
            ("a{b}.csv", "'{' in its name.* rename the file"), ("{system}.csv", "rename the file"),
            ("a<b>.csv", "rename the file"), ("a<results>.csv", "rename the file"),
            ("http://x/y.csv", "address on a network"), ("s3:x.csv", "address on a network"),
            ("~/x.csv", "cannot be read"), ("$HOME/x.csv", "cannot be read"),
            ("", "cannot be read"),
        )
    },
    **{
        f"name of a folder, {name}": (
            f"densities: {{{name}: {{file: config.yaml}}}}", f"key densities.{name}",
        )
        for name in RESERVED
    },
    "study with a slash": ("{study: a/b, models: [ball-2]}", "'a/b' is not a name for a study"),
    "former section": (
        "certificate: {electrons: 2}", "unknown key 'certificate'; its place .* 'bracket'",
    ),
    "former key": ("bracket: {minutes: 2}", "unknown key 'minutes'; its place .* 'iterations'"),
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
    "pairs of an open shell": (
        "{models: [ball-2], figures: {pair_densities: {C: hf_6-31G}}}",
        r"key figures.pair_densities.C: C \(3P\) at hf_6-31G: pair densities need a closed shell",
    ),
    "pairs of triples": (
        "{models: [ball-2], figures: {pair_densities: {Ne: ccsd-t_6-31G}}}",
        "key figures.pair_densities.Ne: .* one of the methods hf, ccsd, fci",
    ),
    "pairs in capitals": (
        "{atoms: [{systems: [Ne], levels: [hf_x]}], figures: {pair_densities: {Ne: hf_X}}}",
        "Ne/hf_x and Ne/hf_X differ in capitals only",
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
    "best of hydrogen": (
        "{models: [ball-2], best: [H]}",
        r"key best: H with charge \+0: .* for 2 to 18 electrons, not 1$",
    ),
    "best of potassium": (
        "{models: [ball-2], best: [K]}",
        r"key best: K with charge \+0: .* for 2 to 18 electrons, not 19$",
    ),
    "level best of hydrogen": (
        "atoms: [{systems: [H], levels: [best]}]",
        r"key atoms\[0\].levels: H with charge \+0 has 1 electron; best is for .*: take hf",
    ),
    "level best of potassium": (
        "atoms: [{systems: [K], levels: [best]}]",
        r"levels: K with charge \+0 has 19 electrons; best is for at most 18: take ccsd or ccsd-t$",
    ),
    "level best_5Z of potassium": (
        "atoms: [{systems: [He, K], levels: [hf_x, best_5Z]}]",
        r"key atoms\[0\].levels: K with .* best is for at most 18: take ccsd or ccsd-t$",
    ),
    **{
        f"best in no such basis, {level}": (
            f"atoms: [{{systems: [He], levels: [{level}]}}]",
            rf"key atoms\[0\].levels: level '{level}': write best, or one of best_QZ, best_5Z$",
        )
        for level in ("best_3Z", "best_TZ", "best_6Z", "best_", "best_5z", "best_5Z_", "best_aug")
    },
    "angles at the best level": (
        "{models: [ball-2], figures: {pair_angles: {Be: best}}}",
        "key figures.pair_angles.Be: 'best' of 4 electrons; .* need an fci level",
    ),
    "one size of splines": (
        "{models: [ball-2], bracket: {splines: [40]}}", "key bracket.splines",
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
