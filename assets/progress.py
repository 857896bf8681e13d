"""Progress of a refresh in the terminal: one bar that Dagster's step hooks move."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_bar: Progress | None = None


@contextmanager
def shown(quiet: bool) -> Iterator[None]:
    """Show a bar while the job runs, and keep Dagster's own log lines out of the terminal."""
    global _bar
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    columns = (TextColumn("{task.description:<44}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        bar.add_task("starting", total=None)
        _bar = bar
        try:
            yield
        finally:
            _bar = None


@dg.success_hook(name="show_progress")
def show_progress(context: dg.HookContext) -> None:
    """Move the bar by one step."""
    if _bar is not None:
        _bar.update(_bar.tasks[0].id, description=context.op.name.replace("__", "/"), advance=1)
