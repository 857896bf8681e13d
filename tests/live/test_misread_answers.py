"""Answers that are easily misread: each through its connector and dbt, to the published tables."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest
from cases import companyfacts
from price_answers import PROVIDERS, zipped
from sandbox import Sandbox
from server import quick, serving

from pipeline.build import dbt
from pipeline.ingest import raw_tables, run_tables
from pipeline.settings import Settings
from pipeline.sources import all_sources

SOURCES = {source.id: source for source in all_sources()}
Query = Callable[[str], pd.DataFrame]


def azure() -> dict[str, bytes]:
    """On demand, spot, low priority, a price to come, a reservation's total, a sixth of a GPU, an unknown machine."""
    h100, day = "Standard_ND96isr_H100_v5", "2026-01-01"
    prices = [
        (h100, "ND96isrH100v5", 98.32, day, "Consumption"),
        (h100, "ND96isrH100v5", 88.0, "2999-01-01", "Consumption"),
        (h100, "ND96isrH100v5 Spot", 18.2, day, "Consumption"),
        (h100, "ND96isrH100v5 Low Priority", 19.7, day, "Consumption"),
        (h100, "ND96isrH100v5 Reserved", 350.0, day, "Reservation"),
        ("Standard_NV6ads_A10_v5", "NV6adsA10v5", 0.454, day, "Consumption"),
        ("Standard_ND999_VR200_v9", "ND999", 200.0, day, "Consumption"),
    ]
    items = [
        {
            "currencyCode": "USD",
            "retailPrice": price,
            "armRegionName": "eastus",
            "effectiveStartDate": f"{start}T00:00:00Z",
            "meterName": meter,
            "productName": "Virtual Machines Made Series",
            "unitOfMeasure": "1 Hour",
            "type": kind,
            "armSkuName": machine,
        }
        for machine, meter, price, start, kind in prices
    ]
    # Rows of other kinds are few in a real answer: more would be another answer.
    items += [{**items[0], "armRegionName": f"region{number}"} for number in range(20)]
    return {"prices": json.dumps({"Items": items, "NextPageLink": None}).encode()}


def dstack() -> dict[str, bytes]:
    """Machines with a part of a GPU, counted as one; a slice of four chips; zones of a region; a machine booked ahead."""
    header = "instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags"
    lines = {name: [f"made.{name},r1,1.0,8,80.0,1,L4,24.0,False,,nvidia,"] for name in PROVIDERS}
    lines["aws"] = [
        "p5.48xlarge,us-east-1,55.04,192,2048.0,8,H100,80.0,False,,nvidia,",
        "g6.xlarge,us-east-1,0.8048,4,16.0,1,L4,24.0,False,,nvidia,",
        "g6f.large,us-east-1,0.202,2,8.0,1,L4,3.0,False,,nvidia,",
        "g6new.large,us-east-1,0.11,2,8.0,1,L4,3.0,False,,nvidia,",
    ]
    lines["azure"] = [
        "Standard_NV6ads_A10_v5,eastus,0.454,6,55.0,1,A10,24.0,False,,nvidia,",
        "Standard_NV36ads_A10_v5,eastus,3.2,36,440.0,1,A10,24.0,False,,nvidia,",
    ]
    lines["gcp"] = [
        "v5litepod-8,us-west4-a,9.6,0,0,1,v5litepod,128,False,,google,",
        "a3-highgpu-8g,us-west4-a,80.0,208,1872.0,8,H100,80.0,False,,nvidia,",
        "a3-highgpu-8g,us-west4-a,40.0,208,1872.0,8,H100,80.0,False,,nvidia,gcp-dws-calendar-mode",
        "a3-highgpu-8g,us-west4-a,24.0,208,1872.0,8,H100,80.0,True,,nvidia,",
    ]
    catalogues = {
        f"{name}#2": zipped(f"{name}.csv", "\n".join([header, *rows]).encode()) for name, rows in lines.items()
    }
    return {**dict.fromkeys(PROVIDERS, b"20261120-11\n"), **catalogues}


