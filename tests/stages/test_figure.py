"""The stage of figures: what each kind of file becomes, and which figure goes into which file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from comotion.cli import main
from comotion.density.model_densities import model
from comotion.density.storage import save_density
from comotion.figures import energies, plans
from comotion.figures.canvas import save
from comotion.io import write_arrays, write_json
from comotion.transport.comotion import comotion_plan
from comotion.transport.plan import Plan


class Drawn:
    """In the place of figures: it remembers what it was to draw and where to save it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.contents: list[Any] = []
        self.options: list[dict[str, Any]] = []
        self.saved: list[tuple[str, list[str]]] = []
        self.sizes: list[Any] = []
        for module, name in ((energies, "hierarchy"), (energies, "energies"), (plans, "potential")):
            monkeypatch.setattr(module, name, self._function(name))
        monkeypatch.setattr("comotion.stages.figure.save", self._save)

    def _function(self, name: str) -> Any:
        def draw(content: Any, **options: Any) -> str:
            self.contents.append(content)
            self.options.append(options)
            return name

        return draw

    def _save(self, figure: str, paths: Sequence[Path]) -> None:
        self.saved.append((figure, [path.name for path in paths]))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """See `Drawn`."""
    return Drawn(monkeypatch)


def _figure(figures: str, inputs: Sequence[Path], *out: str, words: Sequence[str] = ()) -> None:
    main(["figure", figures, "--inputs", *map(str, inputs), "--out", *out, *words])


def test_a_table_gives_the_last_row_of_each_system(tmp_path: Path, drawn: Drawn) -> None:
    path = tmp_path / "a.csv"
    path.write_text("system,level,x\nHe,a,1\nBe,a,2\nHe,b,3\nNe,a,4\nBe,b,5\n")
    _figure("energies.energies", [path], "a.svg")
    (content,) = drawn.contents
    assert content["system"].tolist() == ["He", "Ne", "Be"]
    assert content["level"].tolist() == ["b", "a", "b"]
    assert content["x"].tolist() == [3, 4, 5]
    assert content.index.tolist() == [0, 1, 2]
    assert drawn.options == [{}]


def test_panels_are_passed_on_where_they_are_given(tmp_path: Path, drawn: Drawn) -> None:
    path = tmp_path / "a.csv"
    path.write_text("system,level\nHe,a\n")
    _figure("energies.hierarchy", [path], "a.svg", words=["--panels", "7"])
    assert drawn.options == [{"panels": 7}]


def test_records_and_arrays(tmp_path: Path, drawn: Drawn) -> None:
    records = [tmp_path / "1.json", tmp_path / "2.json"]
    for i, path in enumerate(records):
        write_json(path, {"b": [i]})
    _figure("energies.energies", records, "a.svg")
    assert [record["b"] for record in drawn.contents[0]] == [[0], [1]]
    brackets = [tmp_path / name / "bracket.h5" for name in ("1", "2")]
    for i, path in enumerate(brackets):
        write_arrays(path, {"x": (np.arange(i + 1), "1", "some")}, {"system": f"s{i}"})
    _figure("energies.energies", brackets, "a.svg")
    assert [arrays["system"] for arrays in drawn.contents[1]] == ["s0", "s1"]
    assert [len(arrays["x"]) for arrays in drawn.contents[1]] == [1, 2]
    problem = tmp_path / "line.h5"
    write_arrays(problem, {"y": (np.arange(3), "1", "some")}, {"problem": "line"})
    _figure("energies.energies", [problem], "a.svg")
    assert list(drawn.contents[2]) == ["y"]
    np.testing.assert_array_equal(drawn.contents[2]["y"], [0, 1, 2])


@pytest.mark.parametrize("name", ["plan.h5", "pattern.h5", "upper_plan.h5"])
def test_plans(tmp_path: Path, drawn: Drawn, name: str) -> None:
    plan = comotion_plan(model("exponential-2"))
    paths = [tmp_path / folder / name for folder in ("1", "2")]
    for path in paths:
        plan.save(path)
    _figure("plans.potential", paths, "a.svg")
    (content,) = drawn.contents
    assert [type(one) for one in content] == [Plan, Plan]
    assert content[1].cost == plan.cost


