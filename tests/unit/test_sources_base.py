"""The helpers that parsers share: dates, words for confidence, columns, provenance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pipeline.sources import base, contract
from pipeline.sources.base import Column, Source, SourceError, Upstream
from pipeline.sources.epoch import chip_sales

TODAY = date(2026, 11, 23)


def cells(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="string")


def listed(series: pd.Series) -> list:
    return [None if pd.isna(value) else value for value in series]


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("3/31/2025", "2025-03-31"),
        ("12/1/25", "2025-12-01"),
        (" 3/4/2025 ", "2025-03-04"),
        ("2025-03-31", "2025-03-31"),
        ("2025-03-31T08:00:00.000Z", "2025-03-31"),
        ("2025-03-31 08:00", "2025-03-31"),
        # What is no date stays, for the contract to see.
        ("13/45/2025", "2025-13-45"),
        ("0202-07-30", "0202-07-30"),
        ("early 2025", "early 2025"),
        (None, None),
    ],
)
def test_iso_dates(given, iso):
    assert listed(base.iso_dates(cells(given))) == [iso]


@pytest.mark.parametrize(
    ("given", "last"),
    [
        ("2025-11", "2025-11-30"),
        ("2024-02", "2024-02-29"),
        ("2025Q1", "2025-03-31"),
        ("CY2025", "2025-12-31"),
        ("2025", "2025-12-31"),
        ("FY2026 (2025-05..2025-07)", "2025-07-31"),
        ("2025-11-05", "2025-11-05"),
        ("2025Q5", "2025Q5"),
        ("soon", "soon"),
        (None, None),
    ],
)
def test_last_days_are_the_last_that_a_period_could_mean(given, last):
    assert listed(base.last_days(cells(given))) == [last]


def test_no_last_day_lies_after_retrieval():
    assert listed(base.last_days(cells("2026", "2025", "2026-11"), TODAY)) == ["2026-11-23", "2025-12-31", "2026-11-23"]


@pytest.mark.parametrize("given", ["2025-13", "2025-00", "0000"])
def test_a_period_that_is_none_stays_for_the_contract_to_see(given):
    assert listed(base.last_days(cells(given))) == [given]


def test_plus_days():
    assert listed(base.plus_days(cells("2024-01-16", "2025-12-31", None), 45)) == ["2024-03-01", "2026-02-14", None]


def test_confidence_words_are_those_of_the_project():
    words = cells("verified", "quoted", "recalled, unverified", "verified_rounded", "Derived from two", "estimate")
    found = listed(base.confidence_words(words))
    assert found == ["verified", "quoted", "recalled", "rounded", "derived", "estimate"]
    assert set(found) == set(base.CONFIDENCE)


def test_what_a_gatherer_calls_verified_is_quoted_and_what_the_project_read_is_not():
    rows = pd.DataFrame({"confidence": cells("verified", "recalled")})
    assert listed(base.Provenance("note", confidence="{confidence}")._confidence(rows)) == ["quoted", "recalled"]
    assert listed(base.Provenance("filing", confidence="verified")._confidence(rows)) == ["verified", "verified"]


def test_no_word_for_confidence_is_no_confidence():
    assert listed(base.confidence_words(cells("verified", None))) == ["verified", None]


def test_pick_renames_and_strips():
    frame = pd.DataFrame({"Name": cells(" H100 ", None), "Other": cells("x", "y")})
    picked = base.pick(frame, {"name": "Name"}, "toy")
    assert list(picked.columns) == ["name"] and listed(picked["name"]) == ["H100", None]


def test_pick_names_every_missing_column_the_source_and_the_file_to_adapt():
    frame = pd.DataFrame({"Name": cells("H100")})
    with pytest.raises(SourceError) as caught:
        base.pick(frame, {"name": "Name", "price": "Price", "day": "Date"}, "toy")
    for word in ("Source toy", "column(s) Price, Date", "it has Name", "Adapt pipeline/sources/*/toy.py"):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://epoch.ai/data", "https://epoch.ai/data"),
        (" http://example.org/a?b=c#d \n", "http://example.org/a?b=c#d"),
        ("see https://epoch.ai", None),
        ("https://epoch.ai and others", "https://epoch.ai"),
        ("ftp://epoch.ai", None),
        ("www.epoch.ai", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("Nvidia press release", None),
        (None, None),
    ],
)
def test_only_a_whole_url_is_a_source_url(given, kept):
    rows = pd.DataFrame({"name": cells("H100"), "url": cells(given)})
    cited = base.Provenance("datasheet of {name}", "verified", reported_on="2022-03-22", url="{url}")
    said = cited.columns(rows, Upstream({}, TODAY), "")
    assert listed(said["source_url"]) == [kept]
    assert list(said.columns) == list(base.PROVENANCE)
    assert said["source_citation"].tolist() == ["datasheet of H100"]
    assert said["retrieved_at"].tolist() == ["2026-11-23"]


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        (base.number(), ["5", "-5.5", "1e3", "+5"], ["5 USD", "1,5", "nan", "1e999", "0x10", "1_000", "True"]),
        (base.day(), ["2026-02-28"], ["2026-02-30", "soon", "0202-07-30", "20260228", "2/28/2026", "2026-02-28T00"]),
        (base.flag(), ["True", "FALSE"], ["yes", "1", "T"]),
    ],
    ids=lambda value: value.kind if isinstance(value, Column) else "",
)
def test_text_becomes_typed_or_is_missing(column, good, bad):
    assert contract._typed(cells(*good), column).notna().all()
    assert contract._typed(cells(*bad), column).isna().all()


def _open_ended() -> Source:
    return Source("", "", "", "daily", {"units": base.amount()}, ("units",), id="toy")


def test_a_source_is_stale_after_twice_its_period_and_an_ended_one_never():
    toy = _open_ended()
    assert [replace(toy, cadence=word).max_age_days for word in ("daily", "quarterly", "ended 2025")] == [2, 184, None]
    with pytest.raises(ValueError, match="cadence 'often' is none of"):
        replace(toy, cadence="often")


@pytest.mark.parametrize("cell", ["inf", "1e2147483648"])
def test_infinity_is_no_number_nor_is_an_exponent_that_crashes_pandas(cell):
    row = {
        "units": cell,
        "source_url": None,
        "source_citation": "c",
        "reported_on": "2026-01-01",
        "reported_on_basis": "release",
        "confidence": "verified",
        "retrieved_at": "2026-01-01",
    }
    accepted, rejected = contract.split(_open_ended(), pd.DataFrame([row], dtype="string"), TODAY)
    assert accepted.empty and rejected["field"].tolist() == ["units"]


def test_a_first_line_with_too_many_cells_is_refused():
    header = ",".join(_open_ended().all_columns)
    with pytest.raises(SourceError, match=r"Source toy: .*cells"):
        contract.read_snapshot(f"{header}\n5,,c,2026-01-01,release,verified,2026-01-01,more\n".encode(), _open_ended())


def _chip_sales(units: str) -> pd.DataFrame:
    ends = [f"{name} ({level} percentile)" for name in ("Number of Units", "H100e") for level in ("5th", "95th")]
    header = ["Chip manufacturer,Chip type,Start date,End date", units, "H100e (median)", *ends, "Notes"]
    cells = 'Nvidia,H100,1/1/2025,3/31/2025,"1,000","2,000",900,1100,1900,2100,'
    return chip_sales(Upstream({"a.csv": f"{','.join(header)}\n{cells}\n".encode()}, TODAY), "a.csv")


@pytest.mark.parametrize("units", ["Number of Units", "Number of units (median)"])
def test_chip_sales_are_read_under_either_name_of_a_column(units):
    row = _chip_sales(units).iloc[0]
    assert row[["units_p50", "h100e_8bit_p50", "period_end"]].tolist() == ["1000", "2000", "2025-03-31"]


def test_chip_sales_without_their_units_are_refused():
    with pytest.raises(SourceError, match="units"):
        _chip_sales("Units sold")
