"""What a section of the page is made of: charts and tables, each with its SQL in a file beside the section's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.report.charts import Chart, Rows
from pipeline.report.text import Cell, Row, signed, span


@dataclass(frozen=True)
class Figure:
    """One chart: `title` names the subject, `finding` says of the rows what is to be seen, and both stand above it.

    `facts` are the market tables behind it, for the line that names the sources and their newest day. The SQL is
    `<section>.<name>.sql`, or `<section>.<sql>.sql` where several figures share one; `words` fill its braces.
    `key` says what the marks mean on the slide; the page has one key for all.
    """

    name: str
    title: str
    unit: str
    facts: Sequence[str]
    draw: Callable[[Rows, str], Chart]
    describe: Callable[[Rows], str]
    note: str = ""
    height: int = 260
    key: str = ""
    sql: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    finding: Callable[[Rows], str] = lambda rows: ""
    step: int = 0  # height of a mark's row, where a chart has one a row and grows with them


# What a row shows in a column: the name of its field, or what makes a value of the row.
Show = str | Callable[[Row], object]


@dataclass(frozen=True)
class Listing:
    """One table out of `<section>.<name>.sql`; where `filter_by` names a column, the reader may choose among its values."""

    name: str
    caption: str
    columns: Sequence[tuple[str, Show]]
    note: str = ""
    filter_by: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page with the one thing to know before reading on; `short` is its name in the navigation.

    Sections stand in the order of `place`. `key` has the style and meaning of marks that the figures share.
    """

    place: int
    short: str
    title: str
    lead: str
    figures: Sequence[Figure] = ()
    tables: Sequence[Listing] = ()
    key: Sequence[tuple[str, str]] = ()


def interval(low: str, middle: str, high: str) -> Show:
    """A median with its interval, out of three fields."""
    return lambda row: Cell(span(row[low], row[middle], row[high]), row[middle])


def shown(name: str, form: Callable[[float], str]) -> Show:
    """A figure as `form` writes it; its exact value goes with it."""
    return lambda row: None if row[name] is None else Cell(form(row[name]), row[name])


def percent(name: str) -> Show:
    """A share as percent."""
    return shown(name, "{:.0%}".format)


def skill(name: str) -> Show:
    """A skill with its sign."""
    return shown(name, signed)


def newest(
    series: str, period: str, value: Callable[[Row], str], when: Callable[[Any], str] = str
) -> Callable[[Rows], str]:
    """A sentence with the last value of every series; `when` writes its period."""

    def describe(rows: Rows) -> str:
        last = {row[series]: row for row in rows}
        ends = {when(row[period]) for row in last.values()}
        parts = [
            f"{name} {value(row)}" + (f" ({when(row[period])})" if len(ends) > 1 else "") for name, row in last.items()
        ]
        return f"Newest{f', {next(iter(ends))}' if len(ends) == 1 else ''}: " + "; ".join(parts) + "."

    return describe
