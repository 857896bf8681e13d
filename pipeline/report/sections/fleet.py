"""The installed base of the tracked designers: together, one by one, and in three definitions."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import Chart, Rows, data, time, tips, value
from pipeline.report.section import Figure, Listing, Section, interval, newest
from pipeline.report.text import evidence, number, span


def _fleet(rows: Rows, as_of: str) -> Chart:
    """A stock over time with its 90% band, estimates then forecast."""
    told = charts.hover(rows, "period:N", "p05:Q", "p50:Q", "p95:Q", "is_forecast:N")
    return alt.layer(*charts.bands(rows, [("p05", "p95")]), charts.today(as_of), told)


def _finding(rows: Rows) -> str:
    """The newest quarter that is estimated, and the last that is forecast."""
    known, ahead = ([row for row in rows if row["is_forecast"] is kind] for kind in (False, True))
    parts = [f"{number(row['p50'], 2)} million H100e at the end of {row['period']}" for row in known[-1:]]
    parts += [f"{span(row['p05'], row['p50'], row['p95'])} forecast for that of {row['period']}" for row in ahead[-1:]]
    return ", ".join(parts)


def _largest(rows: Rows) -> str:
    last = {row["designer"]: row["p50"] for row in rows}
    name = max(last, key=last.__getitem__)
    return f"{name} made {last[name] / sum(last.values()):.0%} of what runs"


def _describe(rows: Rows) -> str:
    known = [row for row in rows if not row["is_forecast"]]
    parts = [
        f"90% interval of {row['period']}: {number(row['p05'])} to {number(row['p95'])} million." for row in known[-1:]
    ]
    carried = sorted({r["extrapolated_designers"] for r in known if r["extrapolated_designers"]})
    if carried:
        parts.append(f"Carried forward, not observed, in the newest quarters: {', '.join(carried)}.")
    return " ".join(parts)


def _designers(rows: Rows, as_of: str) -> Chart:
    """One line and band per designer on a log axis: medians that must not be stacked."""
    base = alt.Chart(data(rows)).encode(x=time(), color=charts.colour("designer"))
    told = tips("designer:N", "period:N", "p05:Q", "p50:Q", "p95:Q")
    return alt.layer(
        base.mark_area(opacity=0.13).encode(y=value("p05", log=True, form="~s"), y2="p95"),
        base.mark_line(point=alt.OverlayMarkDef(size=22)).encode(y="p50:Q", tooltip=told),
    )


DEFINITIONS = {"16bit": "dense 16-bit rate", "8bit": "dense 8-bit rate", "bandwidth": "memory bandwidth"}

SECTION = Section(
    20, "Installed base", "Installed base",
    "In H100e, H100 equivalents: a chip counts as the number of NVIDIA H100 that would do its arithmetic at 16 bits, unless another "
    "measure is named. Sold is not deployed, and deployed is not powered. Designers whose chips nobody counts, such as Huawei, are not "
    "observed and in no sum.",
    [
        Figure("fleet", "Chips that run",
            "million H100e, 16-bit dense, running at the end of the quarter", ["chip_shipments_by_source"], _fleet, _describe,
            "The sum is made on simulated paths, not from medians.", finding=_finding,
            key="Fan: 90% interval. Upright line: as-of day."),
        Figure("fleet_by_designer", "By designer", "H100e, 16-bit dense, running at the end of the quarter",
            ["chip_shipments_by_source"], _designers, newest("designer", "period", lambda r: f"{r['p50'] / 1e6:.2g} million"),
            "Lines are medians with 90% intervals. They are not stacked: medians do not add up.", finding=_largest),
    ],
    [
        Listing("stock", "All tracked designers at the newest estimated quarter end, million H100e, with 90% intervals", [
            ("quarter", "calendar_quarter"), ("state", "state"), ("H100e by", lambda r: DEFINITIONS[r["definition"]]),
            ("median (90% interval)", interval("p05", "p50", "p95")), ("evidence", lambda r: evidence(r["evidence_class"])),
        ]),
    ],
)  # fmt: skip
