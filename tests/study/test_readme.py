"""The generated blocks of the documents."""

from pathlib import Path

import pytest

from comotion.errors import ComotionError
from study.readme import main, with_block


def test_only_the_block_changes() -> None:
    text = "a\n<!-- t -->\nold\nrows\n<!-- /t -->\nb\n<!-- s -->\n<!-- /s -->\n"
    assert with_block(text, "t", "new\n") == text.replace("old\nrows", "new")
    assert with_block(text, "s", r"back\slash") == text.replace(
        "<!-- s -->\n", "<!-- s -->\nback\\slash\n"
    )


def test_a_missing_block_is_named() -> None:
    with pytest.raises(ComotionError, match="<!-- engine -->"):
        with_block("no markers", "engine", "x")


def test_blocks_and_figures_are_put_in(tmp_path: Path) -> None:
    for name, text in (("README.md", "<!-- t -->\n<!-- /t -->\n"), ("t.md", "| 1 |"), ("a", "svg")):
        (tmp_path / name).write_text(text)
    blocks, figures = f"t={tmp_path}/t.md", f"{tmp_path}/b={tmp_path}/a"
    main(["--readme", f"{tmp_path}/README.md", "--blocks", blocks, "--figures", figures])
    assert (tmp_path / "README.md").read_text() == "<!-- t -->\n| 1 |\n<!-- /t -->\n"
    assert (tmp_path / "b").read_text() == "svg"


def test_a_table_of_energies_is_put_in_shortly(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("<!-- t -->\n<!-- /t -->\n")
    (tmp_path / "energies.csv").write_text(
        "system,level,v_quantum,v_mean_field,lower,upper\nNa,hf_x,2.28,2.7,1.462,1.4624\n"
    )
    main(["--readme", f"{tmp_path}/a.md", "--blocks", f"t={tmp_path}/energies.csv"])
    assert "| Na | hf_x | 1.4622(2) | 2.2800 | 2.7000 |\n" in (tmp_path / "a.md").read_text()
    (tmp_path / "best.csv").write_text("system,level,middle,middle_error\nNa,best,1.4632,2e-3\n")
    both = f"t={tmp_path}/energies.csv,{tmp_path}/best.csv"
    main(["--readme", f"{tmp_path}/a.md", "--blocks", both])
    line = "| Na | hf_x | 1.4622(2) | 2.2800 | 2.7000 | 1.463(2) |\n"
    assert line in (tmp_path / "a.md").read_text()


def test_the_table_of_proven_bounds_is_put_in(tmp_path: Path) -> None:
    """By the name of its block."""
    (tmp_path / "a.md").write_text("<!-- proven -->\n<!-- /proven -->\n")
    (tmp_path / "energies.csv").write_text(
        "system,level,n_electrons,v_2,lower_proven,lower,upper\nNa,hf_x,11,1.2,1.46,1.462,1.4624\n"
    )
    main(["--readme", f"{tmp_path}/a.md", "--blocks", f"proven={tmp_path}/energies.csv"])
    line = "| Na | hf_x | 1.200000 | 1.460000 | 1.462400 | 1.6e-03 |\n"
    assert line in (tmp_path / "a.md").read_text()
