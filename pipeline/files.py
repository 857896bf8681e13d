"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from pipeline.settings import UserError

if TYPE_CHECKING:
    import pyarrow as pa


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


def write_parquet(path: Path, frame: pd.DataFrame, compression: Literal["snappy", "zstd"] = "snappy") -> None:
    """Replace the Parquet file `path` by `frame` in one step; times have microseconds, the finest that Spark reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    frame.to_parquet(temporary, index=False, compression=compression, coerce_timestamps="us")
    temporary.replace(path)


def write_arrow(path: Path, table: pa.Table) -> None:
    """Replace the Parquet file `path` by `table` in one step."""
    import pyarrow.parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    pyarrow.parquet.write_table(table, temporary)
    temporary.replace(path)


def sha256(path: Path) -> str:
    """Hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(paths: Iterable[Path], *words: str) -> str:
    """One hash over names and contents of `paths` and over `words`: equal inputs, equal hash, wherever they lie."""
    total = hashlib.sha256()
    for name, content in sorted((path.name, sha256(path)) for path in paths):
        total.update(f"{name}\0{content}\0".encode())
    for word in words:
        total.update(f"{word}\0".encode())
    return total.hexdigest()


class Busy(UserError):
    """Another refresh holds the state folder."""


@contextmanager
def state_lock(state: Path) -> Iterator[None]:
    """Hold the state folder for one refresh; the system frees it when the process dies, however it dies. Raises Busy."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        file = (state / "refresh.lock").open("a+")
    except OSError as error:
        raise UserError(f"{state} cannot be written ({error.strerror}): the state folder has to be.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Busy(
                f"Another refresh holds {state.name}/ ({file.read().strip() or 'just started'}). "
                "Wait for it to end; only one refresh at a time can use a state folder."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield
