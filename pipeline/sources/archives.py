"""Zip archives from strangers, opened with care."""

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

MAX_MEMBERS = 5_000
MAX_TOTAL_BYTES = 200_000_000
# Text compresses about tenfold; a hundredfold is a bomb (or a file of zeros).
MAX_RATIO = 200


class ArchiveError(Exception):
    """An archive that cannot be trusted or read; the message says why."""


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise ArchiveError(f"the archive has {len(members)} members; at most {MAX_MEMBERS} are read")
    total = 0
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise ArchiveError(f"the archive's member {member.filename!r} points outside the archive")
        total += member.file_size
        if member.file_size > MAX_RATIO * max(member.compress_size, 1_000) or total > MAX_TOTAL_BYTES:
            raise ArchiveError(
                f"the archive's member {member.filename!r} unpacks to {member.file_size} bytes: too much"
            )
    return members


def unzipped(content: bytes, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The wanted members of a zip archive by name.

    Raises ArchiveError where it is no zip, is cut short, a member leads outside or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = {}
            for member in _checked(archive):
                if not member.is_dir() and wanted(member.filename):
                    with archive.open(member) as file:
                        data = file.read(member.file_size + 1)
                    if len(data) > member.file_size:
                        raise ArchiveError(f"the archive's member {member.filename!r} is larger than it says")
                    found[member.filename] = data
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ArchiveError(f"the file is no readable zip archive ({error})") from None
