"""The packages that draw the page: Altair, and Vega with what it needs as one script."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from comotion.errors import ComotionError

_HERE = Path(__file__).parent


@dataclass(frozen=True, repr=False)
class DrawingLibrary:
    """What draws the page.

    Attributes:
        altair: The module ``altair``, which makes specifications.
        script: Source of Vega, Vega-Lite and Vega-Embed, JavaScript.
        versions: What they are, in a line.
        notices: Their licences.
    """

    altair: Any
    script: str
    versions: str
    notices: str

    def __repr__(self) -> str:
        """The versions, in a line."""
        return f"<DrawingLibrary {self.versions}>"


@cache
def drawing_library() -> DrawingLibrary:
    """Altair and Vega, from the packages of the extra.

    Returns:
        The library.

    Raises:
        ComotionError: One of the packages is missing.
    """
    altair, vl_convert = _module("altair"), _module("vl_convert")
    newest = vl_convert.get_vegalite_versions()[-1]
    return DrawingLibrary(
        altair=altair,
        script=vl_convert.javascript_bundle(vl_version=newest),
        versions=f"Vega {vl_convert.get_vega_version()}, Vega-Lite {newest}, "
        f"Vega-Embed {vl_convert.get_vega_embed_version()}",
        notices=(_HERE / "notices.txt").read_text(encoding="utf-8"),
    )


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise ComotionError(
            f"{error.name} is not installed; it comes with the extra of the page: "
            "pip install -e '.[page]' in the folder of the project"
        ) from error
