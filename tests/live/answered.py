"""Every upstream on this machine, each with a server of its own, for a refresh by the command line in live mode."""

from __future__ import annotations

import contextlib

from cases import CORE, SOURCES, whole_answers
from cases_prices import PRICES
from server import serving


def answered(stack: contextlib.ExitStack) -> dict[str, str]:
    """The environment of that refresh; the servers end with the stack."""
    env = {"LIVE": "1", "CHIPCAST_CONTACT": "test@example.org"}
    answers = {case.source_id: dict(case.answers) for case in [*CORE, *PRICES]} | whole_answers()
    for source_id, body in answers.items():
        host = stack.enter_context(serving())
        host.serve(SOURCES[source_id], body)
        env[f"CHIPCAST_{source_id.upper()}_URL"] = f"{host.url}/{source_id}"
    return env
