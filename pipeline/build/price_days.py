"""Price tables cut into days, for consumers that take in what is new and for a look at gaps."""

from collections.abc import Sequence
from datetime import date

import duckdb

from pipeline.settings import Settings

PRICE_TABLES = ("token_price_history", "rental_prices", "chip_prices")


def write_days(
    connection: duckdb.DuckDBPyConnection, table: str, days: Sequence[date], settings: Settings
) -> dict[date, int]:
    """Write one Parquet file per day with the rows of `market.<table>` reported on it; returns rows by day.

    A day without rows gets a file without rows. Each file is replaced in one step, so a day can be written again.
    """
    source = f"market.{table}"
    counts = dict(
        connection.execute(
            f"select reported_on, count(*) from {source} where reported_on between ? and ? group by 1",
            [min(days), max(days)],
        ).fetchall()
    )
    for day in days:
        path = settings.state / "price_days" / table / f"{day}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        rows = f"select * from {source} where reported_on = date '{day}' order by all"
        connection.execute(f"copy ({rows}) to '{part}' (format parquet, compression zstd)")
        part.replace(path)
    return {day: counts.get(day, 0) for day in days}