def test_pair_densities_come_with_their_plans(tmp_path: Path, drawn: Drawn) -> None:
    """In order; without plans they are arrays alone."""
    paths = [tmp_path / folder / "pair_density.h5" for folder in ("1", "2")]
    for i, path in enumerate(paths):
        head = {"system": f"s{i}", "n_electrons": i + 2, "level": "hf_x"}
        write_arrays(path, {"radial": (np.arange(i + 1), "bohr^-2", "some")}, head)
    _figure("energies.energies", paths, "a.svg")
    for n in (2, 3):
        comotion_plan(model(f"exponential-{n}")).save(tmp_path / str(n - 1) / "plan.h5")
    plan_paths = [path.with_name("plan.h5") for path in paths]
    _figure("energies.energies", [*paths, *plan_paths], "a.svg")
    alone, both = drawn.contents
    for i, (one, other) in enumerate(zip(alone, both, strict=True)):
        assert (one["system"], one["n_electrons"]) == (f"s{i}", i + 2)
        np.testing.assert_array_equal(one["radial"], np.arange(i + 1))
        assert set(one) == {"system", "n_electrons", "radial"}
        assert set(other) == {*one, "plan"}
        assert other["plan"].n_electrons == i + 2


def test_densities_and_potentials(tmp_path: Path, drawn: Drawn) -> None:
    """In the order in which they are named, each with its system and its level."""
    rows = [("He", "ks-v2_x", 2), ("Li", "hf_x", 3)]
    for system, level, n in rows:
        folder = tmp_path / system / level
        save_density(folder / "density.h5", system, level, model(f"exponential-{n}"))
        head = {"system": system, "level": level, "n_electrons": n, "nuclear_charge": n}
        arrays = {"v_hxc": (np.arange(float(n)), "hartree", "some")}
        write_arrays(folder / "kohn_sham.h5", arrays, head)
    for name in ("density.h5", "kohn_sham.h5"):
        paths = [tmp_path / system / level / name for system, level, _ in rows]
        _figure("energies.energies", paths, "a.svg")
    densities, potentials = drawn.contents
    for (system, level, n), found, arrays in zip(rows, densities, potentials, strict=True):
        assert found[:2] == (system, level)
        np.testing.assert_array_equal(found[2]([0.5, 2.0]), model(f"exponential-{n}")([0.5, 2.0]))
        assert set(arrays) == {"system", "level", "n_electrons", "v_hxc"}
        assert (arrays["system"], arrays["level"], arrays["n_electrons"]) == (system, level, n)
        np.testing.assert_array_equal(arrays["v_hxc"], np.arange(n))


def test_each_figure_gets_its_own_files(tmp_path: Path, drawn: Drawn) -> None:
    """Figures in the order in which they are named, and files alike for each."""
    path = tmp_path / "a.csv"
    path.write_text("system,level\nHe,a\n")
    figures = "energies.energies,plans.potential,energies.hierarchy"
    out = [f"{name}.{suffix}" for name in "abc" for suffix in ("svg", "png")]
    _figure(figures, [path], *out)
    assert drawn.saved == [
        ("energies", ["a.svg", "a.png"]), ("potential", ["b.svg", "b.png"]),
        ("hierarchy", ["c.svg", "c.png"]),
    ]  # fmt: skip
    assert all(content is drawn.contents[0] for content in drawn.contents)


@pytest.mark.parametrize(
    ("figures", "out", "sentence"),
    [
        ("energies.energies,plans.potential", ["a", "b", "c"],
         "3 files for 2 figures: give each the same number of files"),
        ("energies.nothing", ["a"], "no figure 'energies.nothing': module"),
        ("nothing.energies", ["a"], "no figure 'nothing.energies': No module named"),
        ("energies", ["a"], "no figure 'energies'"),
    ],
)  # fmt: skip
def test_figures_that_are_none(
    tmp_path: Path, drawn: Drawn, capsys: pytest.CaptureFixture[str], figures: str,
    out: list[str], sentence: str,
) -> None:  # fmt: skip
    with pytest.raises(SystemExit) as end:
        _figure(figures, [tmp_path / "a.csv"], *out)
    assert end.value.code == 1
    assert f"comotion figure: error: {sentence}" in capsys.readouterr().err
    assert drawn.contents == []


def test_figures_are_drawn_in_the_style_and_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real files at the end: what is not SVG is PNG."""
    sizes = []

    def draw(_: Any) -> Figure:
        import matplotlib.pyplot as plt  # noqa: PLC0415

        sizes.append(plt.rcParams["font.size"])
        return plt.figure()

    monkeypatch.setattr(energies, "energies", draw)
    path = tmp_path / "a.csv"
    path.write_text("system,level\nHe,a\n")
    out = [tmp_path / "deep/a.svg", tmp_path / "deep/a.png"]
    _figure("energies.energies", [path], *map(str, out))
    style = Path(save.__code__.co_filename).with_name("comotion.mplstyle").read_text()
    (size,) = [line.split(":")[1] for line in style.splitlines() if line.startswith("font.size")]
    assert sizes == [float(size)]
    assert b"<svg" in out[0].read_bytes()[:1000]
    assert out[1].read_bytes().startswith(b"\x89PNG")
