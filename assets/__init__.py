"""What exists: thin Dagster assets over sources, tables, forecasts and releases.

Does not belong here: how things run and what sources are (`pipeline`), table shapes (`dbt`), mathematics (`forecasts`).
"""
