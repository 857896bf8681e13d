"""Longer history of vendor revenue than the gathered facts hold: NVIDIA, AMD, Intel, Broadcom, TSMC by quarter.

Company totals of AMD and Intel were read in documents; a report's day is that of the guidance given with it.
"""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, plus_days, text

FOLDER = "prototype_series"
FILES = (
    *(f"{FOLDER}/{name}.csv" for name in ("nvidia_quarterly", "other_vendors_quarterly", "tsmc_quarterly")),
    "documents/results.csv",
    "documents/guidance.csv",
)
# Nearest to the issuer first.
KINDS = ("issuer", "sec", "maker", "wire")
LAG_DAYS = 45
# Intel's revenue of quarters that no document at hand gives, USD billion, and the day it guided the next. With the others
# they add to the years Intel reported (62.8, 70.8, 72.0, 77.9, 79.0, 63.1, 54.2, 53.1 for 2017 to 2024) within .2.
RECALLED = {
    "2017Q2": (14.8, "2017-07-27"), "2017Q4": (17.1, "2018-01-25"), "2018Q1": (16.1, "2018-04-26"),
    "2019Q3": (19.2, "2019-10-24"), "2019Q4": (20.2, "2020-01-23"), "2020Q1": (19.8, "2020-04-23"),
    "2020Q4": (20.0, "2021-01-21"), "2021Q1": (19.7, "2021-04-22"), "2021Q3": (19.2, "2021-10-21"),
    "2021Q4": (20.5, "2022-01-26"), "2022Q1": (18.4, "2022-04-28"), "2022Q3": (15.3, "2022-10-27"),
    "2022Q4": (14.0, "2023-01-26"), "2023Q1": (11.7, "2023-04-27"), "2024Q1": (12.7, "2024-04-25"),
    "2024Q3": (13.3, "2024-10-31"), "2024Q4": (14.3, "2025-01-30"), "2025Q1": (12.7, "2025-04-24"),
}  # fmt: skip
COLUMNS = ["vendor", "series", "fiscal_period", "calendar_quarter", "period_end", "value_usd_m", "status", "citation"]


def _nvidia(upstream: Upstream) -> pd.DataFrame:
    raw = upstream.csv(FILES[0])
    raw["fiscal_period"] = raw["fiscal_quarter"].str.replace("FY", "FY20")
    parts = []
    for series, value, status, source in (
        ("data_center_revenue", "dc_revenue_usd_m", "dc_status", "dc_source"),
        ("total_revenue", "total_revenue_usd_m", "total_status", "total_source"),
    ):
        parts.append(
            raw.assign(series=series, value_usd_m=raw[value], status=raw[status], citation=raw[source])[
                [*COLUMNS, "report_date"]
            ]
        )
    return pd.concat(parts)


def _others(upstream: Upstream) -> pd.DataFrame:
    raw = upstream.csv(FILES[1])
    raw["fiscal_period"] = "FY" + raw["calendar_quarter"].where(raw["vendor"] != "Broadcom")
    raw["citation"] = raw["source"]
    # AMD's quarters before 2022Q2 exist only as recast when it made the segment (reported 2022-08-02); Broadcom's
    # FY2023 is Epoch's estimate (2026-04-22). The other dates here are approximate: the last they could be.
    recast = raw["vendor"].eq("AMD") & (raw["calendar_quarter"] < "2022Q2")
    estimated = raw["vendor"].eq("Broadcom") & (raw["calendar_quarter"] < "2023Q4")
    raw["report_date"] = plus_days(raw["period_end"], LAG_DAYS).mask(recast, "2022-08-02").mask(estimated, "2026-04-22")
    raw["status"] = raw["status"].mask(estimated, "estimate")
    return raw[[*COLUMNS, "report_date"]]


def _tsmc(upstream: Upstream) -> pd.DataFrame:
    raw = upstream.csv(FILES[2])
    end = pd.PeriodIndex(raw["calendar_quarter"], freq="Q").end_time.strftime("%Y-%m-%d")
    raw = raw.assign(
        vendor="TSMC", fiscal_period="FY" + raw["calendar_quarter"], period_end=end, citation=raw["source"]
    )
    raw["report_date"] = plus_days(raw["period_end"], LAG_DAYS)
    parts = [
        raw.assign(series="total_revenue", value_usd_m=raw["revenue_usd_m"]),
        raw.assign(series="hpc_revenue", value_usd_m=raw["hpc_revenue_usd_m"], status="derived"),
    ]
    return pd.concat(parts)[[*COLUMNS, "report_date"]]


