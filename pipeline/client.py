"""Releases in Python: `open_release()` gives every table as a pandas frame, from a folder or an object store.

It needs DuckDB and pandas alone; for an object store also fsspec with that store's package. The release is chosen once,
when it is opened; what is published later does not change what it gives.
"""

import json
import os
from pathlib import Path
from typing import Any

from pipeline.publish.reader import PACKAGE, Release
from pipeline.settings import Settings, UserError

__all__ = ["Release", "open_release"]


class _Folder:
    """As much of an fsspec file system as is asked of a folder on this machine."""

    exists = staticmethod(os.path.exists)

    def cat_file(self, path: str) -> bytes:
        return Path(path).read_bytes()


def _store(place: str) -> tuple[Any, str]:
    if "://" not in place or place.startswith("file://"):
        return _Folder(), place.removeprefix("file://").rstrip("/")
    try:
        from pipeline.publish.push import open_store

        return open_store(place)
    except ImportError as error:
        raise UserError(
            f"To read from {place.split(':')[0]}:// install fsspec and its package for it: {error}."
        ) from error


def open_release(where: str | Path | None = None, at: str | None = None) -> Release:
    """The current release, or the one that `at` names: a release id, or the day `YYYY-MM-DD` of an AS_OF release.

    `where` is a folder with releases (by default what `CHIPCAST_PUBLISHED` names, or the checkout's `published/`), one
    release's own folder, or a place that `PUBLISH_TO` filled: `file://…`, `s3://…`, `gs://…`. Raises UserError where there is
    no such release.
    """
    place = str(where or os.environ.get("CHIPCAST_PUBLISHED") or Settings.published)
    store, root = _store(place)
    local = isinstance(store, _Folder)
    filesystem = None if local else store
    if store.exists(f"{root}/{PACKAGE}"):
        return Release(root, filesystem)
    for name in [f"releases/{at}", f"as_of/{at}"] if at else ["latest"]:
        if store.exists(pointer := f"{root}/{name}.json"):
            return Release(f"{root}/{json.loads(store.cat_file(pointer))['path']}", filesystem)
        if store.exists(f"{root}/{name}/{PACKAGE}"):
            # The link is followed once, so that all tables come from one release.
            return Release(Path(f"{root}/{name}").resolve() if local else f"{root}/{name}", filesystem)
    hint = "" if where else " Name a folder, or set CHIPCAST_PUBLISHED to the folder with releases."
    raise UserError((f"There is no release {at!r} in {place}." if at else f"There is no release in {place}.") + hint)
