"""Marts small enough to read: the facts that the compute forecast rests on, in the columns that dbt delivers.

Revenue: company releases. Mix, prices and shipments: Epoch AI, AI chip sales, 2026-04 (CC BY 4.0). The rest: curated
facts of this project. Only what the tests need; the whole pipeline is tested on the embedded snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest
import vendor_marts

from forecasts import compute
from forecasts.vendor_revenue import Fitted
from forecasts.vendor_revenue import fit as fit_vendors

EPOCH = "2026-04-22"

# fmt: off
# fiscal period, first and last day, calendar quarter, usd_m, reported on
NVIDIA = (
    ("FY2023Q1", "2022-01-31", "2022-05-01", "2022Q1", 3750, "2022-05-25"),
    ("FY2023Q2", "2022-05-02", "2022-07-31", "2022Q2", 3806, "2022-08-24"),
    ("FY2023Q3", "2022-08-01", "2022-10-30", "2022Q3", 3833, "2022-11-16"),
    ("FY2023Q4", "2022-10-31", "2023-01-29", "2022Q4", 3616, "2023-02-22"),
    ("FY2024Q1", "2023-01-30", "2023-04-30", "2023Q1", 4284, "2023-05-24"),
    ("FY2024Q2", "2023-05-01", "2023-07-30", "2023Q2", 10323, "2023-08-23"),
    ("FY2024Q3", "2023-07-31", "2023-10-29", "2023Q3", 14514, "2023-11-21"),
    ("FY2024Q4", "2023-10-30", "2024-01-28", "2023Q4", 18404, "2024-02-21"),
    ("FY2025Q1", "2024-01-29", "2024-04-28", "2024Q1", 22563, "2024-05-22"),
    ("FY2025Q2", "2024-04-29", "2024-07-28", "2024Q2", 26272, "2024-08-28"),
    ("FY2025Q3", "2024-07-29", "2024-10-27", "2024Q3", 30771, "2024-11-20"),
    ("FY2025Q4", "2024-10-28", "2025-01-26", "2024Q4", 35580, "2025-02-26"),
    ("FY2026Q1", "2025-01-27", "2025-04-27", "2025Q1", 39112, "2025-05-28"),
    ("FY2026Q2", "2025-04-28", "2025-07-27", "2025Q2", 41096, "2025-08-27"),
    ("FY2026Q3", "2025-07-28", "2025-10-26", "2025Q3", 51215, "2025-11-19"),
    ("FY2026Q4", "2025-10-27", "2026-01-25", "2025Q4", 62314, "2026-02-25"),
    ("FY2027Q1", "2026-01-26", "2026-04-26", "2026Q1", 75246, "2026-05-20"),
    ("FY2027Q2", "2026-04-27", "2026-07-26", "2026Q2", 89023, "2026-08-26"),
)
# fiscal period, first and last day, calendar quarter, usd_m, reported on
AMD = (
    ("FY2022Q1", "2021-12-26", "2022-03-26", "2022Q1", 1293, "2022-05-03"),
    ("FY2022Q2", "2022-03-27", "2022-06-25", "2022Q2", 1486, "2022-08-02"),
    ("FY2022Q3", "2022-06-26", "2022-09-24", "2022Q3", 1609, "2022-11-01"),
    ("FY2022Q4", "2022-09-25", "2022-12-31", "2022Q4", 1655, "2023-01-31"),
    ("FY2023Q1", "2023-01-01", "2023-04-01", "2023Q1", 1295, "2023-05-02"),
    ("FY2023Q2", "2023-04-02", "2023-07-01", "2023Q2", 1321, "2023-08-01"),
    ("FY2023Q3", "2023-07-02", "2023-09-30", "2023Q3", 1598, "2023-10-31"),
    ("FY2023Q4", "2023-10-01", "2023-12-30", "2023Q4", 2282, "2024-01-30"),
    ("FY2024Q1", "2023-12-31", "2024-03-30", "2024Q1", 2337, "2024-04-30"),
    ("FY2024Q2", "2024-03-31", "2024-06-29", "2024Q2", 2834, "2024-07-30"),
    ("FY2024Q3", "2024-06-30", "2024-09-28", "2024Q3", 3549, "2024-10-29"),
    ("FY2024Q4", "2024-09-29", "2024-12-28", "2024Q4", 3859, "2025-02-04"),
    ("FY2025Q1", "2024-12-29", "2025-03-29", "2025Q1", 3674, "2025-05-06"),
    ("FY2025Q2", "2025-03-30", "2025-06-28", "2025Q2", 3240, "2025-08-05"),
    ("FY2025Q3", "2025-06-29", "2025-09-27", "2025Q3", 4341, "2025-11-04"),
    ("FY2025Q4", "2025-09-28", "2025-12-27", "2025Q4", 5380, "2026-02-03"),
    ("FY2026Q1", "2025-12-28", "2026-03-28", "2026Q1", 5775, "2026-05-05"),
    ("FY2026Q2", "2026-03-29", "2026-06-27", "2026Q2", 6718, "2026-08-04"),
)
# fiscal period, first and last day, calendar quarter, usd_m, reported on
BROADCOM = (
    ("FY2023Q1", "2022-10-31", "2023-01-29", "2022Q4", 800, "2026-04-22"),
    ("FY2023Q2", "2023-01-30", "2023-04-30", "2023Q1", 1000, "2026-04-22"),
    ("FY2023Q3", "2023-05-01", "2023-07-30", "2023Q2", 1000, "2026-04-22"),
    ("FY2023Q4", "2023-07-31", "2023-10-29", "2023Q3", 1500, "2026-04-22"),
    ("FY2024Q1", "2023-10-30", "2024-02-04", "2023Q4", 2300, "2024-03-07"),
    ("FY2024Q2", "2024-02-05", "2024-05-05", "2024Q1", 3100, "2024-06-12"),
    ("FY2024Q3", "2024-05-06", "2024-08-04", "2024Q2", 3200, "2024-09-05"),
    ("FY2024Q4", "2024-08-05", "2024-11-03", "2024Q3", 3700, "2024-12-12"),
    ("FY2025Q1", "2024-11-04", "2025-02-02", "2024Q4", 4100, "2025-03-06"),
    ("FY2025Q2", "2025-02-03", "2025-05-04", "2025Q1", 4400, "2025-06-05"),
    ("FY2025Q3", "2025-05-05", "2025-08-03", "2025Q2", 5200, "2025-09-04"),
    ("FY2025Q4", "2025-08-04", "2025-11-02", "2025Q3", 6430, "2025-12-11"),
    ("FY2026Q1", "2025-11-03", "2026-02-01", "2025Q4", 8400, "2026-03-04"),
    ("FY2026Q2", "2026-02-02", "2026-05-03", "2026Q1", 10800, "2026-06-03"),
    ("FY2026Q3", "2026-05-04", "2026-08-02", "2026Q2", 16700, "2026-09-02"),
)
# fiscal period, first and last day, calendar quarter, usd_m, reported on
INTEL = (
    ("FY2023Q1", "2023-01-01", "2023-03-31", "2023Q1", 3718, "2023-04-27"),
    ("FY2023Q2", "2023-04-02", "2023-06-30", "2023Q2", 4004, "2023-07-27"),
    ("FY2023Q3", "2023-07-02", "2023-09-30", "2023Q3", 3814, "2023-10-26"),
    ("FY2023Q4", "2023-10-01", "2023-12-31", "2023Q4", 3985, "2024-01-25"),
    ("FY2024Q1", "2023-12-31", "2024-03-31", "2024Q1", 3036, "2024-04-25"),
    ("FY2024Q2", "2024-03-31", "2024-06-30", "2024Q2", 3045, "2024-08-01"),
    ("FY2024Q3", "2024-06-30", "2024-09-30", "2024Q3", 3349, "2024-10-31"),
    ("FY2024Q4", "2024-09-29", "2024-12-31", "2024Q4", 3387, "2025-01-30"),
    ("FY2025Q1", "2024-12-29", "2025-03-29", "2025Q1", 4100, "2025-04-24"),
    ("FY2025Q2", "2025-03-30", "2025-06-28", "2025Q2", 3900, "2025-07-24"),
    ("FY2025Q3", "2025-06-29", "2025-09-27", "2025Q3", 4100, "2025-10-23"),
    ("FY2025Q4", "2025-09-28", "2025-12-27", "2025Q4", 4700, "2026-01-22"),
    ("FY2026Q1", "2025-12-28", "2026-03-28", "2026Q1", 5100, "2026-04-23"),
    ("FY2026Q2", "2026-03-29", "2026-06-27", "2026Q2", 6300, "2026-07-23"),
)
# issuer, metric, segment, basis, target period, usd_m, issued on: outlooks given with a report
GUIDANCE = (
    ("broadcom", "revenue", "ai", "reported", "FY2025Q2", 4400, "2025-03-06"),
    ("broadcom", "revenue", "ai", "reported", "FY2025Q3", 5100, "2025-06-05"),
    ("broadcom", "revenue", "ai", "reported", "FY2025Q4", 6200, "2025-09-04"),
    ("broadcom", "revenue", "ai", "reported", "FY2026Q1", 8200, "2025-12-11"),
    ("broadcom", "revenue", "ai", "reported", "FY2026Q2", 10700, "2026-03-04"),
    ("broadcom", "revenue", "ai", "reported", "FY2026Q3", 16000, "2026-06-03"),
    ("broadcom", "revenue", "ai", "reported", "FY2026Q4", 21700, "2026-09-02"),
    ("alphabet", "capex", "total", "stated", "CY2025", 85000, "2025-07-23"),
    ("alphabet", "capex", "total", "stated", "CY2026", 200000, "2026-07-22"),
    ("meta", "capex", "total", "with finance leases", "CY2025", 68000, "2025-04-30"),
    ("meta", "capex", "total", "with finance leases", "CY2025", 71000, "2025-10-29"),
    ("meta", "capex", "total", "with finance leases", "CY2026", 137500, "2026-07-29"),
)
# chip, designer, released, 16-bit FLOP/s, 8-bit OP/s, TB/s, W
CHIPS = (
    ("amd-instinct-mi250x", "amd", "2021-11-08", 3.83e+14, 3.83e+14, 3280, 500),
    ("amd-instinct-mi300a", "amd", "2023-01-04", 9.806e+14, 1.9612e+15, 5300, 760),
    ("amd-instinct-mi300x", "amd", "2023-12-06", 1.3074e+15, 2.6149e+15, 5300, 750),
    ("amd-instinct-mi325x", "amd", "2024-10-10", 1.3074e+15, 2.6e+15, 6000, 1000),
    ("amd-instinct-mi350x", "amd", "2025-06-12", 2.3096e+15, 4.614e+15, 8000, 1000),
    ("amd-instinct-mi355x", "amd", "2025-06-12", 2.5166e+15, 5.0332e+15, 8000, 1400),
    ("amazon-trainium1", "amazon", "2022-10-15", 1.9e+14, 4.2e+14, 820, 300),
    ("amazon-trainium2", "amazon", "2024-12-03", 6.67e+14, 1.299e+15, 2900, 500),
    ("google-tpu-v3", "alphabet", "2018-05-18", 1.23e+14, 1.23e+14, 900, 450),
    ("google-tpu-v4", "alphabet", "2021-05-20", 2.75e+14, 2.75e+14, 1200, 340),
    ("google-tpu-v5e", "alphabet", "2023-08-29", 1.97e+14, 3.93e+14, 819, 225),
    ("google-tpu-v5p", "alphabet", "2023-12-06", 4.59e+14, 9.18e+14, 2765, 540),
    ("google-tpu-v6e", "alphabet", "2024-05-14", 9.18e+14, 1.836e+15, 1640, 380),
    ("google-tpu-v7", "alphabet", "2025-11-06", 2.307e+15, 4.614e+15, 7370, 960),
    ("nvidia-a100", "nvidia", "2020-11-16", 3.12e+14, 6.24e+14, 2039, 400),
    ("nvidia-h100-sxm", "nvidia", "2022-09-20", 9.894e+14, 1.979e+15, 3350, 700),
    ("nvidia-h20", "nvidia", "2023-11-09", 1.48e+14, 2.96e+14, 4000, 400),
    ("nvidia-h200", "nvidia", "2024-11-18", 9.895e+14, 1.979e+15, 4800, 700),
    ("nvidia-b200", "nvidia", "2025-02-15", 2.5e+15, 5e+15, 8000, 1200),
    ("nvidia-b300", "nvidia", "2025-08-22", 2.5e+15, 5e+15, 8000, 1400),
)
# parameter, chip, period, p05, p50, p95, unit
INPUTS = (
    ("compute_share_of_data_center_revenue", None, "FY2023Q1", None, 0.75, None, "share"),
    ("share_of_compute_revenue", "nvidia-a100", "FY2023Q1", None, 1, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2023Q2", None, 0.75, None, "share"),
    ("share_of_compute_revenue", "nvidia-a100", "FY2023Q2", None, 1, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2023Q3", None, 0.75, None, "share"),
    ("share_of_compute_revenue", "nvidia-a100", "FY2023Q3", None, 0.9, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2023Q3", None, 0.1, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2023Q4", None, 0.75, None, "share"),
    ("share_of_compute_revenue", "nvidia-a100", "FY2023Q4", None, 0.4, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2023Q4", None, 0.6, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2024Q1", None, 0.783, None, "share"),
    ("share_of_compute_revenue", "nvidia-a100", "FY2024Q1", None, 0.2, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2024Q1", None, 0.8, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2024Q2", None, 0.834, None, "share"),
    ("share_of_compute_revenue", "nvidia-a100", "FY2024Q2", None, 0.1, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2024Q2", None, 0.9, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2024Q3", None, 0.82, None, "share"),
    ("share_of_compute_revenue", "nvidia-a100", "FY2024Q3", None, 0.05, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2024Q3", None, 0.95, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2024Q4", None, 0.819, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2024Q4", None, 1, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2025Q1", None, 0.86, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2025Q1", None, 0.88, None, "share"),
    ("share_of_compute_revenue", "nvidia-h20", "FY2025Q1", None, 0.12, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2025Q2", None, 0.86, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2025Q2", None, 0.88, None, "share"),
    ("share_of_compute_revenue", "nvidia-h20", "FY2025Q2", None, 0.12, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2025Q3", None, 0.898, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2025Q3", None, 0.88, None, "share"),
    ("share_of_compute_revenue", "nvidia-h20", "FY2025Q3", None, 0.12, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2025Q4", None, 0.915, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2025Q4", None, 0.55, None, "share"),
    ("share_of_compute_revenue", "nvidia-h20", "FY2025Q4", None, 0.12, None, "share"),
    ("share_of_compute_revenue", "nvidia-b200", "FY2025Q4", None, 0.33, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2026Q1", None, 0.873, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2026Q1", None, 0.17, None, "share"),
    ("share_of_compute_revenue", "nvidia-h20", "FY2026Q1", None, 0.13, None, "share"),
    ("share_of_compute_revenue", "nvidia-b200", "FY2026Q1", None, 0.7, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2026Q2", None, 0.824, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2026Q2", None, 0.18, None, "share"),
    ("share_of_compute_revenue", "nvidia-h20", "FY2026Q2", None, 0.02, None, "share"),
    ("share_of_compute_revenue", "nvidia-b200", "FY2026Q2", None, 0.4, None, "share"),
    ("share_of_compute_revenue", "nvidia-b300", "FY2026Q2", None, 0.4, None, "share"),
    ("compute_share_of_data_center_revenue", None, "FY2026Q3", None, 0.84, None, "share"),
    ("share_of_compute_revenue", "nvidia-h100-sxm", "FY2026Q3", None, 0.05, None, "share"),
    ("share_of_compute_revenue", "nvidia-b200", "FY2026Q3", None, 0.3, None, "share"),
    ("share_of_compute_revenue", "nvidia-b300", "FY2026Q3", None, 0.65, None, "share"),
    ("price_per_chip", "nvidia-a100", "2022", 10000, 14142.1, 20000, "usd"),
    ("price_per_chip", "nvidia-h100-sxm", "2022", 30000, 36742.3, 45000, "usd"),
    ("price_per_chip", "nvidia-a100", "2023", 10000, 12247.4, 15000, "usd"),
    ("price_per_chip", "nvidia-h100-sxm", "2023", 30000, 34641, 40000, "usd"),
    ("price_per_chip", "nvidia-a100", "2024", 10000, 12247.4, 15000, "usd"),
    ("price_per_chip", "nvidia-h100-sxm", "2024", 23000, 26267.9, 30000, "usd"),
    ("price_per_chip", "nvidia-h20", "2024", 10000, 12247.4, 15000, "usd"),
    ("price_per_chip", "nvidia-b200", "2024", 35000, 39686.3, 45000, "usd"),
    ("price_per_chip", "nvidia-b300", "2024", 35000, 39686.3, 45000, "usd"),
    ("price_per_chip", "nvidia-a100", "2025", 10000, 12247.4, 15000, "usd"),
    ("price_per_chip", "nvidia-h100-sxm", "2025", 20000, 23237.9, 27000, "usd"),
    ("price_per_chip", "nvidia-h20", "2025", 9000, 10392.3, 12000, "usd"),
    ("price_per_chip", "nvidia-b200", "2025", 30000, 36742.3, 45000, "usd"),
    ("price_per_chip", "nvidia-b300", "2025", 30000, 36742.3, 45000, "usd"),
    ("tpu_revenue", None, "FY2023Q1", 420, 471.805, 530, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v3", "FY2023Q1", 0.15, 0.225, 0.3, "share"),
    ("share_of_tpu_revenue", "google-tpu-v4", "FY2023Q1", 0.7, 0.775, 0.85, "share"),
    ("tpu_revenue", None, "FY2023Q2", 530, 591.439, 660, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v3", "FY2023Q2", 0.01, 0.055, 0.1, "share"),
    ("share_of_tpu_revenue", "google-tpu-v4", "FY2023Q2", 0.9, 0.945, 0.99, "share"),
    ("tpu_revenue", None, "FY2023Q3", 530, 591.439, 660, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v4", "FY2023Q3", 0.87, 0.925, 0.98, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2023Q3", 0.01, 0.045, 0.08, "share"),
    ("tpu_revenue", None, "FY2023Q4", 790, 884.364, 990, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v4", "FY2023Q4", 0.8, 0.86, 0.92, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2023Q4", 0.08, 0.14, 0.2, "share"),
    ("tpu_revenue", None, "FY2024Q1", 1250, 1322.88, 1400, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v4", "FY2024Q1", 0.35, 0.475, 0.6, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2024Q1", 0.35, 0.475, 0.6, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2024Q1", 0.02, 0.05, 0.08, "share"),
    ("tpu_revenue", None, "FY2024Q2", 1650, 1770.59, 1900, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2024Q2", 0.65, 0.75, 0.85, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2024Q2", 0.15, 0.225, 0.3, "share"),
    ("tpu_revenue", None, "FY2024Q3", 1850, 1923.54, 2000, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2024Q3", 0.3, 0.5, 0.7, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2024Q3", 0.25, 0.425, 0.6, "share"),
    ("share_of_tpu_revenue", "google-tpu-v6e", "FY2024Q3", 0.01, 0.02, 0.03, "share"),
    ("tpu_revenue", None, "FY2024Q4", 2100, 2197.73, 2300, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2024Q4", 0.3, 0.425, 0.55, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2024Q4", 0.3, 0.425, 0.55, "share"),
    ("share_of_tpu_revenue", "google-tpu-v6e", "FY2024Q4", 0.01, 0.045, 0.08, "share"),
    ("tpu_revenue", None, "FY2025Q1", 2200, 2345.21, 2500, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2025Q1", 0.15, 0.275, 0.4, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2025Q1", 0.15, 0.275, 0.4, "share"),
    ("share_of_tpu_revenue", "google-tpu-v6e", "FY2025Q1", 0.1, 0.175, 0.25, "share"),
    ("tpu_revenue", None, "FY2025Q2", 2400, 2592.3, 2800, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2025Q2", 0.2, 0.275, 0.35, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2025Q2", 0.2, 0.275, 0.35, "share"),
    ("share_of_tpu_revenue", "google-tpu-v6e", "FY2025Q2", 0.3, 0.375, 0.45, "share"),
    ("tpu_revenue", None, "FY2025Q3", 2900, 3046.31, 3200, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2025Q3", 0.1, 0.2, 0.3, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2025Q3", 0.1, 0.225, 0.35, "share"),
    ("share_of_tpu_revenue", "google-tpu-v6e", "FY2025Q3", 0.35, 0.5, 0.65, "share"),
    ("share_of_tpu_revenue", "google-tpu-v7", "FY2025Q3", 0.01, 0.055, 0.1, "share"),
    ("tpu_revenue", None, "FY2025Q4", 3600, 3794.73, 4000, "usd_m"),
    ("share_of_tpu_revenue", "google-tpu-v5e", "FY2025Q4", 0.01, 0.13, 0.25, "share"),
    ("share_of_tpu_revenue", "google-tpu-v5p", "FY2025Q4", 0.05, 0.15, 0.25, "share"),
    ("share_of_tpu_revenue", "google-tpu-v6e", "FY2025Q4", 0.4, 0.6, 0.8, "share"),
    ("share_of_tpu_revenue", "google-tpu-v7", "FY2025Q4", 0.1, 0.15, 0.2, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300a", "2024Q1", 0.01, 0.03, 0.05, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi250x", "2024Q1", 0.25, 0.375, 0.5, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300x", "2024Q1", 0.45, 0.525, 0.6, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300x", "2024Q2", 0.75, 0.825, 0.9, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300a", "2024Q2", 0.02, 0.06, 0.1, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi250x", "2024Q2", 0.01, 0.055, 0.1, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300x", "2024Q3", 0.7, 0.8, 0.9, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300a", "2024Q3", 0.15, 0.2, 0.25, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi250x", "2024Q3", 0.01, 0.03, 0.05, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300x", "2024Q4", 0.75, 0.8, 0.85, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300a", "2024Q4", 0.15, 0.2, 0.25, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi250x", "2024Q4", 0.01, 0.02, 0.03, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300x", "2025Q1", 0.5, 0.675, 0.85, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi325x", "2025Q1", 0.2, 0.3, 0.4, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300a", "2025Q1", 0.01, 0.02, 0.03, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300x", "2025Q2", 0.4, 0.55, 0.7, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi325x", "2025Q2", 0.25, 0.375, 0.5, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi350x", "2025Q2", 0.04, 0.095, 0.15, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi300x", "2025Q3", 0.15, 0.25, 0.35, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi325x", "2025Q3", 0.05, 0.125, 0.2, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi350x", "2025Q3", 0.3, 0.375, 0.45, "share"),
    ("share_of_gpu_revenue", "amd-instinct-mi355x", "2025Q3", 0.1, 0.15, 0.2, "share"),
    ("approximate_price", "amd-instinct-mi250x", "all", None, 10000, None, "usd"),
    ("approximate_price", "amd-instinct-mi300a", "all", None, 6700, None, "usd"),
    ("approximate_price", "amd-instinct-mi300x", "all", None, 12500, None, "usd"),
    ("approximate_price", "amd-instinct-mi325x", "all", None, 15000, None, "usd"),
    ("approximate_price", "amd-instinct-mi350x", "all", None, 23500, None, "usd"),
    ("approximate_price", "amd-instinct-mi355x", "all", None, 27500, None, "usd"),
    ("approximate_price", "amazon-trainium2", "all", None, 4000, None, "usd"),
    ("approximate_price", "google-tpu-v3", "all", None, 3600, None, "usd"),
    ("approximate_price", "google-tpu-v4", "all", None, 3900, None, "usd"),
    ("approximate_price", "google-tpu-v5e", "all", None, 2900, None, "usd"),
    ("approximate_price", "google-tpu-v5p", "all", None, 6400, None, "usd"),
    ("approximate_price", "google-tpu-v6e", "all", None, 4300, None, "usd"),
    ("approximate_price", "google-tpu-v7", "all", None, 13000, None, "usd"),
    ("approximate_price", "nvidia-a100", "all", None, 12000, None, "usd"),
    ("approximate_price", "nvidia-h100-sxm", "all", None, 25000, None, "usd"),
    ("approximate_price", "nvidia-h20", "all", None, 12000, None, "usd"),
    ("approximate_price", "nvidia-h200", "all", None, 25000, None, "usd"),
    ("approximate_price", "nvidia-b200", "all", None, 37000, None, "usd"),
    ("approximate_price", "nvidia-b300", "all", None, 43000, None, "usd"),
)
# NVIDIA as Epoch has it, never an input: quarter, units p05 and p95, 8-bit H100e p05 and p95 (sums over chips)
EPOCH_NVIDIA = (
    ("2023Q1", 124050, 193201, 81835, 121755), ("2023Q2", 270913, 406490, 220278, 320793),
    ("2023Q3", 349594, 514765, 309622, 447099), ("2023Q4", 401571, 563992, 401571, 563992),
    ("2024Q1", 643984, 948600, 512877, 726921), ("2024Q2", 749327, 1103771, 596773, 845831),
    ("2024Q3", 916285, 1349705, 729741, 1034292), ("2024Q4", 1007353, 1481286, 1153596, 1612376),
    ("2025Q1", 1008537, 1483107, 1574616, 2181999), ("2025Q2", 800130, 1122516, 1619296, 2240902),
    ("2025Q3", 891212, 1233352, 2146999, 2969088), ("2025Q4", 1035761, 1431408, 2616878, 3616492),
)
# Trainium: chip, quarter, units p05, p50, p95
TRAINIUM = (
    ("amazon-trainium1", "2024Q1", 50000, 110000, 250000), ("amazon-trainium1", "2024Q2", 50000, 110000, 250000),
    ("amazon-trainium1", "2024Q3", 50000, 110000, 250000), ("amazon-trainium1", "2024Q4", 50000, 110000, 250000),
    ("amazon-trainium2", "2024Q1", 5000, 15000, 25000), ("amazon-trainium2", "2024Q2", 20000, 30000, 50000),
    ("amazon-trainium2", "2024Q3", 50000, 80000, 105000), ("amazon-trainium2", "2024Q4", 125000, 190000, 265000),
    ("amazon-trainium2", "2025Q1", 180000, 210000, 250000), ("amazon-trainium2", "2025Q2", 215000, 250000, 285000),
    ("amazon-trainium2", "2025Q3", 250000, 290000, 330000), ("amazon-trainium2", "2025Q4", 285000, 335000, 390000),
)
# company, quarter end, calendar quarter, usd_m
CAPEX = (
    ("alphabet", "2024-03-31", "2024Q1", 12012), ("alphabet", "2024-06-30", "2024Q2", 13186),
    ("alphabet", "2024-09-30", "2024Q3", 13061), ("alphabet", "2024-12-31", "2024Q4", 14276),
    ("alphabet", "2025-03-31", "2025Q1", 17197), ("alphabet", "2025-06-30", "2025Q2", 22446),
    ("alphabet", "2025-09-30", "2025Q3", 23953), ("alphabet", "2025-12-31", "2025Q4", 27851),
    ("alphabet", "2026-03-31", "2026Q1", 35674), ("alphabet", "2026-06-30", "2026Q2", 44924),
    ("amazon", "2024-03-31", "2024Q1", 14925), ("amazon", "2024-06-30", "2024Q2", 17620),
    ("amazon", "2024-09-30", "2024Q3", 22620), ("amazon", "2024-12-31", "2024Q4", 27834),
    ("amazon", "2025-03-31", "2025Q1", 25019), ("amazon", "2025-06-30", "2025Q2", 32183),
    ("amazon", "2025-09-30", "2025Q3", 35095), ("amazon", "2025-12-31", "2025Q4", 39522),
    ("amazon", "2026-03-31", "2026Q1", 44203), ("amazon", "2026-06-30", "2026Q2", 54208),
    ("meta", "2024-03-31", "2024Q1", 6400), ("meta", "2024-06-30", "2024Q2", 8173),
    ("meta", "2024-09-30", "2024Q3", 8258), ("meta", "2024-12-31", "2024Q4", 14425),
    ("meta", "2025-03-31", "2025Q1", 12941), ("meta", "2025-06-30", "2025Q2", 16538),
    ("meta", "2025-09-30", "2025Q3", 18829), ("meta", "2025-12-31", "2025Q4", 21383),
    ("meta", "2026-03-31", "2026Q1", 18997), ("meta", "2026-06-30", "2026Q2", 30116),
    ("microsoft", "2024-03-31", "2024Q1", 10952), ("microsoft", "2024-06-30", "2024Q2", 13873),
    ("microsoft", "2024-09-30", "2024Q3", 14923), ("microsoft", "2024-12-31", "2024Q4", 15804),
    ("microsoft", "2025-03-31", "2025Q1", 16745), ("microsoft", "2025-06-30", "2025Q2", 17079),
    ("microsoft", "2025-09-30", "2025Q3", 19394), ("microsoft", "2025-12-31", "2025Q4", 29876),
    ("microsoft", "2026-03-31", "2026Q1", 30876), ("microsoft", "2026-06-30", "2026Q2", 35802),
    ("oracle", "2024-02-29", "2024Q1", 1674), ("oracle", "2024-05-31", "2024Q2", 2798),
    ("oracle", "2024-08-31", "2024Q3", 2303), ("oracle", "2024-11-30", "2024Q4", 3970),
    ("oracle", "2025-02-28", "2025Q1", 5862), ("oracle", "2025-05-31", "2025Q2", 9080),
    ("oracle", "2025-08-31", "2025Q3", 8502), ("oracle", "2025-11-30", "2025Q4", 12033),
    ("oracle", "2026-02-28", "2026Q1", 18635), ("oracle", "2026-05-31", "2026Q2", 16493),
    ("oracle", "2026-08-31", "2026Q3", 28499),
)
# organisation, scope, day, tokens a day, reported on
TOKENS = (
    ("alphabet", "all products and APIs", "2024-05-16", 3.187e+11, "2026-05-19"),
    ("alphabet", "all products and APIs", "2025-05-16", 1.577e+13, "2025-05-20"),
    ("alphabet", "all products and APIs", "2025-07-23", 3.21971e+13, "2025-07-23"),
    ("alphabet", "all products and APIs", "2025-10-09", 4.27105e+13, "2025-10-09"),
    ("alphabet", "all products and APIs", "2026-05-19", 1.05134e+14, "2026-05-19"),
    ("alphabet", "direct customer API", "2025-10-29", 1.008e+13, "2025-10-29"),
    ("alphabet", "direct customer API", "2026-02-04", 1.44e+13, "2026-02-04"),
    ("alphabet", "direct customer API", "2026-04-22", 2.304e+13, "2026-04-22"),
    ("alphabet", "direct customer API", "2026-05-19", 2.736e+13, "2026-05-19"),
    ("alphabet", "direct customer API", "2026-07-22", 3.168e+13, "2026-07-22"),
    ("openai", "API", "2025-10-06", 8.64e+12, "2025-10-06"), ("openai", "API", "2026-03-31", 2.16e+13, "2026-03-31"),
    ("bytedance", "Doubao / Volcano Engine", "2024-05-15", 1.2e+11, "2024-05-16"),
    ("bytedance", "Doubao / Volcano Engine", "2024-12-16", 4e+12, "2025-12-22"),
    ("bytedance", "Doubao / Volcano Engine", "2025-03-16", 1.27e+13, "2025-10-17"),
    ("bytedance", "Doubao / Volcano Engine", "2025-05-16", 1.64e+13, "2025-08-01"),
    ("bytedance", "Doubao / Volcano Engine", "2025-09-15", 3e+13, "2025-10-17"),
    ("bytedance", "Doubao / Volcano Engine", "2025-12-16", 5e+13, "2025-12-18"),
    ("bytedance", "Doubao / Volcano Engine", "2026-03-16", 1.2e+14, "2026-04-02"),
    ("bytedance", "Doubao / Volcano Engine", "2026-06-15", 1.8e+14, "2026-06-23"),
    ("fireworks-ai", "platform", "2025-10-28", 1e+13, "2025-10-28"),
    ("fireworks-ai", "platform", "2026-07-15", 4e+13, "2026-07-15"),
)
# model, released, FLOP (the largest runs)
RUNS = (
    ("nemotron-3-ultra", "2026-06-04", 6.6e+24), ("composer-2-5", "2026-05-18", 3.87e+25),
    ("deepseek-v4-pro", "2026-04-24", 9.7e+24), ("mimo-v2-5-pro", "2026-04-23", 6.8e+24),
    ("exaone-4-5", "2026-04-09", 3.85e+24), ("composer-2", "2026-03-19", 2.32e+25), ("glm-5", "2026-02-17", 6.84e+24),
    ("kimi-k2-5", "2026-02-02", 5.8e+24), ("glm-4-7", "2025-12-22", 4.42e+24),
    ("kimi-k2-thinking", "2025-11-06", 4.2e+24), ("ling-1t", "2025-10-10", 6e+24),
    ("glm-4-6", "2025-09-30", 4.42e+24), ("qwen3-max", "2025-09-05", 1.51e+25),
    ("longcat-flash", "2025-09-01", 3.73e+24), ("gpt-5", "2025-08-07", 6.6e+25),
    ("gpt-oss-120b", "2025-08-05", 4.94e+24), ("glm-4-5", "2025-08-05", 4.42e+24),
    ("qwen3-235b-a22b-thinking-jul-2025", "2025-07-25", 4.75e+24),
    ("qwen3-235b-a22b-jul-2025", "2025-07-25", 4.75e+24), ("grok-4", "2025-07-09", 5e+26),
    ("deepseek-r1-may-2025", "2025-05-28", 4.02e+24), ("qwen3-235b-a22b", "2025-04-29", 4.75e+24),
    ("pangu-ultra", "2025-04-10", 1.07e+25), ("llama-4-scout", "2025-04-05", 4.08e+24),
    ("llama-4-behemoth-preview", "2025-04-05", 5.18e+25), ("deepseek-v3-mar-2025", "2025-03-24", 3.3e+24),
    ("hunyuan-turbos", "2025-03-11", 5.4e+24), ("qwq-32b", "2025-03-06", 3.51e+24),
    ("gpt-4-5", "2025-02-27", 3.8e+26), ("claude-3-7-sonnet", "2025-02-24", 3.35e+25),
    ("grok-3", "2025-02-17", 3.5e+26), ("deepseek-r1", "2025-01-20", 3.5e+24), ("deepseek-v3", "2024-12-24", 3.3e+24),
    ("llama-3-3-70b", "2024-12-06", 6.86e+24), ("amazon-nova-pro", "2024-12-03", 6e+24),
    ("hunyuan-large", "2024-11-06", 3.49e+24), ("doubao-pro", "2024-10-28", 2.5e+25),
    ("nvlm-x-72b", "2024-10-22", 3.04e+24), ("nvlm-h-72b", "2024-10-22", 3.02e+24),
    ("nvlm-d-72b", "2024-10-22", 3.02e+24), ("telechat2-115b", "2024-09-20", 6.9e+24),
    ("qwen2-5-72b", "2024-09-19", 7.8e+24), ("qwen2-5-instruct-72b", "2024-09-19", 7.85e+24),
    ("qwen2-5-32b", "2024-09-17", 3.51e+24), ("grok-2", "2024-08-13", 2.96e+25),
    ("llava-ov-72b", "2024-08-06", 3.04e+24), ("afm-server", "2024-07-29", 4.3e+24),
    ("mistral-large-2", "2024-07-24", 2.13e+25), ("llama-3-1-405b", "2024-07-23", 3.8e+25),
    ("claude-3-5-sonnet", "2024-06-20", 2.7e+25), ("nemotron-4-340b", "2024-06-14", 1.8e+25),
    ("llama-3-1-nemotron-70b-instruct", "2024-06-12", 7.93e+24), ("qwen2-72b", "2024-06-07", 3.02e+24),
    ("llama-3-70b", "2024-04-18", 7.86e+24), ("reka-core", "2024-04-15", 8.4e+24),
    ("inflection-2-5", "2024-03-07", 8e+24), ("aramco-metabrain-ai", "2024-03-04", 1.05e+25),
    ("mistral-large", "2024-02-26", 1.12e+25), ("megascale-production", "2024-02-23", 3.9e+24),
    ("gemini-1-0-ultra", "2023-12-06", 5e+25), ("inflection-2", "2023-11-22", 1e+25),
    ("amazon-titan", "2023-09-28", 4.8e+24), ("falcon-180b", "2023-09-06", 3.76e+24),
    ("claude-2", "2023-07-11", 3.87e+24), ("gpt-4-jun-2023", "2023-06-13", 2.1e+25),
    ("palm-2", "2023-05-10", 7.34e+24), ("gpt-4-mar-2023", "2023-03-15", 2.1e+25),
    ("llama-nemotron-ultra-253b", "2025-03-18", 3.91e+25), ("sensechat", "2023-04-10", 3.89e+24),
    ("emu3-5", "2025-10-30", 9.87e+24), ("glm-4-6", "2025-09-30", 4.42e+24),
    ("deepseek-v3-2-exp", "2025-09-29", 3.8e+24), ("deepseek-v3-1-terminus", "2025-09-22", 3.59e+24),
    ("apertus-70b", "2025-09-02", 6.74e+24), ("deepseek-v3-1", "2025-08-21", 3.59e+24),
    ("glm-4-5", "2025-08-05", 4.42e+24), ("minimax-m1-80k", "2025-06-13", 4.32e+24),
    ("minimax-m1-40k", "2025-06-13", 4.19e+24), ("falcon-h1", "2025-05-21", 3.67e+24),
    ("pangu-ultra-moe", "2025-05-07", 3.09e+24), ("qwen3-32b", "2025-04-29", 7.08e+24),
    ("qwen3-14b", "2025-04-29", 3.2e+24), ("nemotron-h-56b", "2025-04-14", 6.72e+24),
    ("cosmos-transfer1-7b", "2025-03-18", 3.61e+24), ("step-video-t2v", "2025-02-24", 4.1e+24),
    ("qwen2-5-vl-72b", "2025-02-19", 9.57e+24), ("llama-3-1-70b", "2024-07-23", 7.93e+24),
    ("grok-1-5", "2024-03-28", 9.26e+24), ("gpt-4", "2023-03-15", 2.1e+25),
)
# organisation, period, component, percent or USD billion or GW, stated on, read in
SPLIT = (
    ("anthropic", "2024", "research and training compute", 1.5, "2025-02-12", "note"),
    ("anthropic", "2024", "total compute (cloud)", 2.5, "2024-07-24", "note"),
    ("anthropic", "2025", "inference compute", 2.7, "2026-01-21", "page"),
    ("anthropic", "2025", "research and training compute", 4.1, "2026-01-21", "page"),
    ("deloitte", "2023", "inference share of AI compute", 33, "2025-11-18", "page"),
    ("deloitte", "2025", "inference share of AI compute", 50, "2025-11-18", "page"),
    ("deloitte", "2026", "inference share of AI compute", 67, "2025-11-18", "page"),
    ("gartner", "2025", "spending on AI-optimised IaaS", 18.3, "2025-10-14", "page"),
    ("gartner", "2025", "spending on inference in AI-optimised IaaS", 9.2, "2025-10-14", "page"),
    ("gartner", "2026", "spending on inference in AI-optimised IaaS", 23.3, "2026-08-10", "note"),
    ("gartner", "2026", "spending on training in AI-optimised IaaS", 19, "2026-08-10", "note"),
    ("mckinsey", "2025", "data center capacity for inference", 20.9, "2026-02-24", "note"),
    ("mckinsey", "2025", "data center capacity for training", 23.1, "2026-02-24", "note"),
    ("mckinsey", "2030", "data center capacity for inference", 93.3, "2026-02-24", "note"),
    ("mckinsey", "2030", "data center capacity for training", 62.2, "2026-02-24", "note"),
    ("nvidia", "FY2024", "inference share of Data Center revenue trailing four quarters", 40, "2024-02-21", "note"),
    ("openai", "2024", "inference compute", 1.8, "2025-10-10", "page"),
    ("openai", "2024", "inference on Azure", 3.767, "2025-11-12", "page"),
    ("openai", "2024", "research and training compute", 5, "2025-10-10", "page"),
    ("openai", "2024", "total compute (cloud)", 6.8, "2025-10-10", "note"),
    ("openai", "2025", "inference compute", 8, "2026-02-20", "note"),
    ("openai", "2025", "inference on Azure first three quarters", 8.67, "2025-11-12", "page"),
    ("openai", "2025", "paid to Microsoft booked as cost of revenue", 6.047, "2026-06-16", "page"),
    ("openai", "2025", "paid to Microsoft booked as research and development", 10.59, "2026-06-16", "page"),
    ("openai", "2025", "research and training compute", 8.3, "2026-02-20", "note"),
    ("openai", "2026", "inference forecast", 14.1, "2026-06-18", "note"),
    ("openai", "2026", "training forecast", 32, "2026-02-20", "note"),
)
# lab, year, 8-bit H100e p50
LABS = (
    ("openai", 2023, 102535), ("google-deepmind", 2024, 420334), ("meta-superintelligence-labs", 2024, 247707),
    ("openai", 2024, 386219), ("anthropic", 2024, 208560), ("spacexai", 2024, 203366),
    ("google-deepmind", 2025, 1583430), ("meta-superintelligence-labs", 2025, 996228), ("openai", 2025, 1743440),
    ("anthropic", 2025, 1189574), ("spacexai", 2025, 634793),
)
# fmt: on


def _frame(rows: tuple, columns: str, **constant: object) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns.split()).assign(**constant)
    for column in frame.columns.intersection(
        ["period_start", "period_end", "reported_on", "release_date", "released_on"]
    ):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def marts() -> dict[str, pd.DataFrame]:
    """Fresh frames, keyed as `forecasts.compute.forecast` takes them."""
    period = "fiscal_period period_start period_end calendar_quarter value_usd_m reported_on"
    vendors = pd.concat(
        [
            _frame(rows, period, vendor_id=vendor, segment_id=segment, metric="revenue", vintage="first")
            for vendor, segment, rows in (
                ("nvidia", "data-center", NVIDIA),
                ("amd", "data-center", AMD),
                ("broadcom", "ai", BROADCOM),
                ("intel", "dcai", INTEL),
            )
        ],
        ignore_index=True,
    ).assign(definition_version="v1", confidence="verified")
    chips = _frame(CHIPS, "chip_id designer_id release_date flop ops bandwidth tdp_w")
    chips["reported_on"] = chips["release_date"]
    chips["h100e_16bit"] = chips["flop"] / 989.5e12
    chips["h100e_8bit"] = chips["ops"] / 1979e12
    chips["h100e_bandwidth"] = chips["bandwidth"] / 3350
    inputs = _frame(INPUTS, "parameter chip_id period p05 p50 p95 unit", reported_on=EPOCH)
    shipments = _frame(TRAINIUM, "chip_id calendar_quarter units_p05 units_p50 units_p95", reported_on=EPOCH)
    quarter = pd.PeriodIndex(shipments["calendar_quarter"], freq="Q")
    shipments = shipments.assign(
        designer_id="amazon",
        period_kind="calendar",
        period_start=quarter.start_time,
        period_end=quarter.end_time.normalize(),
        estimate_source="epoch",
        estimate_vintage="2026-04",
        is_incomplete=False,
    )
    capex = _frame(
        CAPEX, "company_id period_end calendar_quarter capex_usd_m", basis="cash", vintage="first", fiscal_period=None
    )
    capex["confidence"] = "verified"
    capex["reported_on"] = capex["period_end"] + pd.Timedelta(days=45)
    guidance = _frame(GUIDANCE, "issuer_id metric segment_id basis target_period mid_usd_m issued_on")
    tokens = _frame(TOKENS, "organisation_id scope observed_on tokens_per_day reported_on")
    tokens["observed_on"] = pd.to_datetime(tokens["observed_on"])
    runs = _frame(RUNS, "model_id released_on training_flop")
    runs["reported_on"] = runs["released_on"]
    labs = _frame(LABS, "organisation_id year h100e_8bit_p50", reported_on="2026-09-03")
    labs["observed_on"] = pd.to_datetime(labs["year"].astype(str) + "-12-31")
    return {
        "vendor_quarters": vendors,
        "chips": chips,
        "chip_sales_inputs": inputs,
        "chip_shipments": shipments,
        "capex_quarters": capex,
        "token_usage": tokens,
        "training_runs": runs,
        "compute_split": _frame(SPLIT, "organisation_id period component value reported_on read_in"),
        "lab_compute": labs,
        "guidance": guidance.assign(issued_on=pd.to_datetime(guidance["issued_on"]), given_as="outlook"),
    }


def empty(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same marts without rows."""
    return {name: frame.iloc[0:0] for name, frame in frames.items()}


