"""Epoch AI, AI chip sales: the shares and prices that its estimates rest on, one row per assumption and period."""

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, iso_dates, text
from pipeline.sources.epoch import CHIP_SALES_FOLDER, CHIP_SALES_RELEASED, CHIP_SALES_VINTAGE, CREDIT

FOLDER = f"{CHIP_SALES_FOLDER}/data_inputs"
FILES = tuple(
    f"{FOLDER}/{name}.csv"
    for name in (
        "Nvidia_quarterly_revenue",
        "Nvidia_annual_prices",
        "Broadcom_quarterly_revenue",
        "amd_production_mix_per_quarter",
    )
)
COLUMNS = ["designer", "parameter", "chip_type", "period", "period_start", "period_end", "low", "high", "unit"]


def _rows(designer: str, parameter: str, chip_type: str | None, unit: str, raw: pd.DataFrame, low, high):
    """Rows of one parameter, where upstream has a value."""
    frame = raw[["period", "period_start", "period_end"]].assign(
        designer=designer, parameter=parameter, chip_type=chip_type, low=low, high=high, unit=unit
    )
    return frame[frame["low"].notna()][COLUMNS]


def _nvidia(upstream: Upstream) -> list[pd.DataFrame]:
    raw = upstream.csv(FILES[0]).dropna(subset="dc_revenue")
    raw["period"] = raw["Quarter"].str.replace("FY", "FY20")
    raw["period_start"], raw["period_end"] = raw["Start Date"], raw["End Date"]
    share, revenue = raw["compute_share_of_dc"], raw["dc_revenue"]
    parts = [
        _rows("nvidia", "data_center_revenue", None, "usd_bn", raw, revenue, revenue),
        _rows("nvidia", "compute_share_of_data_center_revenue", None, "share", raw, share, share),
    ]
    for chip in ("A100", "H100", "H20", "GB200", "GB300"):
        parts.append(_rows("nvidia", "share_of_compute_revenue", chip, "share", raw, raw[chip], raw[chip]))
    return parts


def _nvidia_prices(upstream: Upstream) -> list[pd.DataFrame]:
    raw = upstream.csv(FILES[1])
    raw = raw[raw["Year"].str.fullmatch(r"\d{4}").fillna(False)].copy()
    raw["period"] = raw["Year"]
    raw["period_start"], raw["period_end"] = raw["Year"] + "-01-01", raw["Year"] + "-12-31"
    return [
        _rows("nvidia", "price_per_chip", chip, "usd", raw, raw[f"{chip} low"], raw[f"{chip} high"])
        for chip in ("A100", "H100", "H20", "GB200", "GB300")
    ]


def _broadcom(upstream: Upstream) -> list[pd.DataFrame]:
    raw = upstream.csv(FILES[2])
    raw["period"] = raw["Quarter"].str.replace("FY", "FY20")
    raw["period_start"], raw["period_end"] = iso_dates(raw["Start Date"]), iso_dates(raw["End Date"])
    ai, low, high = (f"{name} (Billions)" for name in ("AI Semis Revenue", "TPU Revenue p5", "TPU Revenue p95"))
    parts = [
        _rows("broadcom", "ai_semiconductor_revenue", None, "usd_bn", raw, raw[ai], raw[ai]),
        _rows("broadcom", "tpu_revenue", None, "usd_bn", raw, raw[low], raw[high]),
    ]
    for chip in ("v3", "v4", "v5e", "v5p", "v6e", "v7"):
        bounds = raw[f"TPU{chip} Share Low"], raw[f"TPU{chip} Share High"]
        parts.append(_rows("broadcom", "share_of_tpu_revenue", f"TPU {chip}", "share", raw, *bounds))
    return parts


def _amd(upstream: Upstream) -> list[pd.DataFrame]:
    raw = upstream.csv(FILES[3])
    quarter = pd.PeriodIndex(raw["quarter"].str.slice(3) + raw["quarter"].str.slice(0, 2), freq="Q")
    raw["period"] = quarter.astype(str)
    raw["period_start"] = quarter.start_time.strftime("%Y-%m-%d")
    raw["period_end"] = quarter.end_time.strftime("%Y-%m-%d")
    rows = _rows("amd", "share_of_gpu_revenue", None, "share", raw, raw["share_low"], raw["share_high"])
    return [rows.assign(chip_type="Instinct " + raw["gpu_model"])]


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per designer, parameter, chip type and period, with its low and high end (equal where it is one value)."""
    parts = [*_nvidia(upstream), *_nvidia_prices(upstream), *_broadcom(upstream), *_amd(upstream)]
    return pd.concat(parts, ignore_index=True)


SOURCE = Source(
    title="Epoch AI: inputs of the chip-sales estimates",
    description="Compute share of revenue, product mix and price bands that Epoch's shipment estimates use.",
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_sales.zip",
    cadence="quarterly",
    files=FILES,
    parse=parse,
    key=("designer", "parameter", "chip_type", "period"),
    provenance=Provenance(
        f"Epoch AI, AI chip sales, inputs, {CHIP_SALES_VINTAGE}, {{parameter}}",
        confidence="estimate",
        released=CHIP_SALES_RELEASED,
    ),
    columns={
        "designer": text(),
        "parameter": text(),
        "chip_type": text(nullable=True),
        "period": text(),
        "period_start": day(),
        "period_end": day(),
        "low": amount(),
        "high": amount(),
        "unit": text(choices=("usd", "usd_bn", "share")),
    },
)
