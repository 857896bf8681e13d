"""Dagster's event log in PostgreSQL, where checks that never ran are told as skipped too; docs/deploy/server names it."""

from collections.abc import Mapping
from typing import Any, Self

from dagster._serdes import ConfigurableClassData
from dagster_postgres import PostgresEventLogStorage
from dagster_postgres.utils import pg_url_from_config

from assets.event_log import SkippedChecks


class SkippingEventLogStorage(SkippedChecks, PostgresEventLogStorage):
    """Stores events where Dagster's class does."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """Dagster's own would give its own class."""
        return cls(pg_url_from_config(config_value), inst_data=inst_data)
