"""Copies of a release on an object store or in another folder, through fsspec (`PUBLISH_TO=s3://… | gs://… | file://…`).

On the store lie `releases/<release_id>/…`, never changed once whole, and the pointers `latest.json` and
`as_of/<day>.json`. Data go first, the release's `datapackage.json` after them, a pointer last: who follows a pointer
always finds a whole release, and a push that broke off goes on where it stopped.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from pipeline import files
from pipeline.publish.reader import PACKAGE
from pipeline.settings import Settings, UserError, scrubbed


@dataclass(frozen=True)
class Pushed:
    """What a push did: files copied now, files that were there already, pointers that now name the release."""

    release: str
    copied: int
    kept: int
    pointers: tuple[str, ...]


def push(settings: Settings) -> Pushed:
    """Copy the current release (of an AS_OF run: that day's) to `settings.publish_to`.

    Raises UserError if the store does not answer or refuses; what is published here stays as it is.
    """
    link = settings.published / "as_of" / str(settings.as_of) if settings.requested_as_of else settings.latest
    folder = link.resolve()
    pointers = [f"as_of/{settings.as_of}.json"] if settings.requested_as_of else []
    if settings.latest.resolve() == folder:
        pointers.append("latest.json")
    assert settings.publish_to
    try:
        filesystem, root = open_store(settings.publish_to)
        copied, kept = _copy(filesystem, folder, f"{root}/releases/{folder.name}")
        moved = [name for name in pointers if _point(filesystem, f"{root}/{name}", folder)]
    except Exception as error:  # every store has error classes of its own
        raise UserError(
            f"The push to {settings.publish_to} failed: {scrubbed(f'{type(error).__name__}: {error}')}\n"
            f"Release {folder.name} is whole and current here. Run the same command again: it copies what is missing."
        ) from None
    return Pushed(folder.name, copied, kept, tuple(moved))


def open_store(url: str) -> tuple[Any, str]:
    """The fsspec file system behind a URL or local path, and the path in it; nothing is read from a cached listing."""
    local = "://" not in url or url.startswith("file://")
    filesystem, root = fsspec.core.url_to_fs(url, **({"auto_mkdir": True} if local else {}))
    filesystem.invalidate_cache()
    return filesystem, root.rstrip("/")


def _copy(filesystem: Any, folder: Path, target: str) -> tuple[int, int]:
    local = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    if filesystem.exists(f"{target}/{PACKAGE}"):
        return 0, len(local)
    there = _equal(filesystem, target, local)
    missing = [name for name in local if name not in there and name != PACKAGE]
    filesystem.put([str(local[name]) for name in missing], [f"{target}/{name}" for name in missing])
    _put_whole(filesystem, f"{target}/{PACKAGE}", local[PACKAGE].read_bytes())
    return len(missing) + 1, len(there)


def _equal(filesystem: Any, target: str, local: dict[str, Path]) -> set[str]:
    """Names of the files that the store has with equal size and content."""
    sizes = {path: info["size"] for path, info in filesystem.find(target, detail=True).items()}
    alike = {
        f"{target}/{name}": name for name, path in local.items() if sizes.get(f"{target}/{name}") == path.stat().st_size
    }
    contents = filesystem.cat(list(alike)) if alike else {}
    return {
        alike[path]
        for path, content in contents.items()
        if hashlib.sha256(content).hexdigest() == files.sha256(local[alike[path]])
    }


def _point(filesystem: Any, pointer: str, folder: Path) -> bool:
    """Let `pointer` name the release, unless it names one of a later day; true if it names this one now."""
    package = json.loads((folder / PACKAGE).read_text())
    content = {"release": folder.name, "path": f"releases/{folder.name}", "as_of": package["as_of"]}
    if filesystem.exists(pointer) and json.loads(filesystem.cat_file(pointer))["as_of"] > content["as_of"]:
        return False
    _put_whole(filesystem, pointer, json.dumps(content, indent=1).encode())
    return True


def _put_whole(filesystem: Any, path: str, content: bytes) -> None:
    """Write a file that nobody sees half of: an object store does so anyway, a folder by renaming."""
    if "file" in filesystem.protocol:
        files.write_bytes(Path(path), content)
    else:
        filesystem.pipe_file(path, content)
