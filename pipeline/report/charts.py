"""What charts are made of: one style, and the parts and kinds of chart that several sections share, on Vega-Altair."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from pipeline.report.text import Row, plain

Rows = Sequence[Row]
Chart = alt.Chart | alt.LayerChart | alt.FacetChart

INK, MUTED, BLUE, ORANGE, PINK = "#1b2430", "#55606e", "#1f5fa8", "#b4500f", "#a3195b"
# Every colour has a contrast of at least 4.5 on white.
PALETTE = [BLUE, ORANGE, "#2e7d32", "#7b3fa0", "#00747a", PINK, "#7a6200", "#455a64"]
GRID, AXIS, GREY, PAPER = "#e6e9ee", "#9aa4b1", "#6b7684", "#ffffff"
# What each colour becomes on the page's dark ground, with a contrast of at least 4.5 for lines and text; pictures stay light.
DARK = {
    **{INK: "#e7ecf3", MUTED: "#a9b4c2", GRID: "#2b343f", AXIS: "#66717f", GREY: "#9aa6b5", PAPER: "#14191f"},
    **dict(
        zip(
            PALETTE,
            ["#6aa9f0", "#f08c4a", "#6cc070", "#c08be0", "#3fbfc6", "#f06fae", "#d4b53c", "#9fb3bd"],
            strict=True,
        )
    ),
}
FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
CONFIG: dict[str, Any] = {
    "background": PAPER,
    "font": FONT,
    "aria": False,  # the figure's own alt text speaks; thousands of labelled marks would not help
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": GRID,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 170,
    },
    "axisX": {"grid": False, "labelFlush": False, "labelOverlap": True},
    "legend": {
        "orient": "bottom",
        "columns": 2,
        "labelFontSize": 12,
        "labelColor": INK,
        "titleColor": MUTED,
        "labelLimit": 220,
        "symbolStrokeWidth": 3,
    },
    "title": {"color": INK, "anchor": "start", "fontSize": 18, "subtitleColor": MUTED, "subtitleFontSize": 13},
    "line": {"strokeWidth": 2.25, "strokeCap": "round"},
}
_LEGEND = alt.Legend(title=None, symbolOpacity=1)
FAN_KEY = "Fan: 80% and 50% interval. Line: median, dashed where assumption-based. Upright line: as-of day."
_EVIDENCE_DASH = alt.Scale(domain=["tested", "anchored_prior", "scenario"], range=[[1, 0], [6, 4], [2, 3]])


@dataclass(frozen=True, eq=False)
class _Carried:
    """Rows that Altair carries along as they are; it would copy thousands of dictionaries for every part of a chart."""

    rows: list[dict[str, Any]]


def data(rows: Rows) -> alt.Data:
    """Rows as a chart holds them, dates as text."""
    return alt.Data(
        values=_Carried([{k: str(v) if hasattr(v, "isoformat") else v for k, v in row.items()} for row in rows])
    )


def time(field: str = "period_end") -> alt.X:
    """Years along the bottom."""
    return alt.X(f"{field}:T", axis=alt.Axis(title=None, format="%Y", tickCount={"interval": "year", "step": 1}))  # type: ignore[arg-type]


def value(field: str, log: bool = False, zero: bool = True, form: str = ",~f") -> alt.Y:
    """A figure on the upright axis, which has no title: the unit stands above every chart, where a narrow screen has room."""
    scale = alt.Scale(type="log") if log else alt.Scale(zero=zero)
    return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(title=None, format=form, tickCount=5))


def colour(field: str, colours: Sequence[str] = PALETTE) -> alt.Color:
    """A colour for every value of a field, with its legend under the chart."""
    return alt.Color(f"{field}:N", scale=alt.Scale(range=list(colours)), legend=_LEGEND)


def choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> alt.Parameter:
    """What a reader may choose for a chart, with the label of each value; the first holds until then."""
    values, labels = zip(*options, strict=True)
    return alt.param(
        name=name, value=values[0], bind=alt.binding_select(options=list(values), labels=list(labels), name=label)
    )


def tips(*fields: str, form: str = ",.3~r") -> list[alt.Tooltip]:
    """What the pointer shows of a row; `form` is how its figures are written."""
    named = [(field, *field.split(":")) for field in fields]
    return [
        alt.Tooltip(field, title=plain(name), format=form if kind == "Q" else alt.Undefined)
        for field, name, kind in named
    ]


def _bridged(rows: Rows) -> list[Row]:
    """Rows with the last one of each evidence class repeated under the next, so that a dashed line has no gap."""
    found: list[Row] = []
    for before, row in zip([None, *rows], rows, strict=False):
        if before and before["evidence_class"] != row["evidence_class"]:
            found.append({**before, "evidence_class": row["evidence_class"]})
        found.append(row)
    return found


def bands(rows: Rows, pairs: Sequence[tuple[str, str]], form: str = ",~f") -> list[Chart]:
    """Bands between pairs of fields, and the median over them, dashed where it rests on assumptions."""
    base = alt.Chart(data(rows)).encode(x=time())
    areas: list[Chart] = [
        base.mark_area(opacity=0.2, color=BLUE).encode(y=value(low, form=form), y2=high) for low, high in pairs
    ]
    median = alt.Chart(data(_bridged(rows))).mark_line(color=BLUE)
    dash = alt.StrokeDash("evidence_class:N", scale=_EVIDENCE_DASH, legend=None)
    areas.append(median.encode(x=time(), y=value("p50", form=form), strokeDash=dash))
    return areas


def fan(rows: Rows, as_of: str) -> Chart:
    """Any forecast over time: 90% and 50% bands, median and today."""
    large = max(float(row["p95"]) for row in rows) > 1e5
    return alt.layer(*bands(rows, [("p05", "p95"), ("p25", "p75")], form="~s" if large else ",~f"), today(as_of))


def hover(rows: Rows, *fields: str, form: str = ",.3~r") -> Chart:
    """Wide invisible points on the median that show a row's figures."""
    points = alt.Chart(data(rows)).mark_point(size=260, opacity=0, filled=True)
    return points.encode(x=time(), y="p50:Q", tooltip=tips(*fields, form=form))


