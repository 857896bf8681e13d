"""What each table of the page shows: caption, SQL and how a row becomes cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.report import queries, queries_market
from pipeline.report.text import Cell, Row, evidence, link, number, plain, reason, signed, span

Column = tuple[str, Callable[[Row], object]]


@dataclass(frozen=True)
class Listing:
    """One table; where `filter_by` names a column, the reader may choose among its values."""

    name: str
    caption: str
    sql: str
    columns: tuple[Column, ...]
    note: str = ""
    filter_by: str = ""


def _span(low: str, middle: str, high: str, percent: bool = False) -> Callable[[Row], Cell]:
    return lambda row: Cell(span(row[low], row[middle], row[high], percent), row[middle])


def _field(name: str) -> Callable[[Row], object]:
    return lambda row: row[name]


def _percent(name: str) -> Callable[[Row], object]:
    return lambda row: None if row[name] is None else Cell(f"{row[name]:.0%}", row[name])


def _skill(name: str) -> Callable[[Row], object]:
    return lambda row: None if row[name] is None else Cell(signed(row[name]), row[name])


def _guided(row: Row) -> object:
    return None if row["guided"] is None else Cell(f"{number(row['guided'])} for {row['guided_for']}", row["guided"])


def _now(row: Row) -> str:
    return row["quarter"] + (", nowcast" if row["is_nowcast"] else "")


def _theirs(row: Row) -> Cell:
    return Cell(f"{row['theirs']:,.10g}", row["theirs"])


def _quantity(row: Row) -> str:
    return f"{row['quantity']}, {row['unit']}" + (f" ({row['qualifier']})" if row["qualifier"] else "")


def _publisher(row: Row) -> str:
    return f"{row['publisher']}, {row['reported_on']:%B %Y}"


def _article(row: Row) -> str:
    return " ".join(str(part) for part in (row["article_value"], row["unit"]) if part)


def _ours(row: Row) -> Cell:
    if row["unit"] == "year" and row["our_p50"] is not None:
        low, middle, high = (f"{row[name]:.0f}" for name in ("our_p10", "our_p50", "our_p90"))
        return Cell(middle if low == high else f"{middle} ({low} to {high})", row["our_p50"])  # years are not rounded
    return Cell(span(row["our_p10"], row["our_p50"], row["our_p90"]), row["our_p50"])


def _where(row: Row) -> str:
    if row["qualifier"] == "over" and row["theirs"] < row["low"]:
        return "a lower bound, below ours"
    place = "below" if row["theirs"] < row["low"] else "above" if row["theirs"] > row["high"] else "inside"
    return f"{place} our {row['level']}"


def _earlier(row: Row) -> object:
    return f"{plain(row['earlier_verdict'])} ({row['earlier_as_of']})" if row["earlier_verdict"] else None


CHANGES = Listing("changes", "Median forecasts of {next_year}, USD billion, now and at the previous origin",
    queries.CHANGES, (
    ("what", _field("what")), ("before", _field("previous_usd_bn")), ("now", _field("now_usd_bn")),
    ("change", lambda r: Cell(f"{r['change_pct']:+.1f}%", r["change_pct"])), ("why", lambda r: reason(r["attributed_to"])),
    ("evidence", lambda r: evidence(r["evidence_class"])),
))  # fmt: skip
_ACCOUNTING = {
    "chip_hours": "chip-hours, billion H100e-hours",
    "executed_flop": "executed FLOP, 10²⁷",
    "dollars": "cost, USD billion",
}
WORKLOADS = Listing("workloads", "Inference and training in {year}, medians with 80% intervals", queries.WORKLOADS, (
    ("accounting and unit", lambda r: _ACCOUNTING.get(r["accounting"], plain(r["accounting"]))),
    *((name, _span(f"{key}_p10", f"{key}_p50", f"{key}_p90")) for key, name in (
        ("inference", "inference"), ("training_and_rnd", "training and R&D"), ("total", "both"))),
    ("evidence", lambda r: evidence(r["evidence_class"])),
))  # fmt: skip
VENDORS = Listing("vendors", "First unreported quarter and calendar year {next_year}, USD billion, with 80% intervals",
    queries.VENDORS, (
    ("what", _field("entity_name")), ("quarter", _now), ("median (80% interval)", _span("q10", "q50", "q90")),
    ("evidence", lambda r: evidence(r["q_evidence"])), ("own guidance", _guided),
    ("{next_year}", _span("y10", "y50", "y90")), ("evidence", lambda r: evidence(r["y_evidence"])),
), "A nowcast is of a quarter that has ended but is not reported. Guidance is what the company said of the same quantity; "
   "for capital expenditure it is for the year, as the company states it, often with leases. The sum is simulated, not "
   "added up.")  # fmt: skip
_DEFINITIONS = {"16bit": "dense 16-bit rate", "8bit": "dense 8-bit rate", "bandwidth": "memory bandwidth"}
STOCK = Listing("stock", "All tracked designers at the newest estimated quarter end, million H100e, with 90% intervals",
    queries.STOCK, (
    ("quarter", _field("calendar_quarter")), ("state", _field("state")),
    ("H100e by", lambda r: _DEFINITIONS[r["definition"]]),
    ("median (90% interval)", _span("p05", "p50", "p95")), ("evidence", lambda r: evidence(r["evidence_class"])),
))  # fmt: skip
LEADERBOARD = Listing("leaderboard", "Skill of every model by quarters ahead; above 0 is better than the rule",
    queries_market.LEADERBOARD, (
    ("model", lambda r: plain(r["model_id"])),
    *((f"last value, {h}", _skill(f"naive_{h}")) for h in (1, 2, 4, 8)),
    *((f"log-drift, {h}", _skill(f"drift_{h}")) for h in (1, 2, 4, 8)),
), "Each skill is on the targets that both the model and the rule forecast: guidance exists for few, and mostly easy, ones, "
   "so its rows compare with the rules and not with other models.")  # fmt: skip
PANELS = Listing("panels", "Recommended model against the last value, on each choice of outcomes", queries_market.PANELS, (
    ("outcomes", lambda r: plain(r["panel"])), ("quarters ahead", _field("horizon")), ("skill", _skill("skill_vs_naive")),
    ("90% interval", lambda r: f"{signed(r['ci05'])} to {signed(r['ci95'])}"), ("forecasts", _field("n")),
    ("effective", lambda r: Cell(f"{r['n_eff']:.0f}", r["n_eff"])), ("recalled", _percent("recalled_share")),
))  # fmt: skip
_THEIRS: tuple[Column, ...] = (
    ("publisher", _publisher), ("quantity", _quantity), ("period", _field("target_period")), ("theirs", _theirs),
)  # fmt: skip
OTHERS = Listing("others", "Published forecasts of others beside ours",
    queries_market.OTHERS.replace("{which}", "is not null"), (
    *_THEIRS, ("ours, median (interval)", _span("low", "p50", "high")), ("theirs lies", _where),
    ("evidence of ours", lambda r: evidence(r["evidence_class"])), ("what still differs", _field("differs")),
))  # fmt: skip
ALONE = Listing("alone", "Published forecasts on definitions that we do not forecast",
    queries_market.OTHERS.replace("{which}", "is null"), _THEIRS)  # fmt: skip
CLAIMS = Listing("claims", "Claims of the article, judged by the release", queries_market.CLAIMS, (
    ("id", _field("claim_id")), ("claim", _field("claim_short")), ("verdict", lambda r: plain(r["verdict"])),
    ("article says", _article), ("ours (80%)", _ours), ("probability", _percent("probability")),
    ("earlier verdict", _earlier), ("why", _field("reason")), ("tables", _field("tables_used")),
), filter_by="verdict")  # fmt: skip
CHEAPEST = Listing("cheapest", "Cheapest chip for DeepSeek-R1 (8,192 tokens in, 1,024 out) by speed for the user and price of "
    "a chip-hour, USD per million output tokens", queries_market.CHEAPEST, (
    ("tokens/s/user", _field("speed")), ("price of the hour", _field("price")), ("cheapest", _field("chip")),
    ("cost (80%)", _span("p10", "p50", "p90")), ("surely cheaper than the next", _percent("chance")),
    ("H100", lambda r: None if r["h100"] is None else Cell(number(r["h100"]), r["h100"])),
    ("times", lambda r: None if r["h100_times"] is None else Cell(f"{r['h100_times']:.0f}", r["h100_times"])),
    ("priced on", _field("priced_on")), ("timing", _field("price_timing")),
), "Each basis compares only the chips that it prices. Quoted costs are SemiAnalysis' estimates.")  # fmt: skip
SOURCES = Listing("sources", "Sources with licence and age", queries_market.SOURCES, (
    ("source", lambda r: link(r["title"], r["url"])), ("licence", _field("licence")), ("credit", _field("credit")),
    ("read", _field("mode")), ("rows known", _field("rows_known")), ("newest fact", _field("newest_fact")),
    ("age, days", _field("age_days")), ("state", _field("status")),
))  # fmt: skip
