"""What of a long matrix of cases `make test` runs; `make test-all` runs the whole."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

SEED = 20261128


def drawn(cases: Sequence[Any], number: int, of: str = "") -> list[Any]:
    """The cases as parameters, all but `number` of them marked slow; which, depends on the seed and on what they are `of`."""
    kept = set(random.Random(f"{SEED} {of}").sample(range(len(cases)), min(number, len(cases))))
    return [case if i in kept else pytest.param(case, marks=pytest.mark.slow) for i, case in enumerate(cases)]
