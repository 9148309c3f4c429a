"""Rows of Kohn-Sham atoms in a configuration, and what does not go together with them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comotion.errors import ConfigError
from study.configuration import Study, read_study

_SPIN = "abinitio: {unpaired_electrons: {Be: 2}}"
#: What is wrong: the text of the configuration, and the sentence.
_WRONG = {
    "a spin that no functional sees": (
        f"{{atoms: [{{systems: [Be], levels: [hf_x, ks-v2_x]}}], {_SPIN}}}",
        r"key abinitio.unpaired_electrons.Be: transport functionals do not see the spin; remove",
    ),
    "a spin whose potential is asked for": (
        f"{{atoms: [{{systems: [Be], levels: [hf_x]}}], {_SPIN}, kohn_sham: {{electrons: 4}}}}",
        "key abinitio.unpaired_electrons.Be: .* remove the key or lower kohn_sham.electrons",
    ),
    "a spin whose connection is asked for": (
        f"{{atoms: [{{systems: [Be], levels: [hf_x]}}], {_SPIN}, connection: {{electrons: 4}}}}",
        "key abinitio.unpaired_electrons.Be: .* remove the key or lower connection.electrons",
    ),
    "a basis that is no name": (
        "{atoms: [{systems: [Be], levels: [hf_x]}], connection: {moller_plesset_basis: 'a b'}}",
        "key connection.moller_plesset_basis: ",
    ),
    "a level for a basis": (
        "{atoms: [{systems: [Be], levels: [hf_x]}], connection: {moller_plesset_basis: hf_x}}",
        "key connection.moller_plesset_basis: 'hf_x' is a level; give its basis alone, 'x'",
    ),
    "a functional of one electron": (
        "atoms: [{systems: [He+], levels: [ks-v2_x]}]", r"levels: He\+ has 1 electron, which repel",
    ),
    "a functional by another name": (
        "atoms: [{systems: [Be], levels: [ks-comotion4_x]}]", "Be has 4 electrons; write ks-comot",
    ),
    "angles of a functional": (
        "{models: [ball-2], figures: {pair_angles: {Be: ks-v2_x}}}",
        "key figures.pair_angles.Be: 'ks-v2_x' of 4 electrons",
    ),
    "pairs of a functional": (
        "{models: [ball-2], figures: {pair_densities: {Be: ks-v2_x}}}",
        "key figures.pair_densities.Be: .* one of the methods hf, ccsd, fci",
    ),
}  # fmt: skip


def _read(project: Path, config: Any) -> Study:
    return read_study(config, project / "workflow/schemas/config.schema.yaml", "my.yaml")


@pytest.mark.parametrize("about", _WRONG)
def test_what_is_wrong_is_one_sentence(project: Path, about: str) -> None:
    text, sentence = _WRONG[about]
    with pytest.raises(ConfigError, match=rf"^my.yaml: .*{sentence}") as error:
        _read(project, yaml.safe_load(text))
    assert "\n" not in str(error.value)


def test_rows_of_kohn_sham_atoms(project: Path) -> None:
    """Which are self-consistent, which have their potential found, and what they are drawn with."""
    config: dict[str, Any] = {
        "atoms": [
            {"systems": ["He", "Be"], "levels": ["ks-v2_x", "hf_x", "ccsd_x"]},
            {"systems": ["Li"], "levels": ["hf_x", "ks-v2_x", "ks-comotion_x"]},
            {"systems": ["H", "B"], "levels": ["hf_x"]},
        ],
        "models": ["ball-2"], "densities": {"mine": {"file": "config.yaml"}},
    }  # fmt: skip
    none = _read(project, config)
    four = _read(project, config | {"kohn_sham": {"electrons": 4}})
    for study in (none, four):
        assert study.self_consistent == [
            ("He", "ks-v2_x"), ("Be", "ks-v2_x"), ("Li", "ks-v2_x"), ("Li", "ks-comotion_x"),
        ]  # fmt: skip
        systems = ("He", "Be", "Li")
        assert study.compared == [row for row in study.rows if row[0] in systems]
        assert len(study.compared) == 9
    assert none.inverted == []
    # Not lithium, whose last level is a functional's, nor boron, a model or a user's density.
    assert four.inverted == [("He", "ccsd_x"), ("Be", "ccsd_x"), ("H", "hf_x")]
    assert (none.connected, four.connected) == ([], [])
    connected = _read(project, config | {"connection": {"electrons": 4}})
    # One electron has no connection.
    assert connected.connected == [("He", "ccsd_x"), ("Be", "ccsd_x")]
    assert connected.inverted == []
    assert connected.hartree_fock_connected == []
    beside = config | {"connection": {"electrons": 4, "moller_plesset_basis": "6-31G_st_"}}
    both = _read(project, beside)
    assert both.hartree_fock_connected == [("He", "hf_6-31G_st_"), ("Be", "hf_6-31G_st_")]
    assert "moller_plesset" in both.pages
    assert "moller_plesset" not in connected.pages
    assert [name for name in connected.pages if name == "connection"] == ["connection"]
    assert "connection" not in four.pages
    assert connected.curved == [("He", "ccsd_x")]
    ends = ["correlation", "strong_end", "connection_curve"]
    assert [name for name in connected.figures if name in ends] == ends
    assert not set(ends) & set(four.figures)
    least = _read(project, config | {"kohn_sham": {"electrons": 1}, "leave_out": ["H"]})
    assert least.inverted == []
    drawn = ["kohn_sham_energies", "kohn_sham_densities", "kohn_sham_potentials"]
    assert [name for name in none.figures if name.startswith("kohn")] == drawn
    assert [name for name in none.pages if name in ("kohn_sham", "inversion")] == ["kohn_sham"]
    assert "inversion" in four.pages
    gone = _read(project, config | {"leave_out": ["Li", "He/ks-v2_x", "Be/ks-v2_x"]})
    assert (gone.self_consistent, gone.compared) == ([], [])
    assert not [name for name in gone.figures if name.startswith("kohn")]


def test_spin_and_functionals_that_do_not_see_it(project: Path) -> None:
    """The key is one of systems without such levels; what is left out has none."""
    config: dict[str, Any] = {
        "atoms": [
            {"systems": ["Be"], "levels": ["hf_x"]}, {"systems": ["C"], "levels": ["ks-v2_x"]},
        ],
        "abinitio": {"unpaired_electrons": {"Be": 2}},
    }  # fmt: skip
    assert _read(project, config).settings("atom", "Be").endswith("--unpaired 2")
    few = _read(project, config | {"kohn_sham": {"electrons": 3}})
    assert few.inverted == []
    with pytest.raises(ConfigError, match=r"unpaired_electrons.Be: a Kohn-Sham potential .* lower"):
        _read(project, config | {"kohn_sham": {"electrons": 4}})
    left = config | {"kohn_sham": {"electrons": 4}, "leave_out": ["Be"]}
    assert _read(project, left).inverted == []
