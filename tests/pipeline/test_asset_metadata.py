"""What assets say of themselves in the UI, and how they meet trouble."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from assets import metadata
from assets import raw as raw_assets
from assets.resources import Workspace
from pipeline.build import price_days
from pipeline.ingest import raw_tables
from pipeline.settings import Settings, UserError
from pipeline.sources import all_sources
from pipeline.sources.base import Source

SOURCE = next(source for source in all_sources() if source.id == "genai_prices")


def test_a_preview_shows_text_of_sources_as_text() -> None:
    evil = "<img src=x onerror=alert(1)> | [a](javascript:x) `b`\n# c ![d](http://e) " + "long " * 20
    shown = metadata.preview(["name", "n", "d", *"abcdef"], [[evil, 1234567.0, None, *"abcdef"]])
    header, rule, row, _, more = shown.split("\n")
    assert more == "… and 1 more column" and header.count("|") == rule.count("|") == 9
    cells = re.split(r"(?<!\\)\|", row)
    assert len(cells) == 10
    assert (
        "<" not in cells[1] and "](" not in cells[1] and not re.search(r"(?<!\\)[`\[\]|#]", cells[1].replace("&#", "&"))
    )
    assert cells[2:4] == [" 1.235e+06 ", "  "]
    assert len(cells[1]) < 120 and cells[1].rstrip().endswith("…")


def test_a_fan_chart_is_one_small_picture_of_the_published_quantiles(release, tmp_path) -> None:
    for name, (where, title) in metadata.FANS.items():
        shown = metadata.fan(release, f"forecast.{name} where {where}", title, date(2026, 11, 24), tmp_path)
        picture = base64.b64decode(re.search(r"base64,([^)]+)\)", shown)[1]).decode()
        assert picture.startswith("<svg") and title in picture and len(picture) < 40_000
        assert picture.count("mark-area") == 2 and "mark-line" in picture
    assert "no rows" in metadata.fan(
        release, "forecast.vendor_revenue where false", "Nothing", date(2026, 11, 24), tmp_path
    )


def test_scores_against_baselines_are_those_published(release, refreshed) -> None:
    found = metadata.skills(release, refreshed.folder / "seed" / "forecasts" / "scores.parquet")
    baselines = {name.removeprefix("log_wis_skill_vs_").rpartition("_")[0] for name in found}
    assert baselines == {"naive", "log_drift", "raw_guidance", "median_beat", "unbounded"}
    (skill,) = release.execute(
        "select skill from forecast.scores where model_id = 'recommended' and entity_id = 'pooled' and horizon = 4 "
        "and metric = 'log_wis' and panel = 'spliced' and target_window = 'all' and baseline_id = 'naive'"
    ).fetchone()
    assert found["log_wis_skill_vs_naive_4q"] == pytest.approx(skill, abs=1e-4)


def test_days_of_prices_are_the_table_cut_up(release, tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    days = [date(2026, 6, 1) + timedelta(days=number) for number in range(177)]
    for _ in range(2):
        counts = price_days.write_days(release, "token_price_history", days, settings)
    files = sorted((tmp_path / "price_days" / "token_price_history").glob("*"))
    assert [path.stem for path in files] == [str(day) for day in days]
    assert counts[days[-1]] == 0 < counts[date(2026, 11, 23)]
    with duckdb.connect() as connection:
        parts = connection.execute(f"from read_parquet({[str(path) for path in files]}) order by all").fetchall()
    rows = release.execute(
        f"from market.token_price_history where reported_on >= date '{days[0]}' order by all"
    ).fetchall()
    assert rows and parts == rows


def _materialised(
    monkeypatch, tmp_path: Path, errors: list[Exception], source: Source = SOURCE
) -> tuple[dg.ExecuteInProcessResult, int]:
    """Run one source's asset whose reading fails with `errors` before it works; also how often it was read."""
    monkeypatch.setenv("CHIPCAST_STATE", str(tmp_path))
    monkeypatch.setattr(raw_assets, "RETRIES", dg.RetryPolicy(max_retries=2, delay=0.01))
    real, calls = raw_assets.raw_tables.ingest, []

    def ingest(*arguments):
        calls.append(1)
        if len(calls) <= len(errors):
            raise errors[len(calls) - 1]
        return real(*arguments)

    monkeypatch.setattr(raw_assets.raw_tables, "ingest", ingest)
    asset = raw_assets._raw_asset(source)
    found = dg.materialize([asset], resources={"workspace": Workspace()}, raise_on_error=False)
    return found, len(calls)