def today(as_of: str) -> Chart:
    """An upright line at the as-of day."""
    return alt.Chart(data([{"period_end": as_of}])).mark_rule(color=INK, opacity=0.55).encode(x=time())


def lines(rows: Rows, series: str, log: bool, *fields: str) -> Chart:
    """An index by month, one line per series; the pointer shows `fields` too."""
    base = alt.Chart(data(rows)).encode(
        x=alt.X("month:T", axis=alt.Axis(title=None, format="%b %Y", tickCount=5)),
        y=value("index", log=log, zero=False),
        color=colour(series),
    )
    return base.mark_line(point=alt.OverlayMarkDef(size=28)).encode(
        tooltip=tips(f"{series}:N", "month:T", "index:Q", *fields)
    )


def unchecked() -> AbstractContextManager[None]:
    """Without Altair's own checks of every part, which take longer than the drawing; the tests run with them."""
    return debug_mode(False)


def _bound_years(spec: dict[str, Any], parts: list[dict[str, Any]]) -> None:
    """Let the reader choose the years of a chart over time; the upright axis then fits what is left."""
    parts = [part for part in parts if part["encoding"].get("x", {}).get("type") == "temporal"]
    held = [(part["encoding"]["x"]["field"], part.get("data", spec.get("data", {}))) for part in parts]
    years = sorted({int(str(row[field])[:4]) for field, data in held for row in data.get("values", [])})
    if len(years) < 3:
        return
    for name, label, first in (("from_year", "from", years[0]), ("to_year", "to", years[-1])):
        bind = {"input": "select", "options": years, "name": label}
        spec["params"].append({"name": name, "value": first, "bind": bind})
    for part in parts:
        year = f"year(toDate(datum.{part['encoding']['x']['field']}))"
        part["transform"] = [{"filter": f"{year} >= from_year && {year} <= to_year"}, *part.get("transform", [])]


def explorable(spec: dict[str, Any]) -> dict[str, Any]:
    """A copy of the specification with what a reader may move: years, and where both axes are continuous the ground itself.

    A wheel turns the page unless Ctrl is held (as a pinch on a touchpad says it is), and a finger always does.
    """
    spec = {**spec, "params": [*spec.get("params", [])]}
    if "layer" in spec:
        spec["layer"] = [dict(part) for part in spec["layer"]]
    parts = spec.get("layer", [spec])
    axes = [
        [part["encoding"][axis]["type"] for axis in "xy" if "type" in part["encoding"].get(axis, {})] for part in parts
    ]
    if all(kind in ("quantitative", "temporal") for kinds in axes for kind in kinds):
        drag = "[pointerdown[event.pointerType === 'mouse'], window:pointerup] > window:pointermove!"
        select = {"type": "interval", "zoom": "wheel![event.ctrlKey || event.metaKey]", "translate": drag}
        ground = next(part for part, kinds in zip(parts, axes, strict=True) if len(kinds) == 2)
        ground["params"] = [*ground.get("params", []), {"name": "ground", "select": select, "bind": "scales"}]
    _bound_years(spec, parts)
    return spec


def finished(chart: Chart, height: int | alt.Step) -> dict[str, Any]:
    """The Vega-Lite specification for the page: as wide as its place, and as high as said or as its rows take."""
    sized = chart.properties(
        width="container", height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    spec = sized.to_dict(validate=False) | {"config": CONFIG}
    for part in (spec, *spec.get("layer", [])):
        if "data" in part:
            part["data"]["values"] = part["data"]["values"].rows
    return spec


def slide(spec: dict[str, Any], title: str, subtitle: Sequence[str]) -> dict[str, Any]:
    """The same specification for a slide: fixed size, with title, unit and source in the picture."""
    heading = {"text": wrap(title, 90), "subtitle": list(subtitle), "offset": 18}
    height = spec["height"] if isinstance(spec["height"], dict) else 400
    return spec | {"width": 860, "height": height, "autosize": {"type": "pad"}, "padding": 24, "title": heading}
