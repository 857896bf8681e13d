"""The normalise-and-index step of the price history as other libraries would do it, with the same result."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.bench import price_history

FACTOR = 4


def _names(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    with price_history.connect(folder / "scratch") as connection:
        chips = dict(connection.execute("select alias, chip_id from chips").fetchall())
        providers = dict(connection.execute("select alias, provider_id from providers").fetchall())
    return chips, providers


def _as_text(rows: list[tuple]) -> list[list[str]]:
    with duckdb.connect() as connection:
        connection.execute(
            "create table found (chip varchar, terms varchar, month date, i double, n int, c double, d date)"
        )
        connection.executemany("insert into found values (?, ?, ?, ?, ?, ?, ?)", rows)
        return [[str(value) for value in row] for row in connection.execute("from found order by all").fetchall()]


def polars_index(folder: Path) -> list[list[str]]:
    import polars as pl

    chips, providers = _names(folder)
    keys = ["observed_on", "chip_id", "terms", "provider_id", "region", "observed_at"]
    newest = (
        pl.scan_parquet(f"{folder}/raw/*/*.parquet", hive_partitioning=True, try_parse_hive_dates=True)
        .with_columns(
            chip_id=pl.col("chip").replace_strict(chips, default=None),
            provider_id=pl.col("provider").replace(providers),
            usd=pl.col("usd_per_instance_hour") / pl.col("chips_per_instance"),
        )
        .filter((pl.col("usd") > 0) & pl.col("chip_id").is_not_null())
        .group_by(keys)
        .agg(pl.col("usd").sort_by("arrived_at").last())
        .collect(engine="streaming")
    )
    middles = newest.group_by("observed_on", "chip_id", "terms").agg(middle=pl.col("usd").median())
    kept = newest.join(middles, on=["observed_on", "chip_id", "terms"]).filter(
        pl.col("usd").is_between(pl.col("middle") / FACTOR, pl.col("middle") * FACTOR)
    )
    days = kept.group_by("observed_on", "chip_id", "terms", "provider_id").agg(pl.col("usd").median())
    months = days.with_columns(month=pl.col("observed_on").dt.truncate("1mo"))
    last = months.group_by("month").agg(last=pl.col("observed_on").max())
    monthly = months.group_by("chip_id", "terms", "provider_id", "month").agg(pl.col("usd").median()).sort("month")
    over = ["chip_id", "terms", "provider_id"]
    monthly = monthly.with_columns(
        in_panel=pl.len().over(over) == len(last), change=(pl.col("usd").log() - pl.col("usd").log().first().over(over))
    )
    index = (
        monthly.group_by("chip_id", "terms", "month")
        .agg(
            i=100 * pl.col("change").filter("in_panel").mean().exp(),
            n=pl.col("in_panel").sum(),
            c=pl.col("in_panel").mean(),
        )
        .filter(pl.col("n") > 0)
        .join(last, on="month")
    )
    columns = [pl.col("i").round(3), "n", pl.col("c").round(4), "last"]
    return _as_text(index.select("chip_id", "terms", "month", *columns).rows())


def pandas_index(folder: Path) -> list[list[str]]:
    import numpy as np
    import pandas as pd

    chips, providers = _names(folder)
    parts = []
    for path in sorted((folder / "raw").glob("*/*.parquet")):
        part = pd.read_parquet(path)
        part["observed_on"] = pd.Timestamp(path.parent.name.removeprefix("observed_on="))
        parts.append(part)
    rows = pd.concat(parts, ignore_index=True)
    rows["chip_id"] = rows["chip"].map(chips)
    rows["provider_id"] = rows["provider"].map(providers).fillna(rows["provider"])
    rows["usd"] = rows["usd_per_instance_hour"] / rows["chips_per_instance"]
    rows = rows[(rows["usd"] > 0) & rows["chip_id"].notna()]
    keys = ["observed_on", "chip_id", "terms", "provider_id", "region", "observed_at"]
    newest = rows.sort_values("arrived_at", kind="stable").drop_duplicates(keys, keep="last")
    middle = newest.groupby(["observed_on", "chip_id", "terms"])["usd"].transform("median")
    kept = newest[newest["usd"].between(middle / FACTOR, middle * FACTOR)]
    days = kept.groupby(["observed_on", "chip_id", "terms", "provider_id"])["usd"].median().reset_index()
    days["month"] = days["observed_on"].dt.to_period("M").dt.to_timestamp()
    last = days.groupby("month")["observed_on"].max()
    monthly = days.groupby(["chip_id", "terms", "provider_id", "month"])["usd"].median().reset_index()
    provider = monthly.groupby(["chip_id", "terms", "provider_id"])
    monthly["in_panel"] = provider["month"].transform("count") == len(last)
    monthly["change"] = np.log(monthly["usd"]) - np.log(provider["usd"].transform("first"))
    panel = monthly[monthly["in_panel"]].groupby(["chip_id", "terms", "month"])
    found = panel["change"].agg(["mean", "count"])
    total = monthly.groupby(["chip_id", "terms", "month"]).size().reindex(found.index)
    table = zip(found.index, found["mean"], found["count"], total, strict=True)
    return _as_text(
        [
            (c, t, m.date(), round(100 * np.exp(x), 3), n, round(n / a, 4), last[m].date())
            for (c, t, m), x, n, a in table
        ]
    )
