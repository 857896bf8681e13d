"""Deliberately broken input, made out of every source's own columns.

What a fault gives is compared as a whole: exactly the broken cells are named, with row, field, value and reason, and
no other row is touched. The control is one run per source without a fault. A fault that cannot be made in a source
stands in `EXEMPT` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pandas as pd
import pytest
from contract_tools import IDS, SOURCES, TODAY, committed, csv, good, sandbox
from sampling import drawn

from pipeline.ingest import raw_tables
from pipeline.settings import UserError
from pipeline.sources import contract
from pipeline.sources.base import Column, Source, SourceError

each_source = pytest.mark.parametrize("source", SOURCES, ids=IDS)
# The rules are the same code for every source.
SOME = drawn(SOURCES, 20)
some_sources = pytest.mark.parametrize("source", SOME, ids=IDS)


@dataclass(frozen=True)
class Fault:
    """A fault of single cells: the columns that can have it, the broken cell, and the reason given for it."""

    applies: Callable[[Column], bool]
    cell: Callable[[Column], str | None]
    reason: Callable[[Column], str]


def _below(column: Column) -> str:
    return f"{column.low - abs(column.low) - 1:g}"


def _future(column: Column) -> str:
    return str(TODAY + timedelta(days=1)) if column.past else "2100-01-02"


def _reads(reason: str) -> Callable[[Column], str]:
    return lambda column: reason


FAULTS = {
    "text in a number": Fault(lambda c: c.kind == "number", lambda c: "about 5", _reads("is not a number")),
    "impossible date": Fault(lambda c: c.kind == "day", lambda c: "2026-02-30", _reads("is not a date (YYYY-MM-DD)")),
    "no flag": Fault(lambda c: c.kind == "flag", lambda c: "perhaps", _reads("is neither True nor False")),
    "below the least": Fault(lambda c: c.low is not None, _below, lambda c: f"is below {c.low:g}"),
    "above the greatest": Fault(
        lambda c: c.high is not None, lambda c: f"{2 * c.high:g}", lambda c: f"is above {c.high:g}"
    ),
    "date before computers": Fault(lambda c: c.kind == "day", lambda c: "1926-11-23", _reads("lies before 1950")),
    "date in the future": Fault(
        lambda c: c.kind == "day", _future, lambda c: f"lies after {TODAY if c.past else '2100-01-01'}"
    ),
    "unknown vendor or word": Fault(
        lambda c: bool(c.choices), lambda c: "Nvidea", lambda c: f"is none of {', '.join(c.choices)}"
    ),
    "empty cell": Fault(lambda c: not c.nullable, lambda c: None, _reads("is empty")),
}
# What cannot be read at all is found first, and hides what else is wrong in its row: two runs per source.
UNREADABLE = ("text in a number", "impossible date", "no flag")

CHIP_SALES = {"epoch_chip_owners", "epoch_chip_shipments", "epoch_chip_stock"}
FLAGGED = CHIP_SALES | {"inferencex", "mlperf_inference", "mlperf_training"}
# Fault -> why it cannot be made in some sources, and which.
EXEMPT = {
    "above the greatest": (
        "its numbers are estimates without an upper bound",
        {*CHIP_SALES, "epoch_chip_sales_inputs"},
    ),
    "no flag": ("has no flag: only chip sales and benchmarks have one", set(IDS) - FLAGGED),
}
# Columns with a vendor's name in which the raw stage takes any name, and why.
OPEN_VENDORS = {
    "chip_documents.designer": "new designers are what the table is for",
    "epoch_chip_types.designer": "upstream's own names, mapped to vendors in dbt",
    "epoch_chip_sales_inputs.designer": "written by our own parser",
    "epoch_hardware_prices.vendor": "hundreds of shops, as upstream writes them",
}

# Numbers that can be below zero: losses, flows of cash, growth in percent.
MAY_BE_NEGATIVE = {
    "curated_company_quarterly.value",
    "curated_segment_results.value",
    "read_asset_lives.effect_usd_m",
    "read_results.value",
    "xbrl_facts.value",
}


def _targets(source: Source, fault: Fault) -> dict[str, Column]:
    return {name: column for name, column in source.all_columns.items() if fault.applies(column)}


def _split(source: Source, frame: pd.DataFrame) -> tuple[pd.DataFrame, set[tuple[int, str, str | None, str]]]:
    """The accepted rows and (row number, field, value, reason) of each broken rule; all rows are accounted for."""
    accepted, rejected = contract.split(source, frame, TODAY)
    assert len(frame) == len(accepted) + rejected["row_number"].nunique()
    assert rejected["source_id"].eq(source.id).all()
    cells = rejected[["row_number", "field", "value", "reason"]].astype(object)
    return accepted, set(cells.where(cells.notna(), None).itertuples(index=False, name=None))


def _without_order(broken: set[tuple]) -> set[tuple]:
    """Broken rules but for those between two columns, which a fault in one cell breaks by the way."""
    return {rule for rule in broken if not re.match(r"is above [a-z]", rule[3])}


@each_source
def test_control_without_a_fault_every_row_is_accepted(source):
    accepted, broken = _split(source, good(source))
    assert len(accepted) == len(good(source)) >= 5
    assert not broken


@cache
def _faulty(source_id: str, names: tuple[str, ...]) -> tuple[dict[str, set], set, int]:
    """What the faults must give by name, what they gave, and rows that were left: each cell has one fault at most."""
    source = SOURCES[IDS.index(source_id)]
    frame, expected = good(source), {name: set() for name in names}
    for name in names:
        for position, (field, column) in enumerate(_targets(source, FAULTS[name]).items()):
            row = position % len(frame)
            cell, reason = FAULTS[name].cell(column), FAULTS[name].reason(column)
            while (row + 2, field) in {(r, f) for cells in expected.values() for r, f, *_ in cells}:
                row = (row + 1) % len(frame)
            frame.loc[row, field] = cell
            expected[name].add((row + 2, field, cell, reason))
    accepted, broken = _split(source, frame)
    return expected, broken, len(accepted)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        pytest.param(source, name, id=f"{source.id}: {name}", marks=[] if some is source else pytest.mark.slow)
        for name in FAULTS
        for source, some in zip(SOURCES, SOME, strict=True)
        if source.id not in EXEMPT.get(name, ("", ()))[1]
    ],
)
def test_a_broken_cell_is_quarantined_with_row_field_value_and_reason(source, name):
    names = UNREADABLE if name in UNREADABLE else tuple(name for name in FAULTS if name not in UNREADABLE)
    expected, broken, accepted = _faulty(source.id, names)
    assert expected[name] and expected[name] <= broken
    every = set().union(*expected.values())
    assert _without_order(broken) == every
    assert accepted == len(good(source)) - len({row for row, *_ in broken})


def test_a_fault_is_exempt_only_where_no_column_can_have_it():
    for name, fault in FAULTS.items():
        without = {source.id for source in SOURCES if not _targets(source, fault)}
        assert without == EXEMPT.get(name, ("", set()))[1], name


def test_a_vendor_is_a_listed_word_unless_the_exception_is_named():
    vendors = ("vendor", "company", "designer", "cloud")
    columns = {f"{s.id}.{n}": c for s in SOURCES for n, c in s.columns.items() if n in vendors}
    assert {name for name, column in columns.items() if not column.choices} == set(OPEN_VENDORS)


def test_no_price_amount_or_count_may_be_negative_but_the_named():
    numbers = {f"{s.id}.{n}": c for s in SOURCES for n, c in s.columns.items() if c.kind == "number"}
    assert {name for name, column in numbers.items() if column.low is None or column.low < 0} == MAY_BE_NEGATIVE


@some_sources
def test_a_repeated_key_is_quarantined_and_its_first_row_stays(source):
    frame = good(source)
    others = [name for name, column in source.columns.items() if column.kind == "number" and name not in source.key]
    again = frame.loc[[*frame.index, 1]].reset_index(drop=True)
    for number in others[:1]:
        again.loc[len(frame), number] = frame[number].iloc[0]
    accepted, broken = _split(source, again)
    reason = f"repeats the key ({', '.join(source.key)})"
    assert _without_order(broken) == {(len(frame) + 2, source.key[0], frame[source.key[0]].iloc[1], reason)}
    assert accepted.equals(committed(source)[1].head(len(frame)))


@some_sources
def test_columns_with_swapped_contents_leave_no_row(source):
    frame = good(source)
    number = next(
        name for name, column in source.columns.items() if column.kind == "number" and frame[name].notna().any()
    )
    words = next(
        name
        for name in source.columns
        if frame[name].notna().all() and pd.to_numeric(frame[name], "coerce").isna().all()
    )
    swapped = frame.assign(**{number: frame[words], words: frame[number]})
    accepted, broken = _split(source, swapped)
    assert accepted.empty
    assert broken == {(row + 2, number, cell, "is not a number") for row, cell in enumerate(frame[words])} | {
        (row + 2, words, cell, "is not a date (YYYY-MM-DD)")
        for row, cell in enumerate(frame[number])
        if source.columns[words].kind == "day" and pd.notna(cell)
    }


PERCENTILES = [(f"{name}_p05", f"{name}_p95") for name in ("units", "h100e_8bit", "power_mw")]
ENDS = [("low", "high"), ("period_start", "period_end"), ("effective_from", "effective_to"), *PERCENTILES]
LIKE_KINDS = [(s, low, high) for s in SOURCES for low, high in ENDS if {low, high} <= set(s.columns)]


@pytest.mark.parametrize(("source", "low", "high"), LIKE_KINDS, ids=[f"{s.id}: {a}, {b}" for s, a, b in LIKE_KINDS])
def test_swapped_ends_of_an_interval_are_quarantined(source, low, high):
    frame = good(source, 10_000)
    apart = frame[low].notna() & frame[high].notna() & (frame[low] != frame[high])
    frame = frame[apart].head(12).reset_index(drop=True)
    accepted, broken = _split(source, frame.assign(**{low: frame[high], high: frame[low]}))
    assert len(frame) and accepted.empty
    assert {field for _, field, *_ in broken} & {low, high}


def _refused(source: Source, content: bytes) -> str:
    with pytest.raises(SourceError, match=f"^Source {source.id}: data/{source.id}.csv ") as caught:
        contract.read_snapshot(content, source)
    return str(caught.value)


@some_sources
def test_a_missing_renamed_or_unknown_column_is_named_with_what_to_do(source):
    names = list(source.all_columns)
    assert list(contract.read_snapshot(",".join(names).encode(), source).columns) == names
    for name in names:
        without = _refused(source, ",".join(other for other in names if other != name).encode())
        renamed = _refused(source, ",".join("renamed" if other == name else other for other in names).encode())
        assert f"lacks the column(s) [{name}] and has the unknown column(s) []" in without
        assert f"lacks the column(s) [{name}] and has the unknown column(s) [renamed]" in renamed
        assert "Rebuild it with `chipcast snapshot`" in without and "Rebuild it" in renamed
    assert "lacks the column(s) [] and has the unknown column(s) [more]" in _refused(
        source, ",".join([*names, "more"]).encode()
    )


NO_CSV = {
    "no bytes": lambda text: b"",
    "a picture": lambda text: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "Latin-1": lambda text: text[:-1] + "é\n".encode("latin-1"),
    "an open quote": lambda text: text + b'"',
    "a line with too many cells": lambda text: text[:-1] + b",more,and more\n",
}


@pytest.mark.parametrize("fault", NO_CSV)
@some_sources
def test_a_file_that_is_no_csv_is_refused_with_what_to_do(source, fault):
    message = _refused(source, NO_CSV[fault](csv(good(source), source)))
    assert "is not a CSV file" in message and message.endswith("Restore it.")


@some_sources
def test_an_error_page_in_place_of_the_file_is_refused_with_the_columns_it_lacks(source):
    message = _refused(source, b"<html>\n<body>502 Bad Gateway</body>\n</html>\n")
    assert f"lacks the column(s) [{', '.join(source.all_columns)}]" in message


@some_sources
def test_a_missing_file_is_named(source, tmp_path):
    settings = sandbox(tmp_path, source)
    (settings.data / f"{source.id}.csv").unlink()
    with pytest.raises(UserError, match=rf"^Source {source.id}: {source.id}.csv is missing from data/. Restore it."):
        raw_tables.ingest(source, settings)


@some_sources
def test_a_broken_source_fails_its_ingest_and_the_last_good_table_stays(source, tmp_path):
    settings = sandbox(tmp_path, source)
    table, control = settings.raw / f"{source.id}.parquet", raw_tables.ingest(source, settings)
    assert control.passed and control.rows_rejected == 0
    before = table.read_bytes()

    frame = good(source)
    frame.loc[frame.index % 2 == 0, "reported_on"] = "soon"
    broken = raw_tables.ingest(source, sandbox(tmp_path, source, csv(frame, source)))
    half = (len(frame) + 1) // 2
    assert not broken.passed
    assert (broken.source_id, broken.rows_rejected) == (source.id, half)
    assert f"{half} of {len(frame)} rows broke the contract" in broken.message
    assert "row 2, field reported_on, value 'soon': is not a date" in broken.message
    assert table.read_bytes() == before
    quarantine = pd.read_parquet(settings.raw / "rejected" / f"{source.id}.parquet")
    assert quarantine["row_number"].tolist() == list(range(2, len(frame) + 2, 2))

    empty = raw_tables.ingest(source, sandbox(tmp_path, source, csv(frame.head(0), source)))
    assert not empty.passed and empty.rows_in == 0
    assert "no row was accepted: the source is empty" in empty.message
    assert table.read_bytes() == before
