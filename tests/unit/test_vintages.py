"""Versions of a table as one: what is listed as revised."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pipeline.ingest import vintages
from pipeline.sources.base import Source, amount, text

CHIPS = Source(
    id="chips", title="Chips", description="", licence="MIT", credit="us", cadence="daily",
    files=(), parse=lambda upstream: pd.DataFrame(), key=("chip",),
    columns={"chip": text(), "tdp_w": amount(high=2000)},
)  # fmt: skip
FIRST = date(2026, 1, 1)


def version(tdp_w: float, day: date) -> pd.DataFrame:
    known = pd.Timestamp(day)
    row = {"source_id": "chips", "chip": "H200", "tdp_w": tdp_w, "reported_on": known, "retrieved_at": known}
    return pd.DataFrame([{**row, "reported_on_basis": "snapshot"}])


@pytest.mark.parametrize(
    ("later", "listed"),
    [
        ([], []),
        ([(2, 700)], []),
        ([(2, 701)], [("700", "701", 2)]),
        ([(2, 701), (3, 700)], [("700", "701", 2), ("701", "700", 3)]),
        # What changed several times within a day is one revision of that day.
        ([(2, 701), (2, 702)], [("700", "702", 2)]),
        ([(2, 701), (2, 700), (3, 705)], [("700", "705", 3)]),
    ],
)
def test_a_field_has_one_revision_a_day(later: list[tuple[int, float]], listed: list[tuple[str, str, int]]) -> None:
    versions = [(date(2026, 1, day), version(tdp_w, date(2026, 1, day))) for day, tdp_w in later]
    table, revisions = vintages.combine(CHIPS, version(700, FIRST), versions)
    assert [*revisions[["old_value", "new_value", "revised_on"]].itertuples(index=False, name=None)] == [
        (old, new, pd.Timestamp(2026, 1, day)) for old, new, day in listed
    ]
    assert set(revisions["field"]) <= {"tdp_w"} and table["superseded_on"].isna().sum() == 1
