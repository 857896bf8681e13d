"""What vl_convert draws, kept in the state folder: the same chart is drawn once, however many refreshes show it.

Run as a module it draws for another process: specifications come in, and their pictures lie in the folder afterwards.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from pipeline import files

VEGA_LITE = "6.4"
# A picture that no refresh has asked for in this time is thrown away.
KEEP_DAYS = 7


def png(spec: dict[str, Any], kept: Path) -> bytes:
    """A Vega-Lite specification as PNG; `kept` is the folder of earlier pictures."""
    text = _text(spec)
    return _once(kept, "png", text, lambda: vl_convert.vegalite_to_png(text, vl_version=VEGA_LITE, scale=1.5))


def svg(spec: dict[str, Any], kept: Path) -> bytes:
    """A Vega-Lite specification as SVG."""
    text = _text(spec)
    return _once(kept, "svg", text, lambda: vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE).encode())


def draw(specs: Sequence[dict[str, Any]], kept: Path) -> None:
    """Draw those of many specifications that are not in `kept`; vl_convert draws one at a time, so two processes do."""
    new = [spec for spec in specs if not _path(kept, "png", _text(spec)).exists()]
    command, beside = [sys.executable, "-m", "pipeline.report.pictures", str(kept)], new[1::2]
    with ThreadPoolExecutor(1) as thread:
        helper = thread.submit(subprocess.run, command, input=_text(beside).encode(), check=True) if beside else None
        for spec in new[::2]:
            png(spec, kept)
        if helper:
            helper.result()


def libraries(kept: Path) -> bytes:
    """The charting libraries as one JavaScript file for a page."""
    return _once(kept, "js", "", lambda: vl_convert.javascript_bundle(vl_version=VEGA_LITE).encode())  # type: ignore[call-arg]


def _text(spec: Any) -> str:
    return json.dumps(spec, default=str)


def _path(kept: Path, kind: str, spec: str) -> Path:
    name = hashlib.sha256(f"{version('vl-convert-python')} {VEGA_LITE} {spec}".encode()).hexdigest()
    return kept / f"{name}.{kind}"


def _once(kept: Path, kind: str, spec: str, draw: Callable[[], bytes]) -> bytes:
    path = _path(kept, kind, spec)
    if path.exists():
        path.touch()
    else:
        files.write_bytes(path, draw())
    return path.read_bytes()


def prune(kept: Path) -> None:
    """Remove what was not asked for lately."""
    for path in kept.glob("*.*"):
        if time.time() - path.stat().st_mtime > KEEP_DAYS * 86400:
            path.unlink()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    libraries(folder)
    for one in json.load(sys.stdin):
        png(one, folder)
