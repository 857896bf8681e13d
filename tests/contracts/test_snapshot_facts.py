"""The committed facts: every source keeps its own contract, says where it comes from, and nothing leaks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from contract_tools import DATA, IDS, SOURCES, TODAY, committed

from pipeline import files
from pipeline.ingest import raw_tables
from pipeline.settings import Settings
from pipeline.sources.base import BASES, CONFIDENCE

# Rows that upstream itself has wrong: source, field, value, reason. They stay in data/ and in quarantine.
KNOWN_BAD = {
    ("epoch_hardware_prices", "priced_on", None, "is empty"),
    ("epoch_hardware_prices", "reported_on", None, "is empty"),
}
LOCAL_PATH = re.compile(
    r"(?<![\w/.:-])/(?:work|home|root|tmp|users|mnt|var|usr|opt|shared)/|file:|[a-z]:\\|\.\./", re.I
)
REGISTRY = re.compile(
    r"pypi|pythonhosted|npmjs|proxy\.golang|crates\.io|artifactory|nexus/|localhost|127\.0\.0\.1", re.I
)

each_source = pytest.mark.parametrize("source", SOURCES, ids=IDS)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A state folder of the tests, over the committed facts."""
    return Settings(state=tmp_path_factory.mktemp("var"), data=DATA)


@pytest.mark.slow
@each_source
def test_rows_in_are_accepted_plus_rejected_and_the_sidecar_agrees(source, settings):
    report = raw_tables.ingest(source, settings)
    frame, accepted, rejected = committed(source)
    assert report.passed, report.message
    assert report == raw_tables.read_report(source.id, settings)
    assert (report.rows_in, report.rows_accepted) == (len(frame), len(accepted))
    assert report.rows_in == report.rows_accepted + report.rows_rejected
    assert report.newest_fact == str(accepted["reported_on"].max().date()) <= str(TODAY)
    assert len(pd.read_parquet(settings.raw / f"{source.id}.parquet")) == report.rows_accepted
    quarantine = pd.read_parquet(settings.raw / "rejected" / f"{source.id}.parquet")
    assert quarantine["row_number"].nunique() == report.rows_rejected
    assert quarantine["reason"].tolist() == rejected["reason"].tolist()


def test_exactly_the_known_bad_rows_are_quarantined():
    rejected = pd.concat([committed(source)[2] for source in SOURCES])
    cells = rejected[["source_id", "field", "value", "reason"]].astype(object)
    # A release of LiteLLM of October 2025 had 13 prices a million times too high.
    too_high = cells["source_id"].eq("litellm_price_changes") & cells["reason"].eq("is above 10000")
    rest = cells[~too_high]
    assert set(rest.where(rest.notna(), None).itertuples(index=False, name=None)) == KNOWN_BAD
    assert rejected.groupby("source_id")["row_number"].nunique().to_dict() == {
        "epoch_hardware_prices": 1,
        "litellm_price_changes": 13,
    }


@each_source
def test_the_snapshot_record_matches_the_file(source):
    entry = json.loads((DATA / "SNAPSHOT.json").read_text())["sources"][source.id]
    assert entry == {"rows": len(committed(source)[0]), "sha256": files.sha256(DATA / f"{source.id}.csv")}


def test_the_snapshot_has_a_file_for_every_source_and_none_without():
    facts = {path.stem for path in DATA.glob("*.csv") if path.read_text().startswith("source_id,")}
    assert facts == set(IDS)
    assert set(json.loads((DATA / "SNAPSHOT.json").read_text())["sources"]) == set(IDS)


@each_source
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(source):
    frame = pd.read_csv(DATA / f"{source.id}.csv", dtype="string", keep_default_na=False)
    assert frame.columns[0] == "source_id"
    assert frame["source_id"].eq(source.id).all()
    assert frame["source_citation"].str.contains(r"\w{3}").all()
    assert frame["confidence"].isin(CONFIDENCE).all()
    assert frame["reported_on_basis"].isin(BASES).all()
    assert frame["retrieved_at"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    # Who reads a document by hand may read it after the gathered files came.
    assert source.is_by_hand or frame["retrieved_at"].max() <= str(TODAY)
    urls = frame["source_url"][frame["source_url"] != ""]
    assert urls.str.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?").all()


@pytest.mark.parametrize("path", sorted(DATA.glob("*.*")), ids=lambda path: path.name)
def test_no_local_path_and_no_package_registry_is_in_the_facts(path: Path):
    text = path.read_text()
    assert not LOCAL_PATH.search(text)
    assert not REGISTRY.search(text)


def test_every_row_is_one_line_so_that_row_numbers_are_lines():
    for source in SOURCES:
        assert (DATA / f"{source.id}.csv").read_bytes().count(b"\n") == len(committed(source)[0]) + 1, source.id
