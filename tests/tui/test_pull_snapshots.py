"""The screens of pull requests as they look, pinned; `make snapshots` draws them anew."""

from dataclasses import replace

import pytest

from tests.fakes.forge import ADDRESS, AUTHOR, HOST, ME
from tests.fakes.posting import (
    ANSWERED,
    PULL,
    UNANSWERED,
    ScriptedPosting,
    as_pull,
    said,
)
from tests.tui.asked import go_to
from tests.tui.harness import Stage, reviewed, until
from xreview.domain.pull.posting import PostPlacement
from xreview.domain.pull.pull import PullSummary
from xreview.domain.pull.sight import BotSight, Sight
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.review.pulls.listing import PullListing
from xreview.tui.flow import Flow
from xreview.tui.screens.pull import PullScreen
from xreview.tui.screens.pull_list import PullListScreen
from xreview.tui.screens.triage.screen import TriageScreen

SIZES = {"160": (160, 48), "100": (100, 30), "70": (70, 24)}
LONG = (
    "Take money from the account in one step, so that two payments at once can't both pass "
    "\x1b[31m\u202e[b]and nothing is lost[/b]"
)
SOURCES = {
    "Swallowed error": "T1",
    "Weak randomness": "T2",
    "Balance changed without a lock": "T3",
}
RESOLVED = said("T3", line=10, is_resolved=True)
OUTDATED = replace(ANSWERED, is_outdated=True)
SIGHTS = (
    BotSight(ANSWERED.author, Sight.REVIEWED),
    BotSight(AUTHOR, Sight.STALE, "c" * 40),
    BotSight(ME, Sight.BLIND, "The quota is used up."),
)


@pytest.fixture
def stage(monkeypatch, tmp_path):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr(
        "xreview.review.assembly.parts.now", lambda: "2026-01-02T03:04:05.000000+00:00"
    )
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def posting(monkeypatch):
    scripted = ScriptedPosting(pull=replace(PULL, title=LONG))
    monkeypatch.setattr(Flow, "posting", lambda self: scripted)
    show = TriageScreen.show_snapshot

    def dressed(screen, snapshot):
        threads = (ANSWERED, UNANSWERED, RESOLVED)
        made = as_pull(snapshot, SOURCES, threads, scripted.pull)
        show(screen, replace(made, sights=SIGHTS))

    monkeypatch.setattr(TriageScreen, "show_snapshot", dressed)
    return scripted


def shown(*keys):
    """Accept everything, open the screen, and press keys."""

    async def run(pilot) -> None:
        app = pilot.app
        await reviewed(app, pilot)
        await pilot.press("a", "a", "a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        app.clear_notifications()
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await until(pilot, lambda: app.pull_desk.shown.is_idle)
        for key in keys:
            await pilot.press(key)
            await until(pilot, lambda: app.pull_desk.shown.is_idle)
        await pilot.pause(0.2)

    return run


@pytest.mark.parametrize("size", SIZES)
def test_to_post(snap_compare, stage, posting, size):
    posting.placements = {
        "Weak randomness": PostPlacement.BODY,
        "Swallowed error": PostPlacement.FILE,
    }
    posting.is_moved = True
    posting.warnings = ("The pull request has new commits: places are where the code is now.",)
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=shown("j"))


@pytest.mark.parametrize("size", SIZES)
def test_pending(snap_compare, stage, posting, size):
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=shown("p"))


@pytest.mark.parametrize("size", SIZES)
def test_threads(snap_compare, stage, posting, size):
    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=shown("2"))


def test_publishing_is_asked_about(snap_compare, stage, posting):
    run = shown("p", "r")
    assert snap_compare(stage.app(), terminal_size=SIZES["100"], run_before=run)


def test_a_reply_is_edited(snap_compare, stage, posting):
    run = shown("2", "e")
    assert snap_compare(stage.app(), terminal_size=SIZES["100"], run_before=run)


def test_no_token(snap_compare, stage, posting):
    posting.no_preview = ForgeError(
        ForgeFailure.NO_TOKEN, "There is no token for github.com.", "Run `gh auth login`."
    )
    assert snap_compare(stage.app(), terminal_size=SIZES["70"], run_before=shown())


@pytest.mark.parametrize("size", SIZES)
def test_states_in_the_main_screen(snap_compare, stage, posting, size):
    async def run(pilot) -> None:
        await reviewed(pilot.app, pilot)
        go_to(pilot.app, "Swallowed error")
        await pilot.press("4")
        await pilot.pause(0.3)

    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=run)


LISTING = PullListing(
    HOST,
    "ada/shop",
    ME,
    (
        PullSummary(
            ADDRESS, LONG, AUTHOR, updated="2026-01-02T03:04:05Z", branch="sell", asked=(ME,)
        ),
        PullSummary(replace(ADDRESS, number=9), "Try it", AUTHOR, is_draft=True, branch="try"),
        PullSummary(replace(ADDRESS, number=1234), "Bump the linter", ANSWERED.author),
    ),
)


@pytest.mark.parametrize("size", SIZES)
def test_list(snap_compare, monkeypatch, stage, size):
    async def open_pulls(cwd, options):
        return LISTING

    monkeypatch.setattr("xreview.review.pulls.listing.open_pulls", open_pulls)

    async def run(pilot) -> None:
        await reviewed(pilot.app, pilot)
        await pilot.press("P")
        await until(pilot, lambda: isinstance(pilot.app.screen, PullListScreen))
        await until(pilot, lambda: pilot.app.screen.list.current)
        await pilot.pause(0.2)

    assert snap_compare(stage.app(), terminal_size=SIZES[size], run_before=run)
