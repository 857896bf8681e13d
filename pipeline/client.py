"""Releases in Python: `open_release()` gives every table as a pandas frame, from a folder or an object store.

The release is chosen once, when it is opened; what is published later does not change what it gives.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.publish.push import MARK, open_store
from pipeline.settings import Settings, UserError

if TYPE_CHECKING:
    import pandas as pd


def open_release(where: str | Path | None = None, at: str | None = None) -> Release:
    """The current release, or the one that `at` names: a release id, or the day `YYYY-MM-DD` of an AS_OF release.

    `where` is a folder with releases (by default `published/`), one release's own folder, or a place that `PUBLISH_TO`
    filled: `file://…`, `s3://…`, `gs://…`. Raises UserError where there is no such release.
    """
    place = str(where or Settings.from_env().published)
    filesystem, root = open_store(place)
    if filesystem.exists(f"{root}/{MARK}"):
        return Release(filesystem, root)
    for name in [f"releases/{at}", f"as_of/{at}"] if at else ["latest"]:
        if filesystem.exists(pointer := f"{root}/{name}.json"):
            return Release(filesystem, f"{root}/{json.loads(filesystem.cat_file(pointer))['path']}")
        if filesystem.exists(f"{root}/{name}/{MARK}"):
            local = "file" in filesystem.protocol
            # The link is followed once, so that all tables come from one release.
            return Release(filesystem, str(Path(f"{root}/{name}").resolve()) if local else f"{root}/{name}")
    raise UserError(f"There is no release {at!r} in {place}." if at else f"There is no release in {place}.")


class Release:
    """One release: `tables()`, `describe(table)`, `table(name)` and `sql(query)` give pandas frames.

    `id` is its name, `as_of` the day that it pretends to live in, `package` its whole `datapackage.json`.
    """

    def __init__(self, filesystem: Any, folder: str) -> None:
        self._filesystem = filesystem
        self._folder = folder
        self.package: dict[str, Any] = json.loads(filesystem.cat_file(f"{folder}/{MARK}"))
        self.id: str = self.package["id"]
        self.as_of = date.fromisoformat(self.package["as_of"])

    def __repr__(self) -> str:
        return f"<Release {self.id} as of {self.as_of}, {len(self.package['resources'])} tables>"

    def tables(self) -> pd.DataFrame:
        """All tables: name, rows, description."""
        import pandas as pd

        rows = [(r["name"], r["row_count"], r["description"]) for r in self.package["resources"]]
        return pd.DataFrame(rows, columns=["table", "rows", "description"])

    def describe(self, table: str) -> pd.DataFrame:
        """A table's columns: name, type, unit, description."""
        import pandas as pd

        fields = self._resource(table)["schema"]["fields"]
        return (
            pd.DataFrame(fields)
            .reindex(columns=["name", "type", "unit", "description"])
            .rename(columns={"name": "column"})
        )

    def table(self, name: str, as_of: str | date | None = None) -> pd.DataFrame:
        """A whole table such as `market.chips`; dates are datetimes, and `attrs["units"]` holds the columns' units.

        With `as_of`, only rows that the public knew by that day (`reported_on`). Forecasts have no such column: what
        would have been forecast on a day is in the release of that day, `open_release(at="YYYY-MM-DD")`.
        Raises UserError for an unknown table, a table without `reported_on`, and a file that is not as it was released.
        """
        import pandas as pd

        resource = self._resource(name)
        frame = pd.read_parquet(io.BytesIO(self._read(resource["path"], resource["hash"])))
        fields = resource["schema"]["fields"]
        for column in (field["name"] for field in fields if field["type"] == "date"):
            frame[column] = pd.to_datetime(frame[column])
        frame.attrs = {"release": self.id, "units": {f["name"]: f["unit"] for f in fields if "unit" in f}}
        if as_of is None:
            return frame
        if "reported_on" not in frame:
            raise UserError(
                f"{name} does not say when its rows were known. Open the release of a day: at='YYYY-MM-DD'."
            )
        return frame[frame["reported_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)

    def sql(self, query: str) -> pd.DataFrame:
        """The answer to a query on the release's DuckDB file, which is opened read-only."""
        import duckdb

        with duckdb.connect(str(self._database), read_only=True) as connection:
            return connection.execute(query).df()

    def _resource(self, table: str) -> dict[str, Any]:
        for resource in self.package["resources"]:
            if resource["name"] == table:
                return resource
        raise UserError(f"Release {self.id} has no table {table!r}; tables() lists them.")

    def _read(self, path: str, recorded: str) -> bytes:
        content = self._filesystem.cat_file(f"{self._folder}/{path}")
        if f"sha256:{hashlib.sha256(content).hexdigest()}" != recorded:
            raise UserError(f"{path} of release {self.id} is not as it was released.")
        return content

    @cached_property
    def _database(self) -> Path:
        """The DuckDB file, copied from a store once."""
        described = self.package["database"]
        if "file" in self._filesystem.protocol:
            return Path(self._folder) / described["path"]
        self._copy = tempfile.TemporaryDirectory(prefix="chipcast-")
        path = Path(self._copy.name) / described["path"]
        path.write_bytes(self._read(described["path"], described["hash"]))
        return path
