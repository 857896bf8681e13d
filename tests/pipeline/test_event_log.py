"""A canary: the event log stands on private classes of Dagster's, which may change with any version."""

import inspect
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from assets import runs
from assets.event_log import KeptEventLogStorage

# What is replaced or used, with the parameters that it is called by.
PARTS = {
    "_connect": ["self", "shard"],
    "_initdb": ["self", "engine", "for_index_shard"],
    "has_table": ["self", "table_name"],
    "from_config_value": ["inst_data", "config_value"],
    "dispose": ["self"],
    "delete_events": ["self", "run_id"],
    "get_asset_check_execution_history": ["self", "check_key", "limit", "cursor", "status", "partition_filter"],
    "get_latest_asset_check_execution_by_key": ["self", "check_keys", "partition_filter"],
}


@pytest.mark.parametrize("name", PARTS)
def test_the_base_class_still_has_what_is_replaced(name: str) -> None:
    assert list(inspect.signature(getattr(SqliteEventLogStorage, name)).parameters) == PARTS[name]


OURS = {"module": "assets.event_log", "class": "KeptEventLogStorage", "config": {}}


def test_old_runs_go_with_their_files_and_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    good = True

    @dg.asset(check_specs=[dg.AssetCheckSpec("whole", asset="thing")])
    def thing() -> dg.MaterializeResult:
        print("said")
        if not good:
            raise dg.Failure
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])

    job = dg.define_asset_job("refresh", selection="*").resolve(
        asset_graph=dg.Definitions([thing]).resolve_asset_graph()
    )
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides={"event_log_storage": OURS}) as instance:
        ran = [job.execute_in_process(instance=instance).run_id for _ in range(3)]
        good = False
        ran += [job.execute_in_process(instance=instance, raise_on_error=False).run_id for _ in range(3)]
        assert runs.prune(instance, kept=2) == 2
        left = ran[2:]  # the newest success, and the failures since
        assert [record.dagster_run.run_id for record in instance.get_run_records()] == left[::-1]
        assert sorted(
            path.stem for path in (tmp_path / "history" / "runs").glob("*.db") if path.stem != "index"
        ) == sorted(left)
        assert not [path for path in tmp_path.rglob("*") if path.name in ran[:2]]
        key = dg.AssetCheckKey(dg.AssetKey("thing"), "whole")
        history = instance.event_log_storage.get_asset_check_execution_history(key, limit=9)
        assert {record.run_id for record in history} == set(left)
        assert instance.get_latest_materialization_event(dg.AssetKey("thing")).run_id == ran[2]
        assert runs.prune(instance, kept=2) == 0


def test_dagsters_own_class_reads_what_ours_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))

    @dg.op
    def say(context: dg.OpExecutionContext) -> None:
        context.log.info("said")

    @dg.job
    def speak() -> None:
        say()

    with dg.DagsterInstance.local_temp(str(tmp_path), overrides={"event_log_storage": OURS}) as instance:
        assert isinstance(instance.event_log_storage, KeptEventLogStorage)
        run = speak.execute_in_process(instance=instance)
        written = [record.user_message for record in instance.all_logs(run.run_id)]
    assert "said" in written
    theirs = SqliteEventLogStorage(str(tmp_path / "history" / "runs"))
    assert [entry.user_message for entry in theirs.get_logs_for_run(run.run_id)] == written
