"""What the documents show is what the release says."""

from __future__ import annotations

import re

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


def test_the_dbt_folder_does_not_shadow_the_dbt_package() -> None:
    assert not (ROOT / "dbt" / "__init__.py").exists()
