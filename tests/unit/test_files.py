"""Nobody sees half a file, and one refresh at a time holds a state folder, however it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipeline import files
from pipeline.settings import PROJECT, UserError


def run(code: str, *arguments: Path) -> subprocess.Popen[str]:
    """Another process with this project on its path."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, text=True, stdout=subprocess.PIPE)


def test_write_bytes_makes_folders_and_leaves_nothing_else(tmp_path):
    target = tmp_path / "new" / "folder" / "file.json"
    for content in (b"first", b"second"):
        files.write_bytes(target, content)
        assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "file"
    files.write_bytes(target, b"old")
    whole = Path.write_bytes

    def half(path: Path, content: bytes) -> int:
        whole(path, content[: len(content) // 2])
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="No space"):
        files.write_bytes(target, b"new and longer")
    assert target.read_bytes() == b"old"


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "table.parquet"
    good = pd.DataFrame({"a": [1, 2]})
    files.write_parquet(target, good)
    with pytest.raises(pa.ArrowException):
        files.write_parquet(target, pd.DataFrame({"a": [object(), "x"]}))
    assert pd.read_parquet(target).equals(good)


def test_a_process_killed_before_the_swap_leaves_the_old_file(tmp_path):
    target = tmp_path / "file"
    files.write_bytes(target, b"old")
    code = (
        "import os, signal, sys; from pathlib import Path; from pipeline import files\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.write_bytes(Path(sys.argv[1]), b'new')"
    )
    assert run(code, target).wait(30) == -signal.SIGKILL
    assert target.read_bytes() == b"old"
    files.write_bytes(target, b"new")
    assert target.read_bytes() == b"new"


def test_digest_depends_on_names_contents_and_words_but_not_on_order(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    base = files.digest([one, two], "embedded")
    assert base == files.digest([two, one], "embedded")
    assert base != files.digest([one, two], "live")
    assert base != files.digest([one], "embedded")
    # moved to where its name sorts last
    moved = tmp_path / "z" / one.name
    moved.parent.mkdir()
    one.rename(moved)
    assert base == files.digest([moved, two], "embedded")
    one.write_bytes(b"2")
    two.write_bytes(b"1")
    assert base != files.digest([one, two], "embedded")


def test_one_refresh_at_a_time_holds_a_state_folder(tmp_path):
    state = tmp_path / "var"
    with files.state_lock(state):
        with pytest.raises(UserError, match=r"Another refresh holds var/ \(process \d+, since .* UTC\)\. Wait"):
            files.state_lock(state).__enter__()
        with files.state_lock(tmp_path / "other"):
            pass
    with files.state_lock(state):
        pass


def test_a_failed_refresh_frees_the_folder(tmp_path):
    with pytest.raises(ZeroDivisionError), files.state_lock(tmp_path):
        _ = 1 / 0
    with files.state_lock(tmp_path):
        pass


def test_a_killed_process_frees_the_folder_and_is_named_while_it_lives(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from pipeline import files\n"
        "with files.state_lock(Path(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    holder = run(code, tmp_path)
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UserError, match=f"process {holder.pid}, since"), files.state_lock(tmp_path):
            pass
    finally:
        holder.kill()
        holder.communicate(timeout=30)
    with files.state_lock(tmp_path):
        assert "process" in (tmp_path / "refresh.lock").read_text()
