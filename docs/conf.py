"""How Sphinx builds the documents: pages compute when they are built, and an error stops it."""

import hashlib
import inspect
import os
import re
import sys
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike
from pygments.lexers.python import PythonLexer
from sphinx.util.typing import stringify_annotation

_HERE = Path(__file__).parent
# The package of this folder, and the modules that pages import: here and where cells run.
_PATHS = [str(_HERE.parent / "workflow"), str(_HERE)]
sys.path[:0] = _PATHS
os.environ |= {"PYTHONPATH": os.pathsep.join(_PATHS), "OMP_NUM_THREADS": "1"}

import comotion  # noqa: E402 - found on the path above
import symbols  # noqa: E402
from comotion import models  # noqa: E402
from comotion.density.radial import Array  # noqa: E402

project = "comotion"
author = "the authors of comotion"
version = release = comotion.__version__
extensions = [
    "formulas",
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]

html_theme = "pydata_sphinx_theme"
html_title = f"comotion {version}"
html_show_sourcelink = False
# Pages that stand alone have no list of neighbours.
html_sidebars: dict[str, list[str]] = {
    name: [] for name in ("index", "running", "symbols", "accuracy", "problems")
}
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_theme_options = {
    "navigation_with_keys": False,
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_toc_level": 2,
    "header_links_before_dropdown": 6,
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "article_header_start": ["breadcrumbs"],
}

myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath", "html_image"]
myst_heading_anchors = 3
# Formulas are drawn by the browser itself: nothing is loaded from elsewhere.
html_math_renderer = "mathml"

# Every page with code cells is computed anew where its text has changed, and all of them where the
# reference set has.
_SET = hashlib.sha256((_HERE.parent / "reference/SHA256SUMS").read_bytes()).hexdigest()[:12]
nb_execution_mode = "cache"
nb_execution_cache_path = str(_HERE / "_build/cells" / _SET)
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 300
nb_merge_streams = True
nb_render_markdown_format = "myst"
nb_mime_priority_overrides = [("html", "image/svg+xml", 0)]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True, "inherited-members": True}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

# A link to one of the pages or names of this project must lead somewhere; types of other
# packages have no page here.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!comotion\b).*")]
# What compiled code takes is no object for users.
nitpick_ignore = [("py:class", "comotion.transport.bounds.pricing.PotentialTable")]

#: Public names that are neither functions nor classes.
_DATA = {
    "INTERPOLATIONS": "Interpolations of the adiabatic connection by name, each with its curve and "
    "its integral: " + ", ".join(comotion.INTERPOLATIONS),
    "MODELS": "Model densities by kind, each a function of the number of electrons: "
    + ", ".join(comotion.MODELS),
    "__version__": "The version of the package.",
}
_CHARACTERS_OF_MARKUP = str.maketrans({"|": r"\|", "*": r"\*"})


def _plain(text: str) -> str:
    """A line of a docstring whose formulas are text: bars and stars mean themselves."""
    parts = re.split(r"(``.*?``|`[^`]+`)", text)
    for place, part in enumerate(parts):
        if place % 2 == 0:
            parts[place] = re.sub(r"(\w)_(?=\W|$)", r"\1\\_", part.translate(_CHARACTERS_OF_MARKUP))
        elif not part.startswith("``"):
            parts[place] = f"`{part}`"
    return "".join(parts)


def _docstring(_app: Any, _what: str, _name: str, _object: Any, _options: Any,
               lines: list[str]) -> None:  # fmt: skip
    """Single backticks name code in the docstrings, and a bar is an absolute value."""
    lines[:] = [line if line.lstrip().startswith(">>>") else _plain(line) for line in lines]


def _signature(*arguments: Any) -> tuple[str | None, str | None]:
    """Types of arrays by their short names, not by all that they stand for."""
    *_, signature, returns = arguments
    return _short(signature), _short(returns)


def _short(text: str | None) -> str | None:
    for name, of in (("ArrayLike", ArrayLike), ("Array", Array)):
        for mode in ("smart", "fully-qualified"):
            text = text and text.replace(stringify_annotation(of, mode), name)
    return text


def _skip(_app: Any, what: str, _name: str, member: Any, skip: bool, _options: Any) -> bool | None:
    """What is inherited from outside the project has its documents there."""
    if what != "class" or skip or not inspect.isroutine(member):
        return None
    home = getattr(member, "__module__", None) or "comotion"
    return None if home.startswith("comotion") else True


def setup(app: Any) -> None:
    """Sphinx's own hook."""
    # Rules are Python with some words more.
    app.add_lexer("snakemake", PythonLexer)
    # Before napoleon reads the sections.
    app.connect("autodoc-process-docstring", _docstring, priority=400)
    app.connect("autodoc-process-signature", _signature)
    app.connect("autodoc-skip-member", _skip)
    _write_reference(_HERE / "api/generated")


def _write_reference(folder: Path) -> None:
    """One page for each kind of public name, and one for the soluble problems."""
    folder.mkdir(exist_ok=True)
    classes = [name for name in comotion.__all__ if inspect.isclass(getattr(comotion, name))]
    functions = [name for name in comotion.__all__ if inspect.isfunction(getattr(comotion, name))]
    data = [name for name in comotion.__all__ if name not in {*classes, *functions}]
    pages = {
        "functions": ("Functions", [f"comotion.{name}" for name in functions]),
        "classes": ("Classes", [f"comotion.{name}" for name in classes]),
        "data": ("Data", [f"comotion.{name}" for name in data]),
    }
    for page, (title, names) in pages.items():
        _replace(folder / f"{page}.rst", _page(title, [_of_name(name) for name in names]))
    further = [f"{one.__module__}.{one.__name__}" for one in symbols.further_classes()]
    further = [f".. autoclass:: {name}\n" for name in further]
    _replace(folder / "further.rst", _page("Further classes", further))
    problems = [f".. automodule:: comotion.models.{name}\n" for name in models.PROBLEMS]
    _replace(folder / "models.rst", _page("Soluble problems", problems))


def _of_name(name: str) -> str:
    named = getattr(comotion, name.removeprefix("comotion."))
    if inspect.isclass(named):
        return f".. autoclass:: {name}\n"
    if inspect.isfunction(named):
        return f".. autofunction:: {name}\n"
    # Its own docstring would be that of a dict or of a text.
    return f".. py:data:: {name}\n\n   {_DATA[name.removeprefix('comotion.')]}\n"


def _page(title: str, parts: list[str]) -> str:
    return "\n".join([title, "=" * len(title), "", *parts])


def _replace(path: Path, text: str) -> None:
    """Write a page only where it differs: Sphinx reads anew what has another time."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