def aws() -> dict[str, bytes]:
    """A price of zero, an unused reservation, a capacity block, dedicated hardware, all paid ahead, a part of a GPU."""
    header = (
        "SKU,TermType,Region Code,Instance Type,LeaseContractLength,GPU,Currency,Tenancy,Operating System,"
        "Pre Installed S/W,CapacityStatus,Unit,Location Type,MarketOption,PurchaseOption,OfferingClass,PricePerUnit"
    )
    sold: list[tuple[str, str, str, str, str]] = [  # machine, GPUs, term, what differs, USD per hour
        ("p5.48xlarge", "8", "OnDemand", "", "55.04"),
        ("p5e.48xlarge", "8", "OnDemand", "", "0.0000000000"),
        ("p5.48xlarge", "8", "OnDemand", "UnusedCapacityReservation", "0.0000000000"),
        ("p5.48xlarge", "8", "OnDemand", "CapacityBlock", "31.464"),
        ("p5.48xlarge", "8", "OnDemand", "Dedicated", "60.5"),
        ("p5.48xlarge", "8", "Reserved", "No Upfront", "24.0"),
        ("p5.48xlarge", "8", "Reserved", "All Upfront", "480000"),
        ("g6f.large", "0.125", "OnDemand", "", "0.202"),
        ("g4dn.metal", "8", "OnDemand", "", "7.824"),
        ("p7.48xlarge", "8", "OnDemand", "", "150"),
    ]
    lines = ['"FormatVersion","v1.0"', '"Publication Date","2026-11-20T19:47:12Z"']
    lines.append(",".join(f'"{name}"' for name in header.split(",")))
    for machine, gpus, term, but, price in sold:
        cells = [machine + but, term, "us-east-1", machine, "3yr" if term == "Reserved" else "", gpus, "USD"]
        cells += ["Dedicated" if but == "Dedicated" else "Shared", "Linux", "NA"]
        cells += [but if but.startswith("Unused") else "Used", "Hrs", "AWS Region"]
        cells += ["CapacityBlock" if but == "CapacityBlock" else "OnDemand"]
        cells += [but if "Upfront" in but else "", "standard" if term == "Reserved" else "", price]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return {"offers": "\n".join(lines).encode()}


def openrouter() -> dict[str, bytes]:
    """Prices that depend on the route, a free model, one that is paid by the image, a plain one, a name for the newest."""
    prices = {
        "openrouter/auto": {"prompt": "-1", "completion": "-1"},
        "made/half-sentinel": {"prompt": "-1", "completion": "0.000002"},
        "made/free:free": {"prompt": "0", "completion": "0", "request": "0"},
        "made/image-only": {"prompt": "0", "completion": "0", "image": "0.04"},
        "made/normal": {"prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003"},
        "~made/latest": {"prompt": "0.000003", "completion": "0.000015"},
    }
    return {"models": json.dumps({"data": [{"id": name, "pricing": each} for name, each in prices.items()]}).encode()}


