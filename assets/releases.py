"""The published release, and its copy on an object store: the last assets of a refresh."""

from __future__ import annotations

import dagster as dg

from assets.resources import Workspace
from assets.tables import tables_from_facts, tables_from_forecasts, tables_of_judgements
from pipeline.build import declared
from pipeline.publish import push, release

_PUBLISHED = [
    key
    for definition in (tables_from_facts, tables_from_forecasts, tables_of_judgements)
    for key in definition.keys
    if key.path[0] in declared.SCHEMAS
]


@dg.asset(
    key="release",
    deps=_PUBLISHED,
    group_name="release",
    description="One immutable folder with every published table as DuckDB file and Parquet, verified and then made "
    "current by a link swap.",
    owners=["team:chipcast"],
    kinds={"duckdb", "parquet"},
    tags={"stage": "release"},
)
def published_release(workspace: Workspace) -> dg.MaterializeResult:
    """Write the release, make it current and remove the oldest beyond the number kept."""
    settings = workspace.settings
    folder = release.write(settings)
    current = release.make_current(settings, folder)
    removed = release.prune(settings)
    return dg.MaterializeResult(
        metadata={
            "release": folder.name,
            "is_latest": current,
            "path": dg.MetadataValue.path(str(folder)),
            "removed_releases": ", ".join(removed) or "none",
            "size_mb": round(sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6, 1),
        }
    )


@dg.asset(
    key="release_copy",
    deps=[published_release],
    group_name="release",
    description="The release on the object store or in the folder that PUBLISH_TO names: data first, the pointer last, "
    "going on where an earlier push broke off. Does nothing where PUBLISH_TO is not set.",
    owners=["team:chipcast"],
    kinds={"python"},
    tags={"stage": "release"},
)
def copied_release(workspace: Workspace) -> dg.MaterializeResult:
    """Copy the current release to `PUBLISH_TO`."""
    settings = workspace.settings
    if not settings.publish_to:
        return dg.MaterializeResult(metadata={"target": "none: PUBLISH_TO is not set"})
    pushed = push.push(settings)
    return dg.MaterializeResult(
        metadata={
            "target": settings.publish_to,
            "release": pushed.release,
            "files_copied": pushed.copied,
            "files_already_there": pushed.kept,
            "pointers": ", ".join(pushed.pointers) or "none: they name a later day",
        }
    )
