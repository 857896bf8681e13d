"""Every past day can be rebuilt: what a filing or release said later is not held against what was known."""

from __future__ import annotations

import contextlib
import random
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from bench import floor
from sandbox import Sandbox

from pipeline import files
from pipeline.build import dbt
from pipeline.publish import release

# Days on which Meta's capital expenditure had and had not been restated, and the day of the article.
DAYS = ["2022-06-30", "2023-12-31", "2024-09-15", "2025-02-28"]
FIRST, LAST = date(2022, 1, 1), date(2026, 11, 23)
DRAWN = [str(FIRST + timedelta(days=n)) for n in random.Random(17).sample(range((LAST - FIRST).days), 8)]
# What compares results, guidance and capital expenditure with one another.
TESTS = {
    "capex_is_what_was_filed",
    "growth_within_bounds",
    "guidance_is_in_the_same_unit_as_results",
    "quarters_add_up_to_the_year",
    "segments_not_above_total",
    "sources_agree_on_revenue",
}


def _models_behind(tests: set[str]) -> set[str]:
    manifest = dbt.load_manifest()
    found = {uid for uid, node in manifest["nodes"].items() if node["name"] in tests}
    while len(more := found | {parent for uid in found for parent in manifest["parent_map"].get(uid, [])}) > len(found):
        found = more
    return {manifest["nodes"][uid]["name"] for uid in found if uid in manifest["nodes"]} - tests


@pytest.fixture(scope="module")
def state(refreshed: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the accepted rows of every source and the SQL of the models, but a day of its own."""
    folder = tmp_path_factory.mktemp("as_of")
    (folder / "raw").mkdir()
    for path in (refreshed.state / "raw").glob("*.parquet"):
        (folder / "raw" / path.name).symlink_to(path)
    (folder / "dbt_target").symlink_to(refreshed.state / "dbt_target")
    return folder


@pytest.mark.parametrize("day", DAYS)
def test_cross_checks_of_results_and_capex_hold_with_what_was_known(state: Path, day: str) -> None:
    context = state / "raw" / "run_context.parquet"
    rows = pd.read_parquet(context).assign(as_of=date.fromisoformat(day))
    context.unlink()
    files.write_parquet(context, rows)
    with contextlib.chdir(state), duckdb.connect() as connection:
        for statement in floor.statements(state, _models_behind(TESTS)):
            connection.execute(statement)
        (newest,) = connection.execute("select max(reported_on) from market.vendor_quarters_vintages").fetchall()[0]
        assert str(newest) <= day
        for name in TESTS:
            query = (state / "dbt_target/compiled/chipcast/tests" / f"{name}.sql").read_text()
            assert connection.sql(query.replace('"warehouse".', "")).fetchall() == [], name


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS + DRAWN)
def test_a_release_of_any_past_day_is_made(grown: Sandbox, day: str) -> None:
    run = grown.chipcast("refresh", "--quiet", AS_OF=day)
    assert run.returncode == 0, run.stderr
    assert not release.verify(grown.published / "as_of" / day)


def test_a_day_to_come_is_refused_in_a_sentence(sandbox: Sandbox) -> None:
    run = sandbox.here("refresh", AS_OF="2100-01-01")
    assert run.returncode == 1
    assert "AS_OF=2100-01-01 lies after today" in run.stderr and "Traceback" not in run.stderr
    assert not sandbox.published.exists()
