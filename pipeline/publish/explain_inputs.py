"""What a release carries so that `chipcast explain` works on it alone: lineage, and the facts that it was made of."""

import json
from pathlib import Path

import duckdb

from pipeline import files
from pipeline.build import lineage
from pipeline.publish.reader import LINEAGE, SOURCES
from pipeline.settings import Settings


def write(settings: Settings, folder: Path) -> None:
    """Write `lineage.json` and `sources/`: rows of every source that were public by the run's day, and the crosswalks."""
    graph, day = lineage.build(settings), f"date '{settings.as_of}'"
    files.write_bytes(folder / LINEAGE, json.dumps(graph, indent=1).encode())
    target = folder / SOURCES
    target.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.warehouse}' as warehouse (read_only)")
        for name, node in graph["nodes"].items():
            table = name.split(".")[1]
            if node["kind"] == "source":
                # With days as dates: pandas wrote them as instants.
                rows = f"'{settings.raw / table}.parquet'"
                described = connection.execute(f"describe from {rows}").fetchall()
                days = [f'"{name}"::date as "{name}"' for name, kind, *_ in described if kind.startswith("TIMESTAMP")]
                known = f"select * replace ({', '.join(days)}) from {rows}"
                known += f" where reported_on <= {day} and (superseded_on is null or superseded_on > {day})"
            elif node["kind"] == "seed":
                known = f"from warehouse.seeds.{table}"
            else:
                continue
            connection.execute(f"copy ({known}) to '{target / name}.parquet' (format parquet, compression zstd)")
