"""Rental prices as they are observed, hour by hour: any number of rows, built a day at a time.

    raw/observed_on=<day>/<content hash>.parquet    observations as they arrived; one file per arrival and day
    days/observed_on=<day>/<hash of its raw files>.parquet   one trimmed median per chip, terms and provider
    index.parquet                                   the monthly index over a fixed panel of providers

A day whose raw files are those of its summary is not read again, so a new day, a late observation or a correction costs
the days that it touches. The rules are SQL in price_index.sql, in words that Spark reads too. No product uses
them: they show what one machine, and Spark past it, makes of observations that come by the million.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipeline import files
from pipeline.settings import PROJECT, UserError

COLUMNS = (
    "observed_at", "provider", "region", "chip", "terms", "chips_per_instance", "usd_per_instance_hour", "arrived_at",
)  # fmt: skip
# Days summarised by one statement: a month of 150,000 rows a day takes under a gigabyte.
BATCH_DAYS = 31
MEMORY = "1200MB"
SEEDS = PROJECT / "dbt" / "seeds"


@cache
def rules() -> Any:
    """The macros of price_index.sql as functions that give SQL."""
    import jinja2

    return jinja2.Environment().from_string(Path(__file__).with_name("price_index.sql").read_text()).module


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that stays within `MEMORY` and spills to `scratch`, with the names that providers and chips go by."""
    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{MEMORY}'")
    connection.execute(f"set temp_directory = '{scratch}'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"create table providers as from read_csv('{SEEDS / 'provider_aliases.csv'}', header = true)")
    aliases = f"read_csv('{SEEDS / 'chip_aliases.csv'}', header = true)"
    # An alias for price lists goes before one for all.
    connection.execute(
        f"create table chips as select alias, arg_min(chip_id, scope = 'any') as chip_id from {aliases} "
        "where scope in ('any', 'prices') group by alias"
    )
    return connection


def land(folder: Path, arrival: Path) -> list[str]:
    """Put the observations of a Parquet file into the raw zone, by the day they are of; return these days.

    The same file twice is there once. Raises UserError where columns are missing.
    """
    name = files.sha256(arrival)[:16]
    with connect(folder / "scratch") as connection:
        source = f"read_parquet('{arrival}', hive_partitioning = false)"
        given = {row[0] for row in connection.execute(f"describe from {source}").fetchall()}
        if missing := set(COLUMNS) - given:
            raise UserError(f"{arrival.name}: the columns {', '.join(sorted(missing))} are missing.")
        days = connection.execute(f"select distinct observed_at::date::varchar from {source} order by 1").fetchall()
        for (day,) in days:
            target = folder / "raw" / f"observed_on={day}" / f"{name}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_suffix(".tmp")
            connection.execute(
                f"copy (select {', '.join(COLUMNS)} from {source} where observed_at::date = '{day}' order by all) "
                f"to '{temporary}' (format parquet, compression zstd)"
            )
            temporary.replace(target)
    return [day for (day,) in days]


def build(folder: Path) -> list[str]:
    """Bring the summaries of days and the index up to date with the raw zone; return the days that were summarised."""
    wanted = {path.name: files.digest(path.glob("*.parquet"))[:16] for path in (folder / "raw").glob("observed_on=*")}
    changed = [day for day, key in sorted(wanted.items()) if not (folder / "days" / day / f"{key}.parquet").exists()]
    for gone in {path.name for path in (folder / "days").glob("observed_on=*")} - set(wanted):
        for path in (folder / "days" / gone).iterdir():
            path.unlink()
    with connect(folder / "scratch") as connection:
        for start in range(0, len(changed), BATCH_DAYS):
            _summarise(connection, folder, {day: wanted[day] for day in changed[start : start + BATCH_DAYS]})
        index = folder / "index.parquet"
        if changed or not index.exists():
            days = f"read_parquet('{folder}/days/*/*.parquet', hive_partitioning = true)"
            temporary = index.with_suffix(".tmp")
            sql = f"{rules().fixed_panel_index(days)} order by chip_id, terms, month"
            connection.execute(f"copy ({sql}) to '{temporary}' (format parquet, compression zstd)")
            temporary.replace(index)
    return [day.removeprefix("observed_on=") for day in changed]


def raw_files(paths: Sequence[str]) -> str:
    """Files of the raw zone as one relation."""
    return f"read_parquet({list(paths)}, hive_partitioning = true)"


def observations(raw: str) -> str:
    """A subquery over raw rows with the ids of providers and chips; an unknown chip is left out, as it has no index."""
    return f"""(
        select
            observed_on, observed_at, region, terms, arrived_at, chips.chip_id,
            coalesce(providers.provider_id, raw.provider) as provider_id,
            usd_per_instance_hour / chips_per_instance as usd_per_chip_hour
        from {raw} as raw
        inner join chips on raw.chip = chips.alias
        left join providers on raw.provider = providers.alias
        where usd_per_instance_hour > 0
    )"""


def _summarise(connection: duckdb.DuckDBPyConnection, folder: Path, days: dict[str, str]) -> None:
    raw = observations(raw_files([f"{folder}/raw/{day}/*.parquet" for day in days]))
    connection.execute(f"create or replace temp table summaries as {rules().trimmed_daily_medians(raw)}")
    for day, key in days.items():
        target = folder / "days" / day / f"{key}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(".tmp")
        date = day.removeprefix("observed_on=")
        connection.execute(
            f"copy (select * exclude (observed_on) from summaries where observed_on = '{date}' "
            f"order by chip_id, terms, provider_id) to '{temporary}' (format parquet, compression zstd)"
        )
        temporary.replace(target)
        for old in target.parent.glob("*.parquet"):
            if old != target:
                old.unlink()
