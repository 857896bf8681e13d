"""Releases: immutable folders of published tables, made current by one link swap.

A release is written beside the others under a temporary name, verified, renamed, and only then linked as `latest`.
Readers of an older release keep it whole, whatever happens here.
"""

import base64
import json
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow

from pipeline import files, forecast_log, report
from pipeline.build import declared
from pipeline.publish import changes_page, compare, datapackage, explain_inputs, hub
from pipeline.settings import Settings, UserError

# DuckDB 1.5 clients, the newest on the package registries in November 2026, can open this one.
STORAGE_VERSION = "v1.4.0"
DATABASE = "chipcast.duckdb"
# The hash of every other file, as `sha256sum -c` reads it.
SUMS = "SHA256SUMS"
# Published tables of a database, and those of which it says too little.
TABLES = f"""
select schema_name, table_name from duckdb_tables() where database_name = $1 and schema_name in {declared.SCHEMAS}"""
UNDESCRIBED = f"""{TABLES} and coalesce(comment, '') = '' union
select schema_name, table_name from duckdb_columns() where database_name = $1 and schema_name in {declared.SCHEMAS}
    and coalesce(comment, '') = ''"""
# What differs from the release before is no part of what a release is, and not of its id.
RELEASE_CHANGES = "quality.release_changes"
# A text file beside the releases that names those which stay for ever.
KEEP = "keep"


def _copy_tables(settings: Settings, target: Path) -> dict[str, int]:
    """Copy every published table with what is declared of it as comments; returns the rows of each."""
    published = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.warehouse}' as source (read_only)")
        connection.execute(f"attach '{target}' as release (storage_version '{STORAGE_VERSION}')")
        connection.execute("begin")  # each of two thousand comments would be written to the disk by itself
        for schema in declared.SCHEMAS:
            connection.execute(f"create schema release.{schema}")
        there = {f"{schema}.{name}" for schema, name in connection.execute(TABLES, ["source"]).fetchall()}
        for name, table in declared.tables().items():
            if name not in there:
                continue
            # In a fixed order, so that equal tables are equal bytes.
            connection.execute(f"create table release.{name} as from source.{name} order by all")
            published[name] = connection.execute(f"select count(*) from release.{name}").fetchall()[0][0]
            said = [(f"table release.{name}", table.description)]
            said += [(f'column release.{name}."{column.name}"', column.meaning) for column in table.columns.values()]
            for what, text in said:
                quoted = text.replace("'", "''")
                connection.execute(f"comment on {what} is '{quoted}'")
        connection.execute("commit")
    return published


def _write_changes(database: Path, found: compare.Diff) -> int:
    """Fill `RELEASE_CHANGES` with the medians that moved since the release before; returns its rows."""
    moves = pd.DataFrame(
        {
            "previous_release": found.before,
            "table_name": move["table"],
            "row_key": json.dumps(move["key"], default=str, ensure_ascii=False),
            "previous_p50": move["before"],
            "p50": move["after"],
            "change_pct": move["change_pct"],
            "unit": move["unit"],
            "attributed_to": ", ".join(move["reasons"]),
        }
        for move in found.forecasts
    )
    with duckdb.connect(str(database)) as connection:
        if len(moves):
            connection.execute(f"insert into {RELEASE_CHANGES} by name from moves")
    return len(moves)


def _write_parquet(database: Path, folder: Path, published: Iterable[str]) -> None:
    folder.mkdir(exist_ok=True)
    tables = declared.tables()
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in published:
            connection.execute(
                f"copy {name} to '{folder / name}.parquet' (format parquet, compression zstd, "
                f"kv_metadata {{'ARROW:schema': '{_arrow_schema(tables[name])}'}})"
            )


def _arrow_schema(table: declared.Table) -> str:
    """Unit and meaning of every column as the Arrow schema that a Parquet file carries; DuckDB writes none itself."""
    described = []
    for field in declared.arrow_schema(table):
        column = table.columns[field.name]
        unit = {"unit": column.unit} if column.unit else {}
        described.append(field.with_metadata({"description": column.meaning, **unit}))
    return base64.b64encode(pyarrow.schema(described).serialize()).decode()


def _write_log(folder: Path) -> Path:
    """Where DuckDB leaves the changes of a program that opened the release for writing and died; readers see them."""
    return folder / f"{DATABASE}.wal"


def write_sums(folder: Path) -> None:
    """Record the hash of every other file of a release."""
    contents = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    sums = "".join(f"{files.sha256(path)}  {path.relative_to(folder)}\n" for path in contents)
    files.write_bytes(folder / SUMS, sums.encode())


