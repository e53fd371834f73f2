"""The line on standard error that says how far the reviewers are."""

import io
import sys

import pytest

from tests.tui.widgets.test_status_bar import GPT, RISK, progress, snapshot
from xreview.cli.progress import ProgressLine
from xreview.cli.review import progress_words
from xreview.review.session.snapshot import ReviewerState


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Called in the test itself: between a fixture and its test pytest sets `sys.stderr` anew."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setenv("COLUMNS", "120")
    return made


def test_it_says_what_a_slow_model_does_and_how_long_the_rest_takes(monkeypatch) -> None:
    terminal = on_terminal(monkeypatch)
    found = snapshot(
        progress(RISK, ReviewerState.DONE, done=4, total=4),
        progress(GPT, ReviewerState.READING, done=1, total=4, doing="thinking, about 3 min left"),
    )
    with ProgressLine(is_wanted=True) as line:
        line.write(progress_words(found))
    shown = terminal.getvalue().split("\x1b[K")
    assert shown[2].rstrip("\r") == ("risk 4/4 · gpt 1/4 · 0 findings · thinking, about 3 min left")
    assert shown[-1] == ""


def test_hostile_names_in_it_are_neutralised(monkeypatch) -> None:
    terminal = on_terminal(monkeypatch)
    found = snapshot(
        progress(GPT, ReviewerState.READING, done=1, total=4, doing="\x1b[31mred\n: reading")
    )
    with ProgressLine(is_wanted=True) as line:
        line.write(progress_words(found))
    assert "\x1b[31m" not in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
