"""What APIs answer, made into rows of text: JSON documents, CSV lines, and the cells of both.

Every figure keeps the digits that upstream wrote. A cell that has not the expected form stays as it is or becomes
empty, so that the contract sends its row to quarantine; a document that has not the expected form is a SourceError.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.sources.base import SourceError


class Members(dict):
    """A JSON object that also remembers members whose name recurs: `pairs` has them all, in upstream's order."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def _changed(source_id: str, problem: str) -> SourceError:
    return SourceError(
        f"Source {source_id}: {problem}. Look at the landed response; if upstream has a new layout, adapt "
        f"pipeline/sources/*/{source_id}.py."
    )


def document(content: bytes, source_id: str, name: str) -> Any:
    """A JSON document, its numbers as text. `name` is that of the landed file.

    Raises SourceError where the bytes are no JSON: an error page, an empty or cut body, a wrong encoding.
    """
    try:
        return json.loads(
            content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=Members
        )
    except (ValueError, RecursionError) as error:
        begins = content[:40].decode("utf-8", "replace")
        raise _changed(source_id, f"{name} is not JSON ({error}); it begins {begins!r}") from None


def member(value: Any, path: str, source_id: str, kind: type = list) -> Any:
    """What stands at a dotted path ("" for the top) within a JSON document, of the given kind (list or dict).

    Raises SourceError that names the path.
    """
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, kind):
        where = f"'{path}'" if path else "at the top"
        raise _changed(source_id, f"the response has no {'list' if kind is list else 'object'} {where}")
    return value


def objects(values: Iterable[Any]) -> list[Mapping[str, Any]]:
    """The values as objects. One that is something else becomes an object without members: a row of empty cells."""
    return [value if isinstance(value, dict) else {} for value in values]


def require(rows: Sequence[Mapping[str, Any]], fields: Iterable[str], source_id: str) -> None:
    """Raise SourceError that names the fields which no row has: upstream dropped or renamed them. No rows, no fault."""
    missing = [name for name in fields if not any(name in row for row in rows)]
    if rows and missing:
        has = ", ".join(sorted({str(name) for row in rows for name in row})[:40])
        raise _changed(source_id, f"upstream no longer has the field(s) {', '.join(missing)}; it has {has}")


def words(value: Any) -> str | None:
    """A JSON scalar as one line of text; None for null and for what is no scalar."""
    if value is None or isinstance(value, dict | list):
        return None
    return " ".join(str(value).encode("utf-8", "replace").decode().split()) or None


def figure(value: Any) -> str | None:
    """A JSON number, or text that should be one, as text. What is neither stays visible, for the contract to reject."""
    return words(str(value)[:100]) if value is not None else None


def decimal(value: Any) -> Decimal | None:
    """The exact number that a cell writes, or None."""
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def plain(number: Decimal) -> str:
    """A number in plain digits, without an exponent or idle zeros."""
    return f"{number.normalize():f}"


def per_million(value: Any) -> str | None:
    """A price per token as a price per million tokens. What is no number stays as it is."""
    number = decimal(value)
    return figure(value) if number is None else plain(number * 1_000_000)


def share(total: Any, parts: Any) -> str | None:
    """A price of several things as the price of one, to ten digits. Without a price none; without a count "no count"."""
    price, count = decimal(total), decimal(parts)
    if price is None:
        return figure(total)
    if count is None or count <= 0:
        return f"no count: {figure(parts)}"
    return plain(Decimal(f"{price / count:.10g}"))


def priced(value: Any) -> str | None:
    """A price; zero, which price lists write where nothing is sold, becomes none."""
    return None if decimal(value) == 0 else figure(value)


def text_frame(rows: Sequence[Mapping[str, str | None]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame of text with the given columns."""
    return pd.DataFrame(list(rows), columns=list(columns), dtype="string")


def csv_rows(lines: Iterable[str], header: Sequence[str]) -> Iterator[tuple[dict[str, str], bool]]:
    """CSV lines as rows, each with whether it can be read: as many cells as the header, no broken letters.

    A line is read for itself, so that a stray quote cannot swallow the lines after it.
    """
    for line in lines:
        try:
            cells = next(csv.reader([line]), [])
        except csv.Error:
            cells = [line[:1000]]
        if cells:
            yield dict(zip(header, cells, strict=False)), len(cells) == len(header) and "\ufffd" not in line