def verify(folder: Path) -> list[str]:
    """What is wrong with a release; an empty list means that every file is whole and every table readable."""
    wrong = [f"{log.name} would change what readers see"] if (log := _write_log(folder)).exists() else []
    try:
        recorded = dict(line.split("  ", 1)[::-1] for line in (folder / SUMS).read_text().splitlines())
        for path, want in recorded.items():
            if not (folder / path).exists():
                wrong.append(f"{path} is missing")
            elif files.sha256(folder / path) != want:
                wrong.append(f"{path} differs from its recorded hash")
        package = json.loads((folder / "datapackage.json").read_text())
        told = [resource["path"] for resource in package["resources"]]
        wrong += [f"{path} has no recorded hash" for path in told if path not in recorded]
        with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
            there, bare = (
                {".".join(row) for row in connection.execute(sql, [DATABASE.removesuffix(".duckdb")]).fetchall()}
                for sql in (TABLES, UNDESCRIBED)
            )
            for name, rows in ((resource["name"], resource["row_count"]) for resource in package["resources"]):
                if name not in there or connection.execute(f"select count(*) from {name}").fetchall()[0][0] != rows:
                    wrong.append(f"{name} has not the recorded {rows} rows")
                elif name in bare:
                    wrong.append(f"{name} has a table or column without a description")
    except (OSError, KeyError, ValueError, duckdb.Error) as error:
        wrong.append(f"unreadable: {error}")
    return wrong


def _identity(folder: Path) -> dict[str, str]:
    """Id, day and making of a release; empty where its data package is gone or cannot be read."""
    try:
        package = json.loads((folder / "datapackage.json").read_text())
        return {name: package[name] for name in ("id", "as_of", "created")}
    except (OSError, ValueError, KeyError):
        return {}


def _point(link: Path, folder: Path) -> None:
    for left in link.parent.glob(f".{link.name}.*"):
        left.unlink()
    if link.is_dir() and not link.is_symlink():
        # A backup that was restored without its links: the folder becomes the release that it is, or goes out of the way.
        home = folder.parent / _identity(link).get("id", f"restored-{os.getpid()}")
        link.replace(home if not home.exists() else link.with_name(f"{link.name}-restored-{os.getpid()}"))
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    temporary.symlink_to(os.path.relpath(folder, link.parent))
    temporary.replace(link)


def make_current(settings: Settings, folder: Path) -> bool:
    """Point `latest` at a release, unless `latest` knows of a later day; true if it does so now.

    A rebuild of the past (`AS_OF`) never takes the place of the present for those who read `latest`;
    it is found under `as_of/<day>`.
    """
    if settings.requested_as_of:
        (settings.published / "as_of").mkdir(exist_ok=True)
        _point(settings.published / "as_of" / str(settings.as_of), folder)
    if _identity(settings.latest).get("as_of", "") > str(settings.as_of):
        return False
    _point(settings.latest, folder)
    return True


def _writers() -> list[Path]:
    here = Path(__file__).parent
    page = [path for path in (here.parent / "report").rglob("*.*") if path.is_file() and path.suffix != ".pyc"]
    return [*here.glob("*.py"), *(here.parent / "build" / f"{name}.py" for name in ("declared", "lineage")), *page]


class Refused(UserError):
    """A release that is not made, by what the asset's check `check` says of it."""

    def __init__(self, check: str, told: str) -> None:
        super().__init__(told)
        self.check = check


