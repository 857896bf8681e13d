"""A release as it is read: one class for the command line, explain, diff and Python users (`pipeline.client`).

Nothing but DuckDB and pandas is imported here, which is all that `pip install chipcast` brings.
"""

import hashlib
import json
import re
import tempfile
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.settings import UserError

PACKAGE = "datapackage.json"
LINEAGE = "lineage.json"
SOURCES = "sources"
# What pandas calls a column with gaps, which versions of DuckDB name differently.
WITH_GAPS = {"integer": "Int64", "boolean": "boolean"}


def opened(database: Path, locked: bool = True) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a DuckDB file; a `locked` one reaches no other file, whatever a query says.

    Raises UserError naming who holds the file where somebody writes to it.
    """
    # Attached: two connections to one file that are set up differently cannot be in one process.
    connection = duckdb.connect()
    path = str(database).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as chipcast (read_only); use chipcast")
    except duckdb.IOException as error:
        connection.close()
        holder = re.search(r"held in (.+?) \(PID (\d+)\)", str(error))
        if "lock" not in str(error).lower():
            raise
        who = f"{Path(holder[1]).name}, process {holder[2]}," if holder else "Another program"
        raise UserError(f"{who} holds {database} open for writing: close it there, or open it read-only.") from error
    if locked:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
    return connection


class Release:
    """One release: `tables()`, `describe(table)`, `table(name)` and `sql(query)` give pandas frames.

    `id` is its name, `as_of` the day that it pretends to live in, `package` its whole `datapackage.json`. A release on
    a store is read through its fsspec `filesystem`.
    """

    def __init__(self, folder: str | Path, filesystem: Any = None) -> None:
        self._filesystem = filesystem
        self.folder = Path(folder)
        self.package: dict[str, Any] = json.loads(self._content(PACKAGE))
        self.id: str = self.package["id"]
        self.as_of = date.fromisoformat(self.package["as_of"])

    def __repr__(self) -> str:
        return f"<Release {self.id} as of {self.as_of}, {len(self.package['resources'])} tables>"

    def tables(self) -> pd.DataFrame:
        """All tables: name, rows, description."""
        rows = [(r["name"], r["row_count"], r["description"]) for r in self.package["resources"]]
        return pd.DataFrame(rows, columns=["table", "rows", "description"])

    def describe(self, table: str) -> pd.DataFrame:
        """A table's columns: name, type, unit, description."""
        shown = pd.DataFrame(self.resource(table)["schema"]["fields"])
        return shown.reindex(columns=["name", "type", "unit", "description"]).rename(columns={"name": "column"})

    def table(self, name: str, as_of: str | date | None = None) -> pd.DataFrame:
        """A whole table such as `market.chips`; dates are datetimes, and `attrs["units"]` holds the columns' units.

        An integer or Boolean column with gaps has pandas' own type for it (`Int64`, `boolean`).
        With `as_of`, only rows that the public knew by that day (`reported_on`). Forecasts have no such column: what
        would have been forecast on a day is in the release of that day, `open_release(at="YYYY-MM-DD")`.
        Raises UserError for an unknown table, a table without `reported_on`, and a file that is not as it was released.
        """
        resource = self.resource(name)
        with duckdb.connect() as connection:
            frame = connection.read_parquet(str(self._file(resource["path"], resource["hash"]))).df()
        fields = resource["schema"]["fields"]
        for column, kind in ((field["name"], field["type"]) for field in fields):
            if kind == "date":
                frame[column] = pd.to_datetime(frame[column])
            elif kind in WITH_GAPS and frame[column].isna().any():
                frame[column] = frame[column].astype(WITH_GAPS[kind])
        frame.attrs = {"release": self.id, "units": {f["name"]: f["unit"] for f in fields if "unit" in f}}
        if as_of is None:
            return frame
        if "reported_on" not in frame:
            raise UserError(
                f"{name} does not say when its rows were known. Open the release of a day: at='YYYY-MM-DD'."
            )
        return frame[frame["reported_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)

    def sql(self, query: str) -> pd.DataFrame:
        """The answer to a query on the release's DuckDB file, which can change nothing and reaches no other file."""
        with self.connect() as connection:
            return connection.execute(query).df()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection to the release's DuckDB file, which reaches no other file."""
        return opened(self._database)

    def connect_with_sources(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection that reads the files of `source` too. Not for SQL that a user wrote: it reads any file."""
        return opened(self._database, locked=False)

    def resource(self, table: str) -> dict[str, Any]:
        """What the descriptor says of a table. Raises UserError for an unknown one."""
        for resource in self.package["resources"]:
            if resource["name"] == table:
                return resource
        raise UserError(f"Release {self.id} has no table {table!r}; tables() lists them.")

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """Columns of each published table."""
        return {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in self.package["resources"]}

    @property
    def keys(self) -> dict[str, list[str]]:
        """Primary key of each table that has one."""
        schemas = {r["name"]: r["schema"] for r in self.package["resources"]}
        return {name: schema["primaryKey"] for name, schema in schemas.items() if schema.get("primaryKey")}

    def numbers(self, table: str) -> set[str]:
        """Columns of a table that hold figures with decimals."""
        return {each["name"] for each in self.resource(table)["schema"]["fields"] if each["type"] == "number"}

    def parquet(self, table: str) -> str:
        """A table of the release as a relation for SQL."""
        return f"'{self.folder / 'parquet' / table}.parquet'"

    def source(self, node: str) -> str:
        """The rows of a source or crosswalk that the release carries, as a relation for SQL."""
        return f"'{self.folder / SOURCES / node}.parquet'"

    @cached_property
    def lineage(self) -> dict[str, Any]:
        """What each relation is made of; nothing in a release that was made before it was carried."""
        try:
            return json.loads(self._content(LINEAGE))
        except FileNotFoundError:
            return {}

    def ancestors(self, table: str) -> list[str]:
        """Every relation that a table is made of, nearest first."""
        nodes, found = self.lineage.get("nodes", {}), [table]
        for name in found:  # which grows meanwhile
            found += [parent for parent in nodes.get(name, {"parents": []})["parents"] if parent not in found]
        return found[1:]

    def _content(self, path: str) -> bytes:
        where = self.folder / path
        return self._filesystem.cat_file(str(where)) if self._filesystem else where.read_bytes()

    def _file(self, path: str, recorded: str) -> Path:
        """A file of the release, as it was released; out of a store it is copied once."""
        file = self.folder / path
        if self._filesystem:
            file = Path(self._copies.name) / path
            if not file.exists():
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(self._content(path))
        with file.open("rb") as content:
            if f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}" != recorded:
                raise UserError(f"{path} of release {self.id} is not as it was released.")
        return file

    @cached_property
    def _copies(self) -> tempfile.TemporaryDirectory:
        return tempfile.TemporaryDirectory(prefix="chipcast-")

    @cached_property
    def _database(self) -> Path:
        return self._file(self.package["database"]["path"], self.package["database"]["hash"])
