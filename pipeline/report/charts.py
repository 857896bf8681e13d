"""How rows become charts: small builders on Vega-Altair, all in one style, none of them with figures of its own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from pipeline.report.text import Row

Rows = Sequence[Row]
Chart = alt.Chart | alt.LayerChart | alt.FacetChart

INK, MUTED, BLUE, ORANGE, PINK = "#1b2430", "#55606e", "#1f5fa8", "#b4500f", "#a3195b"
# Every colour has a contrast of at least 4.5 on white.
PALETTE = [BLUE, ORANGE, "#2e7d32", "#7b3fa0", "#00747a", PINK, "#7a6200", "#455a64"]
FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
CONFIG: dict[str, Any] = {
    "background": "#ffffff",
    "font": FONT,
    "aria": False,  # the figure's own alt text speaks; thousands of labelled marks would not help
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": "#e6e9ee",
        "domainColor": "#9aa4b1",
        "tickColor": "#9aa4b1",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 170,
    },
    "axisX": {"grid": False, "labelFlush": False, "labelOverlap": True},
    "legend": {"labelFontSize": 12, "labelColor": INK, "titleColor": MUTED, "labelLimit": 220, "symbolStrokeWidth": 3},
    "title": {"color": INK, "anchor": "start", "fontSize": 18, "subtitleColor": MUTED, "subtitleFontSize": 13},
    "line": {"strokeWidth": 2.25, "strokeCap": "round"},
}
_LEGEND = alt.Legend(orient="bottom", columns=2, title=None, symbolOpacity=1)
_EVIDENCE_DASH = alt.Scale(domain=["tested", "anchored_prior", "scenario"], range=[[1, 0], [6, 4], [2, 3]])


def _data(rows: Rows) -> alt.Data:
    return alt.Data(values=[{key: str(v) if hasattr(v, "isoformat") else v for key, v in row.items()} for row in rows])


def _time(field: str = "period_end") -> alt.X:
    return alt.X(f"{field}:T", axis=alt.Axis(title=None, format="%Y", tickCount={"interval": "year", "step": 1}))  # type: ignore[arg-type]


def _value(field: str, log: bool = False, zero: bool = True, form: str = ",~f") -> alt.Y:
    scale = alt.Scale(type="log") if log else alt.Scale(zero=zero)
    # The unit stands above every chart, where a narrow screen has room for it.
    return alt.Y(f"{field}:Q", scale=scale, axis=alt.Axis(title=None, format=form, tickCount=5))


def _tips(*fields: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(field, title=field.split(":")[0].replace("_", " ")) for field in fields]


def _bridged(rows: Rows) -> list[Row]:
    """Rows with the last one of each evidence class repeated under the next, so that a dashed line has no gap."""
    found: list[Row] = []
    for before, row in zip([None, *rows], rows, strict=False):
        if before and before["evidence_class"] != row["evidence_class"]:
            found.append({**before, "evidence_class": row["evidence_class"]})
        found.append(row)
    return found


def _bands(rows: Rows, pairs: Sequence[tuple[str, str]], form: str = ",~f") -> list[Chart]:
    base = alt.Chart(_data(rows)).encode(x=_time())
    areas: list[Chart] = [
        base.mark_area(opacity=0.2, color=BLUE).encode(y=_value(low, form=form), y2=high) for low, high in pairs
    ]
    median = alt.Chart(_data(_bridged(rows))).mark_line(color=BLUE)
    dash = alt.StrokeDash("evidence_class:N", scale=_EVIDENCE_DASH, legend=None)
    areas.append(median.encode(x=_time(), y=_value("p50", form=form), strokeDash=dash))
    return areas


def _hover(rows: Rows, *fields: str, y: str = "p50") -> Chart:
    """Wide invisible bars that show a row's figures wherever the pointer is."""
    return (
        alt.Chart(_data(rows))
        .mark_point(size=260, opacity=0, filled=True)
        .encode(x=_time(), y=f"{y}:Q", tooltip=_tips(*fields))
    )


