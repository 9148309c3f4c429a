"""The stage of pages: each name takes its table, and the study its settings."""

from pathlib import Path

import pandas as pd
import pytest

from comotion.cli import main
from comotion.io import read_json, write_json
from comotion.pages.descriptions import DESCRIBE, SHOWN_FIRST
from comotion.pages.html import settings_page, table_page
from comotion.pages.overview import overview_page

#: A table of each page: columns that its descriptions know, one of them of that page only.
_TABLES = {
    "energies": "system,level,v_comotion,rho_four_thirds\nHe,hf_x,0.5,1.5\n",
    "best": "system,energy,energy_error\nHe,-2.9,0.1\n",
    "coverage": "system,quantity,bars\nHe,energy,0.5\n",
    "bracket": "system,level,lower,lower_from\nHe,hf_x,0.5,duality\n",
    "hierarchy_bracket": "system,level,k,lower,upper\nHe,hf_x,2,0.5,0.6\n",
    "kohn_sham": "system,level,order,kinetic_s,virial_ratio\nBe,ks-v2_x,2,15.0,2.0\n",
    "inversion": "system,level,exchange,e_c,residual\nBe,hf_x,-2.7,-0.1,0.001\n",
    "connection": "system,level,w_0_prime,e_c_isi_pc\nBe,hf_x,-0.25,-0.1\n",
    "moller_plesset": "system,level,e_c_mp2,w_c_inf\nBe,hf_x,-0.07,-8.5\n",
    "engine": "system,level,v_published,kernel_ns_per_pair\nHe,hf_x,0.5,2.0\n",
}


@pytest.mark.parametrize("name", DESCRIBE)
def test_a_table(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_text(_TABLES[name])
    main(["page", name, "--input", f"{tmp_path}/a.csv", "--html", f"{tmp_path}/a.html"])
    shown = SHOWN_FIRST.get(name, ())
    page = table_page(pd.read_csv(tmp_path / "a.csv"), DESCRIBE[name], name=name, shown_first=shown)
    assert (tmp_path / "a.html").read_text() == page
    # Of the wide table some columns are hidden at first.
    assert ('class="more"' in page) == (name in ("energies", "connection"))


def test_versions_and_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    write_json(path, {"versions": {"numpy": ["2.0"]}, "settings": {"sce": {"seeds": [[1, 2]]}}})
    main(["page", "study", "--input", str(path), "--html", f"{tmp_path}/a.html"])
    page = (tmp_path / "a.html").read_text()
    assert page == settings_page(read_json(path))
    assert "settings of sce" in page


def test_an_overview_of_the_last_levels(tmp_path: Path) -> None:
    head = "system,level,n_electrons,v_quantum,v_mean_field,v_comotion,v_best_pattern,"
    head += "search_spread,quadrature_error,lower,upper\n"
    rows = "He,hf,2,1,1,0.55,0.55,0,0,0.5,0.55\nHe,fci,2,0.9,1,0.54,0.54,0,0,0.53,0.54\n"
    (tmp_path / "a.csv").write_text(head + rows)
    (tmp_path / "a.svg").write_text("<svg/>")
    out = tmp_path / "a.html"
    words = ["page", "overview", "--html", str(out), "--input", str(tmp_path / "a.csv")]
    main([*words, str(tmp_path / "a.svg")])
    table = pd.read_csv(tmp_path / "a.csv").tail(1).reset_index(drop=True)
    assert out.read_text() == overview_page(table, tmp_path / "a.svg")
    assert "60.0% (He)" in out.read_text()


@pytest.mark.parametrize(
    ("name", "files", "wanted"), [("overview", 1, "two"), ("energies", 2, "one")]
)
def test_each_page_is_made_of_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, files: int, wanted: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["page", name, "--html", f"{tmp_path}/a.html", "--input", *["a.csv"] * files])
    assert end.value.code == 1
    assert f"page {name} is made of {wanted} file" in capsys.readouterr().err


def test_a_page_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["page", "nothing", "--input", "a", "--html", f"{tmp_path}/a.html"])
    assert end.value.code == 2
    assert "'study', 'overview', 'energies'" in capsys.readouterr().err
