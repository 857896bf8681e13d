"""All that is Dagster: thin assets over sources, tables, forecasts and releases, and what starts and watches them.

`definitions` is the code location; `refresh` runs its job in this process, `cli` starts the command line, `commands` is
what it offers.
Does not belong here: how things are done (`pipeline`), table shapes (`dbt`), mathematics (`forecasts`).
"""
