"""The report page of a release: one HTML file that needs nothing else, and its charts as PNG for slides.

Belongs here: what the page says and how it looks. Every figure comes from the release's own tables by the SQL that the
page shows; nothing is computed here that a table could hold.
"""

from pathlib import Path

import duckdb


def write(folder: Path, kept: Path) -> Path:
    """Write `index.html` and `charts/*.png` of the release in `folder` from its `chipcast.duckdb`; return the page.

    Pictures that an earlier page needed too come from the folder `kept`.
    """
    # Altair takes a fifth of a second to load, which the command line does without.
    from pipeline.report import page, pictures

    with duckdb.connect(str(folder / "chipcast.duckdb"), read_only=True) as connection:
        content = page.read(connection)
    specs = page.slides(content)
    pictures.draw(list(specs.values()), kept)
    (folder / "charts").mkdir(exist_ok=True)
    for name, spec in specs.items():
        (folder / "charts" / f"{name}.png").write_bytes(pictures.png(spec, kept))
    target = folder / "index.html"
    target.write_text(page.html(content, pictures.libraries(kept).decode()), encoding="utf-8")
    pictures.prune(kept)
    return target
