"""The raw stage: a source's rows meet their contract; the good ones become Parquet, the others quarantine."""

import csv
import inspect
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline import files
from pipeline.ingest import landing, retrieve, vintages
from pipeline.ingest.landing import Retrieval
from pipeline.settings import Settings, UserError
from pipeline.sources import FOLDER, contract
from pipeline.sources.archives import ArchiveError
from pipeline.sources.base import Source, SourceError

# More quarantined rows than this share of a source mean that the source broke, not that a row did.
MAX_REJECTED_SHARE = 0.10
# A live release does not rest on a required source whose upstream fails and whose last good copy is older: two quarters,
# the slowest of their cadences. Stale by its cadence alone is a warning.
REQUIRED_WITHIN_DAYS = 184

REJECTED_COLUMNS = ["source_id", "row_number", "field", "value", "reason", "row_json"]
WHAT_TO_DO = "The last good copy serves meanwhile: compare the landed answer with the parser, and adapt it."


@dataclass(frozen=True)
class Report:
    """What one source gave: rows in = rows accepted + rows rejected, counted in the version that was read last.

    `mode` says where the rows that stand come from. `stale` is why upstream's newest could not be used, if it could
    not; the last good copy then serves.
    """

    source_id: str
    mode: str
    rows_in: int
    rows_accepted: int
    rows_rejected: int
    newest_fact: str | None
    input_hash: str
    passed: bool
    message: str
    stale: str = ""
    retrieved_at: str | None = None


def paths(source_id: str, settings: Settings) -> tuple[Path, Path, Path]:
    """Where the source's table, its quarantined rows and its report lie."""
    folder = settings.raw
    return folder / f"{source_id}.parquet", folder / "rejected" / f"{source_id}.parquet", folder / f"{source_id}.json"


def read_report(source_id: str, settings: Settings) -> Report | None:
    """What the source gave the last time, or None."""
    sidecar = paths(source_id, settings)[2]
    return Report(**json.loads(sidecar.read_text())) if sidecar.exists() else None


def _judge(rows_in: int, accepted: int, rejected: int) -> tuple[bool, str]:
    if rows_in != accepted + rejected:
        return False, f"{rows_in} rows came in, but {accepted} accepted and {rejected} rejected rows went out"
    if accepted == 0:
        return False, "no row was accepted: the source is empty or wholly broken"
    if rejected > MAX_REJECTED_SHARE * rows_in:
        return False, f"{rejected} of {rows_in} rows broke the contract; at most {MAX_REJECTED_SHARE:.0%} may"
    return True, f"{rows_in} rows in = {accepted} accepted + {rejected} rejected"


def _first_rejected(rejected: pd.DataFrame) -> str:
    """The most frequent breach of a rule, shown by its first row."""
    if rejected.empty:
        return ""
    times = rejected.groupby(["field", "reason"])["row_number"].transform("count")
    first = rejected.loc[times.idxmax()]
    return f"; the first: row {first.row_number}, field {first.field}, value {first.value!r}: {first.reason}"


@dataclass(frozen=True)
class _Version:
    """One reading of a source: its good rows, the reasons for the others, and why none of it can be used, if so."""

    accepted: pd.DataFrame
    rejected: pd.DataFrame
    problem: str = ""
    message: str = ""

    @property
    def counts(self) -> tuple[int, int]:
        """Rows accepted, rows rejected."""
        return len(self.accepted), int(self.rejected["row_number"].nunique())


def _code(source: Source) -> list[Path]:
    shared = [
        *FOLDER.glob("*.py"),
        *(Path(inspect.getfile(module)) for module in (vintages, landing)),
    ]
    return [*FOLDER.glob(f"*/{source.id}.py"), *shared, Path(__file__)]


def _embedded(source: Source, settings: Settings) -> _Version:
    """The committed rows; none for a source that only live mode fills. Raises UserError where the file is broken."""
    today = settings.snapshot_date
    if not source.is_embedded:
        empty = pd.DataFrame(columns=list(source.all_columns), dtype="string")
        return _Version(*contract.split(source, empty, today), message="no embedded rows: live mode fills this source")
    try:
        rows = contract.read_snapshot((settings.data / f"{source.id}.csv").read_bytes(), source)
        accepted, rejected = contract.split(source, rows, today)
    except SourceError as error:
        raise UserError(str(error)) from error
    passed, message = _judge(len(rows), len(accepted), rejected["row_number"].nunique())
    return _Version(accepted, rejected, "" if passed else message + _first_rejected(rejected), message)