def share(rows: Rows, as_of: str) -> Chart:
    """A share of a whole over time: 80% and 50% bands, median, parity and today."""
    layers = _bands(rows, [("p10", "p90"), ("p25", "p75")], form=".0%")
    layers[0] = layers[0].encode(
        y=alt.Y("p10:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format=".0%", tickCount=5))
    )
    parity = alt.Chart(_data([{"half": 0.5}])).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(y="half:Q")
    tips = _hover(rows, "target_period:N", "p10:Q", "p50:Q", "p90:Q", "evidence_class:N")
    return alt.layer(*layers, parity, _today(as_of), tips)


def _today(as_of: str) -> Chart:
    return alt.Chart(_data([{"period_end": as_of}])).mark_rule(color=INK, opacity=0.55).encode(x=_time())


def revenue(rows: Rows, as_of: str) -> Chart:
    """Actuals as dots, guidance as brackets, the forecast as a fan that starts at the last actual."""
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in ("actual", "forecast", "guidance")}
    actual, forecast, guidance = kinds["actual"], kinds["forecast"], kinds["guidance"]
    fan: list[Row] = list(forecast)
    if actual and forecast:
        last = actual[-1]["usd_bn"]
        start = {level: last for level in ("p10", "p25", "p50", "p75", "p90")}
        fan = [{**forecast[0], **start, "period_end": actual[-1]["period_end"]}, *forecast]
    layers = _bands(fan, [("p10", "p90"), ("p25", "p75")]) if fan else []
    base = alt.Chart(_data(actual)).encode(x=_time(), y="usd_bn:Q", detail="definition:N")
    hollow = alt.FieldOneOfPredicate(field="confidence", oneOf=["recalled", "estimate"])
    filled = alt.condition(hollow, alt.value("#ffffff"), alt.value(INK))
    tips = _tips("period:N", "usd_bn:Q", "confidence:N", "definition:N")
    layers += [
        base.mark_line(color=INK, strokeWidth=1.25),
        base.mark_circle(size=32, stroke=INK, strokeWidth=1.25, opacity=1).encode(fill=filled, tooltip=tips),
    ]
    if guidance:
        guided = alt.Chart(_data(guidance)).encode(x=_time())
        tips = _tips("period:N", "low_usd_bn:Q", "usd_bn:Q", "high_usd_bn:Q", "confidence:N")
        layers += [
            guided.mark_rule(color=PINK, strokeWidth=2).encode(y="low_usd_bn:Q", y2="high_usd_bn:Q"),
            guided.mark_point(shape="diamond", color=PINK, size=58, strokeWidth=1.75).encode(
                y="usd_bn:Q", tooltip=tips
            ),
        ]
    if fan:
        layers.append(_hover(forecast, "period:N", "p10:Q", "p50:Q", "p90:Q", "evidence_class:N"))
    return alt.layer(*layers, _today(as_of))


def past(rows: Rows, as_of: str) -> Chart:
    """Forecasts made at past origins, each a fan of its own, over what came true; logarithmic axis."""
    made, actual = ([row for row in rows if row["kind"] == kind] for kind in ("forecast", "actual"))
    base = alt.Chart(_data(made)).encode(x=_time(), detail="origin_date:N")
    tips = _tips("origin_date:N", "period:N", "p10:Q", "p50:Q", "p90:Q", "usd_bn:Q")
    true = alt.Chart(_data(actual)).encode(x=_time(), y="usd_bn:Q", tooltip=_tips("period:N", "usd_bn:Q"))
    return alt.layer(
        base.mark_area(opacity=0.13, color=BLUE).encode(y=_value("p10", log=True), y2="p90"),
        base.mark_line(color=BLUE, strokeWidth=1.5).encode(y="p50:Q"),
        true.mark_line(color=INK, strokeWidth=1.25),
        true.mark_circle(size=28, color=INK, opacity=1),
        base.mark_point(size=160, opacity=0, filled=True).encode(y="p50:Q", tooltip=tips),
        _today(as_of),
    )


