"""What the UI shows of a table: rows, columns, newest fact, a preview, and for forecasts a chart and scores."""

from __future__ import annotations

import base64
import functools
import html
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb

from pipeline.build import declared
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.build.lineage import Origin

PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 8
CELL_LENGTH = 40

# The row set of each forecast table that its chart draws, and what the chart is called.
FANS = {
    "vendor_revenue": (
        "entity_id = 'merchant_dc_silicon_total' and period_kind = 'quarter'",
        "Four vendors' data-centre revenue by quarter, USD million",
    ),
    "compute_demand": (
        "scenario_id = 'base' and workload = 'total' and accounting = 'chip_hours' and period_kind = 'quarter'",
        "Compute used by quarter, H100e-hours (16-bit)",
    ),
    "inference_share": (
        "scenario_id = 'base' and accounting = 'chip_hours' and flow_or_stock = 'stock' and period_kind = 'quarter'",
        "Share of inference in the fleet's chip-hours",
    ),
    "chip_market": (
        "scenario_id = 'base' and target_id = 'ai_accelerator_revenue' and entity_id = 'all-merchants' "
        "and period_kind = 'quarter'",
        "Revenue of AI accelerators by quarter, modelled, USD million",
    ),
}
# Tables beside which the backtest's scores stand, and the horizons in quarters that are plotted.
SCORED = ("vendor_revenue", "scores")
HORIZONS = (1, 4)
NOTHING: Mapping[str, Mapping[str, str]] = {}


def relation(schema: str, name: str) -> str:
    """A table of the warehouse as SQL writes it."""
    return f'"{schema}"."{name}"'


def file_relation(path: Path) -> str:
    """A Parquet file as SQL reads it."""
    return "read_parquet('{}')".format(str(path).replace("'", "''"))


def cell(value: Any) -> str:
    """A value as one Markdown cell: cut to size, and nothing in it is markup, whatever a source wrote."""
    if value is None:
        return ""
    text = f"{value:,.4g}" if isinstance(value, float) else " ".join(str(value).split())
    text = text.removesuffix(" 00:00:00")
    if len(text) > CELL_LENGTH:
        text = text[: CELL_LENGTH - 1] + "…"
    return re.sub(r"([\\`*_\[\]()|~!#])", r"\\\1", html.escape(text)).replace("://", ":&#47;&#47;")


