"""Starts the app: git first, then a painted first frame, then Textual."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.config.look import Look
from xreview.config.paths import Folders
from xreview.domain.errors import ConfigError, JournalError
from xreview.repo.change.request import ChangeRequest
from xreview.tui.collector import Collector
from xreview.tui.terminal.heap import share_one_heap

if TYPE_CHECKING:
    from xreview.review.assembly.run_options import RunOptions

_FRAMES_PER_SECOND = "240"
"""After a key, Textual waits for its next frame: at its default of 60, up to 17 of the 18 ms that a
key takes (`bench/`). Only changed frames are drawn, so a higher rate costs nothing."""

_SWITCH_INTERVAL = 0.0005
"""Seconds that the app waits, at most, for a thread that computes: Python's 5 ms would be as long
as a key takes, each time."""

_GIT_HEAD_START = 0.25
"""Seconds, at most, to wait for git's first lines. A slower repository is read while Textual is
imported, and its failure is shown in the app."""


def run_app(
    request: ChangeRequest, options: "RunOptions", *, trial: str = "", screen: str = ""
) -> int:
    """Run the app on a change and return the exit code.

    Args:
        trial: the id of a trial, to open its attempts. screen: the name of a screen to open.

    Raises XReviewError where the change can't be read or the settings can't be used, JournalError
    where a decision could not be written in the end, and the app's own unexpected error.
    """
    from xreview.review.pulls.opening import collect_change

    collector = Collector(request, lambda wanted: collect_change(wanted, options))
    look = Look(options.settings.theme, options.settings.tab_size)
    return _run(collector, look, options.folders, lambda: options, trial, screen)


def run_app_at_once(
    request: ChangeRequest, look: Look, own: Folders, options_of: Callable[[], "RunOptions"]
) -> int:
    """As `run_app`, for a local change: its first frame doesn't wait for the settings.

    Args:
        own: the program's folders.
        options_of: reads all settings, after the first frame. Raises UsageError or ConfigError.
    """
    return _run(Collector(request), look, own, options_of)


def _run(
    collector: Collector,
    look: Look,
    own: Folders,
    options_of: Callable[[], "RunOptions"],
    trial: str = "",
    screen: str = "",
) -> int:
    share_one_heap()
    collector.start(pauses=True)
    gc.disable()  # what a start makes stays; `settle_heap` enables it once the app is up
    # Imported while git runs.
    from xreview.config.remembered import Remembered
    from xreview.tui.screens.triage.splits import PaneSplits
    from xreview.tui.terminal.first_frame import FirstFrame

    os.environ.setdefault("TEXTUAL_FPS", _FRAMES_PER_SECOND)
    sys.setswitchinterval(_SWITCH_INTERVAL)
    remembered = Remembered(own.state)
    colors = _colors(remembered.arranged.theme_for(look.theme), own.themes)
    splits = PaneSplits(remembered.arranged.splits)
    with FirstFrame(colors, look.tab_size, splits) as frame:
        try:
            beginning = collector.beginning(_GIT_HEAD_START)
            if beginning is not None:
                frame.paint(*beginning)
            options = options_of()
            from xreview.tui.app import XReviewApp
            from xreview.tui.terminal.driver import driver_after

            app = XReviewApp(collector.request, options, collector, remembered, driver_after(frame))
            app.first_trial, app.first_screen = trial, screen
            code = app.run(mouse=options.settings.mouse)
        finally:
            collector.stop()
    if app.fault is not None:
        raise app.fault
    for desk in () if options.is_passing else (app.fix_desk, app.attempt_desk):
        if desk is not None and desk.kept:
            print(desk.kept, file=sys.stderr)
    if app.lost:
        raise JournalError(app.lost, "`xreview-tui doctor` checks the journal.")
    return app.return_code or code or 0


def _colors(theme: str, themes: Path | None) -> dict[str, str]:
    if "NO_COLOR" in os.environ:
        return {}
    from xreview.tui.themes.files import DEFAULT_THEME, find_theme

    try:
        found = find_theme(theme, themes)
    except ConfigError:
        found = find_theme(DEFAULT_THEME)
    return {**found.colors, **found.variables}
