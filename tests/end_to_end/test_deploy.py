"""What docs/deploy ships for a server: backup, restore, and units that systemd takes. `make check-deploy` lints the rest."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sandbox import ROOT, Sandbox

from pipeline.publish import release

DEPLOY = ROOT / "docs" / "deploy"


def backed_up(sandbox: Sandbox, verb: str, file: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DEPLOY / verb, file], env={**sandbox.env, **env}, text=True, capture_output=True)


def tree(folder: Path) -> dict[str, bytes | str]:
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_backup_and_restore_bring_back_answers_and_releases(refreshed: Sandbox, tmp_path: Path) -> None:
    old, new = Sandbox(tmp_path / "with space" / "old"), Sandbox(tmp_path / "new")
    shutil.copytree(refreshed.latest.resolve(), old.published / "releases" / refreshed.latest.resolve().name)
    old.latest.symlink_to(refreshed.latest.readlink())
    (old.published / "releases" / ".building-half").mkdir()
    for name in ("landing/sec/blobs/1.gz", "landing/sec/1.json", "landing/sec/blobs/.2.part", "inbox/sec/mine.csv"):
        (old.state / name).parent.mkdir(parents=True, exist_ok=True)
        (old.state / name).write_text(name)
    (old.state / "warehouse.duckdb").write_text("can be built again")
    run = backed_up(old, "backup", tmp_path / "backup.tar")
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "backup.tar").stat().st_mode & 0o077 == 0, "answers may be under licence: the owner's alone"

    run = backed_up(new, "restore", tmp_path / "backup.tar")
    assert run.returncode == 0, run.stderr
    assert tree(new.published) == tree(old.published) and release.verify(new.latest) == []
    assert tree(new.state) == {
        name: name.encode() for name in ("inbox/sec/mine.csv", "landing/sec/1.json", "landing/sec/blobs/1.gz")
    }
    before = tree(new.published)
    again = backed_up(new, "restore", tmp_path / "backup.tar")
    assert again.returncode == 1 and "is there already" in again.stderr and tree(new.published) == before


def test_a_restore_of_half_a_backup_fails(refreshed: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "backup.tar").write_bytes(b"half")
    assert backed_up(Sandbox(tmp_path / "new"), "restore", tmp_path / "backup.tar").returncode != 0


@pytest.mark.parametrize("unit", ["chipcast-daemon.service", "chipcast-webserver.service"])
def test_systemd_takes_the_unit(unit: str, tmp_path: Path, needs: Callable[[str, str], str]) -> None:
    # systemd looks for the program that it is to start, which is not in /opt here.
    text = re.sub(r"/opt/chipcast/\.venv/bin/\S+", needs("true", "coreutils"), (DEPLOY / "server" / unit).read_text())
    (tmp_path / unit).write_text(text)
    command = [needs("systemd-analyze", "systemd"), "verify", tmp_path / unit]
    run = subprocess.run(command, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