_FITS: dict[tuple, Fitted | None] = {}


def fit(frames: Mapping[str, pd.DataFrame], origin: date) -> Fitted | None:
    """The vendors' fit at the origin by `vendor_marts.drift_for_fits`, made once for the same facts and code."""
    inputs = [frames[name] for name in ("vendor_quarters", "guidance", "capex_quarters")]
    key = (origin, *(int(pd.util.hash_pandas_object(frame, index=False).sum()) for frame in inputs))
    if key not in _FITS:
        with pytest.MonkeyPatch.context() as patch:
            vendor_marts.drift_for_fits(patch)
            _FITS[key] = fit_vendors(*inputs, origin, None)
    return _FITS[key]


def model(
    frames: Mapping[str, pd.DataFrame], origin: date, n_paths: int, seed: int, fixed: Any = None
) -> compute.Model:
    """The compute model on these facts, vendors included."""
    return compute.Model(frames, origin, fit(frames, origin), n_paths, seed, fixed)


def forecast(frames: Mapping[str, pd.DataFrame], origin: date, **options: Any) -> dict[str, pd.DataFrame]:
    """Every compute table on these facts, vendors included."""
    return compute.forecast(frames, origin, fit(frames, origin), **options)


def base_quantiles(frames: Mapping[str, pd.DataFrame], origin: date, **options: Any) -> pd.DataFrame:
    """The quantiles of base alone."""
    return compute.base_quantiles(frames, origin, fit(frames, origin), **options)
