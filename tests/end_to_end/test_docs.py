"""What the documents show is what the release says."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import duckdb
import pytest
from sandbox import ROOT

from assets import docs


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) > 100 else f"{value:.2f}"
    return "" if value is None else str(value)


EXAMPLES = re.findall(r"```sql\n(.*?)```\n\n(\|.*?)\n\n", (ROOT / "README.md").read_text(), re.DOTALL)


def test_readme_has_its_three_queries() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize(("query", "shown"), EXAMPLES)
def test_readme_shows_the_real_output(release: duckdb.DuckDBPyConnection, query: str, shown: str) -> None:
    result = release.execute(query)
    names = [column[0] for column in result.description]
    rows = [[_cell(value) for value in row] for row in result.fetchall()]
    header, _, *lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in shown.splitlines()]
    assert header == names
    assert lines == rows


@pytest.mark.parametrize("name", docs.PAGES)
def test_generated_pages_are_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == docs.PAGES[name](), "run `make docs`"


def test_nothing_refers_to_a_document_that_is_not_here() -> None:
    """The stored copies' folder prototype_series is an address; the change log and this test name what is gone."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    others = ("data/", "tests/fixtures/", "CHANGELOG.md", "tests/end_to_end/test_docs.py")
    texts = [
        ROOT / name
        for name in listed.stdout.splitlines()
        if not name.startswith(others) and not name.endswith((".png", ".lock")) and (ROOT / name).is_file()
    ]
    # a release's page, the note beside every folder of gathered facts
    here = {path.name for path in texts} | {"CHANGES.md", "SOURCE.md", "CHANGELOG.md"}
    gone = re.compile(
        r"prototype(?!_series/|_series\")|clarifications|\bissues? #?\d|tracker \d|(?<![\w.-])[a-z_]{3,}\.md\b",
        re.IGNORECASE,
    )
    assert len(texts) > 300
    assert [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in texts
        for line in path.read_text().splitlines()
        if any(found not in here for found in gone.findall(re.sub(r"https?://\S+", "", line)))
    ] == []


def test_the_page_of_headline_documents_is_that_of_the_release(release: duckdb.DuckDBPyConnection) -> None:
    page = (ROOT / "docs" / "headline_documents.md").read_text()
    assert page == docs.headline_documents(release), "run `make refresh docs`"
    assert page.count("](http") > 60


def test_the_dbt_folder_does_not_shadow_the_dbt_package() -> None:
    assert not (ROOT / "dbt" / "__init__.py").exists()


def test_the_drawing_in_the_readme_has_every_room_in_the_order_that_imports_must_keep() -> None:
    drawing = re.search(r"## How it is built\n.*?```\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert drawing
    drawn = [
        name.rstrip("/") for name in re.findall(r"^ ((?:pipeline/\w+|forecasts|assets)/)", drawing[1], re.MULTILINE)
    ]
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [
        name.strip().replace(".", "/")
        for layer in next(one["layers"] for one in lint["contracts"] if one["type"] == "layers")
        for name in layer.split(":")
    ]
    rooms = [name for name in layers if (ROOT / name).is_dir()]
    assert drawn == rooms[::-1]
    inner = {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("pipeline/*/__init__.py")}
    assert inner | {"assets", "forecasts"} == set(drawn)
    alone = {path.stem for path in Path(ROOT / "pipeline").glob("[!_]*.py")}
    assert alone <= {Path(name).name for name in layers}, "a module outside the rooms needs its place among the layers"


def test_attribution_is_what_market_sources_says(release: duckdb.DuckDBPyConnection) -> None:
    listed = re.findall(r"^\| `(\w+)` \| .*? \| (.*?) \| (.*?) \| (.*?) \|$", docs.attribution(), re.MULTILINE)
    said = {source: (credit, licence) for source, credit, licence, _ in listed}
    rows = release.execute("select source_id, credit, licence from market.sources").fetchall()
    assert said == {source: (credit or "the page that each row names", licence) for source, credit, licence in rows}


def test_the_table_of_the_bad_week_has_every_test_and_no_blank() -> None:
    section = (ROOT / "docs" / "operations.md").read_text().split("## A bad week\n")[1].split("\n##")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    named = [row[3].strip("`") for row in rows[2:]]
    assert all(all(row) for row in rows)
    tests = {
        path.name: set(re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE))
        for path in (ROOT / "tests").rglob("test_*.py")
    }
    assert len(set(named)) == len(named) > 10 and set(named) <= set().union(*tests.values())
    assert tests["test_bad_week.py"] | tests["test_damage.py"] <= set(named)
