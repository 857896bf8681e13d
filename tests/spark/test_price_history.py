"""The rules of the price history give the same index in Spark: for when a day of observations outgrows one machine."""

from __future__ import annotations

from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from tests.bench import price_history, rental_data

DAYS, SHARE = 34, 0.075  # into a second month, three providers


def test_spark_gives_the_index_that_duckdb_gives(spark: SparkSession, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        for day in range(DAYS):
            rental_data.write_day(tmp_path / "raw", day, connection, SHARE)
        rental_data.write_corrections(tmp_path / "raw", DAYS // 2, connection, SHARE)
    price_history.build(tmp_path)

    with price_history.connect(tmp_path / "scratch") as connection:
        for name in ("providers", "chips"):
            spark.createDataFrame(connection.table(name).df()).createOrReplaceTempView(name)
    spark.read.parquet(str(tmp_path / "raw")).createOrReplaceTempView("raw")
    rules = price_history.rules()
    spark.sql(rules.trimmed_daily_medians(price_history.observations("raw"))).createOrReplaceTempView("days")
    # Spark's word for rounding half to even.
    index = spark.sql(rules.fixed_panel_index("days").replace("round_even(", "bround(")).toPandas()

    with duckdb.connect() as connection:
        connection.register("theirs", index)
        connection.execute(f"create view ours as from '{tmp_path}/index.parquet'")
        theirs, ours = (connection.execute(f"from {name} order by all").fetchall() for name in ("theirs", "ours"))
    assert theirs == ours != []