@pytest.mark.parametrize(
    ("errors", "success", "reads"),
    [
        ([], True, 1),
        ([OSError("disk gone")] * 2, True, 3),
        ([OSError("disk gone")] * 3, False, 3),
        ([UserError("Source genai_prices: field a is missing")], False, 1),
        ([KeyError("a bug")], False, 1),
    ],
)
def test_only_what_may_pass_is_tried_again(monkeypatch, tmp_path, errors, success, reads) -> None:
    result, calls = _materialised(monkeypatch, tmp_path, errors)
    assert (result.success, calls) == (success, reads)


def test_only_sources_are_tried_again() -> None:
    from assets.definitions import defs

    graph = defs().resolve_asset_graph()
    retried = {
        key.to_user_string()
        for assets in graph.assets_defs
        for key in assets.keys
        if assets.is_executable and assets.op.retry_policy
    }
    assert retried == {f"raw/{source.id}" for source in all_sources()}


def test_every_asset_says_what_it_is_and_every_dbt_test_is_a_check() -> None:
    from assets.definitions import defs
    from assets.tables import MANIFEST

    specs = [spec for asset in defs().assets for spec in (getattr(asset, "specs", None) or [asset])]
    named = {spec.key for spec in specs}
    assert {key for key in defs().resolve_asset_graph().get_all_asset_keys() if key not in named} == set()
    for spec in specs:
        told = spec.description and not spec.description.startswith("dbt ")
        assert told and spec.group_name and spec.kinds and "stage" in spec.tags, spec.key
    checks = {check.name: check for asset in defs().assets for check in getattr(asset, "check_specs", ())}
    assert {node["name"] for node in MANIFEST["nodes"].values() if node["resource_type"] == "test"} <= set(checks)
    assert [name for name, check in checks.items() if not check.description] == []


def test_a_source_whose_newest_fact_is_old_warns(monkeypatch, tmp_path) -> None:
    result, _ = _materialised(monkeypatch, tmp_path, [])
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert checks["newest_fact"].passed and checks["newest_fact"].metadata["age_days"].value <= SOURCE.max_age_days
    monkeypatch.setenv("AS_OF", "2026-11-28")
    result, _ = _materialised(monkeypatch, tmp_path, [])
    (check,) = [check for check in result.get_asset_check_evaluations() if check.check_name == "newest_fact"]
    assert result.success and not check.passed and check.severity == dg.AssetCheckSeverity.WARN
    assert "days before 2026-11-28; 2 are allowed" in check.metadata["message"].value


@pytest.mark.parametrize("is_too_old", [False, True])
def test_a_stale_source_warns_with_the_reason_and_a_required_one_that_is_too_old_stops(
    is_too_old, monkeypatch, tmp_path
) -> None:
    source = replace(SOURCE, required=True)
    monkeypatch.setattr(raw_tables, "REQUIRED_WITHIN_DAYS", -1 if is_too_old else 9999)
    monkeypatch.setenv("LIVE", "1")
    monkeypatch.setenv(f"CHIPCAST_{SOURCE.id.upper()}_URL", "http://nowhere.example")
    result, _ = _materialised(monkeypatch, tmp_path, [], source)
    (check,) = [check for check in result.get_asset_check_evaluations() if check.check_name == "contract"]
    assert not check.passed and "only https is asked" in check.metadata["message"].value
    assert ("is required, and its newest good copy is" in check.metadata["message"].value) == is_too_old
    assert check.blocking and (check.severity == dg.AssetCheckSeverity.ERROR) == is_too_old
    assert result.success != is_too_old


def test_every_source_has_a_freshness_policy_of_its_cadence() -> None:
    windows = {source.cadence: raw_assets.freshness(source).fail_window.to_timedelta() for source in all_sources()}
    assert windows["daily"] < windows["weekly"] < windows["monthly"] < windows["quarterly"] < windows["by hand"]


def test_columns_of_a_table_say_what_the_database_says(release) -> None:
    shown = metadata.describe(release, metadata.relation("market", "chips"), metadata.meanings())
    columns = shown["dagster/column_schema"].columns
    comments = release.execute(
        "select column_name, comment from duckdb_columns() where table_name = 'chips'"
    ).fetchall()
    assert [(column.name, column.description) for column in columns] == comments and all(text for _, text in comments)