def _totals(upstream: Upstream) -> pd.DataFrame:
    """All revenue of AMD and Intel: per quarter the page nearest to the issuer, then the value least rounded."""
    raw = upstream.csv(FILES[3])
    raw = raw[raw["metric"].eq("revenue") & raw["company"].isin(["AMD", "Intel"])].copy()
    rank = raw["source_kind"].map({kind: place for place, kind in enumerate(KINDS)}).fillna(len(KINDS))
    rounded = pd.to_numeric(raw["value"]) % 100 == 0
    raw = raw.assign(rank=rank, rounded=rounded).sort_values(["rounded", "rank", "source_url"], kind="stable")
    raw = raw.drop_duplicates(["company", "period_end"])
    # A quarter's middle lies 45 days before its end.
    raw["calendar_quarter"] = pd.PeriodIndex(plus_days(raw["period_end"], -LAG_DAYS), freq="Q").astype(str)
    raw["status"] = raw["rounded"].map({True: "rounded", False: "quoted"})
    raw["status"] = raw["status"].mask(~raw["rounded"] & raw["rank"].lt(KINDS.index("wire")), "verified")
    said = upstream.csv(FILES[4])
    said = said[said["basis"].eq("total revenue") & said["issued_on"].notna() & said["flag"].isna()]
    day_of = said.groupby(["company", "period_label"])["issued_on"].min()
    after = "FY" + pd.PeriodIndex(raw["calendar_quarter"], freq="Q").shift(1).astype(str)
    days = day_of.reindex(pd.MultiIndex.from_arrays([raw["company"], after])).to_numpy()
    raw["report_date"] = pd.Series(days, index=raw.index).fillna(plus_days(raw["period_end"], LAG_DAYS))
    raw = raw.assign(
        vendor=raw["company"], value_usd_m=raw["value"], citation="results release or a page that quotes it"
    )
    recalled = pd.DataFrame(
        [(quarter, round(1000 * value), day) for quarter, (value, day) in RECALLED.items()],
        columns=["calendar_quarter", "value_usd_m", "report_date"],
    ).assign(vendor="Intel", status="recalled", citation="Intel results release, recalled", source_url="")
    ends = pd.PeriodIndex(recalled["calendar_quarter"], freq="Q").end_time
    raw = pd.concat([raw, recalled.assign(period_end=ends.strftime("%Y-%m-%d"))], ignore_index=True)
    raw = raw.assign(series="total_revenue", fiscal_period="FY" + raw["calendar_quarter"])
    return raw[[*COLUMNS, "report_date", "source_url"]]


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per vendor, series and quarter in USD million. Report dates are recalled, or the last they could be."""
    listed = pd.concat([_nvidia(upstream), _others(upstream), _tsmc(upstream), _totals(upstream)], ignore_index=True)
    is_release = listed["vendor"].eq("NVIDIA") | listed["source_url"].notna()
    listed["source_url"] = listed["source_url"].fillna("")
    return listed.assign(basis=is_release.map({True: "release", False: "upper_bound"}))


SOURCE = Source(
    id="prototype_vendor_series",
    title="Vendor revenue series of the forecasting prototype",
    description="Quarterly revenue in USD million, reaching further back than the gathered facts. Many values are "
    "recalled; gathered facts win where both have one.",
    domain="earnings",
    licence="facts with attribution",
    credit="company filings and releases",
    cadence="ended 2026",
    files=FILES,
    parse=parse,
    key=("vendor", "series", "calendar_quarter"),
    provenance=Provenance(
        "{citation}", confidence="{status}", reported_on="{report_date}", basis="{basis}", url="{source_url}"
    ),
    columns={
        "vendor": text(choices=("NVIDIA", "AMD", "Intel", "Broadcom", "TSMC")),
        "series": text(),
        "fiscal_period": text(nullable=True),
        "calendar_quarter": text(),
        "period_end": day(past=True),
        "value_usd_m": amount(high=1e6),
    },
)
