"""`chipcast explain`: the chain from a published cell back to rows and documents, out of one release alone.

Belongs here: following lineage and finding source rows. What a release must carry for it: publish/explain_inputs.py.
"""

import re
from pathlib import Path
from typing import Any

import duckdb

from pipeline.publish.reader import Release
from pipeline.read.explain.chain import Chain
from pipeline.settings import UserError

# A condition that matches more rows than this is not one cell or a few.
MOST_ROWS = 10
# `column = 'text'` in a condition, and how many of the column's values are offered in place of the text.
EQUALS = re.compile(r"""(\w+)"?\s*=\s*'((?:[^']|'')*)'""")
NEAREST = 3


def explain(folder: Path, table: str, where: str, column: str | None = None) -> list[dict[str, Any]]:
    """The chain behind each row of `table` that the SQL condition `where` matches, or behind one column of them.

    Per row: `row`, `model`, `parents` (every relation up to the sources), `columns` (what each is made of), `facts`
    (source rows with file and hash), `forecast` (origin, inputs, assumptions) and `documents`, where the chain ends.
    Raises UserError for an unknown table or column and for a condition that is no SQL or matches none or many rows.
    """
    release = Release(folder)
    # The condition is somebody's SQL: it runs where no file can be read.
    with release.connect() as locked, release.connect_with_sources() as connection:
        chain = Chain(release, connection)
        if table not in chain.tables:
            raise UserError(f"There is no table {table!r} in this release. `chipcast tables` lists them.")
        names = chain.tables[table]
        if column and column not in names:
            raise UserError(f"{table} has no column {column!r}. It has {', '.join(names)}.")
        try:
            found = Chain(release, locked).rows(f"select * from {table} where {where} limit {MOST_ROWS + 1}")
        except duckdb.Error as error:
            raise UserError(f"The condition {where!r} cannot be used: {error}") from error
        if not found:
            raise UserError(f"No row of {table} meets {where!r}.{_nearest(chain, table, where)}")
        if len(found) > MOST_ROWS:
            raise UserError(f"More than {MOST_ROWS} rows of {table} meet {where!r}: name one cell or a few.")
        return [chain.row(table, row, [column] if column else names) for row in found]


def _nearest(chain: Chain, table: str, where: str) -> str:
    """For each text that a condition wants of a column and that the column does not hold, the values most like it."""
    told = ""
    for column, quoted in EQUALS.findall(where):
        wanted = quoted.replace("''", "'")
        if column not in chain.tables[table]:
            continue
        like = f"contains(lower(value), lower($1)) desc, jaro_winkler_similarity(value, $1) desc, value limit {NEAREST}"
        values = f"select distinct {column}::varchar as value from {table} where {column} is not null"
        near = [
            row["value"]
            for row in chain.rows(f"select value from ({values}) order by value = $1 desc, {like}", [wanted])
        ]
        if near and wanted not in near:
            told += f" {column} {wanted!r} does not occur; nearest: {', '.join(near)}."
    return told
