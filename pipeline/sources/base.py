"""What every source has in common: its description, its columns, and how upstream's files become its rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd

from pipeline.sources.live import Live
from pipeline.sources.upstream import SourceError, Upstream

CONFIDENCE = ("verified", "quoted", "rounded", "derived", "recalled", "estimate")
BASES = ("filed", "issued", "release", "price_date", "snapshot", "assumed_lag", "upper_bound")
# Days in which upstream is due to bring something new, by cadence. What is gathered by hand is reviewed each quarter, what
# comes irregularly each half-year.
PERIODS = {
    "daily": 1,
    "weekly": 7,
    "monthly": 31,
    "quarterly": 92,
    "half-yearly": 183,
    "yearly": 366,
    "by hand": 92,
    "irregular": 183,
}


@dataclass(frozen=True)
class Column:
    """One column of a raw table: its kind, what upstream calls it, and what its cells must hold.

    kind: text, number, day (ISO date) or flag. `source` is upstream's name where that is not ours. `past` days may not
    lie after the day of retrieval. `low` and `high` are inclusive bounds, `choices` the allowed words. With `last` a
    month, quarter or year stands for its last day.
    """

    kind: str
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] | None = None
    past: bool = False
    source: str = ""
    last: bool = False


text = partial(Column, "text")
# `low` and `high` are inclusive; an amount cannot be negative.
number = partial(Column, "number")
amount = partial(Column, "number", low=0)
# Dates before 1950 or after 2100 are typing errors: no computer chip or plan is that far away.
day = partial(Column, "day")
flag = partial(Column, "flag")

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
class Provenance:
    """Where a row is from and when it was known. A text may name columns of upstream: "{company}, {fiscal_period}".

    `reported_on`: the day of the row; a month, quarter or year is its last day, with the basis `upper_bound`. Without
    it a row is known from `released`, the day that upstream gives the stored file (a landed answer says its own). A row
    whose day is missing, lies before 1900 or after `released`, gets the day `otherwise` (if not given: `released`) and
    `otherwise_basis`.
    """

    citation: str
    confidence: str
    reported_on: str = ""
    basis: str = "release"
    url: str = ""
    released: str = ""
    otherwise: str = ""
    otherwise_basis: str = "upper_bound"

    def columns(self, listed: pd.DataFrame, upstream: Upstream, path: str) -> pd.DataFrame:
        """The columns of `PROVENANCE` for upstream's rows, which came in the file `path`."""
        day_of_copy = self.released.replace("{retrieved_at}", str(upstream.retrieved_at))
        released = upstream.day(path, day_of_copy) if self.released else None
        given = iso_dates(filled(self.reported_on or released or "", listed))
        known = last_days(given, upstream.retrieved_at)
        basis = filled(self.basis, listed).mask((known != given).fillna(False), "upper_bound")
        known = known.mask((known < "1900").fillna(False))
        if self.reported_on and released:
            known = known.mask((known > released).fillna(False))
        otherwise = self.otherwise or released
        if otherwise:
            basis = basis.mask(known.isna(), self.otherwise_basis)
            known = known.fillna(filled(otherwise, listed))
        url = filled(self.url, listed).str.split().str[0].astype("string")
        return pd.DataFrame(
            {
                "source_url": url.where(url.str.match(r"https?://\S+$").fillna(False)),
                "source_citation": filled(self.citation, listed),
                "reported_on": known,
                "reported_on_basis": basis,
                "confidence": self._confidence(listed),
                "retrieved_at": upstream.retrieved_at.isoformat(),
            },
            index=listed.index,
        )

    def _confidence(self, listed: pd.DataFrame) -> pd.Series:
        """What a gatherer calls verified was read by the gatherer, not by this project: it is quoted."""
        words = confidence_words(filled(self.confidence, listed))
        return words.replace("verified", "quoted") if "{" in self.confidence else words


def dated(citation: str, confidence: str, on: str, url: str = "") -> Provenance:
    """The provenance of a price that is known from the day `on` which it has."""
    return Provenance(citation, confidence, on, "price_date", url)


