"""The report page says what the release says, loads nothing, and runs nothing that came from the data."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from sandbox import Sandbox

from pipeline.report import charts, page, sections, text
from pipeline.report.sections import claims

HOSTILE, FORMULA = "<script>alert(1)</script>", "=cmd()"
LOADING = {"src", "srcset", "poster", "data", "action", "formaction", "background", "ping"}


@dataclass
class Page(HTMLParser):
    """The page's elements in order, with their attributes and the text directly inside scripts, styles and code."""

    source: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    inside: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] in ("script", "style", "code", "data"):
            self.inside.append((self.elements[-1][1] | {"tag": self.elements[-1][0]}, data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def block(self, name: str) -> dict[str, dict]:
        return json.loads(next(text for attributes, text in self.inside if attributes.get("id") == name))

    def rows(self, name: str) -> list[dict]:
        """What the page holds of a figure's or table's query."""
        held = self.block("rows")[name]
        return [dict(zip(held["columns"], row, strict=True)) for row in held["rows"]]

    @property
    def specs(self) -> dict[str, dict]:
        """The charts with their rows, as the page's script puts them together."""
        specs = self.block("specs")
        for name, spec in specs.items():
            rows = self.rows(name)
            for part in (spec, *spec.get("layer", [])):
                if "values" in part.get("data", {}):
                    values = part["data"]["values"]
                    part["data"]["values"] = [rows[row] if isinstance(row, int) else row for row in values]
        return specs

    def attribute(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


@dataclass
class Written:
    folder: Path
    page: Page
    release: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def written(refreshed: Sandbox) -> Iterator[Written]:
    """The page of the release, as the refresh wrote it."""
    folder = refreshed.latest.resolve()
    with duckdb.connect(str(folder / "chipcast.duckdb"), read_only=True) as release:
        yield Written(folder, Page((folder / "index.html").read_text()), release)


def rendered(refreshed: Sandbox, folder: Path, *changes: str) -> Page:
    """The page of the release after some changes to its tables."""
    database = folder / "chipcast.duckdb"
    shutil.copy(refreshed.latest / "chipcast.duckdb", database)
    with duckdb.connect(str(database)) as connection:
        for change in changes:
            connection.execute(change)
        return Page(page.html(page.read(connection), "/* no bundle */"))


def datasets(spec: dict) -> list[list[dict]]:
    """Rows of every part of a chart; Altair lifts rows that all layers share to the top."""
    return [part["data"]["values"] for part in (spec, *spec.get("layer", [])) if "values" in part.get("data", {})]


def test_page_is_small_and_says_its_language(written: Written) -> None:
    assert (written.folder / "index.html").stat().st_size < 4_000_000
    assert written.page.all("html") == [{"lang": "en"}]
    assert len(written.page.all("h1")) == 1 and len(written.page.all("main")) == 1


def test_nothing_is_loaded_from_anywhere(written: Written) -> None:
    assert [a for _, a in written.page.elements if LOADING & a.keys()] == []
    assert all(link["href"] == "data:," for link in written.page.all("link"))
    for anchor in written.page.all("a"):
        assert anchor["href"].startswith(("#", "https://", "http://"))
    style = "".join(text for attributes, text in written.page.inside if attributes["tag"] == "style")
    assert "url(" not in style and "@import" not in style


def test_only_the_pages_own_scripts_may_run(written: Written) -> None:
    policy = next(m["content"] for m in written.page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy and "connect-src" not in policy and "unsafe-eval" not in policy
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    sources = re.findall(r"<script>(.*?)</script>", written.page.source, re.DOTALL)
    assert {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in sources} == allowed
    assert len(sources) == 2


def test_every_chart_has_words_unit_source_sql_and_picture(written: Written) -> None:
    places = [a for _, a in written.page.elements if "data-chart" in a]
    assert {place["data-chart"] for place in places} == set(written.page.specs)
    assert len(places) >= 18
    for place in places:
        assert place["role"] == "img"
        assert len(place["aria-label"]) > 60
        picture = (written.folder / "charts" / f"{place['data-chart']}.png").read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) > 20_000
    figures = re.findall(r'<figure class="chart.*?</figure>', written.page.source, re.DOTALL)
    for figure in figures:
        assert 'class="unit"' in figure and "Source: " in figure and '<details class="sql">' in figure
        name = re.search(r' id="(\w+)"', figure).group(1)  # type: ignore[union-attr]
        for tool in (f'href="#{name}"', f'data-csv="{name}"', f'data-png="{name}"'):
            assert tool in figure
    assert len(written.page.all("table")) == len(written.page.all("caption"))


def test_every_query_belongs_to_a_section_and_every_name_is_unique() -> None:
    found = sections.sections()
    items = [(name, item) for name, part in found.items() for item in (*part.figures, *part.tables)]
    used = {f"{name}.{getattr(item, 'sql', '') or item.name}.sql" for name, item in items}
    assert {path.name for path in sections.FOLDER.glob("*.sql")} == used | {
        "overview.answer.sql",
        "overview.as_of.sql",
        "overview.headlines.sql",
    }
    names = [item.name for _, item in items]
    assert len(set(names)) == len(names) and len({part.place for part in found.values()}) == len(found)


def test_specifications_are_valid_vega_lite(written: Written) -> None:
    from altair.vegalite.v6.schema.core import Root

    for spec in written.page.specs.values():
        for rows in datasets(spec):
            del rows[3:]  # the schema says the same of every row
        Root.validate(spec)


def test_headlines_are_the_tables_figures(written: Written) -> None:
    cards = re.findall(r'<div class="card">.*?</div>', written.page.source, re.DOTALL)
    year = written.release.execute("select max(year(newest_fact + age_days::int)) from market.sources").fetchall()[0][0]
    revenue = "forecast.vendor_revenue where entity_id ="
    stock = (
        "forecast.inference_share where accounting = 'chip_hours' and flow_or_stock = 'stock' and scenario_id = 'base'"
    )
    wanted = [
        (f"{revenue} 'merchant_dc_silicon_total' and period_kind = 'quarter' and horizon = 1", 1e3),
        (f"{revenue} 'nvidia-data-center' and target_period = '{year + 1}'", 1e3),
        (None, 1e6),
        (f"{stock} and target_period = '{year}'", 0.01),
    ]
    assert len(cards) == len(wanted)
    for card, (table, scale) in zip(cards, wanted, strict=True):
        if table:
            (low, median, high), = written.release.execute(f"select p10, p50, p90 from {table}").fetchall()  # fmt: skip
        else:
            period = re.search(r"designers, (\d{4}Q\d)", card).group(1)  # type: ignore[union-attr]
            (low, median, high) = (
                written.release.execute(
                    "select value from forecast.quantiles where target_id = 'operational_h100e_16bit' and "
                    "scenario_id = 'base' and is_recommended and target_period = ? and output_type_id = ? "
                    "and origin_date = (select max(origin_date) from forecast.quantiles)",
                    [period, level],
                ).fetchall()[0][0]
                for level in (0.1, 0.5, 0.9)
            )
        exact = float(re.search(r'<data value="([^"]+)"', card).group(1))  # type: ignore[union-attr]
        assert math.isclose(exact, median / (1 if scale == 0.01 else scale))
        printed = re.findall(r">([\d.,]+)%?</data>|<b>([\d.,]+) to ([\d.,]+)%?</b>", card)
        shown = [float(figure.replace(",", "")) for found in printed for figure in found if figure]
        width = (high - low) / scale
        for figure, truth in zip(shown, (median, low, high), strict=True):
            assert abs(figure - truth / scale) <= 0.05 * width  # half a step of an interval with two digits


def test_the_answer_is_the_tables_figures(written: Written) -> None:
    said = re.search(r'<p class="answer">(.*?)</p>', written.page.source, re.DOTALL).group(1)  # type: ignore[union-attr]
    year = written.release.execute("select max(year(newest_fact + age_days::int)) from market.sources").fetchall()[0][0]
    table = (
        "forecast.inference_share where scenario_id = 'base' and accounting = 'dollars' and flow_or_stock = 'stock' "
        "and period_kind = 'calendar_year' and target_period"
    )
    levels = written.release.execute(f"select 100 * p50, 100 * p10, 100 * p90 from {table} = '{year}'").fetchall()[0]
    printed = re.search(rf"takes (\d+) cents in {year} \(80% interval (\d+) to (\d+)\)", said).groups()  # type: ignore[union-attr]
    assert [int(figure) for figure in printed] == [round(level) for level in levels]
    chance = written.release.execute(f"select prob_ratio_ge_3 from {table} = '{year + 1}'").fetchall()[0][0]
    assert f"chance of {chance:.0%} in {year + 1}" in said


def test_charts_hold_what_their_sql_gives(written: Written) -> None:
    """Each SQL, as the page shows it, run on the release, gives the rows of the CSV and the figures that the chart draws."""
    figure = r'<(?:figure class="chart[ \w]*"|div class="listing") id="(\w+)">.*?<pre[^>]*><code>(.*?)</code>'
    found = dict(re.findall(figure, written.page.source, re.DOTALL))
    assert set(found) >= set(written.page.block("rows")) > set(written.page.specs)
    for name in written.page.block("rows"):
        result = written.release.execute(html.unescape(found[name]))
        columns = [column[0] for column in result.description]
        rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
        assert [shown(row) for row in written.page.rows(name)] == [shown(row) for row in rows], name
    for name, spec in written.page.specs.items():
        result = written.release.execute(html.unescape(found[name]))
        columns = [column[0] for column in result.description]
        rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
        drawn = {figures(row) for rows in datasets(spec) for row in rows}
        for row in rows:
            mine = figures(row)
            assert mine in drawn or any(mine <= other for other in drawn), (name, row)


def shown(row: dict) -> dict:
    """A row as the page holds it, to twelve digits: sums of several threads run in any order."""
    numbers = {k: float(f"{v:.12g}") for k, v in row.items() if type(v) in (int, float, Decimal)}
    return {k: str(v) if hasattr(v, "isoformat") else v for k, v in row.items()} | numbers


def figures(row: dict) -> frozenset[tuple[str, float]]:
    """The numbers of a row by name."""
    return frozenset((k, v) for k, v in shown(row).items() if type(v) is float and math.isfinite(v))


def test_every_colour_of_a_chart_has_one_for_dark_ground(written: Written) -> None:
    drawn = set(re.findall(r"#[0-9a-f]{6}", json.dumps(written.page.specs)))
    assert charts.BLUE in drawn and drawn <= set(charts.DARK)
    ink = set(charts.DARK) - {charts.GRID, charts.AXIS, charts.PAPER}
    for ground, colours in ((charts.PAPER, ink), (charts.DARK[charts.PAPER], {charts.DARK[one] for one in ink})):
        assert all(contrast(colour, ground) >= 4.5 for colour in colours)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2: of relative luminances, each raised by 0.05."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_actuals_of_the_sum_meet_the_forecasts_last_actual(written: Written) -> None:
    """The sums that the page draws are those that the forecast started from."""
    for entity in ("merchant_dc_silicon_total", "capex-five-firms"):
        name = "revenue_" + entity.replace("-", "_")
        rows = [row for rows in datasets(written.page.specs[name]) for row in rows if row.get("kind") == "actual"]
        newest = max(rows, key=lambda row: row["period"])["usd_bn"]
        last = written.release.execute(
            "select last_actual from forecast.vendor_revenue "
            "where entity_id = ? and period_kind = 'quarter' and horizon = 1",
            [entity],
        ).fetchall()[0][0]
        assert math.isclose(newest * 1000, last)


def test_hostile_text_is_inert(written: Written, refreshed: Sandbox, tmp_path: Path) -> None:
    hostile = rendered(
        refreshed,
        tmp_path,
        f"update market.sources set title = '{HOSTILE}', credit = '{FORMULA}', url = 'javascript:alert(1)' "
        "where source_id = (select min(source_id) from market.sources)",
        f"update forecast.vendor_revenue set entity_name = '</script>{HOSTILE}<img src=x onerror=alert(1)>'",
        f"update market.vendors set vendor_name = '</script><!--{HOSTILE}'",
        f"update forecast.published_comparison set publisher = '{FORMULA}', unit = '\"><svg onload=alert(1)>'",
    )
    assert HOSTILE not in hostile.source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile.source
    assert f'<th scope="row" class="s">{FORMULA}' in hostile.source or FORMULA + "," in hostile.source
    assert len(hostile.all("script")) == len(written.page.all("script"))
    assert hostile.all("img") == hostile.all("svg") == []
    assert not [a for _, attributes in hostile.elements for a in attributes if a.startswith("on")]
    assert not [href for href in hostile.attribute("href") if href.startswith("javascript:")]
    assert any(HOSTILE in str(spec) for spec in hostile.specs.values())  # whole in the JSON, and only text there


def test_empty_tables_give_a_sentence(refreshed: Sandbox, tmp_path: Path) -> None:
    shutil.copy(refreshed.latest / "chipcast.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "chipcast.duckdb"), read_only=True) as connection:
        tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    emptied = rendered(
        refreshed, tmp_path, *(f"delete from {table}" for (table,) in tables if table != "market.sources")
    )
    assert emptied.specs == {}
    assert emptied.source.count("Nothing was known by") >= 18
    nothing = rendered(refreshed, tmp_path, *(f"delete from {table}" for (table,) in tables))
    assert "an unknown day" in nothing.source


def test_a_claim_has_its_newest_verdict_and_the_one_before(refreshed: Sandbox, tmp_path: Path) -> None:
    shown = rendered(
        refreshed,
        tmp_path,
        "drop table if exists forecast.claims",
        "create table forecast.claims as select 'C01' as claim_id, day as judged_as_of, 'Tokens' as claim_short, '1e11' as "
        "article_value, 'tokens/day' as unit, 1e11 as our_p10, 1.3e11 as our_p50, 2e11 as our_p90, '80% interval' as our_range, 0.25 as probability, "
        "verdict, 'because' as reason, 'market.token_usage' as tables_used from (values (date '2025-02-28', 'pending'), "
        "(date '2026-11-23', 'vendor_claim')) as judged (day, verdict)",
    )
    assert shown.attribute("data-key").count("vendor claim") == 1 and "pending" not in shown.attribute("data-key")
    assert '<td class="s">vendor claim</td>' in shown.source and "<td>pending (February 2025)</td>" in shown.source
    assert "<td>100 billion tokens a day</td>" in shown.source and "25%" in shown.source
    assert "130 (100 to 200) billion tokens a day" in shown.source


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ((130.1, 141.6, 154.2), "142 (130 to 154)"),
        ((561.5, 821.2, 1108.0), "820 (560 to 1,110)"),
        ((20.62, 22.16, 23.82), "22.2 (20.6 to 23.8)"),
        ((-0.22, 0.37, 0.58), "0.37 (−0.22 to 0.58)"),
        ((0.0087, 0.03, 0.104), "0.030 (0.009 to 0.104)"),
        ((5.0, 5.0, 5.0), "5"),
        ((None, 48.0, None), "48"),
        ((1.0, None, 2.0), "–"),
    ],
)
def test_intervals_are_rounded_to_what_they_carry(levels: tuple, shown: str) -> None:
    assert text.span(*levels) == shown


def test_a_year_is_not_rounded_to_digits() -> None:
    year = {"unit": "year", "our_p10": 2024.0, "our_p50": 2024.0, "our_p90": 2024.0}
    assert claims.ours(year).text == "2024" and claims.ours(year | {"our_p90": 2025.0}).text == "2024 (2024 to 2025)"
    assert claims.ours(year | {"unit": "USD"}).text == "2,020 USD"
    assert claims.ours(year | {"our_p10": None, "our_p50": None, "our_p90": None}).text == "–"


def test_words() -> None:
    assert text.span(0.4843, 0.6073, 0.7204, percent=True) == "61% (48 to 72%)"
    assert text.listed([1, 2, 3, 5, 7, 8]) == "1–3, 5, 7–8"
    assert text.signed(-0.004) == "0.00" and text.signed(-0.08) == "−0.08"
    assert text.evidence("anchored_prior") == "assumption-based"
    assert text.number(1054.09) == "1,050" and text.number(0) == "0" and text.number(2.16e13) == "2.16e13"
    assert text.link("a", "javascript:alert(1)").href is None
    assert text.cell(True).text == "yes" and text.cell(None).text == "–" and text.cell(2026).text == "2026"
