"""Words are claims: what captions, labels, tables and documents say must be so."""

import ast
import inspect
import re
from pathlib import Path

import numpy as np
import pytest

from claims import PHRASES, sentences, texts, unbacked
from comotion import MODELS, Plan
from comotion.tables.quantities import COLUMNS, SEARCH_SPREAD
from comotion.transport.maps import alternating, configuration_radii

_PROJECT = Path(__file__).parents[1]
_TEXTS = texts(_PROJECT)
#: What once stood in captions and tables and was false, or more than is known.
_FALSE = (
    "in which they avoid one another as well as this density allows.",
    "The optimal arrangement of the electrons of Ne in space for three values of q.",
    r"They rise with k to :math:`V_N=V_{\mathrm{SCE}}`, the last point.",
    r":math:`V_N=V_{\mathrm{SCE}}` is the last point.",
    "At every shell radius (grey) one of the electrons is at infinity or at the nucleus.",
    r"The SCE potential :math:`u(r)`, whose slope is the force that the other electrons exert.",
    "SCE potential",
    "SCE potential u(r) with its tail (N - 1) / r.",
    "v_comotion - U: W_inf of the co-motion plan",
    "-w_inf / int rho^(4/3), at most 1.58",
    "comotion_optimal",
    "`optimal` says whether the bracket leaves room for it to be the optimum.",
    "Whether the co-motion plan is optimal as far as the bracket can tell.",
    "where it lies inside the bracket it is optimal to the digits that the bracket leaves.",
    "The co-motion plan is optimal for He, Li and Be as far as these brackets can tell.",
    "Systems whose optimal arrangement is drawn in space.",
    "Whether V_SCE / <V_ee> is drawn against Z for series of one N.",
    "The truth lies between them, whatever the conjecture behind the co-motion maps.",
    "optimal transport, co-motion plan: the optimum",
)
#: Names that claim more than a co-motion plan or a bound can be.
_NAMES = re.compile(r"v_sce|w_inf|v_hierarchy\w*|comotion_optimal|v_[3-9]|v_\d\d+")


@pytest.mark.parametrize("text", _TEXTS)
def test_every_claim_has_a_reason(text: str) -> None:
    """A new one is either mended or gets its reason in `claims.PHRASES`."""
    assert unbacked(_TEXTS[text]) == []


@pytest.mark.parametrize("sentence", _FALSE)
def test_a_claim_without_a_reason_is_seen(sentence: str) -> None:
    assert unbacked(sentence) == [" ".join(sentences(sentence))]


@pytest.mark.parametrize("phrase", [phrase for group in PHRASES.values() for phrase in group])
def test_every_phrase_is_in_use(phrase: str) -> None:
    said = [one for text in _TEXTS.values() for one in sentences(text)]
    assert any(re.search(phrase, one, re.IGNORECASE) for one in said)


def test_no_record_column_or_argument_claims_by_its_name() -> None:
    """An analysis has ``v_sce`` and ``w_inf`` as pairs of bounds; nothing else is called so.

    Of the ingredients of an interpolation, which somebody gives, one is W_inf itself.
    """
    found = set()
    for path in sorted((_PROJECT / "workflow/comotion").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = node.value
            elif isinstance(node, ast.FunctionDef | ast.arg | ast.AnnAssign):
                name = getattr(node, "name", None) or getattr(node, "arg", None) or ast.unparse(
                    getattr(node, "target", node)
                )  # fmt: skip
            else:
                continue
            if _NAMES.fullmatch(name):
                found.add((path.name, name))
    of_analysis = {("analysis.py", "v_sce"), ("analysis.py", "w_inf")}
    assert found == of_analysis | {("ingredients.py", "w_inf")}
    assert not [name for name in COLUMNS if _NAMES.fullmatch(name)]


def test_the_search_spread_is_one_thing() -> None:
    """One sentence for it in the table, the report, the documents, the configuration, the code."""
    plan = " ".join((inspect.getdoc(Plan) or "").split())
    assert SEARCH_SPREAD.replace("v_comotion", "the cost").capitalize() in plan
    for name in ("docs/method/comotion.md", "workflow.rst", "engine.rst", "schema", "columns"):
        assert SEARCH_SPREAD in " ".join(_TEXTS[name].split()), name
    everything = " ".join(" ".join(text.split()) for text in _TEXTS.values())
    assert not re.search(r"(?:differences?|differ\w*) (?:of|between|by) [^.]*\bseeds", everything)


def test_every_caption_of_a_potential_says_its_gauge() -> None:
    for name in ("potential.rst", "dual_potential.rst"):
        assert re.search(r"u\(\\infty\)=0|u = 0 at infinity", _TEXTS[name]), name
    problems = _TEXTS["problem_figure.rst"].split("{% elif")
    (antipodal,) = (part for part in problems if '"antipodal"' in part)
    assert r"u(\infty)=0" in antipodal
    for name in ("line", "semiclassical"):
        (part,) = (part for part in problems if f'"{name}"' in part)
        assert re.search(r"fixes the constant in v|\\int\\rho v=0", part), name


@pytest.mark.parametrize("n", range(2, 8))
def test_where_the_electrons_are_at_the_shell_radii(n: int) -> None:
    """What the caption of the co-motion functions says, for odd and even shells and N."""
    density = MODELS["exponential"](n)
    # All configurations in which an electron is at a shell radius: the ends of q.
    ends = configuration_radii(density, [0.0, 1.0], [1.0, 0.0], alternating(n))
    for parity, radii in enumerate(ends):
        shells = [density.shells[i - 1] for i in range(1, n) if i % 2 == parity]
        assert np.sum(radii == 0) == (1 if parity == 0 else 0)
        at_infinity = (n % 2 == 0) if parity == 0 else (n % 2 == 1)
        assert np.sum(np.isinf(radii)) == at_infinity
        others = np.sort(radii[(radii > 0) & np.isfinite(radii)])
        np.testing.assert_allclose(others, np.repeat(shells, 2), rtol=1e-12)
    caption = " ".join(_TEXTS["comotion.rst"].split())
    assert (
        r"When one electron is at :math:`a_2, a_4, \ldots`, one is at the nucleus and, for even N, "
        r"one at infinity; when one is at :math:`a_1, a_3, \ldots`, none is at the nucleus and, "
        "for odd N, one is at infinity. The others stand in pairs, both at one shell radius."
    ) in caption
