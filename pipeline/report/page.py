"""The page itself: reads the release, renders the template, and hands the charts on for slides."""

import base64
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any

import altair as alt
import duckdb
import jinja2
import markupsafe

from pipeline.report import charts
from pipeline.report.section import Figure, Listing, Section
from pipeline.report.sections import overview, query, sections
from pipeline.report.text import Cell, Row, cell, day, evidence, plain, reason

HERE = Path(__file__).parent
# A longer table is not shown under its chart; the SQL beside it gives it.
MOST_ROWS = 120


@dataclass(frozen=True)
class View:
    """A figure or table with what the release gave for it. Without rows there is a sentence instead of a chart."""

    item: Figure | Listing
    sql: str
    rows: list[Row]
    columns: tuple[str, ...]
    cells: list[list[Cell]]
    keys: list[str]
    caption: str = ""
    title: str = ""
    words: str = ""
    evidence: str = ""
    source: str = ""
    spec: dict[str, Any] | None = None


@dataclass(frozen=True)
class Part:
    """A section with what the release gave for it; `id` is its address on the page."""

    id: str
    section: Section
    figures: list[View]
    tables: list[View]


@dataclass(frozen=True)
class Content:
    """Everything that the template shows."""

    as_of: date | None
    known: Row  # the newest result, and the vendors whose next one is out by the calendar and is not here
    answer: str  # to the article's question, in one sentence
    headlines: list[Row]
    overview: Part
    parts: list[Part]

    @property
    def views(self) -> list[View]:
        """All figures and tables, in the order of the page."""
        return [view for part in (self.overview, *self.parts) for view in (*part.figures, *part.tables)]


Read = Callable[[str], list[Row]]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [{name: _json(value) for name, value in zip(names, row, strict=True)} for row in result.fetchall()]


def _json(value: Any) -> Any:
    """Exact decimals come from literals in a query only; the page calculates with floats. JSON knows no NaN."""
    if isinstance(value, Decimal):
        value = float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _evidence(rows: Sequence[Row]) -> str:
    """`tested to 2028Q2, then assumption-based`, from rows in order."""
    runs = groupby((row for row in rows if row.get("evidence_class")), key=lambda row: row["evidence_class"])
    ends = [list(run)[-1] for _, run in runs]
    words = list(dict.fromkeys(evidence(row["evidence_class"]) for row in ends))
    if len(ends) == 2 and "period" in ends[0] and ends[1]["evidence_class"] != "scenario":
        return f"{words[0]} to {ends[0]['period']}, then {words[1]}"
    return ", ".join(words)


def _source(read: Read, figure: Figure) -> str:
    names: dict[frozenset[str], str] = {}  # by its words: several sources are credited alike, in another order
    days = []
    for table in figure.facts:
        sql = (
            "select if(credit = '' or credit like 'the %', title, credit) as credit, max(reported_on) as newest "
            f"from market.{table} inner join market.sources using (source_id) group by all order by credit"
        )
        found = read(sql)
        names.update((frozenset(row["credit"].split()), row["credit"]) for row in found)
        days += [row["newest"] for row in found]
    if not names:
        return "none of the sources behind it was known by then"
    return f"{'; '.join(names.values())}. Newest of their facts: {day(max(days))}"


def _figure(read: Read, words: Mapping[str, object], section: str, figure: Figure) -> View:
    sql = query(section, figure.sql or figure.name, {**words, **figure.words})
    rows = read(sql)
    columns = tuple(rows[0]) if rows else ()
    cells = [[cell(row[name]) for name in columns] for row in rows[:MOST_ROWS]]
    title = ": ".join(filter(None, (figure.title, figure.finding(rows) if rows else "")))
    view = partial(View, figure, sql, rows, tuple(plain(name) for name in columns), cells, [], title=title)
    source = _source(read, figure)
    if not rows:
        return view(source=source)
    with charts.unchecked():
        spec = charts.finished(
            figure.draw(rows, str(words["as_of"])), (figure.step and alt.Step(figure.step)) or figure.height
        )
    return view(words=figure.describe(rows), evidence=_evidence(rows), source=source, spec=spec)