def litellm() -> dict[str, bytes]:
    """A tier beside a base price, tiers alone, a price by the second, an image, an embedding, one 1,000 times too high."""
    chat = {"litellm_provider": "made", "mode": "chat"}
    free = {"input_cost_per_token": 0, "output_cost_per_token": 0}
    tiers = [
        {"range": [0, 32000], "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06},
        {"range": [32000, 128000], "input_cost_per_token": 1.8e-06, "output_cost_per_token": 9e-06},
    ]
    models = {
        "made/long": {
            **chat,
            "input_cost_per_token": 1.25e-06,
            "output_cost_per_token": 1e-05,
            "cache_read_input_token_cost": 1.25e-07,
            "input_cost_per_token_above_200k_tokens": 2.5e-06,
            "input_cost_per_token_batches": 6.25e-07,
            "input_cost_per_token_flex": 6.25e-07,
            "input_cost_per_token_priority": 2.2e-06,
        },
        "made/tiers-only": {**chat, "tiered_pricing": tiers},
        "made/by-the-second": {**chat, **free, "output_cost_per_second": 0.01},
        "made/image": {**chat, **free, "mode": "image_generation", "input_cost_per_pixel": 1e-08},
        "made/embedding": {**chat, "mode": "embedding", "input_cost_per_token": 2e-08, "output_cost_per_token": 0},
        "made/free": {**chat, **free},
        "made/thousand-off": {**chat, "input_cost_per_token": 0.001, "output_cost_per_token": 0.005},
    }
    return {"models": json.dumps(models).encode()}


def genai() -> dict[str, bytes]:
    """A base with tiers, a free model, a price by the request beside that of tokens, a price that changed."""

    def above(base: float, dearer: float) -> dict:
        return {"base": base, "tiers": [{"start": 200000, "price": dearer}]}

    changed = {"constraint": {"start_date": "2026-10-01"}, "prices": {"input_mtok": 2, "output_mtok": 4}}
    models = {
        "tiered": {"input_mtok": above(1.25, 2.5), "output_mtok": above(10, 15), "cache_read_mtok": 0.125},
        "free": {"input_mtok": 0, "output_mtok": 0},
        "per-request": {"input_mtok": 1, "output_mtok": 1, "requests_kcount": 5},
        "dated": [{"prices": {"input_mtok": 4, "output_mtok": 8}}, changed],
    }
    listed = [{"id": name, "prices": prices} for name, prices in models.items()]
    return {"prices": json.dumps([{"id": "made", "name": "Made", "models": listed}]).encode()}


def vast() -> dict[str, bytes]:
    """A machine of two chips, offered whole and by the chip; another machine."""
    offers = [
        {"id": number, "machine_id": machine, "num_gpus": gpus, "dph_total": gpus * price}
        | {
            "gpu_name": "H100 SXM",
            "gpu_ram": 81559,
            "geolocation": "Utah, US",
            "verification": "verified",
            "is_bid": False,
        }
        for number, machine, gpus, price in [(1, 7, 1, 2.1), (2, 7, 1, 2.1), (3, 7, 2, 2.0), (4, 8, 1, 1.9)]
    ]
    return {"offers": json.dumps({"offers": offers}).encode()}


def sales() -> dict[str, bytes]:
    """One chip of a newer vintage, under the name that the published file has and the table of types has not."""
    csv = (
        "Name,Chip manufacturer,Chip type,Start date,End date,Number of Units,Number of Units (5th percentile),"
        "Number of Units (95th percentile),Compute estimate in H100e (median),H100e (5th percentile),"
        "H100e (95th percentile),Incomplete,Notes\nQ1 2025 - MI300X,AMD,MI300X,2025-01-01,2025-03-31,70000,60000,80000,"
        "90000,80000,100000,,Estimates generated on: 07-15-2026 10:00\n"
    )
    return {"ai_chip_sales.zip": zipped("timelines_by_chip.csv", csv.encode())}


ANSWERS = {
    "openrouter_prices": openrouter,
    "litellm_prices": litellm,
    "genai_prices": genai,
    "aws_ec2_prices": aws,
    "azure_retail_prices": azure,
    "dstack_gpu_catalog": dstack,
    "vast_offers": vast,
    "epoch_chip_shipments": sales,
}


# The tables that are asked here, with what they are made of; other tables are built of the same facts elsewhere.
ASKED = (
    "+rental_prices_by_terms +rental_prices +held_back_rental_prices +token_price_history +held_back_token_prices "
    "+unknown_names +chip_shipments +chip_shipments_by_source"
)


@pytest.fixture(scope="module")
def ask(grown: Sandbox) -> Query:
    """Queries on the tables that dbt makes of the answers, its tests passed."""
    settings = Settings(grown.state, grown.published, grown.data, live=True)
    with pytest.MonkeyPatch.context() as patch, serving() as upstreams:
        patch.setenv("CHIPCAST_CONTACT", "test@example.org")
        for source_id, answer in ANSWERS.items():
            patch.setenv(f"CHIPCAST_{source_id.upper()}_URL", f"{upstreams.url}/{source_id}")
            # A list of a few rows would be refused as the successor of thousands.
            patch.setenv(f"CHIPCAST_{source_id.upper()}_MAX_LOST_SHARE", "1")
            upstreams.serve(SOURCES[source_id], answer())
            report = raw_tables.ingest(quick(SOURCES[source_id]), settings)
            assert report.mode == "live" and not report.stale, report
        run_tables.write(all_sources(), settings)
        dbt.complain(dbt.build(settings, ASKED, tests="cautious"))

    def query(sql: str) -> pd.DataFrame:
        with dbt.reading(settings) as warehouse:
            return warehouse.execute(sql).df()

    return query


def prices(ask: Query, source_id: str) -> dict[tuple[str, str], float]:
    """(chip, terms) -> the cheapest USD per chip-hour of a list, to the cent, where the answers of this test are."""
    rows = ask(
        "select chip_id, terms, round(min(usd_per_chip_hour), 2) as usd from market.rental_prices_by_terms "
        f"where source_id = '{source_id}' and region in ('eastus', 'us-east-1', 'us-west4') group by all"
    )
    return {(row.chip_id, row.terms): row.usd for row in rows.itertuples()}


def test_a_part_of_a_gpu_and_other_terms_are_never_the_price_of_a_whole_one(ask: Query) -> None:
    assert prices(ask, "azure_retail_prices") == {
        ("nvidia-h100-sxm", "on_demand"): 12.29,
        ("nvidia-h100-sxm", "spot"): 2.28,
        ("nvidia-a10", "on_demand"): 2.72,
    }
    assert prices(ask, "aws_ec2_prices") == {
        ("nvidia-h100-sxm", "on_demand"): 6.88,
        ("nvidia-h100-sxm", "reserved_3_years"): 3.0,
        ("nvidia-l4", "on_demand"): 1.62,
        ("nvidia-t4", "on_demand"): 0.98,
    }
    assert prices(ask, "dstack_gpu_catalog") == {
        ("nvidia-h100-sxm", "on_demand"): 6.88,
        ("nvidia-l4", "on_demand"): 0.8,
        ("nvidia-a10", "on_demand"): 2.72,
        ("google-tpu-v5e", "on_demand"): 1.2,
        ("nvidia-h100-sxm", "booked_ahead"): 5.0,
        ("nvidia-h100-sxm", "spot"): 3.0,
    }
    machines = ask(
        "select offer, usd_per_chip_hour from market.rental_prices where source_id = 'vast_offers' order by all"
    )
    assert machines.to_numpy().tolist() == [["marketplace offer 3", 2.0], ["marketplace offer 4", 1.9]]


def test_memory_that_does_not_fit_the_chip_holds_a_price_back(ask: Query) -> None:
    held = ask(
        "select offer, usd_per_chip_hour, held_back_because from quality.held_back_rental_prices "
        "where source_id = 'dstack_gpu_catalog'"
    )
    told = dict(zip(held["offer"], held["held_back_because"], strict=True))
    assert told["g6new.large x 1"].startswith("its memory is not that of the chip")
    unknown = set(
        ask("select name_as_written from quality.unknown_names where name_kind = 'accelerator'")["name_as_written"]
    )
    assert {"Standard_ND999_VR200_v9", "p7.48xlarge"} <= unknown


def test_a_region_has_one_spelling(ask: Query) -> None:
    regions = set(
        ask("select distinct region from market.rental_prices where provider_id in ('aws', 'azure', 'google-cloud')")[
            "region"
        ]
    )
    assert {"us-east-1", "eastus", "us-central1"} <= regions
    assert all(region == "not stated" or region == region.lower() for region in regions)


def tokens(ask: Query, source_id: str) -> dict[str, tuple[float, float, str]]:
    """Listed name -> USD per million tokens of input and output, and what else the list asks, of what the answer holds."""
    rows = ask(
        "select listed_model, input_usd_per_mtok, output_usd_per_mtok, other_prices from market.token_price_history "
        f"where source_id = '{source_id}' and (listed_model like 'made/%' or provider_id = 'made') and is_current"
    )
    return {row.listed_model: tuple(row)[2:] for row in rows.itertuples()}


def test_only_the_base_price_of_tokens_is_the_token_price(ask: Query) -> None:
    routed = tokens(ask, "openrouter_prices")
    assert routed.keys() == {"made/half-sentinel", "made/normal"}
    assert routed["made/normal"] == (3, 15, "input cache read 0.0000003")
    assert pd.isna(routed["made/half-sentinel"][0]) and routed["made/half-sentinel"][1] == 2

    listed = tokens(ask, "litellm_prices")
    assert listed.keys() == {"made/long", "made/tiers-only"}
    assert listed["made/long"] == (
        1.25,
        10,
        "input above 200k tokens 2.5; input batches 0.625; input flex 0.625; input priority 2.2",
    )
    assert listed["made/tiers-only"][:2] == (1, 5)
    assert "input at 32000 to 128000 tokens 1.8" in listed["made/tiers-only"][2]
    held = set(ask("select listed_model from quality.held_back_token_prices")["listed_model"])
    assert "made/thousand-off" in held
    assert (
        ask("select count(*) as aliases from staging.stg_openrouter_prices where model_id like '~%'")["aliases"][0] == 0
    )

    by_day = tokens(ask, "genai_prices")
    assert by_day["tiered"] == (1.25, 10, "input above 200000 tokens 2.5; output above 200000 tokens 15")
    assert by_day["per-request"] == (1, 1, "requests kcount 5")
    assert by_day["dated"][:2] == (2, 4) and "free" not in by_day


def test_a_newer_vintage_stands_beside_the_older_one_with_its_cost(ask: Query) -> None:
    of_amd = "from {} where designer_id = 'amd' and chip_id = 'amd-mi300x' and calendar_quarter = '2025Q1'"
    newest = ask("select estimate_vintage, units_p50, cost_usd_m_p50 " + of_amd.format("market.chip_shipments"))
    # 70,000 at Epoch's 12,500 USD.
    assert newest.to_numpy().tolist() == [["2026-07", 70000, 875]]
    every = ask(
        "select estimate_vintage, is_latest_vintage "
        + of_amd.format("market.chip_shipments_by_source")
        + " and estimate_source = 'epoch' order by 1"
    )
    assert every.to_numpy().tolist() == [["2026-04", False], ["2026-07", True]]


ALPHABET, META = "1652044", "1326801"
CAPEX = "PaymentsToAcquirePropertyPlantAndEquipment"


def restated() -> dict[str, bytes]:
    """All facts as embedded; Alphabet's year 2025 restated in a 10-K/A, Meta's last quarter of 2024 stated alone."""
    answers = companyfacts(10_000)
    made = {
        ALPHABET: ("2025-01-01", "2025-12-31", 96447000000, "9999999999-26-000001", "10-K/A", "2026-05-04"),
        META: ("2024-09-25", "2024-12-31", 14425000000, "9999999999-25-000002", "10-K", "2025-01-30"),
    }
    for cik, (start, end, value, accession, form, filed) in made.items():
        company = json.loads(answers[cik])
        company["facts"]["us-gaap"][CAPEX]["units"]["USD"].append(
            {"start": start, "end": end, "val": value, "accn": accession, "form": form, "filed": filed}
        )
        answers[cik] = json.dumps(company).encode()
    return answers


@pytest.mark.slow
def test_a_restatement_is_listed_and_what_upstream_withdraws_is_withdrawn(grown: Sandbox) -> None:
    settings = Settings(grown.state, grown.published, grown.data, live=True)
    source = quick(SOURCES["xbrl_facts"])
    check = "capex_is_what_was_filed"

    def build() -> str:
        report = raw_tables.ingest(source, settings)
        assert report.mode == "live" and not report.stale, report
        run_tables.write(all_sources(), settings)
        results = dbt.build(settings, f"+capex_quarters +source_differences +{check}", tests="cautious")
        dbt.complain(results)
        (status,) = {result.status for result in results if check in result.unique_id}
        return status

    def capex(company: str, quarter: str) -> dict[str, float]:
        with dbt.reading(settings) as warehouse:
            rows = warehouse.execute(
                "select vintage, capex_usd_m from market.capex_quarters_vintages where basis = 'cash' and company_id = ? "
                "and calendar_quarter = ?",
                [company, quarter],
            ).fetchall()
        return dict(rows)

    with pytest.MonkeyPatch.context() as patch, serving() as upstreams:
        patch.setenv("CHIPCAST_CONTACT", "test@example.org")
        patch.setenv("CHIPCAST_XBRL_FACTS_URL", f"{upstreams.url}/xbrl_facts")
        upstreams.serve(source, restated())
        assert build() == "warn"
        assert capex("alphabet", "2025Q4") == {"first": 27851, "latest": 32851}
        assert capex("meta", "2024Q4")["first"] == 14425
        with dbt.reading(settings) as warehouse:
            ((fact, filed, gathered),) = warehouse.execute(
                "select fact, value_a, value_b from quality.source_differences where fact_kind like 'capital%'"
            ).fetchall()
        assert (fact, filed, gathered) == ("alphabet 2025-12-31", 32851, 27851)

        upstreams.serve(source, companyfacts(10_000))
        assert build() == "pass"
        assert capex("alphabet", "2025Q4") == {"first": 27851, "latest": 27851}
