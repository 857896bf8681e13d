"""What is wrong where a dbt test failed: its first rows, and the rows of sources that they came from."""

from collections.abc import Iterable
from typing import Any

import duckdb

from pipeline.settings import Settings

# Rows shown of a failed test, and rows of sources named behind them.
SHOWN, NAMED = 5, 8


def first_rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The first rows that a test's query finds."""
    found = connection.sql(f"select * from ({query}) limit {SHOWN}")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def came_from(
    connection: duckdb.DuckDBPyConnection, rows: Iterable[dict[str, Any]], tables: Iterable[str], settings: Settings
) -> list[str]:
    """The tested tables with the rows of sources behind the failed rows: those that agree in every column they share.

    Of a table in which none agrees there is just the name.
    """
    lines = []
    for table in tables:
        columns = [name for name, *_ in connection.execute(f"describe from {table}").fetchall()]
        found: dict[tuple[str, str], None] = {}
        if "source_row" in columns:
            for row in rows:
                same = {name: row[name] for name in columns if row.get(name) is not None}
                if same:
                    where = " and ".join(f'"{name}" = ?' for name in same)
                    sql = f"select distinct source_id, source_row from {table} where {where} and source_row is not null"
                    found |= dict.fromkeys(connection.execute(f"{sql} order by all", list(same.values())).fetchall())
        for source, key in found:
            committed = (settings.data / f"{source}.csv").exists()
            file = f"{source} (data/{source}.csv)" if committed else f"{source} (landing/{source})"
            lines.append(f"{table} from {file}: {', and '.join(key.splitlines())}")
        if not found:
            lines.append(table)
    return lines[:NAMED] + ([f"… and {len(lines) - NAMED} more"] if len(lines) > NAMED else [])
