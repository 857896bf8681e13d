"""From upstream's files to published releases: `sources`, then `ingest`, `build`, `publish` and `read`.

Belongs here: everything that touches files, clocks and DuckDB.
Does not belong here: Dagster (`assets`), mathematics (`forecasts`), table shapes (`dbt`).
"""

import gc

# Loading Dagster and dbt makes some 300,000 objects that stay. Looking for garbage after every 700 new ones, as
# Python does by default, is a fifth of the time that the definitions take to load.
gc.set_threshold(50_000)
