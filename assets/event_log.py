"""Dagster's own event log in SQLite, with its connections kept open; checks that never ran are told as skipped.

Dagster's class opens and closes an engine for each of the thousand events of a refresh, and closing the last connection
makes SQLite merge its write-ahead log: 4 of 34 seconds, measured. Files, tables and their place are Dagster's, so either
class reads what the other wrote.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as db
from dagster import AssetCheckKey
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
    AssetCheckExecutionResolvedStatus,
)
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.sqlite import create_db_conn_string
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import StaticPool

# A run writes its own file and the index; more only where the UI looks at several runs.
MOST_OPEN = 8


class Planned(AssetCheckExecutionRecord):
    """A check that was planned and has no result: where its run failed before it, Dagster would say that the check did."""

    async def resolve_status(self, loading_context: Any) -> AssetCheckExecutionResolvedStatus:
        """Skipped, where the run has ended."""
        status = await super().resolve_status(loading_context)
        failed = status == AssetCheckExecutionResolvedStatus.EXECUTION_FAILED
        return AssetCheckExecutionResolvedStatus.SKIPPED if failed else status


def _planned(record: AssetCheckExecutionRecord) -> AssetCheckExecutionRecord:
    return Planned(*record) if record.status == AssetCheckExecutionRecordStatus.PLANNED else record


class SkippedChecks(SqlEventLogStorage):
    """Gives the checks that were planned and have no result as `Planned`, in whatever database the log is."""

    def get_asset_check_execution_history(self, *args: Any, **named: Any) -> Sequence[AssetCheckExecutionRecord]:
        """What the page of a check lists."""
        return [_planned(record) for record in super().get_asset_check_execution_history(*args, **named)]

    def get_latest_asset_check_execution_by_key(
        self, *args: Any, **named: Any
    ) -> Mapping[AssetCheckKey, AssetCheckExecutionRecord]:
        """What the page of an asset shows."""
        found = super().get_latest_asset_check_execution_by_key(*args, **named)
        return {key: _planned(record) for key, record in found.items()}


class KeptEventLogStorage(SkippedChecks, SqliteEventLogStorage):
    """Stores events where Dagster's default does, in `$DAGSTER_HOME/history/runs`."""

    @classmethod
    def config_type(cls) -> Any:
        """No settings."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """The storage of the instance that `DAGSTER_HOME` names."""
        return cls(os.path.join(os.environ["DAGSTER_HOME"], "history", "runs"), inst_data)  # noqa: PTH118

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, db.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[db.Connection]:
        # The lock makes one connection enough: nobody else uses it meanwhile.
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> db.Engine:
        if shard not in self._engines:
            while len(self._engines) >= MOST_OPEN:
                self._engines.pop(next(iter(self._engines))).dispose()
            address = create_db_conn_string(self._base_dir, shard)
            once = {"check_same_thread": False, "timeout": 60}
            engine = db.create_engine(address, poolclass=StaticPool, connect_args=once)
            self._initdb(engine)
            with engine.connect() as connection:
                # A refresh commits some 4,000 times, and half of the time waits for the disk: who loses power loses the
                # last events now, and no more.
                connection.exec_driver_sql("pragma synchronous = normal")
            self._engines[shard] = engine
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        """Asked for each event, so a table that was there once is not looked for again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def delete_events(self, run_id: str) -> None:
        """Dagster's class empties the run's own file but leaves it, and leaves what the run's checks said."""
        super().delete_events(run_id)
        with self.index_connection() as connection:
            connection.execute(AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id))
        if engine := self._engines.pop(run_id, None):
            engine.dispose()
        for path in Path(self._base_dir).glob(f"{run_id}.db*"):
            path.unlink(missing_ok=True)

    def dispose(self) -> None:
        """Close what is open."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()