def write(settings: Settings) -> tuple[Path, compare.Diff | None]:
    """Write, verify and store the release of what the warehouse holds; return its folder, and what differs from the last.

    The id is the as-of day and a hash of all tables and of the code that writes the rest (page, hub, descriptors):
    equal tables, written by equal code, give the release that is there already.
    Raises Refused, leaving all as it was, if too much of the past changed or the new release does not verify.
    """
    store = settings.published / "releases"
    store.mkdir(parents=True, exist_ok=True)
    for left in store.glob(".building-*"):
        shutil.rmtree(left)
    building = store / f".building-{os.getpid()}"
    building.mkdir()
    try:
        return _write(settings, store, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write(settings: Settings, store: Path, building: Path) -> tuple[Path, compare.Diff | None]:
    with ThreadPoolExecutor(1) as beside:
        carried = beside.submit(explain_inputs.write, settings, building)
        published = _copy_tables(settings, building / DATABASE)
        _write_parquet(building / DATABASE, building / "parquet", published)
        carried.result()
    name = f"{settings.as_of}-{files.digest([*(building / 'parquet').iterdir(), *_writers()])[:10]}"
    folder = store / name
    if folder.exists() and not verify(folder):
        return folder, None
    identity: dict[str, Any] = {
        "id": name,
        "version": name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": str(settings.as_of),
        "mode": settings.mode,
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
    }
    log: list[str] = []
    if not settings.requested_as_of:
        log = forecast_log.with_entry(forecast_log.read(settings), building / DATABASE, identity)
        identity[forecast_log.STATED] = forecast_log.head(log)
        files.write_bytes(building / forecast_log.FILE, "".join(f"{line}\n" for line in log).encode())

    def describe() -> None:
        package = datapackage.describe(building, DATABASE, published, identity)
        files.write_bytes(building / "datapackage.json", json.dumps(package, indent=1).encode())

    describe()
    before = _before(settings)
    found = compare.compare(before, building) if before else None
    if found:
        refused = changes_page.refusal(found, settings.accept_revisions)
        if refused and not folder.exists():  # else it is a damaged release, written anew
            raise Refused("revisions", refused)
        published[RELEASE_CHANGES] = _write_changes(building / DATABASE, found)
        _write_parquet(building / DATABASE, building / "parquet", [RELEASE_CHANGES])
        describe()
    files.write_bytes(building / changes_page.PAGE, changes_page.page(found, name, settings.accept_revisions).encode())
    with ThreadPoolExecutor(1) as beside:
        page = beside.submit(report.write, building, settings.pictures)
        hub.write(building / DATABASE, building / "hub")
        page.result()
    write_sums(building)
    wrong = verify(building)
    if wrong:
        told = "The new release does not verify; the last one stays current.\n  " + "\n  ".join(wrong)
        raise Refused("verification", told)
    # Nobody who opens a release by mistake for writing may change what others read.
    for path in building.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    if log:  # before the release is there: one without its entry would look like a log cut short
        files.write_bytes(settings.published / forecast_log.FILE, (building / forecast_log.FILE).read_bytes())
    if folder.exists():
        damaged = store / f".building-{os.getpid()}-damaged"
        folder.replace(damaged)
        building.replace(folder)
        shutil.rmtree(damaged)
    else:
        building.replace(folder)
    return folder, found


def listed(settings: Settings) -> list[Path]:
    """All releases, oldest first by the time they were made."""
    made = {path: _identity(path).get("created", "") for path in (settings.published / "releases").glob("[!.]*")}
    return sorted((path for path in made if made[path]), key=lambda path: made[path])


def _before(settings: Settings) -> Path | None:
    """The release that a new one follows; where it is damaged or of a later day, the newest whole one up to its own."""
    linked = changes_page.previous(settings)
    if linked is None or (_identity(linked).get("as_of", "") <= str(settings.as_of) and not verify(linked)):
        return linked
    whole = (path for path in reversed(listed(settings)) if _identity(path)["as_of"] <= str(settings.as_of))
    return next((path for path in whole if path.resolve() != linked and not verify(path)), None)


def kept(settings: Settings) -> set[str]:
    """Names of the releases that stay: linked ones, those that `published/keep` names, the newest, those current lately."""
    links = [settings.latest, *(settings.published / "as_of").glob("*")]
    stays = {link.resolve().name for link in links if link.exists()}
    if (settings.published / KEEP).exists():
        stays |= set((settings.published / KEEP).read_text().split())
    newest_first = listed(settings)[::-1]
    stays |= {path.name for path in newest_first[: settings.keep_releases]}
    since = datetime.now(UTC) - timedelta(days=settings.keep_days)
    for release in newest_first:
        stays.add(release.name)  # until the next one was made, this one was current
        if datetime.fromisoformat(_identity(release)["created"]) < since:
            break
    return stays


def prune(settings: Settings) -> list[str]:
    """Remove the releases that are not `kept`; return their names."""
    stays = kept(settings)
    old = [path for path in listed(settings) if path.name not in stays]
    for path in old:
        shutil.rmtree(path)
    return [path.name for path in old]


def find(settings: Settings, name: str | None = None) -> Path:
    """The folder of a release by its id, of the day `YYYY-MM-DD` of an AS_OF release, or the latest.

    Raises UserError naming what there is, and for a release that was opened for writing and would not show its own rows.
    """
    name = None if name == "latest" else name
    if not name and not settings.latest.exists():
        raise UserError("There is no release yet: run `make refresh` first.")
    places = [settings.published / kind / name for kind in ("releases", "as_of")] if name else [settings.latest]
    for folder in places:
        if folder.exists():
            if _write_log(folder).exists():
                raise UserError(
                    f"A program opened release {folder.resolve().name} for writing and left its changes beside it, where "
                    f"every reader sees them. Remove {_write_log(folder)}, and open releases read-only."
                )
            return folder
    known = ", ".join(path.name for path in listed(settings)) or "none"
    raise UserError(f"There is no release {name!r}. Known: {known}.")
