"""What came from upstream: the bytes of a source's files, and the error of those that cannot be read."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

import pandas as pd


class SourceError(Exception):
    """A source cannot be used as a whole; the message names the source, what is wrong and what to do."""


@dataclass(frozen=True)
class Upstream:
    """The bytes that one source consists of, by path or name of request, and the day they were retrieved.

    `published` has the day that upstream says a file is from, where it says one. `opener` reads a large file bit by
    bit; without it the file is in `files`.
    """

    files: Mapping[str, bytes]
    retrieved_at: date
    published: Mapping[str, date] = field(default_factory=dict)
    opener: Callable[[str], IO[bytes]] | None = None

    def csv(self, path: str, **options: Any) -> pd.DataFrame:
        """A CSV file as a frame of strings; empty cells are missing.

        Raises SourceError where its first line of values is longer than its header: every value would be misplaced.
        """
        frame = pd.read_csv(io.BytesIO(self.files[path]), dtype="string", encoding="utf-8-sig", **options)
        if not isinstance(frame.index, pd.RangeIndex):
            raise SourceError(
                f"{path}: line 2 has more cells than the header ({', '.join(frame.columns)}). Fetch it again."
            )
        return frame

    def json(self, path: str) -> Any:
        """A JSON file; a byte order mark is no fault."""
        return json.loads(self.files[path].decode("utf-8-sig"))

    def pages(self, name: str) -> list[str]:
        """Names of all pages of a request, in order."""
        names = [name]
        while f"{name}#{len(names) + 1}" in self.files:
            names.append(f"{name}#{len(names) + 1}")
        return names

    def open(self, path: str) -> IO[bytes]:
        """A file to be read bit by bit, never wholly in memory."""
        return self.opener(path) if self.opener else io.BytesIO(self.files[path])

    def day(self, path: str, default: str | date | None = None) -> str:
        """The day a file is from, as an ISO date: what upstream says, else `default`, else the day of retrieval."""
        return str(self.published.get(path) or default or self.retrieved_at)
