"""The report page of a release: one HTML file that needs nothing else, and its charts as PNG for slides.

Belongs here: what the page says and how it looks. Every figure comes from the release's own tables by the SQL that the
page shows; nothing is computed here that a table could hold.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def write(folder: Path) -> Path:
    """Write `index.html` and `charts/*.png` of the release in `folder` from its `chipcast.duckdb`; return the page."""
    import duckdb

    from pipeline.report import page, slides

    pictures = folder / "charts"
    pictures.mkdir(exist_ok=True)
    # Packing the charting libraries takes over a second: a helper does that, and then draws half of the pictures.
    command = [sys.executable, "-m", "pipeline.report.slides", str(pictures)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as helper:
        try:
            with duckdb.connect(str(folder / "chipcast.duckdb"), read_only=True) as connection:
                content = page.read(connection)
            specs = list(page.slides(content).items())
            assert helper.stdin
            helper.stdin.write(json.dumps(dict(specs[::2]), default=str).encode())
            helper.stdin.close()
            slides.draw(pictures, dict(specs[1::2]))
            bundle = helper.stdout.read().decode() if helper.stdout else ""
        except BaseException:
            helper.kill()
            raise
    if helper.returncode:
        raise RuntimeError("vl_convert could not pack the charting libraries or draw the pictures")
    target = folder / "index.html"
    target.write_text(page.html(content, bundle), encoding="utf-8")
    return target
