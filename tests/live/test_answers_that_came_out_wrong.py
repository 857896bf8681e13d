"""Answers of upstream's shape that were once read wrongly, with the right value. Names and numbers are made up."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from datetime import date

import pandas as pd
import pytest
from price_answers import answers
from server import Upstreams
from shapes import zipped

from pipeline.ingest import landing, raw_tables, retrieve
from pipeline.settings import PROJECT, Settings, UserError
from pipeline.sources import all_sources, contract
from pipeline.sources.base import Upstream
from pipeline.sources.pricing import runpod_offers, vast_offers

SOURCES = {source.id: source for source in all_sources()}
SALES = "ai_chip_sales.zip", "timelines_by_chip.csv"
OLD_NAMES = (
    "Name,Chip manufacturer,Chip type,Start date,End date,Number of Units,Number of Units (5th percentile),"
    "Number of Units (95th percentile),Compute estimate in H100e (median),H100e (5th percentile),H100e (95th percentile),"
    "Incomplete,Notes\n"
)
MI300X = "Q1 2025 - MI300X,AMD,MI300X,2025-01-01,2025-03-31,70000,60000,80000,90000,80000,100000,False,"
TRAINIUM2 = "Q1 2025 - Trainium2,Amazon,Trainium2,2025-01-01,2025-03-31,50000,40000,60000,30000,20000,40000,False,"


def read(source_id: str, day: date, **files: bytes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accepted rows, and the reasons against the others."""
    source = SOURCES[source_id]
    upstream = Upstream(files, day, dict.fromkeys(files, day))
    return contract.split(source, source.read_live(upstream).astype("string"), day)


def shipments(csv: str, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    archive, member = SALES
    return read("epoch_chip_shipments", day, **{archive: zipped(member, csv.encode())})


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 11, 28)])
def test_a_vintage_is_the_month_of_the_rows_stamp_whenever_the_file_is_fetched(day):
    rows, rejected = shipments(OLD_NAMES + MI300X + "Generated on 2026-09-24 17:33\n", day)
    assert rejected.empty
    assert rows["estimate_vintage"].tolist() == ["2026-09"]


def test_each_designer_has_its_own_vintage():
    stamps = (
        MI300X + "Generated on 2026-09-24 17:33\n",
        TRAINIUM2 + "Estimates generated on: 04-22-2026 11:54\n",
        TRAINIUM2.replace("2025", "2024") + "Estimates generated on: 03-31-2026 14:36\n",
        MI300X.replace("2025", "2024") + "no stamp\n",
    )
    rows, _ = shipments(OLD_NAMES + "".join(stamps), date(2026, 11, 28))
    # The stored vintage was estimated from 31 March to 22 April; a row without a stamp is of its designer's newest.
    assert rows["estimate_vintage"].tolist() == ["2026-09", "2026-04", "2026-04", "2026-09"]


def test_a_file_without_any_stamp_has_no_vintage_and_is_refused():
    rows, rejected = shipments(OLD_NAMES + MI300X + "no stamp\n", date(2026, 11, 28))
    assert rows.empty
    assert ["estimate_vintage", "is empty"] in rejected[["field", "reason"]].to_numpy().tolist()


def test_chip_sales_are_read_under_upstreams_new_names():
    csv = (
        "Name,Designer,Chip type,Series start date,Start date,End date,Number of units (median),"
        "Number of units (5th percentile),Number of units (95th percentile),H100e (median),H100e (5th percentile),"
        "H100e (95th percentile),Power (MW) (median),Power (MW) (5th percentile),Power (MW) (95th percentile),Incomplete,"
        "Notes\nToy,Nvidia,Toy 1,2022-01-01,2026-01-01,2026-03-31,1000,900,1100,2000,1800,2200,1.5,1.2,1.8,,"
        "Estimates generated on 2026-09-24 17:33\n"
    )
    rows, _ = shipments(csv, date(2026, 11, 28))
    row = rows.iloc[0]
    assert (row["designer"], row["chip_type"], row["estimate_vintage"]) == ("Nvidia", "Toy 1", "2026-09")
    assert (str(row["period_start"].date()), str(row["period_end"].date())) == ("2026-01-01", "2026-03-31")
    figures = [
        [row[f"{name}_{level}"] for level in ("p05", "p50", "p95")] for name in ("units", "h100e_8bit", "power_mw")
    ]
    assert figures == [[900, 1000, 1100], [1800, 2000, 2200], [1.2, 1.5, 1.8]]