@dataclass(frozen=True)
class Source:
    """One upstream source and the contract of its raw table.

    `files` are CSV files in a folder of gathered facts, one below the other; their rows as upstream gives them go through
    `tidy`, if there is any, then the columns are picked and provenance is added. `parse` reads files of another form: it
    gives upstream's rows. `columns` excludes the provenance columns that all tables share. `key` identifies a row.
    `cadence` says how often upstream changes, a word of `PERIODS` or "ended <year>". `live` says how upstream is asked. A
    source without `files` has no embedded rows and is filled by live mode alone; one that has no `live` either is written
    by hand, its table in data/ being input and snapshot in one. `newer_copy`: the copy that data/ was read from, with its
    day, where it is newer or says more than the gathered facts. `credit`: whom the data are owed to, if not the page that
    each row names. `id` and `domain`: the file and folder that it stands in.
    """

    title: str
    description: str
    licence: str
    cadence: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    files: tuple[str, ...] = ()
    provenance: Provenance | None = None
    tidy: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    parse: Callable[[Upstream], pd.DataFrame] | None = None
    homepage_url: str = ""
    required: bool = False
    live: Live | None = None
    newer_copy: str = ""
    credit: str = ""
    id: str = ""
    domain: str = ""
    all_columns: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        """The raw table's columns: those of the source, then provenance."""
        object.__setattr__(self, "all_columns", {**self.columns, **PROVENANCE})
        if not (self.has_ended or self.cadence in PERIODS):
            raise ValueError(
                f"Source {self.title!r}: cadence {self.cadence!r} is none of {', '.join(PERIODS)} or 'ended …'"
            )

    @property
    def has_ended(self) -> bool:
        """Whether upstream brings nothing new any more."""
        return self.cadence.startswith("ended")

    @property
    def max_age_days(self) -> int | None:
        """Days after which its newest fact is stale: twice the period in which a new one is due; None where it ended."""
        return None if self.has_ended else 2 * PERIODS[self.cadence]

    def variable(self, name: str) -> str:
        """The environment variable that changes something for this source alone."""
        return f"CHIPCAST_{self.id.upper()}_{name}"

    @property
    def is_embedded(self) -> bool:
        """Whether data/ holds rows of it."""
        return bool(self.files) or self.is_by_hand

    @property
    def is_by_hand(self) -> bool:
        """Whether its table in data/ is written by hand, so that no command rebuilds it."""
        return not self.files and self.live is None

    def read(self, upstream: Upstream) -> pd.DataFrame:
        """The raw table as text, out of the stored files.

        Raises SourceError that names every column which upstream no longer has.
        """
        return self._table(upstream, self.parse, self.files[0] if self.files else "", self.provenance)

    def read_live(self, upstream: Upstream) -> pd.DataFrame:
        """The raw table as text, out of what upstream answered. Raises SourceError naming source and field."""
        assert self.live
        provenance = self.live.provenance or self.provenance
        return self._table(upstream, self.live.parse or self.parse, self.live.requests[0].name, provenance)

    def _table(
        self,
        upstream: Upstream,
        parse: Callable[[Upstream], pd.DataFrame] | None,
        path: str,
        provenance: Provenance | None,
    ) -> pd.DataFrame:
        listed = parse(upstream) if parse else pd.concat(map(upstream.csv, upstream.files), ignore_index=True)
        assert provenance, "only a table written by hand does without"
        listed = listed.assign(retrieved_at=upstream.retrieved_at.isoformat())
        given = listed
        try:
            listed = self.tidy(listed.copy()) if self.tidy else listed
            said = provenance.columns(listed, upstream, path)
        except KeyError as error:
            raise _missing(self.id, [str(error.args[0])], given) from None
        rows = pick(listed, {name: column.source or name for name, column in self.columns.items()}, self.id)
        for name, column in self.columns.items():
            if column.kind == "day":
                rows[name] = iso_dates(rows[name])
            if column.last:
                rows[name] = last_days(rows[name], upstream.retrieved_at)
        return rows.join(said)[list(self.all_columns)]


def newest(name: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Picks the rows with the greatest value of a column: the last of dated lists."""
    return lambda rows: rows[rows[name].eq(rows[name].max())]


def _missing(source_id: str, columns: list[str], listed: pd.DataFrame) -> SourceError:
    has = [name for name in listed.columns if name != "retrieved_at"]
    return SourceError(
        f"Source {source_id}: upstream no longer has the column(s) {', '.join(columns)}; it has {', '.join(has)}. "
        f"Adapt pipeline/sources/*/{source_id}.py to the new layout."
    )


def filled(template: str, listed: pd.DataFrame) -> pd.Series:
    """A text with the cells of the columns that it names in braces; missing where one of them is."""
    texts = re.split(r"\{([^}]*)\}", template)
    found = pd.Series(texts[0], index=listed.index, dtype="string")
    for name, after in zip(texts[1::2], texts[2::2], strict=True):
        found = found + listed[name].astype("string").str.split().str.join(" ") + after
    return found if template else found.mask(found.notna())


def pick(frame: pd.DataFrame, columns: Mapping[str, str], source_id: str) -> pd.DataFrame:
    """The named upstream columns under their new names (new name -> upstream name).

    Raises SourceError that names every missing column.
    """
    missing = [name for name in columns.values() if name not in frame.columns]
    if missing:
        raise _missing(source_id, missing, frame)
    # A line break within a cell would part row numbers from lines.
    return pd.DataFrame(
        {new: frame[old].astype("string").str.split().str.join(" ").astype("string") for new, old in columns.items()}
    )


def numbered(rows: pd.DataFrame, by: list[str]) -> pd.Series:
    """A number for each of several different rows that share `by`; rows that are the same share a number, too.

    So that names which recur upstream can be told apart, and a row that was sent twice repeats its key.
    """
    different = rows.drop_duplicates()
    number = different.assign(number=different.groupby(by, dropna=False).cumcount().add(1).astype("string"))
    return rows.merge(number, how="left", on=list(rows.columns), sort=False)["number"].set_axis(rows.index)


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
