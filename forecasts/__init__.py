"""The mathematics: pure functions from market tables to forecasts.

Belongs here: models, intervals, scoring, supply and demand equations, assumptions and claims.
Does not belong here: Dagster, dbt, file paths, clocks. Time comes in as `as_of`, tables as frames.
"""
