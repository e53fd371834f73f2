"""Starting the app: git begins before Textual is imported, and both go on side by side."""

import os
from pathlib import Path

from xreview.config.schema import Settings
from xreview.repo.request import ChangeRequest
from xreview.tui.collector import Collector

_FRAMES_PER_SECOND = "240"
"""Textual waits for its next frame after each key; at its default of 60 that is up to 17 ms of the
18 ms a key takes (`bench/`). Frames are only drawn where something changed, so it costs nothing."""

_GIT_HEAD_START = 0.05
"""Seconds, at most, that the start waits for git to say that there is nothing to show, so that a
wrong option is a sentence on the terminal rather than an app with an error in it."""


def run_app(
    request: ChangeRequest, settings: Settings, journal: Path, themes: Path | None = None
) -> int:
    """Show the change and let a person triage it; returns the exit code.

    Args:
        request: which change.
        settings: the person's settings, checked.
        journal: the journal's file; it is made where it does not exist.
        themes: the folder with the person's own themes.

    Raises XReviewError where the change can't be read or the settings can't be used.
    """
    collector = Collector(request)
    collector.start()
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES_PER_SECOND)
    from xreview.tui.app import XReviewApp

    if (failure := collector.early_failure(_GIT_HEAD_START)) is not None:
        raise failure
    app = XReviewApp(request, settings, journal, themes, collector)
    code = app.run(mouse=settings.mouse)
    collector.stop()
    return app.return_code or code or 0
