"""Results of every check of a run, gathered for the table `quality.checks`."""

import json
from collections.abc import Mapping
from typing import Any, cast

import pandas as pd

from pipeline import files
from pipeline.build.dbt_reuse import NodeResult
from pipeline.settings import Settings

COLUMNS = [
    "stage", "table_name", "check_name", "status", "rows_failed", "message", "first_rows", "came_from", "query",
]  # fmt: skip


def record(stage: str, rows: list[dict[str, Any]], settings: Settings) -> None:
    """Store the results of one stage and renew the Parquet file that `quality.checks` reads."""
    folder = settings.state / "checks"
    told = {name: "string" for name in COLUMNS if name != "rows_failed"}
    files.write_parquet(folder / f"{stage}.parquet", pd.DataFrame(rows, columns=COLUMNS).astype(told))
    parts = [pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))]
    files.write_parquet(settings.raw / "quality_checks.parquet", pd.concat(parts, ignore_index=True))


def record_dbt(stage: str, results: list[NodeResult], manifest: Mapping[str, Any], settings: Settings) -> None:
    """Store the results of the dbt tests among `results`; of tests that were not selected, the last results stay."""
    rows = []
    for result in results:
        node = manifest["nodes"].get(result.unique_id, {})
        if node.get("resource_type") == "test":
            above = [manifest["nodes"].get(uid, {}) for uid in node["depends_on"]["nodes"]]
            parents = [parent.get("alias", "") for parent in above]
            rows.append(
                {
                    "stage": stage,
                    "table_name": parents[0] if parents else "",
                    "check_name": node["name"],
                    "status": result.status,
                    "rows_failed": result.failures,
                    "message": result.message,
                    "first_rows": json.dumps(result.first_rows) if result.first_rows else None,
                    "came_from": "\n".join(result.came_from) or None,
                    "query": result.query or None,
                }
            )
    path = settings.state / "checks" / f"{stage}.parquet"
    if path.exists():
        tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
        not_run = tests - {row["check_name"] for row in rows}
        last = pd.read_parquet(path)
        rows += cast("list[dict[str, Any]]", last[last["check_name"].isin(not_run)].to_dict("records"))
    record(stage, rows, settings)
