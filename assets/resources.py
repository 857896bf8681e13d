"""The one resource: the state folder, locked for the length of a run."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from pipeline.build import repair
from pipeline.files import state_lock
from pipeline.settings import Settings


class Workspace(dg.ConfigurableResource):
    """The settings of this run; holding it means holding the state folder's lock."""

    _settings: Settings = PrivateAttr()

    @property
    def settings(self) -> Settings:
        """Folders, mode and date of this run."""
        return self._settings

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Workspace, None, None]:
        """Take the lock when the run starts, mend what is damaged, and free the lock when the run ends."""
        self._settings = Settings.from_env()
        with state_lock(self._settings.state):
            repair.check_room(self._settings)
            if mended := repair.mend(self._settings):
                assert context.log is not None
                context.log.warning(mended)
            try:
                yield self
            finally:
                repair.note(self._settings)
