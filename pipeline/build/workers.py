"""Processes for the forecasting steps, with the heavy libraries loaded before they are needed.

Python's fork server loads them once, beside the main process, while that one still reads sources and builds tables;
each worker is then a copy that starts at once.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver

PRELOADED = [
    "pipeline.build.forecasting",
    "forecasts.vendor_revenue",
    "forecasts.compute",
    "pandera.pandas",
    "statsforecast.models",
]


def warm_up() -> None:
    """Start loading; returns at once."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


def pool() -> ProcessPoolExecutor:
    """A worker for each core, at most one for each forecasting step."""
    warm_up()
    return ProcessPoolExecutor(min(os.cpu_count() or 1, 3), mp_context=multiprocessing.get_context("forkserver"))
