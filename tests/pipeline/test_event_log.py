"""A canary: the event log stands on private classes of Dagster's, which may change with any version."""

import inspect
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from assets.event_log import KeptEventLogStorage

# What is replaced or used, with the parameters that it is called by.
PARTS = {
    "_connect": ["self", "shard"],
    "_initdb": ["self", "engine", "for_index_shard"],
    "has_table": ["self", "table_name"],
    "from_config_value": ["inst_data", "config_value"],
    "dispose": ["self"],
    "get_asset_check_execution_history": ["self", "check_key", "limit", "cursor", "status", "partition_filter"],
    "get_latest_asset_check_execution_by_key": ["self", "check_keys", "partition_filter"],
}


@pytest.mark.parametrize("name", PARTS)
def test_the_base_class_still_has_what_is_replaced(name: str) -> None:
    assert list(inspect.signature(getattr(SqliteEventLogStorage, name)).parameters) == PARTS[name]


def test_dagsters_own_class_reads_what_ours_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    ours = {"module": "assets.event_log", "class": "KeptEventLogStorage", "config": {}}

    @dg.op
    def say(context: dg.OpExecutionContext) -> None:
        context.log.info("said")

    @dg.job
    def speak() -> None:
        say()

    with dg.DagsterInstance.local_temp(str(tmp_path), overrides={"event_log_storage": ours}) as instance:
        assert isinstance(instance.event_log_storage, KeptEventLogStorage)
        run = speak.execute_in_process(instance=instance)
        written = [record.user_message for record in instance.all_logs(run.run_id)]
    assert "said" in written
    theirs = SqliteEventLogStorage(str(tmp_path / "history" / "runs"))
    assert [entry.user_message for entry in theirs.get_logs_for_run(run.run_id)] == written
