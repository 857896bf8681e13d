"""What is built of it: tables by dbt in this process, forecasts, the backtest's store, the judged claims.

Belongs here: what turns raw tables into those of the warehouse, and what is known of how they came about.
Does not belong here: table shapes (`dbt`), mathematics (`forecasts`).
"""
