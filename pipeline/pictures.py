"""What vl_convert draws, kept in the state folder: the same chart is drawn once, however many refreshes show it.

Run as a module it draws for another process: specifications come in, and their pictures lie in the folder afterwards.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import files

VEGA_LITE = "6.4"
# A picture that no refresh has asked for in this time is thrown away.
KEEP_DAYS = 7


def png(spec: dict[str, Any], kept: Path) -> bytes:
    """A Vega-Lite specification as PNG; `kept` is the folder of earlier pictures."""
    import vl_convert

    text = json.dumps(spec, default=str)
    return _once(kept, "png", text, lambda: vl_convert.vegalite_to_png(text, vl_version=VEGA_LITE, scale=1.5))


def svg(spec: dict[str, Any], kept: Path) -> bytes:
    """A Vega-Lite specification as SVG."""
    import vl_convert

    text = json.dumps(spec, default=str)
    return _once(kept, "svg", text, lambda: vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE).encode())


def libraries(kept: Path) -> bytes:
    """The charting libraries as one JavaScript file for a page."""
    import vl_convert

    return _once(kept, "js", "", lambda: vl_convert.javascript_bundle(vl_version=VEGA_LITE).encode())  # type: ignore[call-arg]


def _once(kept: Path, kind: str, spec: str, draw: Callable[[], bytes]) -> bytes:
    name = hashlib.sha256(f"{version('vl-convert-python')} {VEGA_LITE} {spec}".encode()).hexdigest()
    path = kept / f"{name}.{kind}"
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
