"""How it runs: definitions, settings, the raw stage, dbt in process, releases, the CLI.

Belongs here: everything that touches files, clocks, Dagster and DuckDB.
Does not belong here: what a source looks like (`assets/sources`), mathematics (`forecasts`), table shapes (`dbt`).
"""
