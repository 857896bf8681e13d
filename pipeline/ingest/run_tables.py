"""What a run records about itself for dbt to read beside the facts: its day, what every source gave, what was set aside."""

import json
from collections.abc import Sequence
from datetime import date

import pandas as pd
import pyarrow.parquet as pq

from pipeline import files, forecast_log
from pipeline.ingest import landing, raw_tables, vintages
from pipeline.settings import Settings, UserError
from pipeline.sources.base import Source

# What the tables of this module say. To CHECKS every step of a run adds.
TABLES = {
    "source_catalogue": "What every source gave in this run: rows, newest fact, licence, how old.",
    "quality_rejected_rows": "Rows of all sources that broke their contract, with the reason.",
    "quality_revisions": "Facts that an upstream changed later, in both versions.",
    "forecast_log": "What each release said of the next reports, as published/log.jsonl has it.",
    "run_context": "The day that the run pretends to live in, and its mode.",
}
CHECKS = {"quality_checks": "Results of every check so far, gathered by the steps of a run for quality.checks."}


def known_rows(source_id: str, settings: Settings) -> pd.DataFrame:
    """Report dates, and what they rest on, of the source's rows that the public could know on the run's day."""
    table = raw_tables.paths(source_id, settings)[0]
    if not table.exists():
        return pd.DataFrame(
            {"reported_on": pd.Series(dtype="datetime64[ns]"), "reported_on_basis": pd.Series(dtype="str")}
        )
    rows = pd.read_parquet(table, columns=["reported_on", "reported_on_basis", "superseded_on"])
    day = pd.Timestamp(settings.as_of)
    return rows[(rows["reported_on"] <= day) & ~(rows["superseded_on"] <= day)]


def newest(known: pd.DataFrame) -> date | None:
    """The newest report date. A statement without a date stands at the day of its copy, which makes no source fresh."""
    dated = known.loc[known["reported_on_basis"] != "upper_bound", "reported_on"]
    days = dated if len(dated) else known["reported_on"]
    return days.max().date() if len(days) else None


def _with_last_release(source: Source, settings: Settings) -> pd.DataFrame:
    """The source's rows in quarantine, marked where the last release still held the row: it has vanished from this one."""
    rejected = pd.read_parquet(raw_tables.paths(source.id, settings)[1])
    held = settings.latest / "sources" / f"raw.{source.id}.parquet"
    rejected["was_published"] = False
    if len(rejected) and held.exists() and "source_row" in pq.read_schema(held).names:
        read = pd.DataFrame([json.loads(row) for row in rejected["row_json"]], dtype="string").reindex(
            columns=source.key
        )
        # Keys as text on both sides: a number or a day may be what is broken.
        words = [f"{name}=" + read[name].fillna("") for name in source.key]
        before = set(pd.read_parquet(held, columns=["source_row"])["source_row"])
        rejected["was_published"] = ["; ".join(key) in before for key in zip(*words, strict=True)]
    return rejected


def require_an_answer(sources: Sequence[Source], settings: Settings) -> None:
    """Raise UserError where every upstream failed at its last look and nobody dropped a file: nothing was refreshed."""
    asked = [source for source in sources if source.live]
    looks = [landing.last(source.id, "live", settings) for source in asked]
    failed = [look for look in looks if look and look.failed]
    if not asked or len(failed) < len(asked) or any((settings.state / "inbox").glob("*/[!.]*")):
        return
    raise UserError(
        f"No upstream answered, of {len(asked)}: nothing new is known, and no release is made. Check this machine's way out. "
        f"The first: {failed[0].message} What has landed gives a release with FROM_LANDING=1."
    )


def write(sources: Sequence[Source], settings: Settings) -> int:
    """Write what dbt reads about the run itself: context, catalogue of sources, rows in quarantine, revisions.

    Returns the number of sources.
    """
    reports = {source.id: raw_tables.read_report(source.id, settings) for source in sources}
    rows = []
    for source in sources:
        report = reports[source.id]
        known = known_rows(source.id, settings)
        file = settings.data / f"{source.id}.csv"
        rows.append(
            {
                "source_id": source.id,
                "title": source.title,
                "domain": source.domain,
                "licence": source.licence,
                "credit": source.credit,
                "url": source.homepage_url or None,
                "cadence": source.cadence,
                "max_age_days": source.max_age_days,
                "required": source.required,
                "mode": report.mode if report else settings.mode,
                "rows_in": report.rows_in if report else 0,
                "rows_accepted": report.rows_accepted if report else 0,
                "rows_rejected": report.rows_rejected if report else 0,
                "rows_known": len(known),
                "newest_fact": newest(known),
                "retrieved_at": (report and report.retrieved_at) or settings.snapshot_date,
                "stale_message": (report and report.stale) or None,
                "snapshot_sha256": files.sha256(file) if file.exists() else None,
            }
        )
    catalogue = pd.DataFrame(rows).astype({"stale_message": "string", "snapshot_sha256": "string"})
    for column in ("retrieved_at", "newest_fact"):
        catalogue[column] = pd.to_datetime(catalogue[column])
    files.write_parquet(settings.raw / "source_catalogue.parquet", catalogue)
    quarantined = [_with_last_release(source, settings) for source in sources if reports[source.id]]
    rejected = (
        pd.concat(quarantined) if quarantined else pd.DataFrame(columns=raw_tables.REJECTED_COLUMNS, dtype="string")
    )
    rejected = rejected.reindex(columns=[*raw_tables.REJECTED_COLUMNS, "was_published"]).astype(
        {"was_published": "bool"}
    )
    files.write_parquet(settings.raw / "quality_rejected_rows.parquet", rejected)
    revised = [settings.raw / "revisions" / f"{source.id}.parquet" for source in sources]
    empty = pd.DataFrame({name: pd.Series(dtype="string") for name in vintages.REVISION_COLUMNS})
    revisions = pd.concat([pd.read_parquet(path) for path in revised if path.exists()] or [empty], ignore_index=True)
    for column in ("revised_on", "retrieved_at"):
        revisions[column] = pd.to_datetime(revisions[column])
    files.write_parquet(settings.raw / "quality_revisions.parquet", revisions)
    files.write_parquet(settings.raw / "forecast_log.parquet", forecast_log.rows(settings))
    context = pd.DataFrame([{"as_of": settings.as_of, "mode": settings.mode, "snapshot_date": settings.snapshot_date}])
    files.write_parquet(settings.raw / "run_context.parquet", context)
    return len(rows)