def _table(read: Read, words: Mapping[str, object], section: str, listing: Listing) -> View:
    sql = query(section, listing.name, words)
    rows = read(sql)
    cells = [[cell(row[show] if isinstance(show, str) else show(row)) for _, show in listing.columns] for row in rows]
    keys = [plain(str(row[listing.filter_by])) for row in rows] if listing.filter_by else []
    columns = tuple(name.format(**words) for name, _ in listing.columns)
    caption = listing.caption.format(**words)
    return View(listing, sql, rows, columns, cells, keys, caption=caption, title=caption)


def read(connection: duckdb.DuckDBPyConnection) -> Content:
    """Everything the page shows, from an open release."""
    rows = partial(_rows, connection)
    known = rows(query("overview", "as_of", {}))[0]
    today: date | None = known["as_of"]
    year = today.year if today else 0
    words = {"as_of": today or "0001-01-01", "last_year": year - 1, "year": year, "next_year": year + 1}
    first, *parts = [
        Part(
            name.replace("_", "-"),
            section,
            [_figure(rows, words, name, figure) for figure in section.figures],
            [_table(rows, words, name, table) for table in section.tables],
        )
        for name, section in sections().items()
    ]
    headlines = [
        overview.headline(row) for row in rows(query("overview", "headlines", words)) if row["p50"] is not None
    ]
    return Content(
        as_of=today,
        known=known,
        answer=overview.answer(rows(query("overview", "answer", words)), year),
        headlines=headlines,
        overview=first,
        parts=parts,
    )


def slides(content: Content) -> dict[str, dict[str, Any]]:
    """Specifications of the charts for slides, by name."""
    found = {}
    for view in content.views:
        if view.spec and isinstance(view.item, Figure):
            source = f"chipcast, as of {day(content.as_of)}; facts: {view.source}"
            rests = f"Evidence: {view.evidence}. " if view.evidence else ""
            lines = (view.item.unit, rests + view.item.key, source)
            found[view.item.name] = charts.slide(
                view.spec, view.title, [part for line in lines for part in wrap(line, 110)]
            )
    return found


def _inline(script: str) -> tuple[markupsafe.Markup, str]:
    """A script that cannot end its element early, and its hash: only scripts with these hashes may run on the page."""
    safe = script.replace("\r\n", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return markupsafe.Markup(safe), base64.b64encode(hashlib.sha256(safe.encode()).digest()).decode()


def _text(value: object) -> object:
    return str(value) if hasattr(value, "isoformat") else value


def _interactive(view: View) -> dict[str, Any]:
    """A chart for the page. What it shares with the rows of its SQL, which the page holds once, is the number of the row."""
    spec = charts.explorable(view.spec or {})
    numbers = {str({name: _text(v) for name, v in row.items()}): number for number, row in enumerate(view.rows)}
    for part in (spec, *spec.get("layer", [])):
        if "data" in part:
            part["data"] = {"values": [numbers.get(str(row), row) for row in part["data"]["values"]]}
    return spec


def html(content: Content, bundle: str) -> str:
    """The page. Text is escaped by the template; the charts' figures by its `tojson`."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters.update(day=day, evidence=evidence, reason=reason)
    scripts = [_inline(bundle), _inline((HERE / "report.js").read_text())]
    views = [view for view in content.views if view.rows]
    figures = {
        view.item.name: {"columns": list(view.rows[0]), "rows": [[_text(v) for v in row.values()] for row in view.rows]}
        for view in views
    }
    specs = {view.item.name: _interactive(view) for view in views if view.spec}
    dark = "".join(
        f'.plot [{kind}="{light}"] {{ {kind}: light-dark({light}, {dark}); }}\n'
        for light, dark in charts.DARK.items() for kind in ("fill", "stroke")
    )  # fmt: skip
    return environment.get_template("template.html.j2").render(
        content=content, figures=figures, specs=specs, scripts=[text for text, _ in scripts], hashes=[digest for _, digest in scripts],
        style=markupsafe.Markup((HERE / "report.css").read_text() + dark), most_rows=MOST_ROWS,
    )  # fmt: skip
