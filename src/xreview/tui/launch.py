"""Starts the app: git first, then a painted first frame, then Textual."""

import gc
import os
import sys
from pathlib import Path

from xreview.config.remembered import Remembered
from xreview.domain.errors import ConfigError, JournalError
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.opening import collect_change
from xreview.tui.collector import Collector
from xreview.tui.screens.triage.splits import PaneSplits
from xreview.tui.terminal.first_frame import FirstFrame
from xreview.tui.themes.files import DEFAULT_THEME, find_theme

_FRAMES_PER_SECOND = "240"
"""After a key, Textual waits for its next frame: at its default of 60, up to 17 of the 18 ms that a
key takes (`bench/`). Only changed frames are drawn, so a higher rate costs nothing."""

_GIT_HEAD_START = 0.25
"""Seconds, at most, to wait for git's first lines. A slower repository is read while Textual is
imported, and its failure is shown in the app."""


def run_app(
    request: ChangeRequest, options: RunOptions, *, trial: str = "", screen: str = ""
) -> int:
    """Run the app on a change and return the exit code.

    Args:
        trial: the id of a trial, to open its attempts. screen: the name of a screen to open.

    Raises XReviewError where the change can't be read or the settings can't be used, JournalError
    where a decision could not be written in the end, and the app's own unexpected error.
    """
    collector = Collector(request, lambda wanted: collect_change(wanted, options))
    collector.start()
    gc.disable()  # what a start makes stays; the app looks for garbage again once it is up
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES_PER_SECOND)
    settings = options.settings
    remembered = Remembered(options.folders.state)
    colors = _colors(remembered.arranged.theme_for(settings.theme), options.folders.themes)
    splits = PaneSplits(remembered.arranged.splits)
    with FirstFrame(colors, settings.tab_size, splits) as frame:
        beginning = collector.beginning(_GIT_HEAD_START)
        if beginning is not None:
            frame.paint(*beginning)
        from xreview.tui.app import XReviewApp
        from xreview.tui.terminal.driver import driver_after

        app = XReviewApp(request, options, collector, remembered, driver_after(frame))
        app.first_trial, app.first_screen = trial, screen
        try:
            code = app.run(mouse=settings.mouse)
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
    try:
        found = find_theme(theme, themes)
    except ConfigError:
        found = find_theme(DEFAULT_THEME)
    return {**found.colors, **found.variables}
