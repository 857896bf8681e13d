"""What exists: thin Dagster assets over sources, tables, forecasts and releases.

Belongs here: asset definitions and, in `sources/`, one file per upstream source.
Does not belong here: how things run (`pipeline`), table shapes (`dbt`), mathematics (`forecasts`).
"""
