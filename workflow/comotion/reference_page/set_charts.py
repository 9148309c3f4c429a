"""Charts of the page as Vega-Lite specifications, made by Altair; the page gives them their data.

Colours are those of viridis, whose lightness rises steadily: in grey they stay in order.
"""

from collections.abc import Callable
from typing import Any

#: Pixels of the picture of the electrons, the largest coordinate in it, and of a row of curves.
_SIDE, _EDGE, _HEIGHT = 330, 1.12, 240
_SCHEME = "viridis"
#: Part of it that is dark enough for a line on white.
_OF_LINES = {"name": _SCHEME, "extent": [0, 0.78]}
_GREY = "#767676"
#: Shapes of the kinds of systems, which tell them apart without colour.
_KINDS = {"atom": "circle", "ion": "triangle-up", "model": "square", "user": "diamond"}


def charts(alt: Any) -> dict[str, dict[str, Any]]:
    """All charts of the page.

    Args:
        alt: The module ``altair``.

    Returns:
        Specifications by the names of their places.
    """
    drawn: dict[str, Callable[[Any], Any]] = {
        "legend": _legend,
        "overview": _overview,
        "density": _density,
        "comotion": _comotion,
        "potential": _potential,
        "electrons": _electrons,
    }
    found = {name: draw(alt).to_dict() for name, draw in drawn.items()}
    for specification in found.values():
        # A name of a network address, which nobody asks for.
        del specification["$schema"]
        specification["config"] = {
            "font": "system-ui, sans-serif",
            "background": None,
            "view": {"continuousWidth": 300, "stroke": "#999"},
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "gridOpacity": 0.4},
            "legend": {"labelFontSize": 12, "titleFontSize": 12},
        }
    return found


def _legend(alt: Any) -> Any:
    """The scale of the colours: least and largest number of a column."""
    scale = alt.Scale(scheme=_SCHEME, type="linear")
    bar = alt.Legend(orient="none", legendX=14, legendY=0, direction="horizontal", title=None,
                     gradientLength=265, gradientThickness=14, format="~g")  # fmt: skip
    no_frame = alt.ViewBackground(stroke=None)
    return (
        alt.Chart(alt.NamedData("legend"), height=32, width=300, view=no_frame)
        .mark_point(opacity=0)
        .encode(color=alt.Color("value:Q", scale=scale, legend=bar))
    )


def _overview(alt: Any) -> Any:
    """A column against the number of electrons, all systems that are shown."""
    by_kind = {"domain": list(_KINDS)}
    loose = alt.Scale(type="linear", zero=False, nice=False, padding=15)
    shape = alt.Shape("kind:N", scale=alt.Scale(**by_kind, range=list(_KINDS.values())),
                      legend=alt.Legend(title=None, orient="top"))  # fmt: skip
    colour = alt.Color("kind:N", scale=alt.Scale(
        **by_kind, range=["#21336b", "#0b7a75", "#b35900", "#7a1f6e"]))  # fmt: skip
    return (
        alt.Chart(alt.NamedData("overview"), width="container", height=300)
        .mark_point(filled=True, size=70, opacity=0.85, cursor="pointer")
        .encode(
            x=alt.X("n:Q", title="number of electrons N", scale=loose),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(format="~g"), scale=loose),
            shape=shape,
            color=colour,
            tooltip=[
                alt.Tooltip("system:N"), alt.Tooltip("level:N"), alt.Tooltip("n:Q", title="N"),
                alt.Tooltip("shown:N", title="value"), alt.Tooltip("error:N"),
            ],
        )
    )  # fmt: skip


def _radius(alt: Any, field: str = "r") -> Any:
    """The axis of the radius, on which all shells of a heavy atom are seen."""
    return alt.X(f"{field}:Q", title="r (bohr)", axis=alt.Axis(format="~g", tickCount=6),
                 scale=alt.Scale(type="log", nice=False))  # fmt: skip


def _tooltips(alt: Any, title: str) -> list[Any]:
    return [alt.Tooltip("r:Q", title="r (bohr)", format=".4g"),
            alt.Tooltip("y:Q", title=title, format=".4g")]  # fmt: skip


def _density(alt: Any) -> Any:
    title = "4\u03c0r\u00b2\u03c1 (1/bohr)"
    base = alt.Chart(alt.NamedData("density"), width="container", height=_HEIGHT)
    line = base.mark_line(color="#21336b").encode(x=_radius(alt), y=alt.Y("y:Q", title=title))
    return line + _reader(alt, base, title)


def _reader(alt: Any, base: Any, title: str) -> Any:
    """Points that cannot be seen, so that the pointer reads the curve next to it."""
    at = alt.selection_point(on="pointerover", nearest=True, fields=["r"], empty=False, name="at")
    return (
        base.mark_point(filled=True, size=45, color="#000")
        .encode(
            x=_radius(alt), y=alt.Y("y:Q", title=title), tooltip=_tooltips(alt, title),
            opacity=alt.condition(at, alt.value(1), alt.value(0)),
        )
        .add_params(at)
    )  # fmt: skip


