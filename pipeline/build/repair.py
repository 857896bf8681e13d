"""Derived state that is not as its last writer left it is put aside and built anew: it never needs a person.

Of a state folder only what has landed, what waits in the inbox and the history of runs cannot be built again.
"""

import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pipeline import files
from pipeline.settings import Settings, UserError

# What a refresh builds again out of facts, landed answers and code.
DERIVED = (
    "warehouse.duckdb", "warehouse.duckdb.wal", "dbt_memory.json", "lineage.json",
    "raw", "forecasts", "checks", "then", "price_days", "dbt_target",
)  # fmt: skip
ASIDE = "put_aside"
FULL = re.compile("no space left|disk is full", re.IGNORECASE)  # as the system, DuckDB and SQLite say it
# Measured on the embedded snapshot: see docs/operations.md.
STATE_MB, RELEASE_MB, LEAST_MB = 300, 80, 60
MB = 1_000_000


def _inventory(settings: Settings) -> Path:
    return settings.state / "derived.json"


def _sizes(settings: Settings) -> dict[str, int]:
    tops = (settings.state / name for name in DERIVED)
    found = (path for top in tops for path in [top, *top.rglob("*")] if path.is_file())
    return {str(path.relative_to(settings.state)): path.stat().st_size for path in found}


def note(settings: Settings) -> None:
    """Write down what derived state there is. Hold the state folder's lock, here and below."""
    files.write_bytes(_inventory(settings), json.dumps(_sizes(settings), indent=0).encode())


def mend(settings: Settings) -> str:
    """Put aside what was cut, emptied or removed since the last run, and forget all that was built; says so, or "".

    A run that was killed leaves files that nobody noted, and counts as damage: half of them may be half written. So does
    a missing inventory.
    """
    for left in (*settings.state.rglob(".*.tmp"), *settings.state.rglob(".*.part")):
        left.unlink(missing_ok=True)
    try:
        known = json.loads(_inventory(settings).read_text()) if _inventory(settings).exists() else {}
    except ValueError:
        known = {_inventory(settings).name: 0}
    now = _sizes(settings)
    wrong = sorted(name for name in {*known, *now} if now.get(name) != known.get(name))
    if not wrong:
        return ""
    _put_aside(settings, [settings.state / name for name in wrong])
    for name in DERIVED:
        top = settings.state / name
        shutil.rmtree(top) if top.is_dir() else top.unlink(missing_ok=True)
    note(settings)
    more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return (
        f"{settings.state.name}/{wrong[0]}{more} was not as the last run left it: put into "
        f"{settings.state.name}/{ASIDE}/, and everything is built again."
    )


def mend_history(settings: Settings, home: Path) -> str:
    """Put aside Dagster's own databases if one of them cannot be read; says so, or "". Past runs are then forgotten."""
    for path in sorted(home.rglob("*.db")):
        try:
            with closing(sqlite3.connect(path)) as connection:
                if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
                    raise sqlite3.DatabaseError
        except sqlite3.DatabaseError:
            parts = [home / name for name in ("history", "schedules", "storage") if (home / name).exists()]
            _put_aside(settings, parts)
            return f"The history of runs could not be read ({path.name}): put into {settings.state.name}/{ASIDE}/."
    return ""


def _put_aside(settings: Settings, paths: list[Path]) -> None:
    """Move what there is of `paths` out of the way, over what was put there earlier."""
    for path in paths:
        if path.exists():
            target = settings.state / ASIDE / path.relative_to(settings.state)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir():
                shutil.rmtree(target)
            path.replace(target)


def check_room(settings: Settings) -> None:
    """Raise UserError where a folder can't be written or the disk lacks what a refresh needs; nothing was begun then."""
    built = sum(_sizes(settings).values()) // MB
    for folder, need in ((settings.state, max(STATE_MB - built, LEAST_MB)), (settings.published, RELEASE_MB)):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(there, os.W_OK):
            raise UserError(f"{there} cannot be written, and a refresh writes there; nothing was begun.")
        free = shutil.disk_usage(there).free // MB
        if free < need:
            raise UserError(
                f"{folder} has {free} MB free, and a refresh needs about {need}: make room; nothing was begun."
            )


def full_disk(settings: Settings, message: str) -> str:
    """What to say where an error's message is that of a full disk, or nothing is free; "" elsewhere."""
    free = {
        folder: shutil.disk_usage(folder).free // MB
        for folder in (settings.state, settings.published)
        if folder.exists()
    }
    if not FULL.search(message) and min(free.values(), default=1):
        return ""
    left = ", ".join(f"{folder} has {room} MB free" for folder, room in free.items())
    return (
        f"The disk is full: {left}. Make room and refresh again: nothing is lost, and the last release stays current."
    )
