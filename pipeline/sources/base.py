"""What every source has in common: its description, its columns, and how rows meet their contract."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.sources.live import Live
from pipeline.sources.upstream import SourceError, Upstream

if TYPE_CHECKING:
    import pandera.pandas as pa

CONFIDENCE = ("verified", "quoted", "rounded", "derived", "recalled", "estimate")
BASES = ("filed", "issued", "release", "price_date", "snapshot", "assumed_lag", "upper_bound")


@dataclass(frozen=True)
class Column:
    """One column of a raw table: its kind and what its cells must hold.

    kind: text, number, day (ISO date) or flag. `past` days may not lie after the day of retrieval.
    `low` and `high` are inclusive bounds, `choices` the allowed words.
    """

    kind: str
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] | None = None
    past: bool = False


def text(nullable: bool = False, choices: tuple[str, ...] | None = None) -> Column:
    """A word or name."""
    return Column("text", nullable, choices=choices)


def number(nullable: bool = False, low: float | None = None, high: float | None = None) -> Column:
    """A number within inclusive bounds."""
    return Column("number", nullable, low, high)


def amount(nullable: bool = False, high: float | None = None) -> Column:
    """A number that cannot be negative."""
    return Column("number", nullable, 0, high)


def day(nullable: bool = False, past: bool = False) -> Column:
    """A date. Dates before 1950 or after 2100 are typing errors: no computer chip or plan is that far away."""
    return Column("day", nullable, past=past)


def flag() -> Column:
    """True or False."""
    return Column("flag")


# What every row carries besides its facts.
PROVENANCE: Mapping[str, Column] = {
    "source_url": text(nullable=True),
    "source_citation": text(),
    "reported_on": day(past=True),
    "reported_on_basis": text(choices=BASES),
    "confidence": text(choices=CONFIDENCE),
    "retrieved_at": day(),
}


@dataclass(frozen=True)
class Source:
    """One upstream source and the contract of its raw table.

    `files` are paths in a folder of gathered facts; `parse` turns their bytes into the raw table, facts as upstream
    gives them, with names and dates made tidy. `columns` excludes the provenance columns that all tables share.
    `key` identifies a row. `cadence` says how often upstream changes, `max_age_days` when its newest fact is stale.
    `live` says how upstream is asked; a source without `files` has no embedded rows and is filled by live mode alone,
    unless it is `by_hand`: then its file in data/ is input and snapshot in one, and no command rebuilds it.
    """

    id: str
    title: str
    description: str
    domain: str
    licence: str
    credit: str
    cadence: str
    max_age_days: int
    files: tuple[str, ...]
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    parse: Callable[[Upstream], pd.DataFrame] | None = None
    by_hand: bool = False
    homepage_url: str = ""
    required: bool = False
    live: Live | None = None
    all_columns: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        """The raw table's columns: those of the source, then provenance."""
        object.__setattr__(self, "all_columns", {**self.columns, **PROVENANCE})

    @property
    def is_embedded(self) -> bool:
        """Whether data/ holds rows of it."""
        return bool(self.files) or self.by_hand


def pick(frame: pd.DataFrame, columns: Mapping[str, str], source_id: str) -> pd.DataFrame:
    """The named upstream columns under their new names (new name -> upstream name).

    Raises SourceError that names every missing column.
    """
    missing = [name for name in columns.values() if name not in frame.columns]
    if missing:
        raise SourceError(
            f"Source {source_id}: upstream no longer has the column(s) {', '.join(missing)}; it has "
            f"{', '.join(frame.columns)}. Adapt pipeline/sources/*/{source_id}.py to the new layout."
        )
    # A line break within a cell would part row numbers from lines.
    return pd.DataFrame({new: frame[old].str.split().str.join(" ") for new, old in columns.items()})


def numbered(rows: pd.DataFrame, by: list[str]) -> pd.Series:
    """A number for each of several different rows that share `by`; rows that are the same share a number, too.

    So that names which recur upstream can be told apart, and a row that was sent twice repeats its key.
    """
    different = rows.drop_duplicates()
    number = different.assign(number=different.groupby(by, dropna=False).cumcount().add(1).astype("string"))
    return rows.merge(number, how="left", on=list(rows.columns), sort=False)["number"].set_axis(rows.index)


def with_provenance(
    frame: pd.DataFrame,
    upstream: Upstream,
    *,
    citation: pd.Series | str,
    reported_on: pd.Series | str | date | None,
    basis: pd.Series | str,
    confidence: pd.Series | str,
    url: pd.Series | str | None = None,
) -> pd.DataFrame:
    """The frame with the provenance columns of `PROVENANCE` added. A URL that is none becomes missing."""
    frame = frame.copy()
    frame["source_url"] = url
    frame["source_url"] = frame["source_url"].astype("string").str.strip()
    frame.loc[~frame["source_url"].str.match(r"https?://\S+$").fillna(False), "source_url"] = pd.NA
    frame["source_citation"] = citation
    frame["reported_on"] = reported_on
    frame["reported_on_basis"] = basis
    frame["confidence"] = confidence
    frame["retrieved_at"] = upstream.retrieved_at.isoformat()
    return frame


def confidence_words(words: pd.Series) -> pd.Series:
    """The gathered facts' words for confidence ("recalled, unverified") as this project's (`CONFIDENCE`)."""
    first = words.str.split("[ ,_]", regex=True).str[0].str.lower()
    return first.mask(words.eq("verified_rounded").fillna(False), "rounded")


def iso_dates(cells: pd.Series) -> pd.Series:
    """M/D/YYYY, M/D/YY and ISO instants as ISO dates; what is neither stays as it is, for the contract to see."""

    def one(cell: Any) -> Any:
        if pd.isna(cell):
            return cell
        american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})", cell.strip())
        if american:
            month, day_, year = (int(part) for part in american.groups())
            return f"{year + 2000 if year < 100 else year:04d}-{month:02d}-{day_:02d}"
        return cell.strip()[:10] if re.match(r"\d{4}-\d{2}-\d{2}[T ]", cell.strip()) else cell.strip()

    return cells.map(one).astype("string")


def last_days(cells: pd.Series, latest: date | None = None) -> pd.Series:
    """The last day a period could mean: "2025-11" is 2025-11-30, "2025Q1" 2025-03-31, "2026" 2026-12-31.

    Nothing lies after `latest`: who retrieved the row on that day already knew it.
    """

    def one(cell: Any) -> Any:
        if pd.isna(cell):
            return cell
        found = re.search(r"\.\.(\d{4}-\d{2})", cell) or re.fullmatch(r"(?:FY|CY)?(\d{4}(?:-\d{2}|Q[1-4])?)", cell)
        if not found:
            return cell
        try:
            end = pd.Period(found[1]).end_time.date()
        except ValueError:
            return cell
        return (min(end, latest) if latest else end).isoformat()

    return cells.map(one).astype("string")


def plus_days(cells: pd.Series, days: int) -> pd.Series:
    """ISO dates moved by a number of days."""
    return (pd.to_datetime(cells) + timedelta(days=days)).dt.strftime("%Y-%m-%d").astype("string")


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
_DTYPES = {"text": "string", "number": "float64", "day": "datetime64[ns]", "flag": "boolean"}


def contract(source: Source, today: date) -> pa.DataFrameSchema:
    """The pandera contract of a source's raw table, for rows retrieved up to `today`."""
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
        return pa.Column(_DTYPES[column.kind], checks=checks, nullable=column.nullable)

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
