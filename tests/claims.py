"""What the project says of itself in captions, labels, tables and documents, sentence by sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from comotion.cli import STAGES
from comotion.pages.descriptions import DESCRIBE
from comotion.tables.best_estimates import best_table
from comotion.tables.brackets import COLUMNS as BRACKET
from comotion.tables.quantities import COLUMNS, column
from study.catalogue import FIGURES, PAGES, PROBLEMS

#: Words that claim something of a number or a plan.
_CLAIM = re.compile(
    r"\b(?:optim(?:al|um|ality)|SCE|V_SCE|V_N|exact(?:ly)?|prove[sdn]?|proofs?|certif\w+|best|"
    r"least|lowest|cheapest|truth|true|as well as|every|everywhere|always|never|nowhere)\b",
    re.IGNORECASE,
)
#: Names in which such a word claims nothing.
_NAMES = re.compile(
    r"optimal transport|best[ _]patterns?|best[ _]estimates?|v_best_pattern|at least|sce\.json|"
    r"best\.(?:json|csv|md)|best-table|table of best|results/\S+|level exact",
    re.IGNORECASE,
)
#: Columns of each k, for k = 2 and 3 in place of all.
_OF_K = ("v_2", "v_2_error", "v_comotion_3", "v_comotion_3_error", "lower_2", "upper_3")


def claims(text: str) -> list[str]:
    """Sentences of a text with a word that claims something, on one line each."""
    return [one for one in _sentences(text) if _CLAIM.search(_NAMES.sub(" ", one))]


def _sentences(text: str) -> Iterator[str]:
    """Sentences of a caption, a document or a label."""
    text = re.sub(r"\{%.*?%\}|<!--.*?-->|```.*?```|^\|.*?$|^#.*?$", "\n\n", text,
                  flags=re.DOTALL | re.MULTILINE)  # fmt: skip
    text = re.sub(r"V_\{\\mathrm\{(\w+)\}\}", r"V_\1", text)
    for block in re.split(r"\n\s*\n|^\s*[*-] |^\d\. ", text, flags=re.MULTILINE):
        line = " ".join(block.split())
        # A sentence ends before a capital, a sign of markup or a formula, not after an initial.
        yield from filter(None, re.split(r"(?<=[a-z0-9)`*\]][.:;]) (?=[A-Z*:`])", line))


def texts(project: Path) -> dict[str, str]:
    """Every text that a reader meets, by where it stands."""
    workflow = project / "workflow"
    found = {path.name: path.read_text() for path in sorted((workflow / "report").glob("*.rst"))}
    found |= {name: (project / name).read_text() for name in ("README.md", "results/README.md")}
    labels = [*FIGURES.values(), *PAGES.values(), *PROBLEMS.values()]
    found["catalogue"] = _joined(entry.label for entry in labels)
    found["columns"] = _joined(_meanings())
    found["commands"] = _joined(STAGES.values())
    schema = yaml.safe_load((workflow / "schemas/config.schema.yaml").read_text())
    found["schema"] = _joined(_descriptions(schema))
    shown = [*sorted((workflow / "comotion/figures").rglob("*.py")),
             workflow / "comotion/analysis.py", workflow / "comotion/transport/hierarchy.py",
             workflow / "comotion/tables/brackets.py"]  # fmt: skip
    return found | {path.relative_to(workflow).as_posix(): _joined(_strings(path))
                    for path in shown}  # fmt: skip


def _joined(parts: Any) -> str:
    return "\n\n".join(parts)


def _meanings() -> Iterator[str]:
    """Meanings of all columns of all tables."""
    for name in (*COLUMNS, *_OF_K):
        yield column(name).meaning
    for name in map(str, best_table([]).columns):
        yield DESCRIBE["best"](name).meaning
    for name in BRACKET:
        yield DESCRIBE["bracket"](name).meaning
    for name in ("k", "lower", "upper"):
        yield DESCRIBE["hierarchy_bracket"](name).meaning


def _descriptions(schema: Any) -> Iterator[str]:
    """Descriptions of all keys of the configuration."""
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for value in schema.values():
            yield from _descriptions(value)


def _strings(path: Path) -> Iterator[str]:
    """Labels and other strings of a module, and what its functions say they are."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
