"""What the contract tests share: the committed rows of every source as text, and a folder to break them in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd

from pipeline.settings import PROJECT, Settings
from pipeline.sources import all_sources, contract
from pipeline.sources.base import Source

DATA = PROJECT / "data"
TODAY = Settings().snapshot_date
# Those with embedded rows; what live mode alone fills is tested in tests/live.
SOURCES = tuple(source for source in all_sources() if source.is_embedded)
IDS = [source.id for source in SOURCES]


@cache
def _committed(position: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    source = SOURCES[position]
    frame = contract.read_snapshot((DATA / f"{source.id}.csv").read_bytes(), source)
    return frame, *contract.split(source, frame, TODAY)


def committed(source: Source) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The committed rows as text, those that keep the contract, and the reasons for the others."""
    return _committed(IDS.index(source.id))


@cache
def _good(source_id: str, rows: int) -> pd.DataFrame:
    frame, _, rejected = _committed(IDS.index(source_id))
    return frame.drop(index=rejected["row_number"] - 2).head(rows).reset_index(drop=True)


def good(source: Source, rows: int = 12) -> pd.DataFrame:
    """The first committed rows that keep the contract, as text."""
    return _good(source.id, rows).copy()


def csv(frame: pd.DataFrame, source: Source) -> bytes:
    """A file of the embedded snapshot with these rows."""
    return frame.assign(source_id=source.id).to_csv(index=False, lineterminator="\n").encode()


def sandbox(folder: Path, source: Source, content: bytes | None = None) -> Settings:
    """Settings of a sandbox whose data folder holds this one source: the given bytes, or its good rows."""
    settings = Settings(state=folder / "var", published=folder / "published", data=folder / "data")
    settings.data.mkdir(exist_ok=True)
    (settings.data / "SNAPSHOT.json").write_text(json.dumps({"snapshot_date": str(TODAY), "sources": {}}))
    (settings.data / f"{source.id}.csv").write_bytes(csv(good(source), source) if content is None else content)
    return settings
