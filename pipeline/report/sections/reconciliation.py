"""The fleet's hours, part by part, and what no part explains."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import BLUE, INK, Chart, Rows, data, tips
from pipeline.report.section import Figure, Section
from pipeline.report.text import Row, span

BUCKETS = {
    "idle": "Idle",
    "llm_inference": "LLM tokens",
    "non_llm_inference": "Other inference: ads, images",
    "non_llm_training": "Other training: ads, images",
    "final_training_runs": "Final training runs of LLMs",
    "research_runs": "Research runs of laboratories",
    "batch_work": "Rollouts and synthetic data",
    "unexplained": "Unexplained",
}


def _labelled(rows: Rows) -> list[Row]:
    """Rows with plain labels, in the order in which they are shown."""
    place = list(BUCKETS)
    found = [{**row, "label": BUCKETS[row["bucket"]]} for row in rows]
    return sorted(found, key=lambda row: (row["year"], place.index(row["bucket"])))


def _draw(rows: Rows, as_of: str) -> Chart:
    """Shares of capacity by bucket and year, each with its 80% interval; they are medians and need not add to one."""
    labelled = _labelled(rows)
    order = list(dict.fromkeys(row["label"] for row in labelled))
    base = alt.Chart(data(labelled)).encode(
        y=alt.Y("label:N", sort=order, axis=alt.Axis(title=None, labelLimit=190)),
        yOffset="year:N",
        color=charts.colour("year", [charts.GREY, BLUE]),
    )
    x = alt.X("p10:Q", axis=alt.Axis(title=None, format=".0%", tickCount=5, grid=True))
    told = tips("label:N", "year:N", "p10:Q", "p50:Q", "p90:Q")
    return alt.layer(
        base.mark_rule(strokeWidth=5, opacity=0.35).encode(x=x, x2="p90"),
        base.mark_circle(size=75, opacity=1).encode(x="p50:Q", tooltip=told),
        alt.Chart(data([{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q"),
    )


def _finding(rows: Rows) -> str:
    newest = {row["bucket"]: row for row in rows if row["year"] == max(every["year"] for every in rows)}
    year, tokens, rest = rows[-1]["year"], newest.get("llm_inference"), newest.get("unexplained")
    said = [
        f"{words} {span(row['p10'], row['p50'], row['p90'], percent=True)}"
        for words, row in (("disclosed tokens", tokens), ("unexplained", rest))
        if row
    ]
    return f"{year}, {', '.join(said)}"


def _describe(rows: Rows) -> str:
    labelled = _labelled(rows)
    newest = [row for row in labelled if row["year"] == labelled[-1]["year"]]
    spans = [span(row["p10"], row["p50"], row["p90"], percent=True) for row in newest]
    parts = [f"{row['label']} {said}" for row, said in zip(newest, spans, strict=True)]
    return f"{newest[0]['year']}: " + "; ".join(parts) + " (80% intervals)."


SECTION = Section(
    70, "Reconciliation", "Reconciliation",
    "Top down, the fleet's hours come from chips sold. Disclosed tokens, training runs, what laboratories and other owners hold, "
    "and idle time explain part of them. The residual is published, not closed.",
    [
        Figure("reconciliation", "What explains the fleet's hours", "% of the tracked fleet's H100e-hours in the year",
            ["token_usage", "training_runs", "lab_compute", "chip_shipments_by_source"], _draw, _describe,
            "Medians need not add to 100%. A residual below zero means that on those paths the parts are more than the capacity. "
            "Nothing is scaled to close the gap; no year before 2025 has tokens enough for a residual.", height=400, finding=_finding),
    ],
)  # fmt: skip
