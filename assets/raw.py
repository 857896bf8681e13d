"""One asset per source, made from `assets/sources`: its accepted rows as Parquet, the rest in quarantine."""

from __future__ import annotations

import dagster as dg

from assets.sources import all_sources
from assets.sources.base import Source
from pipeline import catalogue, raw
from pipeline.resources import Workspace

OWNERS = ["team:chipcast"]


def _raw_asset(source: Source) -> dg.AssetsDefinition:
    key = dg.AssetKey(["raw", source.id])
    links = {"homepage": dg.MetadataValue.url(source.homepage_url)} if source.homepage_url else {}

    @dg.asset(
        key=key,
        group_name=f"ingest_{source.domain}",
        description=f"{source.title}\n\n{source.description}",
        owners=OWNERS,
        kinds={"python", "parquet"},
        tags={"stage": "ingest", "domain": source.domain},
        metadata={"licence": source.licence, "credit": source.credit, "cadence": source.cadence, **links},
        check_specs=[
            dg.AssetCheckSpec(
                "contract",
                asset=key,
                blocking=True,
                description="The source kept its contract: columns as declared, rows in = accepted + rejected, not "
                "empty, and no more rejected than its limit.",
            )
        ],
    )
    def raw_table(workspace: Workspace) -> dg.MaterializeResult:
        report = raw.ingest(source, workspace.settings)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": report.rows_accepted,
                "rows_in": report.rows_in,
                "rows_rejected": report.rows_rejected,
                "newest_fact": report.newest_fact or "unknown",
                "mode": report.mode,
            },
            check_results=[
                # A stale source warns and the run goes on with its last good copy; a broken one stops the run.
                dg.AssetCheckResult(
                    check_name="contract",
                    asset_key=key,
                    passed=report.passed and not report.stale,
                    severity=dg.AssetCheckSeverity.WARN if report.passed else dg.AssetCheckSeverity.ERROR,
                    metadata={"message": report.stale if report.passed and report.stale else report.message},
                )
            ],
        )

    return raw_table


raw_assets = [_raw_asset(source) for source in all_sources()]


@dg.asset(
    key=["raw", "source_catalogue"],
    deps=[["raw", source.id] for source in all_sources()],
    group_name="ingest_catalogue",
    description="What every source gave in this run, the rows in quarantine, and the day the run pretends to live in.",
    owners=OWNERS,
    kinds={"python", "parquet"},
    tags={"stage": "ingest"},
)
def source_catalogue(workspace: Workspace) -> dg.MaterializeResult:
    """Write the three tables about the run itself that dbt reads beside the facts."""
    rows = catalogue.write(all_sources(), workspace.settings)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows})
