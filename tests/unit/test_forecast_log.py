"""The forecast log: what was said stays said."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline import forecast_log
from pipeline.settings import Settings, UserError


def release(folder: Path, p50: float) -> Path:
    """A database with the quantiles of one forecast."""
    path = folder / f"{p50}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            create schema forecast; create table forecast.quantiles as
            select 'vendor_revenue' as target_id, 'nvidia-total' as entity_id, '2026Q3' as target_period, 'usd_m' as unit,
                date '2026-11-23' as origin_date, level as output_type_id, {p50} * (1 + level - 0.5) as value,
                true as is_recommended, 'base' as scenario_id, 'tested' as evidence_class, 'quarter' as period_kind,
                1 as horizon, 'quantile' as output_type
            from unnest([0.1, 0.5, 0.9]) as levels (level)""")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A published folder with three releases and the log that they made."""
    made, lines = Settings(published=tmp_path), []
    for number in (1, 2, 3):
        identity = {
            "id": f"r{number}",
            "created": f"2026-11-2{number}T10:00:00+00:00",
            "as_of": "2026-11-23",
            "mode": "x",
        }
        lines = forecast_log.with_entry(lines, release(tmp_path, 100.0 * number), identity)
        assert forecast_log.with_entry(lines, tmp_path / "100.0.duckdb", identity) == lines, "again, nothing is new"
        folder = tmp_path / "releases" / f"r{number}"
        folder.mkdir(parents=True)
        package = {forecast_log.STATED: forecast_log.head(lines)}
        (folder / "datapackage.json").write_text(json.dumps(package))
    (tmp_path / forecast_log.FILE).write_text("".join(f"{line}\n" for line in lines))
    return made


def test_a_whole_log_reads_as_rows(settings: Settings) -> None:
    rows = forecast_log.rows(settings)
    assert rows["release_id"].tolist() == ["r1"] * 3 + ["r2"] * 3 + ["r3"] * 3
    assert rows.loc[1, ["value", "output_type_id"]].tolist() == [100, 0.5]
    assert rows.loc[1, "recorded_on"] == pd.Timestamp("2026-11-21")
    past = Settings(published=settings.published, requested_as_of=settings.snapshot_date)
    assert forecast_log.rows(past).empty and list(forecast_log.rows(past)) == list(rows)


def test_any_changed_byte_shows(settings: Settings) -> None:
    path = settings.published / forecast_log.FILE
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(UserError, match="Past forecasts can't be made again"):
            forecast_log.read(settings)


def test_a_chain_made_anew_shows_against_the_heads_of_releases(settings: Settings) -> None:
    path, entries, before = settings.published / forecast_log.FILE, [], forecast_log.FIRST
    for line in path.read_text().splitlines():
        entry = json.loads(line) | {"previous": before}
        entry["forecasts"][0]["quantiles"][1] += 1
        entries.append(json.dumps(entry))
        before = forecast_log.head(entries)["head"]
    assert forecast_log.broken(entries, {}) == "", "by itself it is a whole chain"
    path.write_text("".join(f"{entry}\n" for entry in entries))
    with pytest.raises(UserError, match=r"Entry 1 of log.jsonl is not the one that release r1 states"):
        forecast_log.read(settings)


def test_a_log_that_was_cut_or_is_gone_is_never_begun_again(settings: Settings) -> None:
    path = settings.published / forecast_log.FILE
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    with pytest.raises(UserError, match="has 2 entries, but release r3 was made with 3"):
        forecast_log.read(settings)
    path.unlink()
    with pytest.raises(UserError, match=r"log.jsonl is gone.*Release r3 holds a copy"):
        forecast_log.read(settings)


def test_without_a_release_that_states_a_head_a_log_begins(tmp_path: Path) -> None:
    assert forecast_log.read(Settings(published=tmp_path)) == []
