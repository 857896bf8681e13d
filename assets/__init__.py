"""All that is Dagster: thin assets over sources, tables, forecasts and releases, and what starts and watches them.

`definitions` is the code location; `refresh` runs its job in this process, `cli` is the command line.
Does not belong here: how things are done (`pipeline`), table shapes (`dbt`), mathematics (`forecasts`).
"""
