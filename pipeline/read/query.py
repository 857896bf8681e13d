"""One query on a release: always read-only, and its answer as rows, CSV, JSON or Parquet."""

import csv
import io
import json
import math
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.publish.reader import opened
from pipeline.settings import UserError

Format = Literal["table", "csv", "json", "parquet"]
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def format_of(out: Path) -> Format:
    """The format that a file's ending names. Raises UserError for any other ending."""
    kind = out.suffix.lstrip(".").lower()
    if kind not in ("csv", "json", "parquet"):
        raise UserError(f"{out.name} names no format: end it in .csv, .json or .parquet, or use --format.")
    return kind  # type: ignore[return-value]


def run(database: Path, sql: str) -> pa.Table:
    """The answer to `sql`, which can change nothing and reaches no file besides the release's.

    Raises UserError with DuckDB's message where the query does not hold, writes, or gives two columns one name.
    """
    with opened(database) as connection:
        try:
            relation = connection.sql(sql)
        except duckdb.Error as error:
            hint = ""
            if "read-only" in str(error) or isinstance(error, duckdb.PermissionException):
                hint = "\nA release is read-only, and a query reads nothing else. To keep an answer use --format and --out."
            raise UserError(f"The query failed: {error}{hint}") from error
        if relation is None:
            raise UserError("The query gives no rows to show. Write one SELECT (or DESCRIBE, SUMMARIZE, EXPLAIN).")
        repeated = [name for name, n in Counter(relation.columns).items() if n > 1]
        if repeated:
            raise UserError(f"Two columns are named {repeated[0]!r}: give one another name with AS.")
        try:
            return relation.to_arrow_table()
        except duckdb.Error as error:
            raise UserError(f"The query failed: {error}") from error
        except RuntimeError as error:  # how DuckDB passes on Ctrl-C
            raise KeyboardInterrupt from error


def write(table: pa.Table, kind: Format, out: Path | None) -> str:
    """Write `table` to the file `out`, or return its text where `out` is None.

    Raises UserError for Parquet without a file and for a file that cannot be written.
    """
    if kind == "parquet" and out is None:
        raise UserError("Parquet is no text: name a file with --out.")
    try:
        if kind == "parquet":
            pq.write_table(table, out, compression="zstd")
            return ""
        text = as_csv(table) if kind == "csv" else as_json(table)
        if out is None:
            return text
        out.write_text(text)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror or error}") from error
    return ""


def inert(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula with an apostrophe before it; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_csv(table: pa.Table) -> str:
    """`table` as CSV with a header; a blank is NULL, and no cell of text is a formula."""
    text = io.StringIO()
    # All text in quotes: csv would leave a lone carriage return bare, and readers would take it for the row's end.
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([inert(name) for name in table.column_names])
    for row in table.to_pylist():
        writer.writerow([str(value).lower() if isinstance(value, bool) else inert(value) for value in row.values()])
    return text.getvalue()


def as_json(table: pa.Table) -> str:
    """`table` as a JSON list of objects; infinities, which JSON has not, are the texts INF and -INF, NaN is null."""
    return json.dumps([_json(row) for row in table.to_pylist()], default=str, indent=1, allow_nan=False) + "\n"


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_json(part) for part in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("INF" if value > 0 else "-INF")
    return value


def printable(value: Any) -> str:
    """A value as text for a terminal: blank for NULL, and no character that would steer the terminal."""
    text = "" if value is None else str(value)
    return "".join(c if c == "\n" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)
