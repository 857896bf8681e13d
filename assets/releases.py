"""The published release, and its copy on an object store: the last assets of a refresh."""

from collections.abc import Iterator

import dagster as dg

from assets.resources import Workspace, shown
from assets.tables import tables_from_facts, tables_from_forecasts, tables_of_judgements
from pipeline.build import declared
from pipeline.publish import changes_page, push, release
from pipeline.publish.reader import Release
from pipeline.settings import UserError

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
    **shown("release", "duckdb", "parquet"),
    check_specs=[
        dg.AssetCheckSpec(
            "verification",
            asset="release",
            description="Every file of the release has its recorded hash, every table its recorded rows and a description.",
        ),
        dg.AssetCheckSpec(
            "revisions",
            asset="release",
            description=f"No table has more than {changes_page.MAX_CHANGED_SHARE:.0%} of its earlier rows revised or gone "
            "without a reason that accepts it.",
        ),
    ],
)
def published_release(workspace: Workspace) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
    """Write the release, make it current and remove those that are not kept."""
    settings = workspace.settings
    try:
        folder, changes = release.write(settings)
    except release.Refused as refused:
        yield dg.AssetCheckResult(check_name=refused.check, passed=False, metadata={"message": str(refused)})
        raise UserError(str(refused)) from None
    current = release.make_current(settings, folder)
    removed = release.prune(settings)
    rows = Release(folder).tables()["rows"]
    yield dg.MaterializeResult(
        metadata={
            "release": folder.name,
            "is_latest": current,
            "tables": len(rows),
            "dagster/row_count": int(rows.sum()),
            "what_changed": dg.MetadataValue.md((folder / changes_page.PAGE).read_text()),
            "page": dg.MetadataValue.url((folder / "index.html").as_uri()),
            "changes": dg.MetadataValue.url((folder / changes_page.PAGE).as_uri()),
            "path": dg.MetadataValue.path(str(folder)),
            "removed_releases": ", ".join(removed) or "none",
            "size_mb": round(sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6, 1),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="verification",
                passed=True,
                metadata={"message": f"{len(rows)} tables and every file are as recorded"},
            ),
            dg.AssetCheckResult(
                check_name="revisions",
                passed=True,
                metadata={"message": changes_page.revisions(changes, settings.accept_revisions)},
            ),
        ],
    )


@dg.asset(
    key="release_copy",
    deps=[published_release],
    group_name="release",
    description="The release on the object store or in the folder that PUBLISH_TO names: data first, the pointer last, "
    "going on where an earlier push broke off. Does nothing where PUBLISH_TO is not set.",
    **shown("release", "python"),
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
