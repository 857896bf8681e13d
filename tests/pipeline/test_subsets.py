"""A run of selected assets builds what was selected and nothing else, and past days give the command line's releases."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd
import pytest
from sampling import drawn
from sandbox import Sandbox

from assets import runs
from assets.definitions import defs
from pipeline.publish import release

MARK = "not built since"


def relations(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str | None]]:
    """Kind, name and comment of every table and view."""
    return warehouse.execute(
        "select 'table', schema_name || '.' || table_name, comment from duckdb_tables() union all "
        "select 'view', schema_name || '.' || view_name, comment from duckdb_views() where not internal"
    ).fetchall()


@pytest.fixture
def marked(grown: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox where every relation of the warehouse bears a comment that building it anew removes."""
    for name in ("CHIPCAST_STATE", "CHIPCAST_PUBLISHED", "CHIPCAST_DATA"):
        monkeypatch.setenv(name, grown.env[name])
    with duckdb.connect(str(grown.state / "warehouse.duckdb")) as warehouse:
        for kind, name, _ in relations(warehouse):
            warehouse.execute(f"comment on {kind} {name} is '{MARK}'")
    return grown


def built(sandbox: Sandbox) -> set[str]:
    with duckdb.connect(str(sandbox.state / "warehouse.duckdb"), read_only=True) as warehouse:
        return {name for _, name, comment in relations(warehouse) if comment != MARK}


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}


def checks(sandbox: Sandbox) -> set[tuple[str, str]]:
    found = pd.read_parquet(sandbox.state / "raw" / "quality_checks.parquet")
    return {*found[["stage", "check_name"]].itertuples(index=False, name=None)}


@pytest.mark.parametrize(
    "asset", drawn(["market/chips", "intermediate/int_chip_names", "forecast/vendor_revenue"], 2, "subsets")
)
def test_only_the_selected_table_is_built_and_other_checks_keep_their_last_results(asset: str, marked: Sandbox) -> None:
    raw, forecasts, known = times(marked.state / "raw"), times(marked.state / "forecasts"), checks(marked)
    selection = [dg.AssetKey(asset.split("/"))]
    run = defs().resolve_job_def("refresh").execute_in_process(asset_selection=selection)
    assert run.success and built(marked) == {asset.replace("/", ".")}
    assert [event.asset_key for event in run.get_asset_materialization_events()] == selection
    assert {check.asset_key for check in run.get_asset_check_evaluations()} <= {*selection}
    unchanged = {name: time for name, time in times(marked.state / "raw").items() if name != "quality_checks.parquet"}
    assert unchanged.items() <= raw.items() and times(marked.state / "forecasts") == forecasts
    assert checks(marked) == known


def test_tables_whose_base_is_gone_say_so(marked: Sandbox) -> None:
    aside = marked.state / "warehouse.aside"
    (marked.state / "warehouse.duckdb").rename(aside)
    run = (
        defs()
        .resolve_job_def("refresh")
        .execute_in_process(asset_selection=[dg.AssetKey(["market", "chips"])], raise_on_error=False)
    )
    told = runs.what_failed(run.all_events, "refresh")
    aside.rename(marked.state / "warehouse.duckdb")
    assert len(told) == 1 and "The job refresh (make refresh) builds everything" in told[0]


@pytest.mark.slow
def test_a_backfill_of_past_releases_gives_those_of_the_command_line(grown: Sandbox, sandbox: Sandbox) -> None:
    days = ["2026-03-30", "2026-03-31"]

    def backfill() -> list[str]:
        tags = {"dagster/asset_partition_range_start": days[0], "dagster/asset_partition_range_end": days[1]}
        with pytest.MonkeyPatch.context() as patch:
            for name in ("CHIPCAST_STATE", "CHIPCAST_PUBLISHED", "CHIPCAST_DATA"):
                patch.setenv(name, grown.env[name])
            asset = defs().get_assets_def("release_as_of")
            resources = {"workspace": defs().resources["workspace"]}
            assert dg.materialize([asset], tags=tags, resources=resources, selection=["release_as_of"]).success
        return [(grown.published / "as_of" / day).resolve().name for day in days]

    first = backfill()
    assert all(not release.verify(grown.published / "releases" / name) for name in first)
    assert backfill() == first
    run = sandbox.chipcast("refresh", "--quiet", AS_OF=days[1])
    assert run.returncode == 0, run.stderr
    assert (sandbox.published / "as_of" / days[1]).resolve().name == first[1]