def preview(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The first columns of some rows as a Markdown table."""
    shown = names[:PREVIEW_COLUMNS]
    lines = [shown, ["---"] * len(shown), *([cell(value) for value in row[:PREVIEW_COLUMNS]] for row in rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    hidden = len(names) - len(shown)
    return table + (f"\n\n… and {hidden} more column{'s' * (hidden > 1)}" if hidden else "")


def meanings() -> dict[str, dict[str, str]]:
    """What is declared of the columns of published tables, by relation and column."""
    return {
        relation(*name.split(".")): {column.name: column.meaning for column in table.columns.values()}
        for name, table in declared.tables().items()
    }


def describe(
    connection: duckdb.DuckDBPyConnection, table: str, said: Mapping[str, Mapping[str, str]] = NOTHING
) -> dict[str, Any]:
    """Row count, columns, newest fact (where rows carry `reported_on`) and the first rows of a table.

    `table` is a relation as SQL writes it. Columns carry what `said` (`meanings`) says of them.
    """
    columns = {row[0]: row[1] for row in connection.execute(f"describe from {table}").fetchall()}
    names = list(columns)
    newest = "max(reported_on)::date" if "reported_on" in names else "null"
    count, newest_fact = connection.execute(f"select count(*), {newest} from {table}").fetchall()[0]
    first = connection.execute(f"from {table} limit {PREVIEW_ROWS}").fetchall()
    found: dict[str, Any] = {
        "dagster/row_count": count,
        "dagster/column_schema": dg.TableSchema(
            columns=[dg.TableColumn(name, kind, said.get(table, {}).get(name)) for name, kind in columns.items()]
        ),
        "preview": dg.MetadataValue.md(preview(names, first)),
    }
    if newest_fact:
        found["newest_fact"] = str(newest_fact)
    return found


def column_lineage(columns: Mapping[str, Sequence[Origin]]) -> dict[str, Any]:
    """Which columns of other assets each column is made of, as the UI draws it; nothing for a table without any."""
    deps = {
        # One column can be read twice, carried over here and reckoned with there.
        name: [
            dg.TableColumnDep(dg.AssetKey(node.split(".")), column)
            for node, column in sorted({(origin.node, origin.column) for origin in origins})
        ]
        for name, origins in columns.items()
        if origins
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(deps)} if deps else {}


@functools.cache
def _in_memory() -> duckdb.DuckDBPyConnection:
    """Opening a database for each of sixty files takes longer than reading them."""
    return duckdb.connect()


def of_file(path: Path) -> dict[str, Any]:
    """`describe` of a Parquet file."""
    with _in_memory().cursor() as connection:
        return describe(connection, file_relation(path))


def of_forecast(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    table: str,
    settings: Settings,
    said: Mapping[str, Mapping[str, str]] = NOTHING,
) -> dict[str, Any]:
    """`describe`, and for the tables that have them a fan chart and the backtest's scores."""
    found = describe(connection, table, said)
    if name in FANS:
        where, title = FANS[name]
        chart = fan(connection, f"{table} where {where}", title, settings.as_of, settings.pictures)
        found["chart"] = dg.MetadataValue.md(chart)
    if name in SCORED:
        found |= skills(connection, settings.forecasts / "scores.parquet")
    return found


def of_forecast_file(name: str, settings: Settings) -> dict[str, Any]:
    """`of_forecast` of a table that the forecasting stage wrote."""
    with _in_memory().cursor() as connection:
        return of_forecast(connection, name, file_relation(settings.forecasts / f"{name}.parquet"), settings)


def fan(connection: duckdb.DuckDBPyConnection, rows: str, title: str, as_of: date, kept: Path) -> str:
    """Median, 50% and 90% band over time as a Markdown image that needs no other file; "no rows" if there are none.

    A picture that is in the folder `kept` is not drawn again.
    """
    found = connection.execute(
        f"select target_end_date, p05, p25, p50, p75, p95, evidence_class from {rows} order by 1"
    ).fetchall()
    return _fan(tuple(found), title, str(as_of), kept) if found else f"{title}: no rows"


@functools.cache
def _fan(rows: tuple[tuple[Any, ...], ...], title: str, as_of: str, kept: Path) -> str:
    """A forecast's file and the table made of it show the same picture, which is drawn once."""
    # Altair takes a fifth of a second to load, which a run that draws nothing does without.
    from pipeline.report import charts, pictures

    columns = ("period_end", "p05", "p25", "p50", "p75", "p95", "evidence_class")
    with charts.unchecked():
        chart = charts.fan([dict(zip(columns, row, strict=True)) for row in rows], as_of)
        spec = charts.finished(chart, 200) | {"width": 560, "title": {"text": title, "fontSize": 13}}
    picture = base64.b64encode(pictures.svg(spec, kept)).decode()
    return f"![{title}](data:image/svg+xml;base64,{picture})\n\n{title}: median, 50% and 90% interval."


def skills(connection: duckdb.DuckDBPyConnection, scores: Path) -> dict[str, float]:
    """Skill in log-WIS of the recommended model, all vendors pooled, against each baseline: above 0 is better than it.

    Empty while there is no backtest.
    """
    table = file_relation(scores)
    if not connection.execute(f"select count(*) from {table}").fetchall()[0][0]:
        return {}
    found = connection.execute(
        f"""select baseline_id, horizon, skill from {table}
        where model_id = 'recommended' and entity_id = 'pooled' and metric = 'log_wis' and panel = 'spliced'
        and target_window = 'all' and horizon in {HORIZONS} and skill is not null order by all"""
    ).fetchall()
    return {f"log_wis_skill_vs_{baseline}_{horizon}q": round(skill, 4) for baseline, horizon, skill in found}
