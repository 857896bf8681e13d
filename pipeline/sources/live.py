"""What a source says about its upstream so that it can be asked over HTTP: addresses, limits, headers, and a parser.

Nothing here fetches: `pipeline.ingest.http` does, and `pipeline.ingest.landing` keeps what came back.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.sources.base import Provenance
    from pipeline.sources.upstream import Upstream

# Media types that servers use for the same thing.
CSV = ("text/csv", "application/csv", "text/plain", "application/octet-stream", "binary/octet-stream")
JSON = ("application/json", "text/json", "text/plain", "application/octet-stream")
XML = ("application/xml", "text/xml", "application/octet-stream")
ZIP = ("application/zip", "application/x-zip-compressed", "application/octet-stream", "binary/octet-stream")

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Request:
    """One thing to ask an upstream for.

    The parser finds the answer in `Upstream.files` under `name`; what it leads to under `name#2`, `name#3`, …
    `path` follows the base URL and starts with "/" (or is empty). `body` is sent as JSON by POST. `max_bytes` limits
    each answer after decompression: several times what upstream is known to send, and little enough to be held in
    memory unless the parser reads it as a stream. `links` is a pure function from an answer's bytes to the URLs or
    paths that are to be asked next: a further page, the files that a list names. A link to a host that is not among
    the source's `hosts` is asked at the base URL, so an answer cannot send us anywhere else. At most `max_answers`
    are asked.
    """

    name: str
    path: str = ""
    media_types: tuple[str, ...] = JSON
    max_bytes: int = field(kw_only=True)
    body: str | None = None
    links: Callable[[bytes], Sequence[str]] | None = None
    max_answers: int = 500


@dataclass(frozen=True)
class Live:
    """How to ask an upstream, and how to read what it answers.

    `base_url` is replaced by the environment's `CHIPCAST_<SOURCE ID>_URL` where that is set. `parse` turns the answers
    into the rows that the stored files hold, and raises SourceError naming source and field; without it the answers are
    read as these files are.
    `headers` may name environment variables in braces (`"Bearer {RUNPOD_API_KEY}"`): a source whose variable is not
    set is not asked, and says which it lacks. `hosts` are those that upstream may send us to besides its own.
    `whole`: every retrieval holds the whole table, so a row that is gone was withdrawn; False where rows add up
    (filings, dated lists, vintages). `max_lost_share`: losing more of the last retrieval's rows fails the source. The
    first answer is compared with the embedded rows; where rows add up, with those that `last_list` picks, if any.
    `provenance` is that of the answers where they are cited otherwise than the stored files.
    `tested_on`: `recorded` where the tests' answers came from upstream, `documentation` where they are made after it.
    """

    base_url: str
    requests: tuple[Request, ...]
    parse: Callable[[Upstream], pd.DataFrame] | None = None
    tested_on: str = field(default="documentation", kw_only=True)
    provenance: Provenance | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    requests_per_second: float = 2
    hosts: tuple[str, ...] = ()
    whole: bool = True
    max_lost_share: float = 0.10
    last_list: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the environment variables that the headers need."""
        return tuple(name for text in self.headers.values() for _, name, _, _ in string.Formatter().parse(text) if name)
