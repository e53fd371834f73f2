"""The scorecard's page, drawn for several widths and on a screen."""

import pytest
from textual.app import App

from tests.domain.scorecard.test_scorecard import GPT, OPUS, RISK, by, read, said
from tests.journal.build import decided, opened
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.report import Category, ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.figures import OutcomeTally
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scoring import score
from xreview.tui.screens.scorecard import ScorecardScreen, bar, scorecard_content, stacked
from xreview.tui.terminal.filters import WithoutColour
from xreview.tui.themes.files import variable_defaults
from xreview.tui.themes.register import register_available

WRONG = Decision(Verdict.REJECT, Reason.REVIEWER_WRONG)
HOSTILE = ReviewerIdentity("\x1b[2J[red]evil[/]", ReviewerKind.MODEL, "\u202exai")


def card():
    facts = [opened(), by("openai")]
    for number in range(24):
        reviewer = (OPUS, GPT, RISK, HOSTILE)[number % 4]
        category = tuple(Category)[number % 5]
        facts.append(said(f"r{number}", f"f{number}", by=reviewer, category=category))
    facts.append(read("opus", "gpt", "risk", HOSTILE.name, second=20))
    for number in range(0, 24, 2):
        decision = WRONG if number % 3 else Decision(Verdict.ACCEPT, Reason.FIX)
        facts.append(decided(f"d{number}", f"f{number}", decision=decision, second=40))
    return score(facts)


@pytest.mark.parametrize("width", [64, 94, 154])
def test_every_line_of_figures_fits_and_is_neutral(width):
    lines = scorecard_content(card(), width).plain.split("\n")
    text = "\n".join(lines)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]evil[/]" in text
    drawn = [line for line in lines if any(sign in line for sign in "█▒░◆")]
    assert drawn
    assert max(map(len, drawn)) <= width


def test_reviewers_that_find_no_room_go_below():
    narrow = scorecard_content(card(), 64).plain
    wide = scorecard_content(card(), 154).plain
    assert narrow.count("\nsecurity") > wide.count("\nsecurity")
    for name in ("opus", "gpt", "risk"):
        assert name in narrow


def test_a_blind_spot_shows_its_numbers():
    facts = [said("1", "f1"), said("2", "f2", by=GPT), read("opus", "gpt"), decided("d", "f1")]
    assert "▒░░░░ 0/1*" in scorecard_content(score(facts), 100).plain


def test_one_decision_fills_no_bar_and_makes_no_share():
    page = scorecard_content(score([said("1"), read("opus"), decided("d")]), 100).plain
    assert "1/1" in page
    assert "%" not in page.split("precision:")[0]
    bars = [part for part in page.split() if "█" in part and len(part) > 1]
    assert len(bars) == 3
    assert all(one.count("▒") > one.count("█") for one in bars)


def test_empty_states_explain_themselves():
    assert "Nothing decided yet" in scorecard_content(score([]), 80).plain
    waiting = scorecard_content(score([said("1")]), 80).plain
    assert "1 report waiting" in waiting
    assert "Nothing accepted yet" in waiting


@pytest.mark.parametrize(
    ("count", "of", "drawn"),
    [
        (0, 0, "░░░░░░░░░░"),
        (0, 1, "▒▒▒▒▒▒▒▒░░"),
        (1, 1, "██▒▒▒▒▒▒▒▒"),
        (5, 10, "██▒▒▒▒▒▒░░"),
        (500, 1000, "████▒▒░░░░"),
        (1000, 1000, "█████████▒"),
    ],
)
def test_a_bar_shows_where_the_share_may_lie(count, of, drawn):
    assert bar(Proportion(count, of), 10) == drawn


@pytest.mark.parametrize("numbers", [(1, 0, 0, 0), (1, 1, 1, 1), (1000, 1, 0, 1), (0, 0, 0, 7)])
def test_stacked_bars_have_a_column_for_each_report_and_leave_nothing_out(numbers):
    accepted, rejected, escalated, left = numbers
    tally = OutcomeTally(sum(numbers), accepted, {Reason.LATER: rejected}, escalated, left)
    drawn = "".join(part if isinstance(part, str) else part[0] for part in stacked(tally, 12))
    assert len(drawn) == min(12, sum(numbers))
    for number, sign in zip(numbers, "█▒◆·", strict=True):
        assert (sign in drawn) == bool(number)


class Host(App[None]):
    def get_theme_variable_defaults(self):
        return dict(variable_defaults())

    def get_line_filters(self):
        return [WithoutColour()] if self.no_color else list(super().get_line_filters())

    def on_mount(self):
        register_available(self, None)
        self.theme = "terminal"
        self.push_screen(ScorecardScreen(card()))


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24)])
@pytest.mark.parametrize("no_color", [False, True])
async def test_the_screen_is_drawn_scrolled_and_left(size, no_color, monkeypatch):
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)
    app = Host()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = _rows(app)
        assert "Scorecard of this repository" in shown[0]
        assert any("Who sees what" in row for row in shown)
        assert max(map(len, shown)) <= size[0]
        await pilot.press("G")
        await pilot.pause()
        assert any("fewer than 10 decisions" in row for row in _rows(app))
        await pilot.resize_terminal(70, 30)
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause()
        assert max(len(row) for row in _rows(app)) <= 70
        await pilot.press("q")
        await pilot.pause()
        assert not isinstance(app.screen, ScorecardScreen)


def _rows(app: App[None]) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
