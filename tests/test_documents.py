"""What the documents say: versions, paths, commands and Python are those of the project."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from docutils.utils.math.latex2mathml import tex2mathml

import comotion
import drawing
from comotion import cli
from own_files import own_files
from study.catalogue import FIGURES, PROBLEMS
from study.settings import settings

_PROJECT = Path(__file__).parents[1]
_PAGES = own_files(_PROJECT, "docs/*.md")
_DOCUMENTS = (
    "README.md", "profiles/README.md", "results/README.md", "tests/workflow/FAULTS.md", *_PAGES,
)  # fmt: skip
#: Pages that show a configuration.
_WITH_CONFIG = ("docs/running.md", "docs/tutorials/density.md", "docs/tutorials/study.md")
#: Names of the files of a study that no rule writes: the report is made after the run.
_AFTER_THE_RUN = ["results/studies/{study}/report.html"]
#: How documents name a system: an atom, a model, a user's density, or any.
_SYSTEM = r"(?:system|mine|[A-Z][a-z]?[0-9]*[+-]?|[a-z_]+-[0-9]+)"
_FILE = r"\.(?:json|h5|csv|md|html|svg|png|log|tsv)$"


def test_version_is_the_same_everywhere(project: Path) -> None:
    """The newest section of the changelog is the version that is cited, and its date too."""
    version, date = re.findall(
        r"^## (\S+) \((\S+)\)", (project / "CHANGELOG.md").read_text(), re.MULTILINE
    )[0]
    citation = yaml.safe_load((project / "CITATION.cff").read_text())
    assert version == comotion.__version__ == citation["version"]
    assert date == str(citation["date-released"])


def test_the_citation_is_that_of_the_package(project: Path) -> None:
    """Title, authors, licence, keywords and addresses, of which none is made up."""
    citation = yaml.safe_load((project / "CITATION.cff").read_text())
    table = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    description = table["description"]
    assert (comotion.__doc__ or "").splitlines()[0] == description
    assert citation["title"] == f"comotion: {description[0].lower()}{description[1:-1]}"
    assert citation["authors"] == table["authors"]
    assert citation["keywords"] == table["keywords"]
    assert citation["license"] == table["license"]
    first, *_ = (project / "LICENSE").read_text().splitlines()
    assert first == f"{citation['license']} License"
    assert citation["message"].startswith("If you use comotion, please cite it")
    assert citation.get("repository-code") == table.get("urls", {}).get("Repository")


def _patterns(project: Path) -> list[str]:
    """Every path below results/ that the workflow writes, as a regular expression."""
    # What all rules share builds paths of any name.
    files = [path for path in sorted((project / "rules").glob("*.smk")) if path.stem != "common"]
    rules = "".join(path.read_text() for path in files)
    paths = re.findall(r'"((?:results|\{TABLES\}|\{FIGURE_FOLDER\}|\{PAGE_FOLDER\})/[^"]+)"', rules)
    names = [*FIGURES, *re.findall(r'\bfile="([^"]+)"', rules)]
    paths += [f"{{FIGURE_FOLDER}}/{name}.{suffix}" for name in names for suffix in ("svg", "png")]
    paths += [f"results/{{system}}/{{level}}/settings/{{key}}/{name}"
              for name in ("settings.json", "parts/{part}")]  # fmt: skip
    for short, long in (
        ("{TABLES}", "results/studies/{study}/tables"),
        ("{FIGURE_FOLDER}", "results/studies/{study}/figures"),
        ("{PAGE_FOLDER}", "results/studies/{study}/pages"),
        ("{OF_STUDY}", "studies/{study}"),
        ("{BEST}", "best"),
    ):
        paths = [path.replace(short, long) for path in paths]
    # In f-strings of rules wildcards stand in double braces.
    paths = [path.replace("{{", "{").replace("}}", "}") for path in paths]
    return [
        "/".join(_segment(segment) for segment in path.split("/"))
        for path in paths + _AFTER_THE_RUN
    ]


def _segment(segment: str) -> str:
    """Part of a path between slashes as a regular expression."""
    if segment in {"{system}", "{atom}", "{model}", "{density}"}:
        return _SYSTEM
    if segment in {"exact", "table"}:
        return f"(?:{segment}|level)"
    parts = re.split(r"(\{+[^}]*\}+)", segment)
    return "".join("[^/]+" if part[:1] == "{" else re.escape(part) for part in parts)


def _is_made(path: str, patterns: list[str]) -> bool:
    """Whether the workflow writes this file, or into this folder."""
    concrete = re.sub(r"\{([^}]*)\}", r"\1", path.rstrip("/"))
    known = patterns
    if not re.search(_FILE, concrete):
        # The path of a folder is the beginning of that of a file.
        segments = concrete.count("/") + 1
        known = ["/".join(_split(pattern)[:segments]) for pattern in patterns]
    return any(re.fullmatch(one, concrete) for one in known)


def _split(pattern: str) -> list[str]:
    """A pattern at the slashes that are not within brackets."""
    return re.split(r"/(?![^\[]*\])", pattern)


@pytest.mark.parametrize("path", [
    "results/tables/energies.csv", "results/report.html", "results/{system}/{level}/comotion.h5",
    "results/theory/{problem}", "results/figures", "results/studies/{study}/tables/study.json",
])  # fmt: skip
def test_what_the_workflow_does_not_make_is_seen(project: Path, path: str) -> None:
    assert not _is_made(path, _patterns(project))


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_every_path_of_results_is_made_by_the_workflow(project: Path, document: str) -> None:
    text = (project / document).read_text()
    paths = set(re.findall(r"\bresults/[\w{}./+*-]*[\w}/]", text))
    if document == "results/README.md":
        # Its tables name what lies beside it.
        cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        paths |= {f"results/{path}" for cell in cells for path in re.findall(r"`([^`]+)`", cell)}
    patterns = _patterns(project)
    wrong = {
        path for path in paths
        if not _is_made(path, patterns) and not (project / path).is_file() and "*" not in path
    }  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("document", [*_DOCUMENTS, "CHANGELOG.md"])
def test_every_command_and_every_file_exists(project: Path, document: str) -> None:
    text = (project / document).read_text()
    if document == "CHANGELOG.md":
        text = text.partition("## 0.1.0")[0].replace("`python -m comotion.X ...`", "")
    stages = re.findall(r"(?:`|^|bin/|-m )comotion ([a-z]\S*?)(?:[ `']|$)", text, re.MULTILINE)
    assert set(stages) <= set(cli.STAGES)
    assert "python -m comotion." not in text
    if document == "CHANGELOG.md":
        return
    for path in re.findall(r"--(?:configfile|workflow-profile) ([a-z][\w/.-]*)", text):
        assert path == "my.yaml" or (project / path).exists(), path
    for path in re.findall(r"`((?:workflow|tests|profiles|studies|rules)/[\w/.-]+)`", text):
        assert (project / path).exists(), path


@pytest.mark.parametrize("document", ["README.md", *_PAGES])
def test_documents_name_keys_that_there_are(project: Path, document: str) -> None:
    """Keys of short configs are keys of the schema, and so are those in the text."""
    text = (project / document).read_text()
    rules = yaml.safe_load((project / "workflow/schemas/config.schema.yaml").read_text())
    configs = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(configs) == (document in _WITH_CONFIG)
    for section, value in [item for one in configs for item in yaml.safe_load(one).items()]:
        assert section in rules["properties"]
        if known := rules["properties"][section].get("properties"):
            assert set(value) <= set(known)
    dotted = {".".join(setting.path) for setting in settings(rules)}
    dotted |= {
        f"{section}.electrons" for section in ("bracket", "pair_bound", "kohn_sham", "connection")
    }
    sections = "bracket|pair_bound|kohn_sham|connection|transport|problems|figures"
    named = re.findall(rf"`((?:{sections})\.(?!(?:json|h5|csv|md)`)[a-z_]+)`", text)
    assert set(named) <= dotted


def test_every_problem_is_explained(project: Path) -> None:
    problems = (project / "workflow/comotion/models/README.md").read_text()
    assert re.findall(r"^\| `(\w+)`", problems, re.MULTILINE) == list(PROBLEMS)


def _blocks(project: Path, document: str) -> list[str]:
    """Python that stands in a document and is not run when that is built."""
    return re.findall(r"```python\n(.*?)```", (project / document).read_text(), re.DOTALL)


def _cells(project: Path, document: str) -> list[str]:
    """Python that is run when a page is built."""
    text = (project / document).read_text()
    return re.findall(r"```\{code-cell\}\n(?::[^\n]*\n)*(.*?)```", text, re.DOTALL)


def _run(code: str) -> list[str]:
    """Run a block of Python; what it prints, line by line."""
    printed: list[str] = []
    exec(code, {"print": lambda *values: printed.append(" ".join(map(str, values)))})  # noqa: S102
    return printed


def _promised(code: str) -> list[str]:
    return re.findall(r"^print\(.*\)  # (.*)", code, re.MULTILINE)


def test_the_python_of_the_readme(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs and prints what stands beside it."""
    monkeypatch.chdir(tmp_path)
    (block,) = _blocks(project, "README.md")
    assert _promised(block)
    assert _run(block) == _promised(block)


