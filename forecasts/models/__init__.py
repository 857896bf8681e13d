"""The baselines, one small file each, and the fits that the recommended model rests on (scum.py).

A baseline is a module with `MODEL_ID` and `path(history, context, horizon)`, which returns the median log level (log of
USD million) for horizons 1..horizon, or None when it has nothing to say about this series at this origin. Files without
`MODEL_ID` are helpers. Adding a baseline is adding a file and its card.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from types import ModuleType

import numpy as np

from forecasts.panel import Context, History

Path = Callable[[History, Context, int], np.ndarray | None]
Errors = Callable[[History, int, np.random.Generator, int], np.ndarray]


@cache
def _modules() -> list[ModuleType]:
    found = (importlib.import_module(f"{__name__}.{item.name}") for item in pkgutil.iter_modules(__path__))
    return sorted((item for item in found if hasattr(item, "MODEL_ID")), key=lambda item: item.MODEL_ID)


@cache
def registry() -> dict[str, Path]:
    """Every model's `path` by id, ordered by id."""
    return {item.MODEL_ID: item.path for item in _modules()}


@cache
def empirical() -> dict[str, Errors]:
    """Models that bring their own error distribution; the others get the pooled t of `forecasts.intervals`."""
    return {item.MODEL_ID: item.errors for item in _modules() if hasattr(item, "errors")}