def _parsed(source: Source, retrieval: Retrieval, settings: Settings) -> pd.DataFrame:
    upstream = landing.upstream(retrieval, settings)
    tidy = f"{source.id}.csv"
    if tidy in upstream.files:
        return contract.read_snapshot(upstream.files[tidy], source)
    return source.read_live(upstream).astype("string")


# What a parser may raise when upstream's content is not what it was; anything else is a bug of ours.
BROKEN = (
    SourceError,
    ArchiveError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    EOFError,
    csv.Error,
)


def _landed(source: Source, retrieval: Retrieval, settings: Settings) -> _Version:
    """A landed retrieval's rows, read once and kept as Parquet for later refreshes."""
    url = retrieval.responses[0].url
    stem = settings.raw / "versions" / source.id / files.digest(_code(source), json.dumps(asdict(retrieval)))[:32]
    good, bad, note = stem.with_suffix(".parquet"), stem.with_suffix(".rejected.parquet"), stem.with_suffix(".json")
    if not note.exists():
        _read_and_keep(source, retrieval, settings, url, (good, bad, note))
    # Read back the first time, too: what a table is made of must not depend on when it was made.
    return _Version(pd.read_parquet(good), pd.read_parquet(bad), **json.loads(note.read_text()))


def _read_and_keep(
    source: Source, retrieval: Retrieval, settings: Settings, url: str, places: tuple[Path, Path, Path]
) -> None:
    good, bad, note = places
    empty = pd.DataFrame(columns=list(source.all_columns), dtype="string")
    try:
        rows = _parsed(source, retrieval, settings)
        accepted, rejected = contract.split(source, rows, retrieval.retrieved_on)
        passed, message = _judge(len(rows), len(accepted), rejected["row_number"].nunique())
        problem = "" if passed else f"Source {source.id}: {url}: {message}{_first_rejected(rejected)}. {WHAT_TO_DO}"
    except BROKEN as error:
        accepted, rejected = contract.split(source, empty, retrieval.retrieved_on)
        said = str(error) if isinstance(error, SourceError) else f"cannot be read ({type(error).__name__}: {error})"
        said = said.removeprefix(f"Source {source.id}: ")
        message, problem = "unreadable", f"Source {source.id}: {url}: {said} {WHAT_TO_DO}"
    files.write_parquet(good, accepted)
    files.write_parquet(bad, rejected[REJECTED_COLUMNS].astype("string"))
    files.write_bytes(note, json.dumps({"problem": problem, "message": message}).encode())


def _versions(
    source: Source, embedded: _Version, retrievals: Sequence[Retrieval], settings: Settings
) -> list[tuple[Retrieval, _Version]]:
    """Every landed retrieval in the order of what was known when, each judged against the last good one before it.

    Where rows add up, somebody may drop a part of them into the inbox: only upstream's own answers are held to a number
    of rows.
    """
    found: list[tuple[Retrieval, _Version]] = []
    last_good, expected_rows = embedded.accepted, _embedded_rows(source, embedded.accepted)
    for retrieval in sorted(retrievals, key=lambda one: (one.known_on, one.retrieved_at)):
        version = _landed(source, retrieval, settings)
        counted = retrieval.channel == "live" or bool(source.live and source.live.whole)
        if not version.problem and len(last_good):
            problem = vintages.drift(
                source, last_good, version.accepted, expected_rows if counted else 0, retrieve.max_lost_share(source)
            )
            if problem:
                problem = f"Source {source.id}: {retrieval.responses[0].url}: {problem}"
            version = replace(version, problem=problem)
        if not version.problem:
            last_good, expected_rows = version.accepted, len(version.accepted) if counted else expected_rows
        found.append((retrieval, version))
    return found


def _embedded_rows(source: Source, embedded: pd.DataFrame) -> int:
    """How many rows the first answer must have, by the embedded ones; 0 where those are of another shape."""
    if not source.live or not (source.live.whole or source.live.last_list):
        return 0
    return len(source.live.last_list(embedded) if source.live.last_list else embedded)