def fan(rows: Rows, as_of: str) -> Chart:
    """Any forecast over time: 90% and 50% bands, median and today."""
    large = max(float(row["p95"]) for row in rows) > 1e5
    return alt.layer(*_bands(rows, [("p05", "p95"), ("p25", "p75")], form="~s" if large else ",~f"), _today(as_of))


def fleet(rows: Rows, as_of: str) -> Chart:
    """A stock over time with its 90% band, estimates then forecast."""
    layers = _bands(rows, [("p05", "p95")])
    return alt.layer(*layers, _today(as_of), _hover(rows, "period:N", "p05:Q", "p50:Q", "p95:Q", "is_forecast:N"))


def designers(rows: Rows, as_of: str) -> Chart:
    """One line and band per designer on a log axis: medians that must not be stacked."""
    base = alt.Chart(_data(rows)).encode(
        x=_time(), color=alt.Color("designer:N", scale=alt.Scale(range=PALETTE), legend=_LEGEND)
    )
    tips = _tips("designer:N", "period:N", "p05:Q", "p50:Q", "p95:Q")
    return alt.layer(
        base.mark_area(opacity=0.13).encode(y=_value("p05", log=True, form="~s"), y2="p95"),
        base.mark_line(point=alt.OverlayMarkDef(size=22)).encode(y="p50:Q", tooltip=tips),
    )


def lines(rows: Rows, series: str, log: bool, *tips: str) -> Chart:
    """An index by month, one line per series."""
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("month:T", axis=alt.Axis(title=None, format="%b %Y", tickCount=5)),
        y=_value("index", log=log, zero=False),
        color=alt.Color(f"{series}:N", scale=alt.Scale(range=PALETTE), legend=_LEGEND),
    )
    return base.mark_line(point=alt.OverlayMarkDef(size=28)).encode(
        tooltip=_tips(f"{series}:N", "month:T", "index:Q", *tips)
    )


def curves(rows: Rows, as_of: str) -> Chart:
    """What a token costs against the speed that the user sees, one line per chip, cost on a log axis."""
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("speed:Q", axis=alt.Axis(title="output tokens per second per user", tickCount=6)),
        y=_value("usd_per_mtok", log=True, form=",~g"),
        color=alt.Color("chip:N", scale=alt.Scale(range=[*PALETTE, INK]), legend=_LEGEND),
    )
    tips = _tips(
        "chip:N", "speed:Q", "usd_per_mtok:Q", "weight_precision:N", "speculative_decoding:N", "published_on:N"
    )
    return base.mark_line(point=alt.OverlayMarkDef(size=24)).encode(tooltip=tips)


def frontier(rows: Rows, as_of: str) -> Chart:
    """Prices as points, and for each kind the lowest so far as a stepped line."""
    base = alt.Chart(_data(rows)).encode(
        x=_time("month"), color=alt.Color("kind:N", scale=alt.Scale(range=[ORANGE, BLUE, "#6b7684"]), legend=_LEGEND)
    )
    tips = _tips("chip_id:N", "basis:N", "month:T", "usd_per_h100e_hour:Q")
    return alt.layer(
        base.mark_circle(size=24, opacity=0.38).encode(
            y=_value("usd_per_h100e_hour", log=True, form=",~f"), tooltip=tips
        ),
        base.mark_line(interpolate="step-after").encode(y="frontier:Q"),
    )


