"""Longer history of vendor revenue than the gathered facts hold: NVIDIA, AMD, Intel, Broadcom, TSMC by quarter."""

import pandas as pd

from pipeline.sources import edgar
from pipeline.sources.base import Provenance, Source, Upstream, amount, day, plus_days, text

FOLDER = "prototype_series"
FILES = tuple(f"{FOLDER}/{name}.csv" for name in ("nvidia_quarterly", "other_vendors_quarterly", "tsmc_quarterly"))
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
    raw["report_date"] = (
        plus_days(raw["period_end"], edgar.LAG_DAYS).mask(recast, "2022-08-02").mask(estimated, "2026-04-22")
    )
    raw["status"] = raw["status"].mask(estimated, "estimate")
    return raw[[*COLUMNS, "report_date"]]


def _tsmc(upstream: Upstream) -> pd.DataFrame:
    raw = upstream.csv(FILES[2])
    end = pd.PeriodIndex(raw["calendar_quarter"], freq="Q").end_time.strftime("%Y-%m-%d")
    raw = raw.assign(
        vendor="TSMC", fiscal_period="FY" + raw["calendar_quarter"], period_end=end, citation=raw["source"]
    )
    raw["report_date"] = plus_days(raw["period_end"], edgar.LAG_DAYS)
    parts = [
        raw.assign(series="total_revenue", value_usd_m=raw["revenue_usd_m"]),
        raw.assign(series="hpc_revenue", value_usd_m=raw["hpc_revenue_usd_m"], status="derived"),
    ]
    return pd.concat(parts)[[*COLUMNS, "report_date"]]


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per vendor, series and quarter in USD million. Report dates are recalled, or the last they could be."""
    listed = pd.concat([_nvidia(upstream), _others(upstream), _tsmc(upstream)], ignore_index=True)
    return listed.assign(basis=listed["vendor"].eq("NVIDIA").map({True: "release", False: "upper_bound"}))


SOURCE = Source(
    title="Longer history of vendor revenue",
    description="Quarterly revenue in USD million, reaching further back than the gathered facts. Many values are "
    "recalled; gathered facts win where both have one.",
    licence="facts with attribution",
    credit="company filings and releases",
    cadence="ended 2026",
    files=FILES,
    parse=parse,
    key=("vendor", "series", "calendar_quarter"),
    provenance=Provenance("{citation}", confidence="{status}", reported_on="{report_date}", basis="{basis}"),
    columns={
        "vendor": text(choices=("NVIDIA", "AMD", "Intel", "Broadcom", "TSMC")),
        "series": text(),
        "fiscal_period": text(nullable=True),
        "calendar_quarter": text(),
        "period_end": day(past=True),
        "value_usd_m": amount(high=1e6),
    },
)
