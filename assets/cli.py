"""The command line's start. From its first moment, while the commands still load, an interrupt ends it in one line."""

import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing import forkserver
from pathlib import Path


def _end_at_once_if_interrupted() -> None:
    """Ctrl-C and SIGTERM end the process wherever it is; what it was building is swept by the next refresh.

    Dagster puts its own handlers in place of Python's while a job runs, and these lose a signal that comes between two
    steps. The number that Python writes to the wake-up pipe before any handler runs can't be lost so.
    """
    numbers, wake_up = os.pipe()
    os.set_blocking(wake_up, False)

    def wait() -> None:
        while (number := os.read(numbers, 1)[0]) not in (signal.SIGINT, signal.SIGTERM):
            pass
        for child in multiprocessing.active_children():
            child.kill()
        # By itself it would end only when it has loaded its libraries, and hold standard error open until then.
        if server := forkserver._forkserver._forkserver_pid:  # type: ignore[attr-defined]
            os.kill(server, signal.SIGKILL)
        os.write(2, b"\nchipcast: stopped; the last release stays current.\n")
        os._exit(128 + number)

    # What it leaves, Python's resource tracker clears away, and need not say so.
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    threading.Thread(target=wait, daemon=True).start()
    signal.set_wakeup_fd(wake_up)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)


def main() -> None:
    """Run the command line."""
    if sys.getfilesystemencoding() != "utf-8":  # of a foreign locale: dbt opens no path with umlauts then
        os.environ["PYTHONUTF8"] = "1"  # for children
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    home = Path(sys.argv[0]).resolve().parent.parent
    if (home / "pyvenv.cfg").exists() and home != Path(sys.prefix).resolve():
        sys.exit(f"chipcast: {home} is a copy of {sys.prefix}, which it would act on: run `make setup` beside it.")
    _end_at_once_if_interrupted()
    try:
        from assets import commands
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in ("assets", "forecasts", "pipeline"):
            raise
        sys.exit(f"chipcast: {error.name} is missing. The commands need what pip install 'chipcast[pipeline]' brings.")
    commands.main()


if __name__ == "__main__":
    main()
