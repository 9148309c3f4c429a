"""Targets of the command line: systems by name, files, and what is neither."""

from pathlib import Path
from typing import Any

import pytest

from comotion.errors import ComotionError
from study.configuration import Study, read_study
from study.targets import asked_systems, check_path, rows_of_target

_RULES = {"all", "problems", "energies", "plan"}
_FILES = {"density.h5", "quantum.json", "sce.json", "plan.h5", "best.json", "energies.csv"}
_CONFIG: dict[str, Any] = {
    "atoms": [
        {"systems": ["He"], "levels": ["hylleraas_w4"]},
        {"systems": ["Be", "Ne"], "levels": ["hf_cc-pVDZ", "ccsd_cc-pVDZ"]},
    ],
    "models": ["bohr-10"],
}  # fmt: skip


@pytest.fixture
def study(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study of atoms, a model and a user's density."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("r,rho\n")
    schema = project / "workflow/schemas/config.schema.yaml"
    return read_study(_CONFIG | {"densities": {"mine": {"file": "mine.csv"}}}, schema)


def _asked(study: Study, *targets: str) -> list[str]:
    return asked_systems(targets, study, _RULES, _FILES, lambda path: Path(path).name in _FILES)


def test_any_system_is_a_target_by_its_bare_name(study: Study) -> None:
    last = ["hf_cc-pVDZ", "ccsd_cc-pVDZ"]
    assert _asked(study, "Na", "bohr-12", "mine", "He", "all") == ["He", "Na", "bohr-12", "mine"]
    assert rows_of_target("Na", study) == [("Na", level) for level in last]
    assert rows_of_target("Be2+", study) == [("Be2+", level) for level in last]
    assert rows_of_target("He", study) == [("He", "hylleraas_w4")]
    assert rows_of_target("bohr-12", study) == [("bohr-12", "exact")]
    assert rows_of_target("mine", study) == [("mine", "table")]


@pytest.mark.parametrize(
    "path",
    [
        "results/Na/hf_6-31G/sce.json", "./results/Be2+/hf_cc-pVDZ/density.h5",
        "results/bohr-12/exact/sce.json", "results/mine/table/sce.json",
        "results/studies/default/tables/energies.csv", "results/Be/best/sce.json",
        "results/Be/best/density.h5", "results/He/best_5Z/best.json",
        "results/Ar/best_QZ/quantum.json", "results/H-/best/plan.h5",
    ],
)  # fmt: skip
def test_files_of_any_system(study: Study, path: str) -> None:
    assert _asked(study, path) == []


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("Nee", r"Nee: no system or rule .* did you mean Ne\?"),
        ("Nax", r"Nax: no system or rule .* did you mean Na\? name an atom or ion such as"),
        ("Hee", r"did you mean He\?"),
        ("energy", r"did you mean energies\?"),
        ("xyzzy", r"xyzzy: no system or rule has this name; name an atom"),
        ("He1+", r"'He1\+': write He\+, the one name"),
        ("He0+", "'He0\\+': write He, the one name"),
        ("He2+", "leaves no electron"),
        ("bohr-012", "'bohr-012': write bohr-12, the one name"),
        ("exponential-2.5", "N = 1 to 120 electrons, a whole number"),
        ("results/He1+/hf_cc-pVDZ/sce.json", r"^results/He1\+/.*: write He\+"),
        ("results/exponential-02/exact/sce.json", "write exponential-2"),
        ("results/bohr-2.5/exact/sce.json", "a whole number"),
        ("results/bohr-2/table/sce.json", "the one level of this density is 'exact'"),
        ("results/mine/exact/sce.json", "the one level of this density is 'table'"),
        ("results/Minee/table/sce.json", r"Minee: .*did you mean mine\?"),
        ("results/Xx/hf_x/sce.json", "Xx: no system"),
        ("results/Ne/foo/density.h5", "level 'foo': write method_basis"),
        ("results/Ne/fci_cc-pVDZ/density.h5", "fci is for at most 5"),
        (
            "results/Ne/best_3Z/density.h5",
            "^results/Ne/best_3Z/.*: level 'best_3Z': write best, or one of best_QZ, best_5Z$",
        ),
        (
            "results/K/best/best.json",
            "^results/K/best/.*: K .* 19 electrons; best is for at most 18: take ccsd or ccsd-t$",
        ),
        ("results/Be/best_5Z/sce.json", "^results/Be/best_5Z/sce.json: level 'best_5Z' of Be: its"),
        (
            "results/K+/best/sce.json",
            r"^results/K\+/best/sce.json: K .* are for the nuclei Li to Ar",
        ),
        ("results/K/best_5Z/sce.json", "^results/K/best_5Z/sce.json: K .* best is for at most 18"),
        (
            "results/H/best/best.json",
            r"^results/H/best/best.json: H with charge \+0 has 1 electron; best is for .*: take hf",
        ),
        ("results/bohr-5/best/density.h5", "the one level of this density is 'exact'"),
        ("results/mine/best/density.h5", "the one level of this density is 'table'"),
        ("results/Ne/best/bests.json", r"no rule makes this file; did you mean best.json\?"),
        ("results/Ne/hf_x/sec.json", r"no rule makes this file; did you mean sce.json\?"),
        ("results/studies/other/tables/energie.csv", "not of the study 'default', which runs"),
        ("results/studies/default/energie.csv", r"did you mean energies.csv\?"),
        ("foo/bar.svg", "foo/bar.svg: no rule makes this file; results of systems"),
    ],
)
def test_a_sentence_for_what_is_no_target(study: Study, target: str, sentence: str) -> None:
    with pytest.raises(ComotionError, match=sentence) as error:
        _asked(study, target)
    assert "\n" not in str(error.value)


