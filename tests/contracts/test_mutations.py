"""Seeded random damage: whatever stands in a file, `split` accounts for every row and accepts none that breaks a rule.

`make test` makes 15 corruptions per source, `make test-all` 1000.
"""

from __future__ import annotations

import math
import zlib
from datetime import date

import numpy as np
import pandas as pd
import pytest
from contract_tools import IDS, SOURCES, TODAY, csv, good

from pipeline.sources import contract
from pipeline.sources.base import Source, SourceError

ROWS = 60
JUNK = (
    "", " ", "NaN", "NULL", "-1", "1e999", "inf", "-inf", "9" * 400, "1,5", "5 USD", "0x10", "٣", "True", "no", "\n", '"',
    "'; drop table", "=1+1", "\ufeff", "\x00", "é" * 300, "0000-00-00", "0202-07-30", "2026-02-30", "2262-04-12",
    "2300-01-01", "1949-12-31", "11/23/2026", "2026-11-24", "2026", "00:00",
)  # fmt: skip


def _corrupt(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One random corruption of rows, columns or cells."""
    row, other = rng.integers(len(frame), size=2)
    name, second = rng.choice(frame.columns, 2, replace=False)
    cell = frame.loc[row, name]
    word = "" if pd.isna(cell) else cell
    match rng.choice(["junk", "junk", "junk", "column", "row", "cut", "sign", "scale", "swap", "repeat", "drop"]):
        case "junk":
            frame.loc[row, name] = JUNK[rng.integers(len(JUNK))]
        case "column":
            frame.loc[row, name] = frame.loc[row, second]
        case "row":
            frame.loc[row, name] = frame.loc[other, name]
        case "cut":
            frame.loc[row, name] = word[: rng.integers(len(word) + 1)]
        case "sign":
            frame.loc[row, name] = f"-{word}"
        case "scale":
            frame.loc[row, name] = f"{word}000000"
        case "swap":
            frame.loc[row, [name, second]] = frame.loc[row, [second, name]].to_numpy()
        case "repeat":
            frame = pd.concat([frame, frame.loc[[row]]], ignore_index=True)
        case "drop":
            frame = frame.drop(index=row).reset_index(drop=True)
    return frame


def _damage(content: bytes, rng: np.random.Generator) -> bytes:
    """One byte changed, lost or added, or the end torn off."""
    at = int(rng.integers(len(content)))
    byte = bytes([rng.integers(256)])
    return [
        content[:at] + byte + content[at + 1 :],
        content[:at] + content[at + 1 :],
        content[:at] + byte + content[at:],
        content[:at],
    ][rng.integers(4)]


def _violations(source: Source, accepted: pd.DataFrame) -> list[str]:
    """Rules that accepted rows break, found without pandera."""
    found = [f"{source.key} recurs"] if accepted.duplicated(list(source.key)).any() else []
    for name, column in source.all_columns.items():
        cells = accepted[name]
        if not column.nullable and cells.isna().any():
            found.append(f"{name} is empty")
        for cell in cells.dropna():
            low = column.low if column.kind == "number" else date(1950, 1, 1)
            high = column.high if column.kind == "number" else TODAY if column.past else date(2100, 1, 1)
            value = cell.date() if column.kind == "day" else cell
            if column.kind in ("number", "day") and not (
                (-math.inf if low is None else low) <= value <= (math.inf if high is None else high)
            ):
                found.append(f"{name}: {value} is not within {low} and {high}")
            if column.choices and value not in column.choices:
                found.append(f"{name}: {value} is no choice")
    return found


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_random_damage_is_quarantined_or_named_and_never_accepted(source, count):
    corruptions = count("random corruptions of source files", 15, 1000)
    rng = np.random.default_rng([2026, zlib.crc32(source.id.encode())])
    start = good(source, ROWS)
    assert not _violations(source, contract.split(source, start, TODAY)[0])
    done = stopped = rejected_rows = 0
    while done < corruptions:
        frame, several = start.copy(), int(min(rng.integers(1, 25), corruptions - done))
        if rng.random() < 1 / 4:
            content, several = _damage(csv(frame, source), rng), 1
        else:
            for _ in range(several):
                frame = _corrupt(frame, rng)
            content = csv(frame, source)
        done += several
        try:
            read = contract.read_snapshot(content, source)
            accepted, rejected = contract.split(source, read, TODAY)
        except SourceError as error:
            assert str(error).startswith(f"Source {source.id}: ")
            stopped += 1
            continue
        assert len(read) == len(accepted) + rejected["row_number"].nunique()
        assert rejected["row_number"].between(2, len(read) + 1).all()
        assert set(rejected["field"]) <= set(source.all_columns)
        assert not _violations(source, accepted)
        rejected_rows += rejected["row_number"].nunique()
    assert rejected_rows, "the damage was never seen: the test is blunt"