@pytest.mark.parametrize(
    ("day", "trillion", "is_partial"),
    [
        (date(2026, 3, 9), 9.9, "yes"),  # four hours after the week's end
        (date(2026, 3, 10), 10.0, "no"),
        (date(2026, 4, 20), 9.9, "yes"),  # a chart of the running week that landed later
    ],
)
def test_a_charts_newest_week_is_complete_a_day_after_its_end(day, trillion, is_partial):
    tokens = {"toy/one": 6_000_000_000_000, "Others": int(trillion * 1e12) - 6_000_000_000_000}
    chart = json.dumps({"data": {"data": [{"x": "2026-03-02", "ys": tokens}]}}).encode()
    rows, _ = read("openrouter_weekly_tokens", day, chart=chart)
    assert rows[["tokens_per_week_trillion", "is_partial"]].to_numpy().tolist() == [[trillion, is_partial]]


def offers(count: int, start: int = 0, price: float = 0.03) -> list[dict]:
    return [
        {
            **{"id": 9000 + number, "gpu_name": "Toy 100", "verification": "verified", "geolocation": "Nowhere, XX"},
            **{"num_gpus": 1, "gpu_ram": 24000, "dph_total": round(price + number / 1000, 3), "is_bid": False},
        }
        for number in range(start, start + count)
    ]


def page(found: list[dict]) -> bytes:
    return json.dumps({"offers": found}).encode()


def test_a_full_page_of_offers_leads_on_at_its_dearest_price_and_a_last_one_does_not():
    (link,) = vast_offers.next_page(page(offers(64)))
    assert "dph_total%22%3A%20%7B%22gte%22%3A%200.093%7D" in link
    assert vast_offers.next_page(page(offers(63))) == []
    rows, rejected = read(
        "vast_offers", date(2026, 11, 28), **{"offers": page(offers(64)), "offers#2": page(offers(9, 63))}
    )
    assert rejected.empty
    assert rows["offer_id"].astype(int).tolist() == list(range(9000, 9072))


def test_offers_that_the_server_cut_are_not_taken_for_the_market(tmp_path, upstreams: Upstreams, monkeypatch):
    settings, source = Settings(state=tmp_path, live=True), SOURCES["vast_offers"]
    monkeypatch.setenv("CHIPCAST_VAST_OFFERS_URL", f"{upstreams.url}/{source.id}")
    cut = page(offers(64))
    for path in (vast_offers.address(vast_offers.QUERY), *vast_offers.next_page(cut)):
        upstreams.answers[f"/{source.id}{path}"] = ("application/json", cut)
    # The same page again is asked for once, not for ever.
    assert len(retrieve.look(source, settings).responses) == 2
    report = raw_tables.ingest(source, Settings(state=tmp_path, live=True, from_landing=True))
    assert report.rows_accepted == 0
    assert "the answer was cut at 64 offers" in report.stale


def test_runpods_price_for_a_cloud_that_does_not_offer_the_type_is_none():
    types = [
        {"id": "Toy 100", "displayName": "Toy", "memoryInGb": 80, "secureCloud": True, "communityCloud": False}
        | {"securePrice": 2.19, "communityPrice": 0.5, "secureSpotPrice": 0.9, "communitySpotPrice": 0.5},
        {"id": "unknown", "displayName": "unknown", "memoryInGb": 0, "secureCloud": True, "communityCloud": True}
        | dict.fromkeys(runpod_offers.PRICES.values(), 0),
    ]
    answer = json.dumps({"data": {"gpuTypes": types}}).encode()
    rows, _ = read("runpod_offers", date(2026, 11, 28), gpu_types=answer)
    prices = rows.set_index("gpu_id")[list(runpod_offers.PRICES)]
    assert prices.loc["Toy 100"].fillna(0).tolist() == [2.19, 0, 0.9, 0]
    assert prices.index.tolist() == ["Toy 100"]


