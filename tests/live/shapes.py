"""Answers of upstreams as records that a fault can hit: JSON, CSV, CSV in a zip archive, and XBRL."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any, Protocol
from xml.etree import ElementTree

Record = dict[str, Any]
# A list with fewer records is part of a record, not the table.
FEWEST = 5


class Shape(Protocol):
    """How to change the records of an answer."""

    def each(self, content: bytes, change: Callable[[Record], Record]) -> bytes:
        """Every record changed."""

    def rows(self, content: bytes, change: Callable[[list], list]) -> bytes:
        """The list of records changed."""


class Json:
    """JSON: every object is a record; every long list, or long object of objects, a table."""

    def _walk(self, node: Any, change: Callable[[Record], Record]) -> Any:
        if isinstance(node, dict):
            return change({key: self._walk(value, change) for key, value in node.items()})
        return [self._walk(value, change) for value in node] if isinstance(node, list) else node

    def each(self, content: bytes, change: Callable[[Record], Record]) -> bytes:
        return json.dumps(self._walk(json.loads(content), change)).encode()

    def _tables(self, node: Any, change: Callable[[list], list]) -> Any:
        if isinstance(node, dict):
            inner = {key: self._tables(value, change) for key, value in node.items()}
            is_table = len(inner) >= FEWEST and all(isinstance(value, dict) for value in inner.values())
            return dict(change(list(inner.items()))) if is_table else inner
        if isinstance(node, list):
            is_table = len(node) >= FEWEST and all(isinstance(value, dict) for value in node)
            return change(node) if is_table else [self._tables(value, change) for value in node]
        return node

    def rows(self, content: bytes, change: Callable[[list], list]) -> bytes:
        return json.dumps(self._tables(json.loads(content), change)).encode()


class JsonColumns(Json):
    """JSON whose table is an object of equally long lists."""

    def rows(self, content: bytes, change: Callable[[list], list]) -> bytes:
        def columns(record: Record) -> Record:
            lists = {key: value for key, value in record.items() if isinstance(value, list) and len(value) >= FEWEST}
            return {**record, **{key: change(value) for key, value in lists.items()}}

        return self.each(content, columns)


class Csv:
    """CSV with a header, after some lines of preamble."""

    def __init__(self, preamble: int = 0):
        self.preamble = preamble

    def _read(self, content: bytes) -> tuple[str, list[Record]]:
        lines = content.decode().splitlines(keepends=True)
        rest = "".join(lines[self.preamble :])
        return "".join(lines[: self.preamble]), list(csv.DictReader(io.StringIO(rest)))

    def _write(self, head: str, records: list[Record]) -> bytes:
        """Every cell in quotes, an empty one bare."""
        lines = [list(records[0]), *(record.values() for record in records)]
        rows = (",".join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in line) for line in lines)
        return (head + "\n".join(rows) + "\n").encode()

    def each(self, content: bytes, change: Callable[[Record], Record]) -> bytes:
        head, records = self._read(content)
        return self._write(head, [change(record) for record in records])

    def rows(self, content: bytes, change: Callable[[list], list]) -> bytes:
        head, records = self._read(content)
        return self._write(head, change(records))


def zipped(name: str, content: bytes) -> bytes:
    """A zip archive of one file, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


class Zip:
    """The one CSV file of a zip archive."""

    def _inside(self, content: bytes, change: Callable[[bytes], bytes]) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (name,) = archive.namelist()
            return zipped(name, change(archive.read(name)))

    def each(self, content: bytes, change: Callable[[Record], Record]) -> bytes:
        return self._inside(content, lambda inner: Csv().each(inner, change))

    def rows(self, content: bytes, change: Callable[[list], list]) -> bytes:
        return self._inside(content, lambda inner: Csv().rows(inner, change))

    def text(self, content: bytes, change: Callable[[bytes], bytes]) -> bytes:
        """The file's bytes changed."""
        return self._inside(content, change)


class Xbrl:
    """XBRL: every element is a record of its attributes and, under its name, its text; the facts are the table."""

    def _element(self, element: ElementTree.Element, record: Record) -> None:
        space, _, old = element.tag.rpartition("}")
        attributes = {name: str(value) for name, value in record.items() if name in element.attrib}
        (name, text), *_ = [(name, value) for name, value in record.items() if name not in element.attrib] or [
            (old, "")
        ]
        element.tag = f"{space}}}{name.replace(' ', '_')}"
        element.attrib.clear()
        element.attrib.update(attributes)
        element.text = text

    def _read(self, content: bytes) -> ElementTree.Element:
        for _, (prefix, space) in ElementTree.iterparse(io.BytesIO(content), ["start-ns"]):
            ElementTree.register_namespace(prefix, space)
        return ElementTree.fromstring(content)

    def each(self, content: bytes, change: Callable[[Record], Record]) -> bytes:
        root = self._read(content)
        for element in list(root.iter())[1:]:
            self._element(element, change({**element.attrib, element.tag.rpartition("}")[2]: element.text}))
        return ElementTree.tostring(root, "utf-8", xml_declaration=True)

    def rows(self, content: bytes, change: Callable[[list], list]) -> bytes:
        root = self._read(content)
        facts = [element for element in root if "contextRef" in element.attrib]
        for element in facts:
            root.remove(element)
        root.extend(change(facts))
        return ElementTree.tostring(root, "utf-8", xml_declaration=True)
