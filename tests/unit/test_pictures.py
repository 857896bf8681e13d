"""The same chart is drawn once; another chart is another picture; what nobody asks for goes."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pipeline.report import pictures


def spec(value: int) -> dict:
    return {
        "data": {"values": [{"x": value}]},
        "mark": "point",
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
    }


def test_a_picture_is_drawn_once(tmp_path: Path) -> None:
    first = pictures.png(spec(1), tmp_path)
    (path,) = tmp_path.iterdir()
    assert first.startswith(b"\x89PNG") and path.read_bytes() == first
    path.write_bytes(b"kept")
    assert pictures.png(spec(1), tmp_path) == b"kept"
    assert pictures.png(spec(2), tmp_path) not in (first, b"kept")
    assert pictures.svg(spec(1), tmp_path).startswith(b"<svg")


def test_old_pictures_go(tmp_path: Path) -> None:
    old, new = tmp_path / "old.png", tmp_path / "new.png"
    for path in (old, new):
        path.touch()
    os.utime(old, times=(0, time.time() - 86400 * (pictures.KEEP_DAYS + 1)))
    pictures.prune(tmp_path)
    assert [*tmp_path.iterdir()] == [new]


def test_many_are_drawn_by_two_processes_into_the_same_folder(tmp_path: Path) -> None:
    many = [spec(number) for number in range(3)]
    pictures.draw(many, tmp_path)
    drawn = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.png")}
    assert len(drawn) == len(many)
    pictures.draw(many, tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.png")} == drawn