@pytest.mark.slow
def test_the_python_that_reads_a_finished_run(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs beside the results of a run and prints what stands beside it."""
    monkeypatch.chdir(tmp_path)
    block, _ = _blocks(project, "docs/tutorials/study.md")
    folder = Path("results/Be/ccsd_aug-cc-pCVTZ")
    folder.mkdir(parents=True)
    be = ["--system", "Be", "--level", folder.name]
    _stage("atom", be, folder, density="density.h5", quantum="quantum.json")
    files = {"density": "density.h5", "sce": "sce.json"}
    plans = {"plan": "plan.h5", "pattern": "pattern.h5"}
    _stage("plan", [], folder, **files, **plans)
    _stage("hierarchy", [], folder, **files, hierarchy="hierarchy.json")
    written = {"bracket": "bracket.json", "details": "bracket.h5", "upper-plan": "upper_plan.h5"}
    _stage("bracket", [], folder, density="density.h5", parts="parts", **plans, **written)
    assert _promised(block)
    assert _run(block) == _promised(block)


def _stage(name: str, words: list[str], folder: Path, **files: str) -> None:
    """Run a stage on files of a folder."""
    for flag, file in files.items():
        words = [*words, f"--{flag}", str(folder / file)]
    cli.main([name, *words])


@pytest.mark.parametrize("document", ["README.md", *_PAGES])
def test_public_names_of_the_documents(project: Path, document: str) -> None:
    """Also in what is run, for the pages are not built by the quick tests."""
    blocks = _blocks(project, document) + _cells(project, document)
    code = "\n".join(blocks)
    imported = re.findall(r"^from (comotion\.[\w.]+) import (.*)$", code, re.MULTILINE)
    for module, names in imported:
        assert all(hasattr(import_module(module), name) for name in names.split(", "))
    inner = {module.split(".")[1] for module, _ in imported}
    for name in set(re.findall(r"\bcomotion\.([a-z_]\w*)", code)) - inner:
        assert name in comotion.__all__
    text = (project / document).read_text()
    for name in set(re.findall(r"`comotion\.([a-zA-Z_]\w*)[`(]", text)):
        assert name in {*comotion.__all__, "models"}


@pytest.mark.parametrize("document", ["README.md", *_PAGES])
def test_links_to_files_and_pages_lead_somewhere(project: Path, document: str) -> None:
    text, folder = (project / document).read_text(), (project / document).parent
    for target in re.findall(r"\]\(([\w./-]+\.\w+)\)", text):
        assert (folder / target).is_file(), target
    for target in re.findall(r"\{doc\}`([^`]+)`", text):
        assert (folder / f"{target}.md").is_file(), target
    for target in re.findall(r"\{include\} (\S+)", text):
        assert (folder / target).is_file(), target


@pytest.mark.parametrize("document", [*_PAGES, "docs/symbols.toml"])
def test_every_formula_can_be_drawn(project: Path, document: str) -> None:
    """Docutils turns them into MathML and refuses what it does not know."""
    text = (project / document).read_text().replace("\\\\", "\\")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for display, inline in re.findall(r"\$\$(.*?)\$\$|\$([^$]+)\$", text, re.DOTALL):
        assert "<math" in tex2mathml(display or inline, as_block=bool(display))


def test_the_readme_is_short(project: Path) -> None:
    assert len((project / "README.md").read_text().splitlines()) <= 150


def test_every_problem_has_its_figure_and_caption(project: Path) -> None:
    shown = re.findall(r'show\("(\w+)"\)', (project / "docs/problems.md").read_text())
    assert sorted(shown) == sorted(PROBLEMS)
    assert len({drawing.caption(name) for name in shown}) == len(PROBLEMS)
    assert drawing.caption("infinite").startswith("Infinitely many particles: by de Finetti")
    assert not any(mark in drawing.caption(name) for name in shown for mark in (":math:", "{%"))


def test_new_homes_in_the_changelog(project: Path) -> None:
    """What the changelog says has moved is where it says."""
    section = (project / "CHANGELOG.md").read_text().partition("## 0.1.0")[0]
    for row in re.findall(r"^\| (?:[^|]*) \| ([^|]*) \|$", section, re.MULTILINE):
        for name in re.findall(r"`(comotion(?:\.[a-z_]+)*[^`]*)`", row):
            folder, brace, inner = name.partition(".{")
            if not re.fullmatch(r"comotion(\.[a-z_]+)+", folder):
                continue
            for module in inner.rstrip("}").split(",") if brace else [""]:
                import_module(f"{folder}.{module}".rstrip("."))