def landed(source_id: str, channel: str, settings: Settings, **files: bytes) -> None:
    """Keep an answer as `retrieve` would."""
    responses = []
    for name, content in files.items():
        temporary = settings.state / "part.gz"
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(gzip.compress(content))
        sha = hashlib.sha256(content).hexdigest()
        landing.keep(temporary, sha, source_id, settings)
        responses.append(landing.Response(name, f"https://example.org/{name}", 200, sha, len(content), "", None))
    landing.record(SOURCES[source_id], channel, settings, tuple(responses))


@pytest.mark.parametrize(
    ("source_id", "files"),
    [
        ("litellm_prices", {"models": answers()["litellm_prices"]["models"]}),
        ("openrouter_prices", {"models": answers()["openrouter_prices"]["models"]}),
        (
            "epoch_chip_shipments",
            {SALES[0]: zipped(SALES[1], (OLD_NAMES + MI300X + "Generated on 2026-09-24 17:33\n").encode())},
        ),
    ],
)
def test_a_first_answer_of_a_few_rows_is_no_successor_of_the_embedded_list(tmp_path, monkeypatch, source_id, files):
    settings = Settings(state=tmp_path, live=True, from_landing=True)
    source = SOURCES[source_id]
    landed(source_id, "live", settings, **files)
    refused = raw_tables.ingest(source, settings)
    assert "were lost" in refused.stale and refused.mode == "embedded"
    # The message names what lets it through.
    name, share = refused.stale.split("accept that with ")[1].rstrip(".").split("=")
    monkeypatch.setenv(name, share)
    assert raw_tables.ingest(source, settings).mode == "live"
    monkeypatch.setenv(name, "a tenth")
    with pytest.raises(UserError, match="is no share"):
        raw_tables.ingest(source, settings)


def test_a_part_that_somebody_drops_into_the_inbox_is_no_loss(tmp_path):
    settings = Settings(state=tmp_path, live=True, from_landing=True)
    csv = OLD_NAMES + MI300X + "Estimates generated on: 07-15-2026 10:00\n"
    landed("epoch_chip_shipments", "inbox", settings, **{SALES[0]: zipped(SALES[1], csv.encode())})
    report = raw_tables.ingest(SOURCES["epoch_chip_shipments"], settings)
    rows = pd.read_parquet(raw_tables.paths("epoch_chip_shipments", settings)[0])
    assert (report.mode, report.stale) == ("live", "")
    assert rows["estimate_vintage"].value_counts().to_dict() == {"2026-04": len(rows) - 1, "2026-07": 1}
    assert rows["superseded_on"].isna().all()


def test_a_moved_address_is_a_setting(tmp_path, upstreams: Upstreams, monkeypatch):
    source = SOURCES["genai_prices"]
    monkeypatch.setenv("CHIPCAST_GENAI_PRICES_URL", f"{upstreams.url}/genai_prices")
    monkeypatch.setenv("CHIPCAST_GENAI_PRICES_PATH", "v3/prices.json")
    upstreams.answers["/genai_prices/v3/prices.json"] = ("application/json", answers()["genai_prices"]["prices"])
    assert retrieve.look(source, Settings(state=tmp_path, live=True)).responses[0].url.endswith("/v3/prices.json")


def test_every_connector_says_which_recorded_answer_it_was_fed_or_what_was_searched():
    with (PROJECT / "docs" / "recorded_answers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["source_id"] for row in rows] == [source.id for source in all_sources() if source.live]
    fed = [row for row in rows if row["accepted"] not in ("", "0")]
    assert len(fed) >= 17
    for row in fed:
        assert row["copy"] and row["commit"] and row["day"] and row["ten_cells"], row
        assert int(row["rows_in"]) == int(row["accepted"]) + int(row["rejected"]), row
    assert [row["source_id"] for row in rows if row not in fed and not row["remark"]] == []