def _stale(source: Source, records: Sequence[Retrieval], versions: list[tuple[Retrieval, _Version]]) -> str:
    """Why the newest of a channel could not be used, for each channel where it could not."""
    problems = {retrieval.retrieved_at: version.problem for retrieval, version in versions}
    newest = {record.channel: record for record in records}
    return " ".join(filter(None, (one.message or problems.get(one.retrieved_at, "") for one in newest.values())))


def _too_old(source: Source, newest: date | None, stale: str, settings: Settings) -> str:
    """Why a required source stops a live release; empty where it does not. The past is not judged.

    `newest` is the day of its newest fact or last good retrieval. An upstream that answers well is not old, however
    long ago its newest fact was.
    """
    answers = source.live is not None and not stale
    if not (source.required and settings.live) or settings.requested_as_of or answers or newest is None:
        return ""
    age = (settings.as_of - newest).days
    if age <= REQUIRED_WITHIN_DAYS:
        return ""
    return (
        f"Source {source.id} is required, and its newest good copy is {age} days old; at most {REQUIRED_WITHIN_DAYS} are "
        f"allowed. Mend its upstream, or put a newer file into inbox/{source.id}/. {stale}"
    ).rstrip()


def look(source: Source, settings: Settings) -> None:
    """Look at the source's upstream and its inbox, unless this run uses only what has landed."""
    if not settings.live or settings.from_landing:
        return
    report = read_report(source.id, settings)
    retrieve.take_from_inbox(source, settings)
    if source.live:
        retrieve.look(source, settings, conditional=not (report and report.stale))


def ingest(source: Source, settings: Settings) -> Report:
    """Read a source, split its rows by its contract, and store both parts; unchanged input is not read again.

    In live mode the upstream is looked at first, and the rows are those of the embedded snapshot and of every good
    version that landed. What an upstream does wrong makes the report stale, and the last good copy serves.
    Raises UserError naming source, row and field where the embedded file cannot be used.
    """
    table, quarantine, sidecar = paths(source.id, settings)
    data = settings.data / f"{source.id}.csv"
    if source.is_embedded and not data.exists():
        raise UserError(f"Source {source.id}: {data.name} is missing from {data.parent.name}/. Restore it.")
    look(source, settings)
    records = landing.history(source.id, settings) if settings.live else []
    words = [str(settings.snapshot_date), settings.mode, str(settings.as_of) if settings.live else ""]
    words += [str(retrieve.max_lost_share(source)), *(json.dumps(asdict(record)) for record in records)]
    input_hash = files.digest([*([data] if source.is_embedded else []), *_code(source)], *words)
    last = read_report(source.id, settings)
    if last and last.input_hash == input_hash and table.exists() and last.passed:
        return last

    embedded = _embedded(source, settings)
    versions = _versions(source, embedded, [record for record in records if not record.failed], settings)
    good = [(record, version) for record, version in versions if not version.problem]
    combined, revisions = vintages.combine(
        source, embedded.accepted, [(record.known_on, version.accepted) for record, version in good]
    )
    newest = pd.to_datetime(combined["reported_on"]).max() if len(combined) else pd.NaT
    read = max(versions, key=lambda pair: pair[0].retrieved_at)[1] if versions else embedded
    stale = _stale(source, records, versions)
    days = [] if pd.isna(newest) else [newest.date()]
    days += [record.retrieved_on for record, _ in good]
    problem = embedded.problem or _too_old(source, max(days, default=None), stale, settings)
    report = Report(
        source_id=source.id,
        mode="live" if good else "embedded",
        rows_in=sum(read.counts),
        rows_accepted=read.counts[0],
        rows_rejected=read.counts[1],
        newest_fact=None if pd.isna(newest) else str(newest.date()),
        input_hash=input_hash,
        passed=not problem,
        message=problem or read.message,
        stale=stale,
        retrieved_at=str(good[-1][0].retrieved_on) if good else None,
    )
    files.write_parquet(quarantine, read.rejected[REJECTED_COLUMNS].astype("string").astype({"row_number": "int64"}))
    if report.passed:
        files.write_parquet(table, combined.assign(source_row=vintages.row_keys(source, combined)))
        files.write_parquet(settings.raw / "revisions" / f"{source.id}.parquet", revisions)
    files.write_bytes(sidecar, json.dumps(asdict(report), indent=1).encode())
    return report
