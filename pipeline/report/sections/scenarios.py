"""What would follow if: scenarios beside the base forecast."""

import altair as alt

from pipeline.report import charts
from pipeline.report.charts import Chart, Rows
from pipeline.report.section import Figure, Listing, Section
from pipeline.report.text import number, plain, span


def beside_base(rows: Rows, chosen: str, form: str = ",~f") -> list[Chart]:
    """The base forecast as a band and the chosen scenario as another over it; `chosen` is a Vega expression for rows."""
    layers: list[Chart] = []
    for colour, wanted in (
        (charts.BLUE, "datum.scenario_id == 'base'"),
        (charts.ORANGE, "datum.scenario_id == scenario && scenario != 'base'"),
    ):
        base = alt.Chart(charts.data(rows)).transform_filter(f"{chosen} && {wanted}").encode(x=charts.time())
        told = charts.tips(
            "scenario_id:N", "period:N", "p10:Q", "p50:Q", "p90:Q", form=".0%" if "%" in form else ",.3~r"
        )
        layers += [
            base.mark_area(opacity=0.25, color=colour).encode(y=charts.value("p10", form=form), y2="p90"),
            base.mark_line(color=colour, strokeDash=[6, 4]).encode(y=charts.value("p50", form=form)),
            base.mark_point(size=260, opacity=0, filled=True).encode(y="p50:Q", tooltip=told),
        ]
    return layers


def names(rows: Rows) -> list[tuple[str, str]]:
    """The scenarios of some rows, base first, for a choice."""
    return [(name, plain(name)) for name in dict.fromkeys(row["scenario_id"] for row in rows)]


def _draw(rows: Rows, as_of: str) -> Chart:
    quantities = [(name, name) for name in dict.fromkeys(row["quantity"] for row in rows)]
    last = {row["scenario_id"]: row["p50"] for row in rows if row["quantity"] == quantities[0][0]}
    base = last.get("base", 0.0)
    # The scenario that changes most comes first.
    other = sorted(
        (one for one in names(rows) if one[0] != "base"), key=lambda one: -abs(last.get(one[0], base) - base)
    )
    layers = beside_base(rows, "datum.quantity == quantity")
    return alt.layer(*layers, charts.today(as_of)).add_params(
        charts.choice("quantity", "of", quantities),
        charts.choice("scenario", "if", [*other, ("base", "the base assumptions hold")]),
    )


def _finding(rows: Rows) -> str:
    """The scenario that moves the first quantity most by the end."""
    first = rows[0]["quantity"]
    last = {row["scenario_id"]: row for row in rows if row["quantity"] == first}
    base = last["base"]["p50"] if "base" in last else rows[-1]["p50"]
    name, row = max(last.items(), key=lambda one: abs(one[1]["p50"] - base))
    unit = first.split(", ", 1)[-1]
    return f"{plain(name)} moves the fleet most, to {number(row['p50'], 2)} instead of {number(base, 2)} {unit} in {row['period']}"


def _describe(rows: Rows) -> str:
    first = rows[0]["quantity"]
    last = {row["scenario_id"]: row for row in rows if row["quantity"] == first}
    said = [f"{plain(name)} {span(row['p10'], row['p50'], row['p90'])}" for name, row in last.items()]
    return f"{first}, {rows[-1]['period']}: " + "; ".join(said) + "."


SECTION = Section(
    15, "Scenarios", "What if",
    "What would follow if; no probability is claimed. Blue is the base forecast, orange the scenario.",
    [
        Figure("what_if", "A scenario beside the base forecast", "medians with 80% intervals; choose a quantity and a scenario",
            ["chip_shipments_by_source", "vendor_quarters_vintages"], _draw, _describe, height=320, finding=_finding,
            key="Blue: base. Orange: scenario. Bands: 80% interval."),
    ],
    [
        Listing("scenarios", "The scenarios, and what they change in the last year that is forecast", [
            ("scenario", "name"), ("what happens", "description"), ("moves", "moves"), ("leaves as it is", "leaves"),
        ], "Medians beside the base forecast's; what differs by less than 1% is left as it is."),
    ],
)  # fmt: skip