def ranges(rows: Rows, value: str, low: str, high: str, colour: str, mark: str = "", form: str = ".0%") -> Chart:
    """By horizon a point in its interval, side by side for each kind; `mark` is a promised value shown as a tick."""
    kind = alt.Color(f"{colour}:N", scale=alt.Scale(range=[BLUE, ORANGE, "#2e7d32"]), legend=_LEGEND)
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("horizon:O", axis=alt.Axis(title="quarters ahead", labelAngle=0)), xOffset=f"{colour}:N", color=kind
    )
    tips = _tips("horizon:O", f"{colour}:N", f"{value}:Q", f"{low}:Q", f"{high}:Q", "n:Q", "n_eff:Q")
    layers: list[Chart] = [
        base.mark_rule(strokeWidth=2.5, opacity=0.45).encode(y=_value(low, form=form), y2=high),
        base.mark_circle(size=62, opacity=1).encode(y=f"{value}:Q", tooltip=tips),
    ]
    target = alt.Chart(_data([{"zero": 0}])).mark_rule(color=INK).encode(y="zero:Q")
    if mark:
        layers.append(base.mark_tick(thickness=2, width=16, color=INK).encode(y=f"{mark}:Q", color=alt.value(INK)))
    else:
        layers.append(target)
    return alt.layer(*layers)


def buckets(rows: Rows) -> Chart:
    """Shares of capacity by bucket and year, each with its 80% interval; they are medians and need not add to one."""
    order = list(dict.fromkeys(row["label"] for row in rows))
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("label:N", sort=order, axis=alt.Axis(title=None, labelLimit=190)),
        yOffset="year:N",
        color=alt.Color("year:N", scale=alt.Scale(range=["#6b7684", BLUE]), legend=_LEGEND),
    )
    zero = alt.Chart(_data([{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q")
    x = alt.X("p10:Q", axis=alt.Axis(title=None, format=".0%", tickCount=5, grid=True))
    tips = _tips("label:N", "year:N", "p10:Q", "p50:Q", "p90:Q")
    return alt.layer(
        base.mark_rule(strokeWidth=5, opacity=0.35).encode(x=x, x2="p90"),
        base.mark_circle(size=75, opacity=1).encode(x="p50:Q", tooltip=tips),
        zero,
    )


def beside(rows: Rows) -> Chart:
    """Published figures as diamonds on our interval, all over our median; a log axis, so twice and half lie alike."""
    base = alt.Chart(_data(rows)).encode(y=alt.Y("label:N", sort=None, axis=alt.Axis(title=None, labelLimit=330)))
    scale = alt.Scale(type="log", nice=False, padding=12)
    x = alt.X("low:Q", scale=scale, axis=alt.Axis(title=None, format=".0%", tickCount=6, grid=True))
    one = alt.Chart(_data([{"one": 1}])).mark_rule(color=BLUE, strokeWidth=1.5).encode(x="one:Q")
    tips = _tips(
        "label:N", "their_value:Q", "our_low:Q", "our_median:Q", "our_high:Q", "unit:N", "definition_difference:N"
    )
    return alt.layer(
        base.mark_rule(strokeWidth=6, opacity=0.35, color=BLUE).encode(x=x, x2="high"),
        one,
        base.mark_point(shape="diamond", color=PINK, size=70, strokeWidth=1.75, opacity=1).encode(
            x="theirs:Q", tooltip=tips
        ),
    )


def unchecked() -> AbstractContextManager[None]:
    """Without Altair's own checks of every part, which take longer than the drawing; the tests run with them."""
    return debug_mode(False)


def finished(chart: Chart, height: int) -> dict[str, Any]:
    """The Vega-Lite specification for the page: as wide as its place."""
    sized = chart.properties(
        width="container", height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    return sized.to_dict(validate=False) | {"config": CONFIG}


def slide(spec: dict[str, Any], title: str, subtitle: Sequence[str]) -> dict[str, Any]:
    """The same specification for a slide: fixed size, with title, unit and source in the picture."""
    heading = {"text": title, "subtitle": list(subtitle), "offset": 18}
    return spec | {"width": 860, "height": 400, "autosize": {"type": "pad"}, "padding": 24, "title": heading}
