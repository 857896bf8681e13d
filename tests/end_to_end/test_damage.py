"""Every kind of file that a refresh leaves, cut, emptied or removed: the next refresh gives the same tables."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sandbox import Sandbox

SEED = 20261128
WAYS = ("cut", "emptied", "removed")


def kinds(folder: Path, *but: str) -> list[Path]:
    """One file of each kind, by the folder below `folder` and the suffix; found by a walk, so that a new kind is too."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        top = path.relative_to(folder).parts[0]
        if path.is_file() and top not in but:
            found.setdefault((top, path.suffix), []).append(path)
    return [random.Random(SEED).choice(paths) for paths in found.values()]


def damage(path: Path, way: str) -> None:
    path.chmod(0o644)
    if way == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if way == "cut" else b"")


@pytest.mark.slow
def test_damaged_files_of_state_and_release_heal(grown: Sandbox) -> None:
    def refreshed() -> list[tuple]:
        run = grown.chipcast("refresh", "--quiet")
        assert run.returncode == 0, run.stderr
        assert "Traceback" not in run.stderr
        return grown.query("select table_name, estimated_size from duckdb_tables() order by all")

    tables = refreshed()
    draw = random.Random(SEED)
    # Landed answers cannot be built again, and the lock holds nothing.
    harmed = [*kinds(grown.state, "landing", "inbox", "refresh.lock"), *kinds(grown.latest.resolve())]
    for path in harmed:
        (grown.data / "touched.txt").write_text(str(path))  # other bytes, equal facts: nothing is taken for unchanged
        damage(path, draw.choice(WAYS))
        assert refreshed() == tables, path
    assert len(harmed) > 15
