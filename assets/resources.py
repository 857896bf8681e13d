"""The one resource: the state folder, locked for the length of a run. And who answers for all assets."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import dagster as dg
from pydantic import PrivateAttr

from pipeline.build import repair
from pipeline.files import Busy, state_lock
from pipeline.settings import Settings

OWNERS = list(Settings.from_env().owners)


def shown(stage: str, *kinds: str, **tags: str) -> dict[str, Any]:
    """How the UI shows an asset: who answers for it, what it is made with, where it belongs."""
    return {"owners": OWNERS, "kinds": set(kinds), "tags": {"stage": stage, **tags}}


class Workspace(dg.ConfigurableResource):
    """The settings of this run; holding it means holding the state folder's lock."""

    _settings: Settings = PrivateAttr()

    @property
    def settings(self) -> Settings:
        """Folders, mode and date of this run."""
        return self._settings

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Self, None, None]:
        """Take the lock when the run starts, mend what is damaged, and free the lock when the run ends.

        Where another refresh has it the run is canceled.
        """
        self._settings = Settings.from_env()
        with ExitStack() as held:
            try:
                held.enter_context(state_lock(self._settings.state))
            except Busy as error:
                # Nothing of it failed, and nobody is to be told so.
                if context.instance and context.run:
                    context.instance.report_run_canceling(context.run, str(error))
                raise
            repair.check_room(self._settings)
            if mended := repair.mend(self._settings):
                assert context.log is not None
                context.log.warning(mended)
            try:
                yield self
            finally:
                repair.note(self._settings)
