"""What a run says about itself: a row that the last release held and that is now set aside is marked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
from contract_tools import DATA, good

from pipeline.ingest import raw_tables, run_tables
from pipeline.settings import Settings
from pipeline.sources import all_sources

SOURCE = next(source for source in all_sources() if source.id == "curated_user_disclosures")


def test_a_row_that_vanished_since_the_last_release_is_marked_and_one_that_was_never_there_is_not(
    tmp_path: Path,
) -> None:
    settings = Settings(state=tmp_path / "var", data=tmp_path / "data", published=tmp_path / "published")
    settings.data.mkdir()
    shutil.copy(DATA / "SNAPSHOT.json", settings.data)
    rows = good(SOURCE).assign(source_id=SOURCE.id)
    rows.to_csv(settings.data / f"{SOURCE.id}.csv", index=False)
    raw_tables.ingest(SOURCE, settings)
    held = settings.latest / "sources" / f"raw.{SOURCE.id}.parquet"
    held.parent.mkdir(parents=True)
    shutil.copy(raw_tables.paths(SOURCE.id, settings)[0], held)

    rows.loc[2, "active_users_m"] = "-5"
    never = rows.iloc[[3]].assign(product="never seen before", active_users_m="-7")
    many = [rows.iloc[[0]].assign(product=f"new {number}") for number in range(20)]
    pd.concat([rows, never, *many]).to_csv(settings.data / f"{SOURCE.id}.csv", index=False)
    raw_tables.ingest(SOURCE, settings)
    run_tables.write([SOURCE], settings)
    found = pd.read_parquet(settings.raw / "quality_rejected_rows.parquet")
    assert dict(zip(found["value"], found["was_published"], strict=True)) == {"-5": True, "-7": False}
