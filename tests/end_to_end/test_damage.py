"""Every kind of file that a refresh leaves, cut, emptied or removed: the next refresh gives the same release.

What cannot be had again, an answer that landed, is told in one sentence.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import sys
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import pytest
from sandbox import ROOT, Sandbox

from pipeline.publish import release

sys.path.insert(0, str(ROOT / "tests" / "live"))
from answered import answered

SEED = 20261128
WAYS = ("cut", "emptied", "removed")
# Landed answers cannot be built again (below), the lock holds nothing, and what is put aside or drawn is nobody's input.
NOT_DERIVED = ("landing", "inbox", "alerts", "put_aside", "refresh.lock")


def kinds(folder: Path, *but: str) -> list[Path]:
    """One file of each kind, by the folder below `folder` and the suffix; found by a walk, so that a new kind is too."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        top = path.relative_to(folder).parts[0]
        if path.is_file() and top not in but:
            found.setdefault((top if path.parent != folder else "", path.suffix), []).append(path.relative_to(folder))
    return [random.Random(SEED).choice(paths) for paths in found.values()]


def damage(path: Path, way: str) -> None:
    path.chmod(0o644)
    if way == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if way == "cut" else b"")


@pytest.mark.slow
def test_damaged_files_of_state_and_release_heal(
    grown: Sandbox, refreshed: Sandbox, count: Callable[[str, int, int], int]
) -> None:
    # The newest alone: another worker may be making a release beside it.
    name = refreshed.latest.resolve().name
    shutil.copytree(refreshed.latest.resolve(), grown.published / "releases" / name)
    grown.latest.symlink_to(Path("releases") / name)
    for folder in ("dagster", "refreshes"):
        shutil.copytree(refreshed.folder / "seed" / folder, grown.state / folder)

    def heals(what: str) -> None:
        (grown.data / "touched.txt").write_text(what)  # other bytes, equal facts: nothing is taken for unchanged
        run = grown.chipcast("refresh", "--quiet")
        assert run.returncode == 0 and "Traceback" not in run.stderr, f"{what}: {run.stderr}"
        assert (grown.latest.resolve().name, release.verify(grown.latest)) == (name, []), what

    of_state = [(path, way) for path in kinds(grown.state, *NOT_DERIVED) for way in WAYS]
    of_release = [(path, way) for path in kinds(grown.latest.resolve()) for way in WAYS]
    draw = random.Random(SEED)
    draw.shuffle(of_state)
    draw.shuffle(of_release)
    # One of each in one refresh: they are mended apart, and it halves the time.
    pairs = list(zip_longest(of_state, of_release))
    assert len(of_state) > 15 and len(of_release) > 15
    for pair in pairs[: count("pairs of damaged files", 1, len(pairs))]:
        for folder, case in zip((grown.state, grown.latest.resolve()), pair, strict=True):
            # A refresh that nothing else harmed keeps its memory of earlier ones, and Dagster its databases.
            if case and (folder / case[0]).exists():
                damage(folder / case[0], case[1])
        heals(str(pair))


@pytest.mark.slow
def test_a_damaged_answer_that_landed_is_asked_for_again_or_told_in_one_sentence(sandbox: Sandbox) -> None:
    with contextlib.ExitStack() as stack:
        env = answered(stack)
        first = sandbox.chipcast("refresh", "--quiet", **env)
        assert first.returncode == 0, first.stderr
        name, landed = sandbox.latest.resolve().name, sandbox.state / "landing" / "openrouter_prices"
        ((blob,), (record,)) = (landed / "blobs").iterdir(), landed.glob("*.json")

        def refused(path: Path, way: str, sentence: str) -> None:
            damage(path, way)
            shutil.rmtree(sandbox.state / "raw" / "versions")  # as read before, it need not be read again
            run = sandbox.chipcast("refresh", "--quiet", "--from-landing", **env)
            assert run.returncode == 1 and "Traceback" not in run.stderr and sentence in run.stderr, run.stderr

        for way in WAYS:
            whole = blob.read_bytes()
            refused(blob, way, f"Restore landing/openrouter_prices/blobs/{blob.name}")
            again = sandbox.chipcast("refresh", "--quiet", **env)
            assert again.returncode == 0 and blob.read_bytes() == whole, f"{way}: {again.stderr}"
            assert (sandbox.latest.resolve().name, release.verify(sandbox.latest)) == (name, []), way
        for way in WAYS[:2]:  # a record that is gone is a retrieval forgotten
            whole = record.read_bytes()
            refused(record, way, f"Landing record openrouter_prices/{record.name} is damaged")
            record.write_bytes(whole)
