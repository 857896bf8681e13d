"""The landing zone: every answer of an upstream as it came, for ever, and a record of each retrieval.

`landing/<source_id>/blobs/<sha256>.gz` holds bytes; equal bytes are stored once. `landing/<source_id>/<instant>.json`
is the record of a retrieval: for each answer its URL, status, day of publication, hash and validators. A retrieval is
recorded when its outcome differs from the last one's, so a refresh that finds nothing new writes nothing. Nothing is
ever changed or deleted; everything downstream is a function of these files and the embedded snapshot.
"""

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from pipeline import files
from pipeline.settings import Settings, UserError
from pipeline.sources.base import Source, Upstream


@dataclass(frozen=True)
class Response:
    """One answer of a retrieval."""

    name: str
    url: str
    status: int
    sha256: str
    size: int
    media_type: str
    published: str | None
    etag: str | None = None
    last_modified: str | None = None
    # What upstream calls this state of the file: its entity tag, else the start of the content's hash.
    source_version: str = ""


@dataclass(frozen=True)
class Retrieval:
    """What one look at an upstream gave: answers, or the message why there are none.

    `channel` is `live` for HTTP and `inbox` for files that somebody dropped.
    """

    source_id: str
    retrieved_at: str
    channel: str
    licence: str
    responses: tuple[Response, ...] = ()
    message: str = ""

    @property
    def failed(self) -> bool:
        """True where nothing came back."""
        return bool(self.message)

    @property
    def retrieved_on(self) -> date:
        """The day of the retrieval, UTC."""
        return datetime.fromisoformat(self.retrieved_at).date()

    @property
    def known_on(self) -> date:
        """The day from which its content was public: the newest day of publication, else that of the retrieval."""
        days = [date.fromisoformat(response.published) for response in self.responses if response.published]
        return min(max(days), self.retrieved_on) if len(days) == len(self.responses) and days else self.retrieved_on

    @property
    def outcome(self) -> tuple:
        """What makes two retrievals the same: the content's hashes, or the failure."""
        return self.message, tuple((response.name, response.sha256) for response in self.responses)


def folder(source_id: str, settings: Settings) -> Path:
    """Where a source's answers lie."""
    return settings.state / "landing" / source_id


def blob(source_id: str, sha256: str, settings: Settings) -> Path:
    """The gzip file with the content of that hash."""
    return folder(source_id, settings) / "blobs" / f"{sha256}.gz"


def is_whole(response: Response, source_id: str, settings: Settings) -> bool:
    """False where the landed copy is missing or cut: a gzip file ends with the size of its content, modulo 2^32."""
    try:
        with blob(source_id, response.sha256, settings).open("rb") as file:
            file.seek(-4, io.SEEK_END)
            return int.from_bytes(file.read(), "little") == response.size % 2**32
    except OSError:
        return False


def _read(path: Path) -> Retrieval:
    try:
        record = json.loads(path.read_text())
        return Retrieval(**{**record, "responses": tuple(Response(**one) for one in record["responses"])})
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"Landing record {path.parent.name}/{path.name} is damaged ({error}). Restore it, or delete it to "
            "forget that retrieval."
        ) from None


def history(source_id: str, settings: Settings) -> list[Retrieval]:
    """Every recorded retrieval of a source, oldest first."""
    return [_read(path) for path in sorted(folder(source_id, settings).glob("*.json"))]


def last(source_id: str, channel: str, settings: Settings, landed: bool = False) -> Retrieval | None:
    """The newest retrieval of a channel; with `landed`, the newest that gave something."""
    found = [one for one in history(source_id, settings) if one.channel == channel and not (landed and one.failed)]
    return found[-1] if found else None


def sweep(source_id: str, settings: Settings) -> None:
    """Remove the halves of answers that a killed refresh left: nothing names them, and they may be large."""
    for half in (folder(source_id, settings) / "blobs").glob(".*.part"):
        half.unlink()


def keep(content: Path, sha256: str, source_id: str, settings: Settings) -> None:
    """Move a gzip file into the landing zone; equal content that is there already may be damaged, and gives way."""
    place = blob(source_id, sha256, settings)
    place.parent.mkdir(parents=True, exist_ok=True)
    content.replace(place)
    place.chmod(0o444)


def record(
    source: Source, channel: str, settings: Settings, responses: tuple[Response, ...] = (), message: str = ""
) -> Retrieval:
    """Record a retrieval if its outcome differs from the last of its channel; returns the one that stands."""
    now = datetime.now(UTC)
    new = Retrieval(source.id, now.isoformat(timespec="microseconds"), channel, source.licence, responses, message)
    before = last(source.id, channel, settings)
    if before and before.outcome == new.outcome:
        return before
    path = folder(source.id, settings) / f"{now:%Y%m%dT%H%M%S.%fZ}.json"
    files.write_bytes(path, json.dumps(asdict(new), indent=1).encode())
    path.chmod(0o444)
    return new


class _Checked(io.RawIOBase):
    """A landed answer as a stream. Raises UserError where its bytes are not those that landed, at the end at last."""

    def __init__(self, response: Response, source_id: str, settings: Settings):
        super().__init__()
        self._response, self._source_id, self._digest = response, source_id, hashlib.sha256()
        try:
            self._file = gzip.open(blob(source_id, response.sha256, settings))  # noqa: SIM115
        except OSError as error:
            raise self._wrong(f"is missing ({error.strerror})") from None

    def _wrong(self, problem: str) -> UserError:
        return UserError(
            f"Source {self._source_id}: the landed copy of {self._response.url} {problem}. Restore "
            f"landing/{self._source_id}/blobs/{self._response.sha256}.gz, or delete the record that names it."
        )

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; none at the end, where all that was read must have the hash of what landed."""
        try:
            piece = self._file.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise self._wrong(f"is damaged ({error})") from None
        self._digest.update(piece)
        if not piece and self._digest.hexdigest() != self._response.sha256:
            raise self._wrong("was changed")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the file, too."""
        self._file.close()
        super().close()


class _Contents(Mapping[str, bytes]):
    """The answers of a retrieval by name, read and checked when asked for."""

    def __init__(self, retrieval: Retrieval, settings: Settings):
        self._settings = settings
        self._source_id = retrieval.source_id
        self._responses = {response.name: response for response in retrieval.responses}

    def open(self, name: str) -> IO[bytes]:
        """One answer as a stream."""
        return io.BufferedReader(_Checked(self._responses[name], self._source_id, self._settings), 1 << 20)

    def __getitem__(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read()

    def __iter__(self) -> Iterator[str]:
        return iter(self._responses)

    def __len__(self) -> int:
        return len(self._responses)


def upstream(retrieval: Retrieval, settings: Settings) -> Upstream:
    """What a retrieval gave, for a parser."""
    contents = _Contents(retrieval, settings)
    on = retrieval.retrieved_on
    published = {one.name: date.fromisoformat(one.published) if one.published else on for one in retrieval.responses}
    return Upstream(contents, retrieval.retrieved_on, published, contents.open)
