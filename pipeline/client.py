"""Releases in Python: `open_release()` gives every table as a pandas frame, from a folder or an object store.

The release is chosen once, when it is opened; what is published later does not change what it gives.
"""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.publish.push import open_store
from pipeline.publish.reader import PACKAGE, Release
from pipeline.settings import Settings, UserError

__all__ = ["Release", "open_release"]


def open_release(where: str | Path | None = None, at: str | None = None) -> Release:
    """The current release, or the one that `at` names: a release id, or the day `YYYY-MM-DD` of an AS_OF release.

    `where` is a folder with releases (by default `published/`), one release's own folder, or a place that `PUBLISH_TO`
    filled: `file://…`, `s3://…`, `gs://…`. Raises UserError where there is no such release.
    """
    place = str(where or Settings.from_env().published)
    filesystem, root = open_store(place)
    if filesystem.exists(f"{root}/{PACKAGE}"):
        return Release(root, filesystem)
    for name in [f"releases/{at}", f"as_of/{at}"] if at else ["latest"]:
        if filesystem.exists(pointer := f"{root}/{name}.json"):
            return Release(f"{root}/{json.loads(filesystem.cat_file(pointer))['path']}", filesystem)
        if filesystem.exists(f"{root}/{name}/{PACKAGE}"):
            local = "file" in filesystem.protocol
            # The link is followed once, so that all tables come from one release.
            return Release(Path(f"{root}/{name}").resolve() if local else f"{root}/{name}", filesystem)
    raise UserError(f"There is no release {at!r} in {place}." if at else f"There is no release in {place}.")
