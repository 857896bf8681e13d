"""One case per connector: its good answers, their shape, and the fields that faults hit."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from benchmark_answers import dashboard, inference_summary, training_summary
from filings import REVENUE, answers
from shapes import Csv, Json, JsonColumns, Shape, Xbrl, Zip, zipped

from pipeline.settings import PROJECT
from pipeline.sources import all_sources, edgar
from pipeline.sources.base import Source
from pipeline.sources.chips import epoch_data_centers, epoch_gpu_clusters, epoch_ml_hardware
from pipeline.sources.pricing import genai_prices
from pipeline.sources.usage import epoch_models

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "upstream"
SOURCES = {source.id: source for source in all_sources()}


@dataclass(frozen=True)
class Case:
    """A connector under test.

    `number`, `word` and `day` are upstream's field and the table's column that take its value; None where upstream has
    no such field (the reason stands in `accepted` under the fault's name). `accepted`: a fault that this upstream
    cannot have, or that is no fault there, with the reason; the refresh must then be as without it.
    """

    source_id: str
    answers: Mapping[str, bytes]
    shape: Shape
    number: tuple[str, str]
    word: tuple[str, str]
    day: tuple[str, str] | None = None
    accepted: Mapping[str, str] = field(default_factory=dict)
    # Answers that hold no table, such as the number of the newest version.
    apart: Callable[[str], bool] = lambda name: False

    @property
    def source(self) -> Source:
        """The source under test."""
        return SOURCES[self.source_id]

    def changed(self, change: Callable[[bytes], bytes]) -> dict[str, bytes]:
        """The answers, each table changed."""
        return {name: body if self.apart(name) else change(body) for name, body in self.answers.items()}


def names(source_id: str, **more: str) -> dict[str, str]:
    """Our name of every column of a source -> upstream's; `more` are those that are not among its columns."""
    return {**{ours: column.source or ours for ours, column in SOURCES[source_id].columns.items()}, **more}


XBRL = names("xbrl_facts")


def read(path: str) -> bytes:
    """A stored answer."""
    return (FIXTURES / path).read_bytes()


def companyfacts(rows_each: int = 1000) -> dict[str, bytes]:
    """Answers of EDGAR's companyfacts for every company, made of the embedded facts after its documentation."""
    facts = pd.read_csv(PROJECT / "data" / "xbrl_facts.csv", dtype="string")
    found = {}
    for cik, company in facts.groupby("cik", sort=False):
        document: dict = {"cik": int(str(cik)), "entityName": company["entity"].iloc[0], "facts": {}}
        for row in company.head(rows_each).to_dict("records"):
            said = {upstream: row[ours] for ours, upstream in XBRL.items() if pd.notna(row[ours])}
            fact = {name: said[name] for name in ("start", "end", "accn", "form", "filed") if name in said}
            value = float(row["value"])
            fact["val"] = int(value) if value.is_integer() else value
            units = document["facts"].setdefault(row["taxonomy"], {}).setdefault(row["tag"], {"units": {}})["units"]
            units.setdefault(row["unit"], []).append(fact)
        found[str(cik)] = json.dumps(document).encode()
    return {cik: found[cik] for cik in edgar.COMPANIES}


def submissions() -> dict[str, bytes]:
    """Answers of EDGAR's submissions for every company, made of the embedded facts after its documentation."""
    facts = pd.read_csv(PROJECT / "data" / "xbrl_facts.csv", dtype="string")
    facts = facts[facts["form"].isin(["10-K", "10-Q", "20-F", "6-K"])]
    found = {}
    for cik, name in edgar.COMPANIES.items():
        of = facts[facts["cik"] == cik].drop_duplicates("accession").sort_values("filed_on", ascending=False).head(20)
        recent = {
            "accessionNumber": of["accession"].tolist(),
            "filingDate": of["filed_on"].tolist(),
            "reportDate": of["period_end"].tolist(),
            "form": of["form"].tolist(),
            "items": [""] * len(of),
            "size": [1] * len(of),
            "primaryDocument": [f"report{number}.htm" for number in range(len(of))],
        }
        found[cik] = json.dumps({"cik": cik, "name": name, "filings": {"recent": recent, "files": []}}).encode()
    return found


NAMES = {"units": "Number of Units", "h100e_8bit": "H100e", "power_mw": "Power in MW"}


def chip_sales(source_id: str, vintage_stamp: str = "08-03-2026 10:00", cumulative: bool = False) -> bytes:
    """Epoch's chip-sales table as published: the embedded estimates under the columns of the published archive."""
    rows = pd.read_csv(PROJECT / "data" / f"{source_id}.csv", dtype="string", keep_default_na=False)
    if "period_kind" in rows:
        rows = rows[rows["period_kind"] == "calendar"]
    tidy = pd.DataFrame({"Name": rows["designer"] + " " + rows["period_start"], "Chip manufacturer": rows["designer"]})
    for column, name in (("owner", "Owner"), ("chip_type", "Chip type")):
        if column in rows:
            tidy[name] = rows[column]
    tidy["Start date"], tidy["End date"] = rows["period_start"], rows["period_end"]
    for stem, name in NAMES.items():
        if f"{stem}_p50" not in rows:
            continue
        middle = "Compute estimate in H100e (median)" if stem == "h100e_8bit" else name
        tidy[middle + (" (median)" if stem == "power_mw" or (cumulative and stem == "units") else "")] = rows[
            f"{stem}_p50"
        ]
        for level, words in (("p05", "5th"), ("p95", "95th")):
            prefix = "Compute estimate in " if cumulative and stem == "h100e_8bit" else ""
            tidy[f"{prefix}{name} ({words} percentile)"] = rows[f"{stem}_{level}"]
    notes = "Estimates generated on: " + vintage_stamp
    tidy["Notes"] = [("Incomplete: " if flag == "True" else "") + notes for flag in rows["is_incomplete"]]
    out = io.StringIO()
    tidy.to_csv(out, index=False, lineterminator="\n")
    return out.getvalue().encode()


def _renamed(source_id: str, upstream: Mapping[str, str]) -> pd.DataFrame:
    """The embedded rows in their order under upstream's names."""
    return pd.read_csv(PROJECT / "data" / f"{source_id}.csv", dtype="string").rename(columns=upstream)


def _written(rows: pd.DataFrame, columns: Iterable[str]) -> bytes:
    return rows[list(columns)].to_csv(index=False).encode()


def _with_tiers(price: dict[str, Any]) -> dict[str, Any]:
    """Prices of tokens by upstream's names; what a longer input costs stands beside the input's base price."""
    found = {theirs: price[ours] for ours, theirs in genai_prices.MTOK.items() if pd.notna(price[ours])}
    tiers = re.findall(r"input above (\d+) tokens ([\d.]+)", str(price["other_prices"]))
    if tiers:
        listed = [{"start": int(start), "price": float(cost)} for start, cost in tiers]
        found["input_mtok"] = {"base": found["input_mtok"], "tiers": listed}
    return found


def genai_prices_document() -> bytes:
    """The embedded token prices as genai-prices publishes them."""
    rows = pd.read_csv(PROJECT / "data" / "genai_prices.csv")
    document = []
    for provider, models in rows.groupby("provider", sort=False):
        listed = []
        for model, prices in models.groupby("model_id", sort=False):
            dated = [
                {
                    "constraint": {"start_date": price["start_date"]} if pd.notna(price["start_date"]) else None,
                    "prices": _with_tiers(price),
                }
                for price in prices.to_dict("records")
            ]
            listed.append({"id": model, "prices": dated})
        document.append({"id": provider, "models": listed})
    return json.dumps(document).encode()


def whole_answers() -> dict[str, dict[str, bytes]]:
    """Answers that say all that the embedded rows say, for sources of which the cases have an extract."""
    of_hardware = names("epoch_ml_hardware", source_url="Link to datasheet", release_price_url="Source for the price")
    of_clusters = names("epoch_gpu_clusters", source_url="Source 1", **epoch_gpu_clusters.YES_NO)
    of_sites, of_models = names("epoch_data_centers"), names("epoch_models", source_url="Link")
    clusters = _renamed("epoch_gpu_clusters", of_clusters)
    clusters = clusters.sort_values("row_id", key=lambda ids: ids.astype(int), kind="stable")
    for name in epoch_gpu_clusters.YES_NO.values():
        clusters[name] = clusters[name].map({"yes": "TRUE", "no": "FALSE"})
    sites = _renamed("epoch_data_centers", of_sites)
    sites = sites.sort_values("milestone", key=lambda numbers: numbers.astype(int), kind="stable")
    models = _renamed("epoch_models", of_models)
    return {
        "epoch_ml_hardware": {
            epoch_ml_hardware.PATH: _written(_renamed("epoch_ml_hardware", of_hardware), of_hardware.values())
        },
        "epoch_gpu_clusters": {epoch_gpu_clusters.PATH: _written(clusters, of_clusters.values())},
        "epoch_data_centers": {
            epoch_data_centers.ARCHIVE: zipped("data_center_timelines.csv", _written(sites, of_sites.values()))
        },
        "epoch_models": {
            path: _written(models[models["collection"] == collection], of_models.values())
            for path, (collection, *_) in epoch_models.FILES.items()
        },
        "genai_prices": {"prices": genai_prices_document()},
        "xbrl_facts": companyfacts(10_000),
    }


FREE_TEXT = "any name is taken in; one that no alias knows is listed in quality.unknown_names"
NO_DAY = "upstream's records have no date; an absurd Last-Modified is ignored"
ONLY_ONCE = "a JSON object holds a key once"

CORE = [
    Case(
        "epoch_ml_hardware",
        {"epoch_ml_hardware/ml_hardware.csv": read("epoch_ml_hardware/ml_hardware.csv")},
        Csv(),
        ("TDP (W)", "tdp_w"),
        ("Type", "chip_kind"),
        ("Release date", "release_date"),
        {"new enum value": FREE_TEXT},
    ),
    Case(
        "epoch_gpu_clusters",
        {"epoch_gpu_clusters/gpu_clusters.csv": read("epoch_gpu_clusters/gpu_clusters.csv")},
        Csv(),
        ("H100 equivalents", "h100e"),
        ("Certainty", "certainty"),
        ("First Operational Date", "first_operational_on"),
    ),
    Case(
        "epoch_data_centers",
        {"data_centers.zip": zipped("data_center_timelines.csv", read("epoch_data_centers/data_center_timelines.csv"))},
        Zip(),
        ("Power (MW)", "power_mw"),
        ("Data center", "site"),
        ("Date", "milestone_on"),
        {"new enum value": FREE_TEXT},
    ),
    Case(
        "epoch_models",
        {
            f"epoch_ai_models/{name}": read(f"epoch_models/{name}")
            for name in ("notable_ai_models.csv", "frontier_ai_models.csv", "large_scale_ai_models_2025-12.csv")
        },
        Csv(),
        ("Training compute (FLOP)", "training_flop"),
        ("Domain", "domain"),
        ("Publication date", "published_on"),
        {"new enum value": FREE_TEXT},
    ),
    Case(
        "epoch_chip_shipments",
        {"ai_chip_sales.zip": zipped("timelines_by_chip.csv", chip_sales("epoch_chip_shipments"))},
        Zip(),
        ("Number of Units", "units_p50"),
        ("Chip manufacturer", "designer"),
        ("End date", "period_end"),
    ),
    Case(
        "epoch_chip_stock",
        {
            "ai_chip_sales.zip": zipped(
                "cumulative_timelines_by_designer.csv", chip_sales("epoch_chip_stock", cumulative=True)
            )
        },
        Zip(),
        ("Number of Units (median)", "units_p50"),
        ("Chip manufacturer", "designer"),
        ("End date", "period_end"),
    ),
    Case(
        "epoch_chip_owners",
        {"ai_chip_owners.zip": zipped("quarters_by_chip_type.csv", chip_sales("epoch_chip_owners"))},
        Zip(),
        ("Number of Units", "units_p50"),
        ("Chip manufacturer", "designer"),
        ("End date", "period_end"),
    ),
    Case(
        "xbrl_facts",
        companyfacts(60),
        Json(),
        ("val", "value"),
        ("form", "form"),
        ("filed", "filed_on"),
        {
            "new enum value": "any form of filing is taken in: the fact counts, not the form",
            "duplicated rows": "EDGAR itself repeats a fact once per time frame; the same fact twice is one fact",
        },
    ),
    Case(
        "edgar_filings",
        submissions(),
        JsonColumns(),
        ("reportDate", "period_end"),
        ("form", "form"),
        ("filingDate", "filed_on"),
        {"units changed by 1000x": "upstream's records hold no number that is read"},
    ),
    Case(
        "segment_filings",
        answers(),
        Xbrl(),
        (REVENUE, "value"),
        ("contextRef", "period_start"),
        ("endDate", "period_end"),
        {"duplicated rows": "filings repeat a fact in the text; the same fact twice in one report is one fact"},
        apart=lambda name: "#" not in name,
    ),
    Case(
        "mlperf_inference",
        inference_summary(),
        Json(),
        ("Result", "result"),
        ("Scenario", "scenario"),
        accepted={"duplicated rows": ONLY_ONCE},
    ),
    Case(
        "mlperf_training",
        training_summary(),
        Csv(),
        ("llama31_8b:time_to_train", "minutes_to_train"),
        ("division", "division"),
    ),
    Case(
        "inferencex",
        dashboard(),
        Json(),
        ("tput_per_gpu", "total_tokens_per_s_per_gpu"),
        ("disagg", "disaggregated"),
        ("date", "run_on"),
    ),
]
