"""Where things are and what is asked of a run, read once from the environment."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|WEBHOOK|SMTP", re.IGNORECASE)
STORES = ("s3", "gs", "file")
PROJECT = Path(__file__).resolve().parent.parent


class UserError(Exception):
    """A mistake that the user can mend: shown as one message, without a traceback."""


def scrubbed(text: str) -> str:
    """The text without the value of any environment variable whose name says that it is secret."""
    for name, value in os.environ.items():
        if SECRET.search(name) and len(value) >= 6:
            text = text.replace(value, f"<{name}>")
    return text


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Environment variables for a while; they are as before afterwards."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _date(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{name}={text!r} is not a date: write it as YYYY-MM-DD, such as {name}=2026-03-31") from None


def _number(name: str, default: float) -> float:
    text = os.environ.get(name) or str(default)
    try:
        return max(0.0, float(text))
    except ValueError:
        raise UserError(f"{name}={text!r} is not a number.") from None


def _owners(text: str) -> tuple[str, ...]:
    """Owners as Dagster takes them."""
    for owner in text.split():
        if not re.fullmatch(r"team:\w[\w-]*|[^@\s]+@[^@\s]+\.[^@\s]+", owner):
            raise UserError(f"CHIPCAST_OWNERS: {owner!r} is neither an e-mail address nor team:NAME.")
    return tuple(text.split())


def _store(url: str) -> str:
    """`PUBLISH_TO` as given; told off before a run rather than after it, and never with a password in it."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query:
        raise UserError("PUBLISH_TO holds credentials: leave them to the environment or to the store's own settings.")
    if parts.scheme not in STORES or not parts.netloc + parts.path.strip("/"):
        raise UserError(
            f"PUBLISH_TO={url!r} is no store: write s3://bucket/folder, gs://bucket/folder or file:///folder."
        )
    return url.rstrip("/")


@dataclass(frozen=True)
class Settings:
    """Folders and the time of one state of the pipeline.

    `state` holds landed answers and all that is built from them, `published` the releases, `data` the embedded
    snapshot. `from_landing` is live mode without a look at any upstream: it uses what has landed. `publish_to` is where
    releases are copied to.
    """

    state: Path = PROJECT / "var"
    published: Path = PROJECT / "published"
    data: Path = PROJECT / "data"
    live: bool = False
    from_landing: bool = False
    requested_as_of: date | None = None
    publish_to: str | None = None
    accept_revisions: str = ""  # the reason why more of the past may change than usual
    keep_releases: int = 30  # the newest so many stay
    keep_days: float = 1  # and those that were current so many days ago: a reader may have them open
    owners: tuple[str, ...] = ()  # who answers for the assets in the UI

    @classmethod
    def from_env(cls) -> Self:
        """Read `CHIPCAST_STATE`, `CHIPCAST_PUBLISHED`, `CHIPCAST_DATA` and the variables that the Makefile exports."""
        env = os.environ
        live, from_landing = (env.get(name, "") not in ("", "0") for name in ("LIVE", "FROM_LANDING"))
        as_of = _date("AS_OF", env["AS_OF"]) if env.get("AS_OF") else None
        today = max(date.today(), datetime.now(UTC).date())
        if as_of and as_of > today:
            raise UserError(f"AS_OF={as_of} lies after today, {today}: nothing is known of that day yet.")
        return cls(
            state=Path(env.get("CHIPCAST_STATE") or cls.state).resolve(),
            published=Path(env.get("CHIPCAST_PUBLISHED") or cls.published).resolve(),
            data=Path(env.get("CHIPCAST_DATA") or cls.data).resolve(),
            live=live or from_landing,
            from_landing=from_landing,
            requested_as_of=as_of,
            publish_to=_store(env["PUBLISH_TO"]) if env.get("PUBLISH_TO") else None,
            accept_revisions=env.get("ACCEPT_REVISIONS", ""),
            keep_releases=int(_number("CHIPCAST_KEEP_RELEASES", cls.keep_releases)),
            keep_days=_number("CHIPCAST_KEEP_DAYS", cls.keep_days),
            owners=_owners(env.get("CHIPCAST_OWNERS", "")),
        )

    @cached_property
    def snapshot_date(self) -> date:
        """The day up to which the embedded snapshot was gathered."""
        return date.fromisoformat(json.loads((self.data / "SNAPSHOT.json").read_text())["snapshot_date"])

    @cached_property
    def as_of(self) -> date:
        """The day the run pretends to live in: `AS_OF`, else the snapshot's day, else (live) today in UTC."""
        return self.requested_as_of or (datetime.now(UTC).date() if self.live else self.snapshot_date)

    @property
    def mode(self) -> str:
        """How sources are read: `embedded` or `live`."""
        return "live" if self.live else "embedded"

    @property
    def raw(self) -> Path:
        """Accepted rows of every source, one Parquet file each."""
        return self.state / "raw"

    @property
    def forecasts(self) -> Path:
        """What the forecasting stage wrote, one Parquet file per table."""
        return self.state / "forecasts"

    @property
    def warehouse(self) -> Path:
        """The private DuckDB file that only dbt writes."""
        return self.state / "warehouse.duckdb"

    @property
    def pictures(self) -> Path:
        """Charts as they were drawn before, by what they show."""
        return self.state / "pictures"

    @property
    def latest(self) -> Path:
        """The link to the current release."""
        return self.published / "latest"
