"""How rows meet the contract of their source: typed and kept, or sent to quarantine with every rule they break."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.sources.base import Column, Source
from pipeline.sources.upstream import SourceError

if TYPE_CHECKING:
    import pandera.pandas as pa


def read_snapshot(content: bytes, source: Source) -> pd.DataFrame:
    """A file of the embedded snapshot as strings, its columns checked against the source's.

    Raises SourceError that names the source and the columns where they differ, or the file cannot be read.
    """
    try:
        frame = pd.read_csv(io.BytesIO(content), dtype="string", keep_default_na=False, na_values=[""])
    except (ValueError, UnicodeDecodeError) as error:
        raise SourceError(
            f"Source {source.id}: data/{source.id}.csv is not a CSV file ({str(error).strip()}). Restore it."
        ) from None
    if not isinstance(frame.index, pd.RangeIndex):
        raise SourceError(
            f"Source {source.id}: data/{source.id}.csv: line 2 has more cells than the header. Restore it."
        )
    frame = frame.drop(columns="source_id", errors="ignore")
    missing = [name for name in source.all_columns if name not in frame.columns]
    extra = [name for name in frame.columns if name not in source.all_columns]
    if missing or extra:
        raise SourceError(
            f"Source {source.id}: data/{source.id}.csv lacks the column(s) [{', '.join(missing)}] and has the unknown "
            f"column(s) [{', '.join(extra)}]. Rebuild it with `chipcast snapshot`, or adapt pipeline/sources."
        )
    return frame[list(source.all_columns)]


def _ordered_pairs(columns: Mapping[str, Column]) -> list[tuple[str, str]]:
    """Pairs of columns of which the first cannot be above the second: ends of a period, of a band, percentiles."""
    pairs = [("period_start", "period_end"), ("effective_from", "effective_to")]
    pairs += [("low", "mid"), ("mid", "high"), ("low", "high")]
    for name in columns:
        if name.endswith("_p05"):
            stem = name.removesuffix("p05")
            pairs += [(f"{stem}p05", f"{stem}p50"), (f"{stem}p50", f"{stem}p95"), (f"{stem}p05", f"{stem}p95")]
    return [(low, high) for low, high in pairs if low in columns and high in columns]


def _typed(cells: pd.Series, column: Column) -> pd.Series:
    if column.kind == "number":
        # pandas crashes on some exponents of ten digits; none of four is a quantity.
        cells = cells.mask(cells.str.contains(r"[eE][+-]?\d{4}").fillna(False))
        return (
            pd.to_numeric(cells, errors="coerce").astype("float64").replace([float("inf"), float("-inf")], float("nan"))
        )
    if column.kind == "day":
        return pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")
    if column.kind == "flag":
        return cells.str.lower().map({"true": True, "false": False}).astype("boolean")
    return cells.astype("string")


_SAYS = {"number": "is not a number", "day": "is not a date (YYYY-MM-DD)", "flag": "is neither True nor False"}


def contract(source: Source, today: date) -> pa.DataFrameSchema:
    """The pandera contract of a source's raw table, for rows retrieved up to `today`.

    It names no types: `_typed` has just made them, and asking again takes half of the time.
    """
    import pandera.pandas as pa

    def schema(column: Column) -> pa.Column:
        checks = []
        if column.low is not None:
            checks.append(pa.Check.ge(column.low, error=f"is below {column.low:g}"))
        if column.high is not None:
            checks.append(pa.Check.le(column.high, error=f"is above {column.high:g}"))
        if column.choices:
            checks.append(pa.Check.isin(column.choices, error=f"is none of {', '.join(column.choices)}"))
        if column.kind == "day":
            last = pd.Timestamp(today if column.past else date(2100, 1, 1))
            checks.append(pa.Check.ge(pd.Timestamp(1950, 1, 1), error="lies before 1950"))
            checks.append(pa.Check.le(last, error=f"lies after {last:%Y-%m-%d}"))
        return pa.Column(checks=checks, nullable=column.nullable)

    return pa.DataFrameSchema(
        {name: schema(column) for name, column in source.all_columns.items()},
        unique=list(source.key),
        report_duplicates="exclude_first",
        strict=True,
        name=source.id,
    )


def split(source: Source, frame: pd.DataFrame, today: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Divide a frame of strings into typed rows that keep the contract and reasons for the others.

    The second frame has a row per broken rule: source_id, row_number (line in the file, header = 1), field, value,
    reason and row_json, the whole row as read. Rows in = rows accepted + distinct row_number rejected.
    """
    import pandera.pandas as pa

    frame = frame.reset_index(drop=True)
    typed = pd.DataFrame({name: _typed(frame[name], column) for name, column in source.all_columns.items()})
    broken: list[tuple[int, str, str]] = []
    for name, column in source.all_columns.items():
        for index in frame.index[frame[name].notna() & typed[name].isna()]:
            broken.append((index, name, _SAYS.get(column.kind, "cannot be read")))
    readable = typed.drop(index=sorted({index for index, _, _ in broken}))
    try:
        if len(readable):
            contract(source, today).validate(readable, lazy=True)
    except pa.errors.SchemaErrors as error:
        for case in error.failure_cases.itertuples():
            if pd.isna(case.index):
                raise SourceError(f"Source {source.id}: {case.check} ({case.column})") from None
            if case.check == "multiple_fields_uniqueness":
                broken.append((int(case.index), source.key[0], f"repeats the key ({', '.join(source.key)})"))
            else:
                reason = "is empty" if case.check == "not_nullable" else str(case.check)
                broken.append((int(case.index), str(case.column), reason))
    for low, high in _ordered_pairs(source.columns):
        for index in typed.index[typed[low] > typed[high]]:
            broken.append((index, low, f"is above {high}"))
    broken = list(dict.fromkeys(broken))
    rejected = pd.DataFrame(
        {
            "source_id": source.id,
            "row_number": [index + 2 for index, _, _ in broken],
            "field": [name for _, name, _ in broken],
            "value": [frame[name].get(index) for index, name, _ in broken],
            "reason": [reason for _, _, reason in broken],
            "row_json": [
                json.dumps({k: None if pd.isna(v) else v for k, v in frame.loc[index].items()})
                for index, _, _ in broken
            ],
        },
    )
    accepted = typed.drop(index=sorted({index for index, _, _ in broken})).reset_index(drop=True)
    accepted.insert(0, "source_id", pd.Series(source.id, index=accepted.index, dtype="string"))
    return accepted, rejected
