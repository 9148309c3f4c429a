"""What captions, labels, tables and documents claim, and the phrases that may claim it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from comotion.cli import STAGES
from comotion.pages.descriptions import DESCRIBE
from comotion.tables.adiabatic_connections import CORRELATION, MOLLER_PLESSET
from comotion.tables.best_estimates import best_table
from comotion.tables.brackets import COLUMNS as BRACKET
from comotion.tables.kohn_sham_atoms import INVERSION, SELF_CONSISTENT
from comotion.tables.quantities import COLUMNS, column
from own_files import own_files
from study.catalogue import FIGURES, PAGES, PROBLEMS

#: Words that claim something of a number or of a plan. Between letters they are other words.
_CLAIM = re.compile(
    r"(?<![a-z])(?:near-|un)?(?:optimal(?:ity)?|optimum|SCE|V_N|W_\\?inf(?:ty)?(?!_)|exact(?:ly)?|"
    r"prove[sdn]?|proofs?|certif\w+|truth|lowest|cheapest|as well as|at every)(?![a-z])",
    re.IGNORECASE,
)
#: Columns of each k, for k = 2 and 3 in place of all.
_OF_K = ("v_2", "v_2_error", "v_comotion_3", "v_comotion_3_error", "lower_2", "upper_3",
         "lower_proven_2")  # fmt: skip

#: Phrases that may hold such a word, by the reason why they are true.
PHRASES: dict[str, tuple[str, ...]] = {
    "proven by the verifier, which trusts no search": (
        r"lower_proven\w*",
        r"proven (?:lower )?bounds?(?: of V_SCE)?",
        r"what is proven(?: of V_SCE)?",
        r"nothing is proven",
        r"lower bound (?:of V_SCE )?that is proven",
        r"lower bound is proven for",
        r"pair bound, (?:\\leq V_SCE, )?proven(?: from)?",
        r"V_SCE \u2265, proven",
        r"proven below upper",
        r"(?:not|\*|makes it) ?proven",
        r"is \[proven\]\(docs/method/pair_bound\.md\)",
        r"from below with a proof",
        r"exact and ball arithmetic(?: proves of a| checks)?",
        r"proves every (?:certificate|pair bound)",
        r"prove pair bounds",
        r"^Proof\.$",
        r"package `proof`",
        r"scaled to N electrons exactly",
        r"its certificate: it is proven",
        r"certificate of the proven lower bound",
    ),
    "the name of the field, of the limit, or of a file": (
        r"optimal transport",
        r"strictly-correlated-electrons \(SCE\) limit",
        r"sce\.json",
        r"studies/(?:certified|proven-heavy)\.yaml",
        r"`exact` for models",
        r"^exact$",
    ),
    "a definition": (
        r"V_SCE\[[^]]*\] = ",
        r"V_SCE\[\(k / N\) rho\]",
        r"V_N = V_SCE \\le \\langle V_{ee}\\rangle",
        r"V_SCE \\le \(1-1/N\)",
        r"V_SCE\[\\tfrac kN\\rho\]",
        r"W_\\infty and W'_\\infty at strong coupling",
        r"W_\\infty\+W'_\\infty/\\sqrt\\lambda for strong coupling",
        r"Its W'_\\infty is too large and its W_\\infty too high",
        r"W'_inf of the optimal plan",
        r"w_inf_prime_optimal\w*",
        r"belongs to the optimal plan",
        r"At the optimum the motion along the plan costs nothing",
        r"ripples about the optimal one",
        (
            r"E_\{xc\} of the ends \\lambda W_0,\\lambda\^2W'_0,\\lambda W_\\infty"
            r",\\sqrt\\lambda\\,W'_\\infty"
        ),
        r"^W_inf and W'_inf\.$",
        r"^W_\\infty$",
        r"strong-interaction expansion W_\\lambda\\to W_\\infty\+W'_\\infty/",
        r"W_\\lambda\\to W_\\infty\+W'_\\infty/\\sqrt\\lambda",
        r"W'_\\infty is the zero-point energy of the strictly correlated electrons",
        r"of two electrons that of the co-motion plan and of more that of the optimal plan",
        r"\(W_\\lambda-W_\\infty\)\\sqrt\\lambda is 0\.613 on its way to W'_\\infty=0\.619",
        r"which leave W'_\\infty out",
        r"W_\\infty\^\{\\mathrm\{PC\}\}=A\\int",
        r"rises with k to V_N=V_SCE and, continued",
        r"V_N is V_SCE itself",
        r"times V_SCE of the density of k electrons",
        r"W_inf = V_SCE - U",
        r"W_\\infty=V_SCE-U",
        r"V_SCE, the least repulsion that this density",
        r"V_SCE is that of the averaged density",
        r"\*certified\* is a bracket whose record says how hard it looked",
    ),
    "what a law says of them, or a question about them; bounds from both sides stand beside it": (
        r"W_\\infty\\to A\\int",
        r"B=\(W_\\infty-A\\int",
        r"W_\\infty is fitted by multiples of both",
        r"adds to W_\\infty in the order of the gradient term",
        r"a part of W_\\infty that does not fall",
        r"relative to V and not relative to W_\\infty",
        r"W_\\infty like N\^\{4/3\}",
        r"ten per cent of W_\\infty",
        r"the gradient expansion of W_inf hold",
        r"which laws do W_inf and W'_inf",
        r"W_inf of neutral atoms over Z",
        r"W_\\infty itself lies above it by the gradient term",
        r"as for W_\\infty, but its integral",
        r"W'_\\infty\\to C\\int",
    ),
    "a bound, on its proper side": (
        r"(?:upper|lower) bounds? of V_SCE",
        r"`w_inf_upper` the bounds of W_inf",
        r"(?:upper|lower) bound of -?W_inf(?: = V_SCE - U)?",
        r"v_sce_(?:lower|upper)",
        r"lower <= V_SCE <= upper",
        r"\\geq V_SCE",
        r"V_SCE (?:\u2265|\u2264|&#8804;)",
        r"costs at least V_SCE",
        r"quantum repulsion lies above V_SCE",
        r"\\le V_SCE\[",
        r"Bounds of V_SCE by searches",
        r"one of W_\\infty",
        r"the last one of V_SCE",
        r"below which V_SCE lies",
        r"bounds? (?:of )?V_SCE (?:from neither side|unless k = N)",
        r"an upper bound of the optimum",
        r"V_2 ?\\leq V_SCE",
        r"lie below V_SCE, open ones above it",
        r"bounds V_SCE from below",
        r"V_SCE\[\\rho\]\\ge\(N-1\)\\int\\rho",
        r"best pair bound lies between V_2 and V_SCE",
        r"bound lies below V_SCE by what",
        r"1e-3 of V_SCE from three electrons on",
        r"how far V_SCE can be above",
        r"the upper bound can be above V_SCE",
        r"what lies above V_SCE",
        r"is the pair bound, at most V_SCE",
    ),
    "that V_SCE lies in a bracket, or is to": (
        r"brackets? of V_SCE",
        r"V_SCE is bracketed",
        r"bracket V_SCE itself",
        r"how well V_SCE is known",
        r"V_N is the bracket itself",
        r"those of V_SCE less U",
        r"(?:for )?V_SCE(?: stands|:) the middle of its bracket",
        r"fractions? of V_SCE",
        r"Bounds of V_SCE as fractions of it",
    ),
    "a theorem: Lieb-Oxford, with the constant of Lewin, Lieb, Seiringer (2022)": (
        r"Lieb-Oxford inequality W_\\infty\\ge-1\.58",
    ),
    "a theorem: two electrons (Cotar, Friesecke, Klueppelberg 2013)": (
        r"for two electrons this (?:is the optimal plan|plan is optimal)",
        r"co-motion plan is optimal, as it is for two electrons",
        r"is the optimum for two electrons only",
        r"plan is optimal for two electrons",
        r"tends to V_2, which is V_SCE",
        r"two electrons, for which V_2=V_SCE",
        r"^V_2 = V_SCE$",
    ),
    "a theorem: T_s is at most T, and V_2 at most <V_ee> and the cost of any plan": (
        r"E_2 lies below the exact energy,? and below (?:all|every co-motion) E_k",
    ),
    "a condition": (
        r"SCE potential where (?:the co-motion|that) plan is optimal",
        r"SCE potential where the",
        r"W'_inf where (?:that|the) (?:plan )?is optimal",
        r"slopes of an optimal potential",
        r"forces on an optimal plan",
    ),
    "that something is not optimal, or how far it is from that": (
        r"(?:is|are|need) \*?not\*? (?:be )?optimal",
        r"one of the two is not optimal",
        r"point-charge-plus-continuum model of W_inf",
        r"(?:above|from|than) the optimum",
        r"how far (?:these are|its cost is) from the optimum",
        r"only above V_SCE is called by its name",
        r"not a proof",
        r"a search, which is no proof",
        r"that none is lower is no proof",
        r"evidence, no proof",
        r"inequalities of V_SCE that its upper bounds",
        r"V_SCE itself would obey",
    ),
    "the upper end of a bracket: the least of the plans that were found": (
        r"cheapest plan(?: found|,? plus)?",
        r"the cheapest plan and that of the best pattern",
    ),
    "a soluble problem, proven by duality, enumeration or a closed form": (
        r"it proves the plan optimal",
        r"this proves optimality among all plans",
        r"the optimal plan on a line",
        r"x_1\+x_2\+x_3=3/2 is optimal",
        r"optimal plans need not be maps",
        r"Two optimal plans of the repulsive harmonic cost",
        r"certificates?(?: c:)?",
        r"the potentials behind the proof",
        r"plans that exist: the optimum is at least as low",
    ),
    "a proof that a verifier checks": (r"prove pair bounds from their certificates",),
    "a computed test on a grid": (r"At every \\hbar the run has checked",),
    "not about transport": (
        r"exact non-relativistic (?:energy|one)",
        r"E_{\\mathrm{exact}}",
        r"exact energies",
        r"the one with the lowest energy",
        r"(?:against|no|of \d+) exact values?",
        r"of the exact one from 0\.01 to 4 bohr",
        r"solved exactly in Hylleraas",
        r"between which exactly one electron lies",
        r"energy_exact",
        r"of the exact density",
        r"relative to the exact ones",
        r"error bar is a prediction by a rule",
        r"lowest mode of each configuration",
        r"configurations are not the lowest",
        r"whether E is the exact energy",
        r"exact energy less the Hartree-Fock limit, from the literature",
        r"over those of the transport\. 1 would be exact",
        r"`e_c` is made of the exact energy",
        r"E_c is made of the literature's exact energy",
        r"energy_is_exact",
        r"exact energy is not known",
        r"with the exact energy the density of a state, which is not the exact one",
        r"E_c\^\{\\mathrm\{exact\}\}",
        r"lowest[_ ]unoccupied",
        r"the same bytes at every run",
        r"\(1 at every angle\)",
    ),
}


def unbacked(text: str) -> list[str]:
    """Sentences of a text that claim something in words of which no phrase tells the reason."""
    found = []
    for sentence in sentences(text):
        rest = _ANY.sub(" ", sentence)
        if _CLAIM.search(rest):
            found.append(sentence)
    return found


_ANY = re.compile(
    "|".join(f"(?:{one})" for group in PHRASES.values() for one in group), re.IGNORECASE
)


def sentences(text: str) -> Iterator[str]:
    """Sentences of a caption, a document or a label, without the marks of formulae."""
    text = re.sub(r"\{%.*?%\}|<!--.*?-->|```.*?```|^\|.*?$|^#.*?$", "\n\n", text,
                  flags=re.DOTALL | re.MULTILINE)  # fmt: skip
    text = re.sub(r"V<sub>(\w+)</sub>", r"V_\1", text)
    text = re.sub(r"V_\{\\mathrm\{(\w+)\}\}", r"V_\1", text)
    text = re.sub(r":math:`([^`]*)`|\$([^$]*)\$", r"\1\2", text).replace("\\;", "")
    for block in re.split(r"\n\s*\n|^\s*[*-] |^\d\. ", text, flags=re.MULTILINE):
        line = " ".join(block.split())
        # A sentence ends before a capital, a sign of markup or a formula, not after an initial.
        yield from filter(None, re.split(r"(?<=[a-z0-9)`*\]][.:;]) (?=[A-Z*:`])", line))


def texts(project: Path) -> dict[str, str]:
    """Every text that a reader meets, by where it stands."""
    workflow = project / "workflow"
    found = {path.name: path.read_text() for path in sorted((workflow / "report").glob("*.rst"))}
    documents = ("README.md", "results/README.md", *own_files(project, "docs/*.md"))
    found |= {name: (project / name).read_text() for name in documents}
    labels = [figure.label for figure in FIGURES.values()]
    labels += [page.label for page in PAGES.values()]
    labels += [problem.label for problem in PROBLEMS.values()]
    found["catalogue"] = _joined(labels)
    found["columns"] = _joined(_meanings())
    found["commands"] = _joined(STAGES.values())
    schema = yaml.safe_load((workflow / "schemas/config.schema.yaml").read_text())
    found["schema"] = _joined(_descriptions(schema))
    shown = [*sorted((workflow / "comotion/figures").rglob("*.py")),
             *(workflow / f"comotion/pages/{name}.py" for name in ("atom_page", "overview")),
             *sorted((workflow / "comotion/reference_page").glob("*.py")),
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
    for columns in (SELF_CONSISTENT, INVERSION, CORRELATION, MOLLER_PLESSET):
        yield from (of.meaning for of in columns.values())
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
