"""Made-up rental observations at any size: what a tracker of every provider, region, chip and terms sees each hour.

Written as the raw zone holds them: one folder per day observed, one file per arrival. Some rows are late, corrected
by a later arrival, repeated, or absurd (a price in cents). The same arguments give the same files.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

ROWS_PER_DAY = 150_000
SHAPE = {"providers": 40, "regions": 6, "chips": 9, "hours": 24}  # × three terms = 155,520 offers a day, some missing
FIRST_DAY = date(2025, 1, 1)

# Names as providers write them, two for one chip; dbt/seeds/chip_aliases.csv knows all of them.
CHIPS = [
    ["H100_SXM", "NVIDIA H100 SXM5 80GB"],
    ["NVIDIA H100 PCIe", "NVIDIA H100 PCIe"],
    ["NVIDIA H200 SXM", "NVIDIA H200 SXM"],
    ["MI300X", "AMD Instinct MI300X"],
    ["L40S", "L40S"],
    ["L4", "L4"],
    ["A100-80", "A100-80"],
    ["V100", "V100"],
    ["T4", "T4"],
]

_DAY = """
with offers as (
    select
        timestamp '{day}' + to_hours(h::int) as observed_at,
        'provider ' || p as provider,
        'region-' || r as region,
        {chips}[c + 1][1 + p % 2] as chip,
        ['on_demand', 'spot', 'reserved_1_year'][t + 1] as terms,
        [1, 2, 4, 8][1 + (p + c) % 4]::int as chips_per_instance,
        hash(h, p, r, c, t, {number}) as lot,
        -- A level per chip and terms, a mark-up per provider and region, a slow fall, and noise by the hour.
        (0.6 + 0.7 * c) * [1.0, 0.45, 0.7][t + 1] * (0.8 + 0.02 * (hash(p) % 20)) * (0.9 + 0.05 * r)
        * exp(-0.0006 * {number}) * (1 + 0.03 * ((hash(h, p, r, c, t, {number}, 1) % 1000) / 1000.0 - 0.5)) as usd
    from range({hours}) as hours(h), range({providers}) as providers(p), range({regions}) as regions(r),
        range({chip_count}) as chips(c), range(3) as terms(t)
)
select
    observed_at, provider, region, chip, terms, chips_per_instance,
    round(usd * chips_per_instance * case when lot % 1000 < {absurd} then 100 else 1 end, 4) as usd_per_instance_hour,
    {arrival} as arrived_at
from offers
where {which}
order by provider, chip, terms, region, observed_at
"""


def write_day(raw: Path, number: int, connection: duckdb.DuckDBPyConnection, share: float = 1.0) -> int:
    """Write the observations of the day `number` (0 is the first) that arrived by the next morning; return their number.

    `share` of the providers are there (at least one).
    """
    every = "lot % 1000 >= 20"  # one in fifty is missing; half of these come late
    rows = _copy(raw, number, connection, every, "on_time", timedelta(days=1, hours=3), share=share)
    # A provider that answers twice is seen twice.
    return rows + _copy(
        raw, number, connection, "lot % 1000 between 20 and 24", "repeat", timedelta(days=1, hours=4), share=share
    )


def write_corrections(raw: Path, number: int, connection: duckdb.DuckDBPyConnection, share: float = 1.0) -> int:
    """Write what came a week late for a day: missed observations, and other prices for some that were there."""
    which = "lot % 1000 < 10 or lot % 1000 between 20 and 22"
    return _copy(raw, number, connection, which, "late", timedelta(days=7), absurd=0, share=share)


def _copy(
    raw: Path,
    number: int,
    connection: duckdb.DuckDBPyConnection,
    which: str,
    name: str,
    delay: timedelta,
    absurd: int = 30,
    share: float = 1.0,
) -> int:
    day = FIRST_DAY + timedelta(days=number)
    folder = raw / f"observed_on={day}"
    folder.mkdir(parents=True, exist_ok=True)
    sql = _DAY.format(
        day=day,
        number=number,
        chips=CHIPS[: SHAPE["chips"]],
        chip_count=SHAPE["chips"],
        hours=SHAPE["hours"],
        providers=max(1, round(SHAPE["providers"] * share)),
        regions=SHAPE["regions"],
        which=which,
        absurd=absurd,
        arrival=f"timestamp '{day}' + interval {int(delay.total_seconds())} seconds",
    )
    target = folder / f"{name}.parquet"
    return connection.execute(f"copy ({sql}) to '{target}' (format parquet, compression zstd)").fetchall()[0][0]
