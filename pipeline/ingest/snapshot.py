"""Builds the embedded snapshot: our own tidy tables, out of a folder of gathered facts."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path

from pipeline import files
from pipeline.settings import UserError
from pipeline.sources import all_sources
from pipeline.sources.base import SourceError, Upstream, read_snapshot

# Every folder of gathered facts says in its SOURCE.md when it was retrieved.
RETRIEVED = re.compile(r"Retrieved: (\d{4}-\d{2}-\d{2})")


def _retrieved(folder: Path) -> date | None:
    note = folder / "SOURCE.md"
    found = RETRIEVED.search(note.read_text()) if note.exists() else None
    return date.fromisoformat(found[1]) if found else None


def build(folder: Path, out: Path) -> list[tuple[str, int]]:
    """Parse every source's files in `folder` into `out/<source_id>.csv`; returns (source_id, rows) of each.

    Sources without stored files are left out; of one that is read by hand `out` holds the rows already. `out/SNAPSHOT.json`
    records the day of the newest retrieval, rows and hashes. Rows that break a contract are kept: a refresh shows them in
    quarantine. Raises UserError that names a missing file or column.
    """
    days = [found for sub in sorted(folder.iterdir()) if sub.is_dir() and (found := _retrieved(sub))]
    if not days:
        raise UserError(f"{folder} holds no SOURCE.md that says when its facts were retrieved.")
    snapshot_date = max(days)
    record: dict[str, dict] = {}
    texts: dict[str, bytes] = {}
    for source in all_sources():
        if source.by_hand:
            written = (out / f"{source.id}.csv").read_bytes()
            record[source.id] = {
                "rows": len(read_snapshot(written, source)),
                "sha256": hashlib.sha256(written).hexdigest(),
            }
        if not source.files:
            continue
        content = {}
        for name in source.files:
            path = folder / name
            if not path.exists():
                raise UserError(f"Source {source.id}: {name} is missing from {folder}.")
            content[name] = path.read_bytes()
        retrieved = _retrieved((folder / source.files[0]).parent) or snapshot_date
        assert source.parse
        try:
            rows = source.parse(Upstream(content, retrieved))
        except SourceError as error:
            raise UserError(str(error)) from error
        except KeyError as error:
            raise UserError(f"Source {source.id}: its files have no column {error}. Adapt its parser.") from error
        rows = rows[list(source.all_columns)].sort_values(list(source.key), kind="stable")
        rows.insert(0, "source_id", source.id)
        text = rows.to_csv(index=False, lineterminator="\n").encode()
        texts[source.id] = text
        record[source.id] = {"rows": len(rows), "sha256": hashlib.sha256(text).hexdigest()}
    for source_id, text in texts.items():
        files.write_bytes(out / f"{source_id}.csv", text)
    document = {"snapshot_date": snapshot_date.isoformat(), "sources": record}
    files.write_bytes(out / "SNAPSHOT.json", (json.dumps(document, indent=1) + "\n").encode())
    return [(source_id, entry["rows"]) for source_id, entry in record.items()]