def _potential(alt: Any) -> Any:
    title = "u(r) (hartree)"
    base = alt.Chart(alt.NamedData("potential"), width="container", height=_HEIGHT)
    lines = base.mark_line().encode(
        x=_radius(alt),
        y=alt.Y("y:Q", title=title),
        color=alt.Color("curve:N", legend=alt.Legend(title=None, orient="top-right"),
                        scale=alt.Scale(domain=["u(r)", "(N\u22121)/r"],
                                        range=["#21336b", _GREY])),
        strokeDash=alt.StrokeDash("curve:N", scale=alt.Scale(domain=["u(r)", "(N\u22121)/r"],
                                                             range=[[1, 0], [5, 3]])),
    )  # fmt: skip
    return lines + _reader(alt, base.transform_filter("datum.curve === 'u(r)'"), title)


def _comotion(alt: Any) -> Any:
    """The co-motion functions; between two shells a line breaks."""
    chosen = alt.selection_point(on="pointerover", fields=["i"], name="chosen")
    title = "f_i(r) (bohr)"
    height = 300
    shells = (
        alt.Chart(alt.NamedData("shells"), width="container", height=height)
        .mark_rule(color=_GREY, opacity=0.35, strokeWidth=0.7)
        .encode(x=_radius(alt, "a"))
    )
    lines = (
        alt.Chart(alt.NamedData("comotion"), width="container", height=height)
        .mark_line(strokeWidth=1.6)
        .encode(
            x=_radius(alt),
            y=alt.Y("y:Q", title=title, axis=alt.Axis(format="~g", tickCount=6),
                    scale=alt.Scale(type="log", nice=False)),
            color=alt.Color("i:Q", scale=alt.Scale(scheme=_OF_LINES),
                            legend=alt.Legend(title="i", tickMinStep=1, format="d",
                                              gradientLength=150)),
            detail="i:N",
            opacity=alt.condition(chosen, alt.value(1), alt.value(0.15)),
            tooltip=[alt.Tooltip("i:N"), *_tooltips(alt, title)],
        )
        .add_params(chosen)
    )  # fmt: skip
    return shells + lines


def _electrons(alt: Any) -> Any:
    """The electrons of a configuration, turned about the vertical axis and seen from a height."""
    params = [
        _slider(alt, "place", "configuration ", 0, 40, 20),
        _slider(alt, "turn", "turn (degrees) ", 0, 359, 30),
        _slider(alt, "tilt", "tilt (degrees) ", -90, 90, 20),
    ]
    edge = alt.Scale(domain=[-_EDGE, _EDGE])
    x, y = (alt.X("right:Q", scale=edge, axis=None), alt.Y("up:Q", scale=edge, axis=None))
    shown = (
        alt.Chart(alt.NamedData("electrons"))
        .transform_filter("datum.frame === place")
        .transform_calculate(
            right="datum.x * cos(turn * PI / 180) - datum.y * sin(turn * PI / 180)",
            away="datum.x * sin(turn * PI / 180) + datum.y * cos(turn * PI / 180)",
        )
        .transform_calculate(
            up="datum.z * cos(tilt * PI / 180) + datum.away * sin(tilt * PI / 180)",
            near="datum.z * sin(tilt * PI / 180) - datum.away * cos(tilt * PI / 180)",
        )
    )
    spokes = shown.mark_rule(color="#aaa").encode(x=x, y=y, x2="middle:Q", y2="middle:Q")
    tooltip = [alt.Tooltip("i:N", title="electron"),
               alt.Tooltip("r:Q", title="r (bohr)", format=".4g")]  # fmt: skip
    balls = shown.mark_circle(stroke="#000", strokeWidth=0.8, opacity=1).encode(
        x=x, y=y, tooltip=tooltip,
        order="near:Q",
        size=alt.Size("near:Q", scale=alt.Scale(domain=[-1, 1], range=[130, 330]), legend=None),
        color=alt.Color("i:Q", scale=alt.Scale(scheme=_SCHEME), legend=None),
    )  # fmt: skip
    numbers = shown.mark_text(fontSize=10, fontWeight="bold").encode(
        x=x, y=y, text="i:N", tooltip=tooltip,
        color=alt.condition("datum.light", alt.value("#000"), alt.value("#fff")),
    )  # fmt: skip
    rings = (
        alt.Chart(alt.NamedData("rings"))
        .transform_calculate(area=f"PI * pow(datum.s * {_SIDE / 2 / _EDGE:.6f}, 2)")
        .encode(x=alt.X("middle:Q", scale=edge, axis=None))
    )
    circles = rings.mark_point(stroke="#999", filled=False, strokeDash=[3, 3], opacity=1).encode(
        y=alt.Y("middle:Q", scale=edge, axis=None), size=alt.Size("area:Q", scale=None)
    )
    labels = rings.mark_text(fontSize=10, color="#444", dy=-5).encode(
        y=alt.Y("s:Q", scale=edge, axis=None), text="label:N"
    )
    nucleus = (
        alt.Chart(alt.NamedData("rings"))
        .transform_filter("datum.first")
        .mark_point(shape="cross", filled=True, color="#000", size=60, opacity=1)
        .encode(x=alt.X("middle:Q", scale=edge, axis=None),
                y=alt.Y("middle:Q", scale=edge, axis=None))
    )  # fmt: skip
    layers = (circles, labels, nucleus, spokes, balls, numbers)
    no_frame = alt.ViewBackground(stroke=None)
    return (
        alt.layer(*layers, width=_SIDE, height=_SIDE, view=no_frame)
        .resolve_scale(size="independent", color="independent")
        .add_params(*params)
    )


def _slider(alt: Any, name: str, label: str, least: int, most: int, value: int) -> Any:
    return alt.param(
        name=name, value=value, bind=alt.binding_range(min=least, max=most, step=1, name=label)
    )
