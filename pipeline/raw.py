"""The raw stage: a source's rows meet their contract; the good ones become Parquet, the others quarantine."""

from __future__ import annotations

import inspect
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from assets.sources import base
from assets.sources.base import Source, SourceError
from pipeline import files
from pipeline.settings import Settings, UserError

# More quarantined rows than this share of a source mean that the source broke, not that a row did.
MAX_REJECTED_SHARE = 0.10

REJECTED_COLUMNS = ["source_id", "row_number", "field", "value", "reason", "row_json"]


@dataclass(frozen=True)
class Report:
    """What one source gave: rows in = rows accepted + rows rejected."""

    source_id: str
    mode: str
    rows_in: int
    rows_accepted: int
    rows_rejected: int
    newest_fact: str | None
    input_hash: str
    passed: bool
    message: str


def _paths(source_id: str, settings: Settings) -> tuple[Path, Path, Path]:
    folder = settings.raw
    return folder / f"{source_id}.parquet", folder / "rejected" / f"{source_id}.parquet", folder / f"{source_id}.json"


def read_report(source_id: str, settings: Settings) -> Report | None:
    """What the source gave the last time, or None."""
    sidecar = _paths(source_id, settings)[2]
    return Report(**json.loads(sidecar.read_text())) if sidecar.exists() else None


def _judge(rows_in: int, accepted: int, rejected: int) -> tuple[bool, str]:
    if rows_in != accepted + rejected:
        return False, f"{rows_in} rows came in, but {accepted} accepted and {rejected} rejected rows went out"
    if accepted == 0:
        return False, "no row was accepted: the source is empty or wholly broken"
    if rejected > MAX_REJECTED_SHARE * rows_in:
        return False, f"{rejected} of {rows_in} rows broke the contract; at most {MAX_REJECTED_SHARE:.0%} may"
    return True, f"{rows_in} rows in = {accepted} accepted + {rejected} rejected"


def ingest(source: Source, settings: Settings) -> Report:
    """Read a source, split its rows by its contract, and store both parts; unchanged input is not read again.

    Raises UserError naming source, row and field where the whole source cannot be used.
    """
    table, quarantine, sidecar = _paths(source.id, settings)
    upstream = settings.data / f"{source.id}.csv"
    if not upstream.exists():
        raise UserError(f"Source {source.id}: {upstream.name} is missing from {upstream.parent.name}/. Restore it.")
    today = datetime.now(UTC).date() if settings.live else settings.snapshot_date
    code = [Path(inspect.getfile(source.parse)), *Path(base.__file__).parent.glob("*.py"), Path(__file__)]
    input_hash = files.digest([upstream, *code], str(today))
    last = read_report(source.id, settings)
    if last and last.input_hash == input_hash and last.mode == settings.mode and table.exists() and last.passed:
        return last
    try:
        text = base.read_snapshot(upstream.read_bytes(), source)
        accepted, rejected = base.split(source, text, today)
    except SourceError as error:
        raise UserError(str(error)) from error
    passed, message = _judge(len(text), len(accepted), rejected["row_number"].nunique())
    if not passed and len(rejected):
        first = rejected.iloc[0]
        message += f"; the first: row {first.row_number}, field {first.field}, value {first.value!r}: {first.reason}"
    newest = pd.to_datetime(accepted["reported_on"]).max() if len(accepted) else pd.NaT
    report = Report(
        source_id=source.id,
        mode=settings.mode,
        rows_in=len(text),
        rows_accepted=len(accepted),
        rows_rejected=rejected["row_number"].nunique(),
        newest_fact=None if pd.isna(newest) else str(newest.date()),
        input_hash=input_hash,
        passed=passed,
        message=message,
    )
    files.write_parquet(quarantine, rejected[REJECTED_COLUMNS].astype("string").astype({"row_number": "int64"}))
    if passed:
        files.write_parquet(table, accepted)
    files.write_bytes(sidecar, json.dumps(asdict(report), indent=1).encode())
    return report


def _known(source_id: str, settings: Settings) -> pd.Series:
    """Report dates of the source's rows that the public could know on the run's day."""
    table = _paths(source_id, settings)[0]
    if not table.exists():
        return pd.Series(dtype="datetime64[ns]")
    reported = pd.read_parquet(table, columns=["reported_on"])["reported_on"]
    return reported[reported <= pd.Timestamp(settings.as_of)]


def write_catalogue(sources: Sequence[Source], settings: Settings) -> int:
    """Write what dbt reads about the run itself: `run_context`, `source_catalogue`, `quality_rejected_rows`.

    Returns the number of sources.
    """
    reports = {source.id: read_report(source.id, settings) for source in sources}
    snapshot = json.loads((settings.data / "SNAPSHOT.json").read_text())
    rows = []
    for source in sources:
        report = reports[source.id]
        known = _known(source.id, settings)
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
                "mode": settings.mode,
                "rows_in": report.rows_in if report else 0,
                "rows_accepted": report.rows_accepted if report else 0,
                "rows_rejected": report.rows_rejected if report else 0,
                "rows_known": len(known),
                "newest_fact": known.max().date() if len(known) else None,
                "retrieved_at": settings.snapshot_date,
                "snapshot_sha256": snapshot["sources"].get(source.id, {}).get("sha256"),
            }
        )
    catalogue = pd.DataFrame(rows)
    for column in ("retrieved_at", "newest_fact"):
        catalogue[column] = pd.to_datetime(catalogue[column])
    files.write_parquet(settings.raw / "source_catalogue.parquet", catalogue)
    quarantined = [pd.read_parquet(_paths(source.id, settings)[1]) for source in sources if reports[source.id]]
    rejected = pd.concat(quarantined) if quarantined else pd.DataFrame(columns=REJECTED_COLUMNS, dtype="string")
    files.write_parquet(settings.raw / "quality_rejected_rows.parquet", rejected)
    context = pd.DataFrame([{"as_of": settings.as_of, "mode": settings.mode, "snapshot_date": settings.snapshot_date}])
    files.write_parquet(settings.raw / "run_context.parquet", context)
    return len(rows)
