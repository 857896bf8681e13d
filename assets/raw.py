"""One asset per source, made from `pipeline/sources`: its accepted rows as Parquet, the rest in quarantine."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from assets import metadata
from assets.resources import Workspace, shown
from pipeline.ingest import raw_tables, run_tables
from pipeline.settings import Settings
from pipeline.sources import all_sources
from pipeline.sources.base import Source

# For what may pass: a disk that is full or gone, a name that does not resolve. Answers of servers are retried by HTTP's
# own rules long before.
RETRIES = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
# Days since a source was last read after which the UI calls it stale: warning, failure.
READ_WITHIN_DAYS = {"daily": (2, 4), "weekly": (9, 16), "monthly": (35, 65), "quarterly": (100, 190)}


def freshness(source: Source) -> dg.FreshnessPolicy:
    """How long ago a source may have been read, by how often its upstream changes; a year where it hardly does."""
    warning, failure = READ_WITHIN_DAYS.get(source.cadence, (366, 400))
    return dg.FreshnessPolicy.time_window(warn_window=timedelta(days=warning), fail_window=timedelta(days=failure))


def _ingest(source: Source, settings: Settings) -> raw_tables.Report:
    """Read a source; what cannot pass by itself is not tried again."""
    try:
        return raw_tables.ingest(source, settings)
    except OSError:
        raise
    except Exception as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _newest_fact(source: Source, key: dg.AssetKey, settings: Settings) -> dg.AssetCheckResult:
    """Warns where the source's newest fact is older than twice its period on the run's day; an ended one cannot be."""
    newest = run_tables.newest(run_tables.known_rows(source.id, settings))
    age, limit = (settings.as_of - newest).days if newest else None, source.max_age_days
    message = (
        f"nothing was known by {settings.as_of}{'' if source.is_embedded else '; live mode alone fills this source'}"
        if age is None
        else f"newest fact {newest}, {age} days before {settings.as_of}; {limit or 'any number'} are allowed"
    )
    return dg.AssetCheckResult(
        check_name="newest_fact",
        asset_key=key,
        passed=limit is None or age <= limit if age is not None else not (source.is_embedded or settings.live),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"message": message, "cadence": source.cadence, **({"age_days": age} if age is not None else {})},
    )


def _raw_asset(source: Source) -> dg.AssetsDefinition:
    key = dg.AssetKey(["raw", source.id])
    links = {"homepage": dg.MetadataValue.url(source.homepage_url)} if source.homepage_url else {}

    @dg.asset(
        key=key,
        group_name=f"ingest_{source.domain}",
        description=f"{source.title}\n\n{source.description}",
        **shown("ingest", "python", "parquet", domain=source.domain),
        retry_policy=RETRIES,
        freshness_policy=freshness(source),
        metadata={"licence": source.licence, "credit": source.credit, "cadence": source.cadence, **links},
        check_specs=[
            dg.AssetCheckSpec(
                "contract",
                asset=key,
                blocking=True,
                description="The source kept its contract: columns as declared, rows in = accepted + rejected, not "
                "empty, and no more rejected than its limit.",
            ),
            dg.AssetCheckSpec(
                "newest_fact",
                asset=key,
                description="The newest fact is younger than twice the source's period: a run can succeed on a source that "
                "stopped.",
            ),
        ],
    )
    def raw_table(workspace: Workspace) -> dg.MaterializeResult:
        settings = workspace.settings
        report = _ingest(source, settings)
        return dg.MaterializeResult(
            metadata={
                **(metadata.of_file(raw_tables.paths(source.id, settings)[0]) if report.passed else {}),
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
                ),
                _newest_fact(source, key, settings),
            ],
        )

    return raw_table


raw_assets = [_raw_asset(source) for source in all_sources()]


@dg.multi_asset(
    name="source_catalogue",
    specs=[
        dg.AssetSpec(
            ["raw", name],
            # The day does not depend on what sources say: else each of them would renew every table.
            deps=[["raw", source.id] for source in all_sources() if name != "run_context"],
            group_name="ingest_catalogue",
            description=description,
            **shown("ingest", "python", "parquet"),
        )
        for name, description in run_tables.TABLES.items()
    ],
    can_subset=True,
)
def source_catalogue(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[dg.MaterializeResult]:
    """Write the tables about the run itself that dbt reads beside the facts; they are small and come together."""
    settings = workspace.settings
    if settings.live and not settings.from_landing:
        run_tables.require_an_answer(all_sources(), settings)
    run_tables.write(all_sources(), settings)
    for key in context.selected_asset_keys:
        yield dg.MaterializeResult(key, metadata=metadata.of_file(settings.raw / f"{key.path[-1]}.parquet"))


# Every step adds to it, so that no step makes it; the table quality.checks shows it.
gathered_checks = dg.AssetSpec(
    ["raw", *run_tables.CHECKS],
    group_name="ingest_catalogue",
    description=run_tables.CHECKS["quality_checks"],
    **shown("ingest", "parquet"),
)
