"""Builds the embedded snapshot: our own tidy tables, out of a folder of gathered facts."""

import json
import re
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import files
from pipeline.settings import UserError
from pipeline.sources import all_sources, contract
from pipeline.sources.base import Source
from pipeline.sources.upstream import SourceError, Upstream

# Every folder of gathered facts says in its SOURCE.md when it was retrieved.
RETRIEVED = re.compile(r"Retrieved: (\d{4}-\d{2}-\d{2})")


def _retrieved(folder: Path) -> date | None:
    note = folder / "SOURCE.md"
    found = RETRIEVED.search(note.read_text()) if note.exists() else None
    return date.fromisoformat(found[1]) if found else None


def build(folder: Path, out: Path, only: str | None = None) -> list[tuple[str, int]]:
    """Read every source's files in `folder`, or those of the source `only`, into `out/<source_id>.csv`.

    Returns (source_id, rows) of each. A table that is written by hand is in `out` already, and so is one of a newer copy
    unless the folder's SOURCE.md names that copy. `out/SNAPSHOT.json` records the day of the newest retrieval, rows and
    hashes. Rows that break a contract are kept: a refresh shows them in quarantine. Raises UserError that names an
    unknown source, a missing file or a missing column, and leaves all as it was.
    """
    sources = {source.id: source for source in all_sources() if source.is_embedded}
    if only and only not in sources:
        near = ", ".join(get_close_matches(only, sources)) or "see `chipcast sources`"
        raise UserError(f"No source {only!r} has embedded rows. Nearest: {near}.")
    wanted = [sources[only]] if only else list(sources.values())
    kept = _record(out) if only else {"snapshot_date": "", "sources": {}}
    retrieved = _days(folder, wanted if only else None)
    newest = max([kept["snapshot_date"], *map(str, retrieved)])
    tables = {source.id: _rows(source, folder, out, date.fromisoformat(newest)) for source in wanted}
    record = dict(kept["sources"])
    for source_id, rows in tables.items():
        content = rows.to_csv(index=False, lineterminator="\n").encode()
        if not _stays(sources[source_id], folder):
            files.write_bytes(out / f"{source_id}.csv", content)
        record[source_id] = {"rows": len(rows), "sha256": files.sha256(out / f"{source_id}.csv")}
    document = {"snapshot_date": newest, "sources": {name: record[name] for name in sources if name in record}}
    files.write_bytes(out / "SNAPSHOT.json", (json.dumps(document, indent=1) + "\n").encode())
    return [(source_id, len(rows)) for source_id, rows in tables.items()]


def _days(folder: Path, sources: Sequence[Source] | None) -> list[date]:
    """When the facts in the folder were retrieved, or those of some sources alone; none for what is written by hand."""
    if sources is None:
        wanted = sorted(sub for sub in folder.iterdir() if sub.is_dir())
    else:
        wanted = [(folder / source.files[0]).parent for source in sources if source.files]
    days = [found for sub in wanted if (found := _retrieved(sub))]
    if wanted and not days:
        where = wanted[0] if sources else folder
        raise UserError(
            f"{where} holds no SOURCE.md that says when its facts were retrieved (`Retrieved: YYYY-MM-DD`)."
        )
    return days


def _record(out: Path) -> dict[str, Any]:
    path = out / "SNAPSHOT.json"
    if not path.exists():
        raise UserError(f"{out} holds no snapshot to add to: build the whole one first.")
    return json.loads(path.read_text())


def _stays(source: Source, folder: Path) -> bool:
    """Whether the table in data/ is input and snapshot in one: what lies in the folder is nothing, or an older copy."""
    if not source.newer_copy:
        return source.is_by_hand
    note = (folder / source.files[0]).parent / "SOURCE.md"
    return not note.exists() or source.newer_copy not in note.read_text()


def _rows(source: Source, folder: Path, out: Path, otherwise: date) -> pd.DataFrame:
    """A source's table as text in the order of its key, out of its files in the folder."""
    if _stays(source, folder):
        return contract.read_snapshot((out / f"{source.id}.csv").read_bytes(), source)
    content = {}
    for name in source.files:
        path = folder / name
        if not path.exists():
            raise UserError(f"Source {source.id}: {name} is missing from {folder}.")
        content[name] = path.read_bytes()
    retrieved = _retrieved((folder / source.files[0]).parent) or otherwise
    try:
        rows = source.read(Upstream(content, retrieved))
    except SourceError as error:
        raise UserError(str(error)) from error
    except KeyError as error:
        raise UserError(f"Source {source.id}: its files have no column {error}. Adapt its parser.") from error
    rows = rows.sort_values(list(source.key), kind="stable")
    rows.insert(0, "source_id", source.id)
    return rows