def test_an_atom_has_no_level_in_a_study_without_atoms(project: Path) -> None:
    schema = project / "workflow/schemas/config.schema.yaml"
    study = read_study({"models": ["bohr-2"]}, schema)
    with pytest.raises(ComotionError, match=r"the study has no atoms.*results/Na/hf_cc-pVDZ"):
        rows_of_target("Na", study)


def test_files_elsewhere_are_not_judged(study: Study) -> None:
    for path in ("results/models/line/line.json", "results/logs/He1+/x/y.log", "a/He1+/hf_x/b"):
        check_path(path, study)


def test_the_last_group_of_atoms_gives_the_levels_or_says_why_not(project: Path) -> None:
    schema = project / "workflow/schemas/config.schema.yaml"
    groups = [{"systems": ["Ne"], "levels": ["hf_x"]}, {"systems": ["Be"], "levels": ["fci_x"]}]
    study = read_study({"atoms": groups}, schema)
    assert rows_of_target("B", study) == [("B", "fci_x")]
    assert rows_of_target("Ne", study) == [("Ne", "hf_x")]
    with pytest.raises(ComotionError, match=r"Mg with charge .0 has 12 electrons; fci is for at"):
        rows_of_target("Mg", study)
    assert rows_of_target("mine", study) == []
    best = read_study({"atoms": [{"systems": ["Ne"], "levels": ["best", "best_5Z"]}]}, schema)
    assert rows_of_target("He", best) == [("He", "best"), ("He", "best_5Z")]
    with pytest.raises(ComotionError, match=r"K with charge .0 has 19 electrons; best is for at"):
        rows_of_target("K", best)


def test_a_right_name_in_a_wrong_place(study: Study) -> None:
    """There is nothing else to mean, and of a study's own file its folder is told."""

    def refused(target: str) -> str:
        with pytest.raises(ComotionError) as error:
            asked_systems([target], study, _RULES, _FILES, lambda _: False)
        return str(error.value)

    assert refused("x/sce.json") == (
        "x/sce.json: no rule makes this file; results of systems are in results/SYSTEM/LEVEL/, "
        "such as results/Ne/hf_cc-pVDZ/sce.json"
    )
    assert refused("results/studies/other/energies.csv") == (
        "results/studies/other/energies.csv: not of the study 'default', which runs; its own "
        "files are in results/studies/default/, those of another are made with its --configfile"
    )
    assert refused("./results/studies/default/x.csv").startswith("results/studies/default/x.csv: n")
    assert "did you mean energies.csv?" in refused("results/studies/default/energise.csv")


def test_paths_of_other_lengths_are_not_judged(study: Study) -> None:
    for path in ("results/He1+/sce.json", "results/He1+/hf_x/settings/sce.json", "He1+/hf_x/a"):
        check_path(path, study)
    with pytest.raises(ComotionError, match=r"^results/He1\+/hf_x/a: "):
        check_path("results/He1+/hf_x/a", study)
    # The composite density is a level of atoms, but of no model.
    check_path("results/Ne/best/best.json", study)
    with pytest.raises(ComotionError, match="one level of this density is 'exact'"):
        check_path("results/bohr-5/best/best.json", study)


def test_a_self_consistent_atom_has_its_own_potential(study: Study) -> None:
    with pytest.raises(ComotionError) as error:
        _asked(study, "results/He/ks-v2_x/kohn_sham.json")
    assert str(error.value) == (
        "results/He/ks-v2_x/kohn_sham.json: no rule makes this file; a self-consistent atom has "
        "its own potential: ask for kohn_sham.h5, its T_s is in quantum.json"
    )
