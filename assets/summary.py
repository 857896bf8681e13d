"""What a refresh says at its end: sources, the next quarter of every target, and where the release is."""

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assets.refresh import Outcome
from pipeline.publish import diff, release
from pipeline.publish.reader import Release
from pipeline.read import results
from pipeline.settings import Settings

_SOURCES = """
    select source_id, mode, rows, rows_rejected, newest_fact, age_days, status
    from quality.freshness where kind = 'source' order by source_id
"""
_STATES = "select status, count(*) from market.sources group by status order by count(*) desc, status"
# What an upstream did wrong; that a source is old for its cadence stands in the table.
_STALE = """
    select message from market.sources
    where message is not null and message not like '%; it goes stale after %' order by source_id
"""
_NEXT_QUARTER = """
    select entity_name, target_period, is_nowcast, p10, p50, p90, evidence_class
    from forecast.vendor_revenue
    where period_kind = 'quarter' and horizon = 1
    order by p50 desc
"""
_SHARE = """
    select target_period, p10, p50, p90, evidence_class
    from forecast.inference_share
    where scenario_id = 'base' and accounting = 'chip_hours' and flow_or_stock = 'stock' and period_kind = 'calendar_year'
    order by target_end_date
"""


def _table(title: str, columns: list[str], rows: list[tuple]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for position, name in enumerate(columns):
        table.add_column(name, justify="right" if any(isinstance(r[position], int | float) for r in rows) else "left")
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    return table


def show(console: Console, outcome: Outcome, settings: Settings) -> None:
    """Print the summary of a release."""
    folder = outcome.folder
    assert folder is not None
    with duckdb.connect(str(folder / release.DATABASE), read_only=True) as connection:
        sources = connection.execute(_SOURCES).fetchall()
        states = connection.execute(_STATES).fetchall()
        stale = connection.execute(_STALE).fetchall()
        vanished = diff.vanished(connection, Release(folder))
        revenue = connection.execute(_NEXT_QUARTER).fetchall()
        share = connection.execute(_SHARE).fetchall()
        told = results.newest(connection)
        verdict = results.verdict(results.needs_a_look(connection))
        newest = connection.execute("select max(newest_fact) from market.sources").fetchall()[0][0]
    columns = ["source", "mode", "rows", "rejected", "newest fact", "age in days", "status"]
    console.print(_table("Sources", columns, sources))
    console.print("Sources by state: " + ", ".join(f"{count} {state}" for state, count in states), soft_wrap=True)
    for (message,) in stale:
        console.print(f"[yellow]stale:[/] {escape(message)}", soft_wrap=True)
    for row in vanished:
        console.print(f"[yellow]vanished since the last release:[/] {escape(row)}", soft_wrap=True)
    console.print()
    billions = [
        (name, period + (" (nowcast)" if now else ""), *(f"{value / 1000:,.1f}" for value in values), evidence)
        for name, period, now, *values, evidence in revenue
    ]
    columns = ["target", "quarter", "p10", "median", "p90", "evidence"]
    console.print(_table("Next unreported quarter, revenue or capex in USD bn, 80% interval", columns, billions))
    console.print()
    shares = [(year, *(f"{value:.2f}" for value in values), evidence) for year, *values, evidence in share]
    columns = ["year", "p10", "median", "p90", "evidence"]
    console.print(_table("Inference share of chip-hours, tracked designers, 80% interval", columns, shares))
    console.print()
    state = "Nothing changed since release" if outcome.unchanged else "Release"
    current = "latest" if outcome.is_latest else f"not latest: as of {settings.as_of}"
    console.print(f"{state} {folder.name} ({current}). Newest fact {newest}, as of {settings.as_of}.")
    console.print(told, soft_wrap=True)
    console.print(str(folder), soft_wrap=True)
    if settings.publish_to:
        console.print(f"Copied to {settings.publish_to}", soft_wrap=True)
    console.print(verdict, soft_wrap=True)
