"""A trial as text and as lines of progress, at two widths."""

import io
import sys
from dataclasses import replace

import pytest

from tests.cli.trials_told import CLAUDE, trial
from xreview.cli.attempt_table import attempts_table
from xreview.cli.attempt_text import trial_text
from xreview.cli.attempt_told import ToldTrial
from xreview.cli.progress import ProgressBlock
from xreview.domain.attempt.seat import LABELS, Seat
from xreview.domain.identity.anchor import short_form
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage

NARROW = """\
Limit sign-in attempts per account
3 attempts · $2.11 of $5.00 · id 3f2a9c1b
deep: it touches authentication (limits.py).
Writers are hidden until you pick; `xreview-tui attempt --reveal 3f2a9c1b` shows
   them.

                    A                   B      C
checks        214/214  213/214 (1 broken)      –
critical            0                  0?      –
high                0                  0?      –
medium              1                  0?      –
low                 0                  0?      –
contested           1                  0?      –
lines         +120 −4              +48 −0  +0 −0
files               3                   1      0
dependencies       +0                  +1     +0
complexity         +3                   –      –
cost            $0.91               $1.20      –
time            4m12s               6m41s    12s
reviewed      in full              partly     no

?: not everything was read, so there can be more.
1 attempt was cut short.
B adds redis (pyproject.toml).

A
   A token bucket per account, kept in the session store. Retries count once.
   medium {name} a.py:1 Unbounded dictionary

B
   a model didn't read limits.py: over its budget.
   TAMPERED test_limits.py:3: a test was removed
   a fresh reader says: A fixed window in memory.

C
   a model gave no answer.

Where they part
 - A handled: The clock goes back. (limits.py:12)
   B left out: The clock goes back.
What all of them mention
 - A assumption: A retry of the same request counts once.
   B assumption: Every retry counts.

What they change
   limits.py: 1 conflicting: A, B; 1 only B; 1 all

Read one with `xreview-tui --attempt 3f2a9c1b:A`.
Take one with `xreview-tui attempt --take 3f2a9c1b:A`.
Take files or pieces of several with `xreview-tui attempt --graft 3f2a9c1b
   PATH=LABEL …`.
`xreview-tui attempt --open 3f2a9c1b --json` lists the pieces."""


def test_the_comparison_at_80_columns():
    found = trial()
    lead = found.attempts[0].findings[0].lead
    text = trial_text(ToldTrial(found, hides=True), 80)
    assert text == NARROW.replace("{name}", short_form(lead.fingerprint))
    assert max(map(len, text.split("\n"))) <= 80


def test_the_table_at_120_columns_has_a_row_for_each():
    lines = attempts_table(trial().attempts, 120).split("\n")
    assert len(lines) == 4
    assert max(map(len, lines)) <= 120
    assert [line.split()[0] for line in lines] == ["CHECKS", "A", "B", "C"]
    assert lines[1].split() == [
        *("A", "214/214", "0", "0", "1", "0", "1", "+120", "−4", "3", "+0", "+3", "$0.91"),
        *("4m12s", "in", "full"),
    ]


@pytest.mark.parametrize("count", [1, 4, 20])
@pytest.mark.parametrize("width", [80, 120])
def test_any_number_of_attempts_fits(count, width):
    attempts = tuple(AttemptSnapshot(Seat(label, CLAUDE)) for label in LABELS[:count])
    table = attempts_table(attempts, width)
    assert max(map(len, table.split("\n"))) <= width
    words = table.split()
    assert all(label in words for label in LABELS[:count])


def test_names_show_once_it_is_revealed_or_taken():
    found = replace(trial(), is_revealed=True)
    text = trial_text(ToldTrial(found, hides=True), 80)
    assert "A  claude-code opus-5 (deep), reviewed by codex" in text
    assert "C  gemini gemini-3-flash (fast)\n   gemini-3-flash gave no answer." in text


def test_progress_tells_where_each_is():
    running = AttemptSnapshot(
        Seat("A", CLAUDE),
        AttemptStage.WRITING,
        doing="claude-code edits limits.py",
        cost=0.1,
        most=1.5,
        seconds=65,
    )
    checking = replace(running, seat=Seat("B", CLAUDE), stage=AttemptStage.CHECKING, doing="make")
    found = replace(trial(), attempts=(running, checking), doing="make test before", most=3.0)
    assert ToldTrial(found, hides=True).progress() == [
        "A · writing · $0.10 of $1.50 · 1m05s",
        "B · running the checks · make · $0.10 of $1.50 · 1m05s",
        "0/2 over · $0.20 of $3.00 · make test before",
    ]
    assert ToldTrial(found, hides=False).progress()[0] == (
        "A  claude-code opus-5 · writing · claude-code edits limits.py · $0.10 of $1.50 · 1m05s"
    )


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_block_of_progress_rewrites_itself_and_goes_away(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("LINES", "4")
    with ProgressBlock(is_wanted=True) as block:
        block.write(["one \x1b[2J", "two" * 20])
        block.write([str(number) for number in range(9)])
    first, second, last = screen.getvalue().split("\r\x1b[J")[1:]
    assert "\x1b[2J" not in first
    assert len(first.split("\n")[1].removesuffix("\x1b[1A")) == 19
    assert second.removesuffix("\x1b[2A") == "0\n1\n… and 7 more"
    assert last == ""


def test_nothing_is_written_where_it_is_not_wanted_or_no_terminal(monkeypatch):
    for is_wanted, screen in ((False, Screen()), (True, io.StringIO())):
        monkeypatch.setattr(sys, "stderr", screen)
        with ProgressBlock(is_wanted=is_wanted) as block:
            block.write(["one"])
        assert screen.getvalue() == ""


def test_what_only_analysers_read_says_so():
    one, *others = trial().attempts
    attempts = (replace(one, reviewers=()), *others)
    found = trial_text(ToldTrial(trial(attempts=attempts), hides=True), 80)
    assert "reviewed      no model              partly     no\n" in found
    assert "no model: only the embedded analysers read it." in found
