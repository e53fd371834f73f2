"""`P` in a session that isn't about a pull request: the open ones, and opening one."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from tests.fakes.forge import ADDRESS, AUTHOR, HOST, ME
from tests.tui.asked import notices
from tests.tui.harness import Stage, reviewed, until
from xreview.domain.errors import ChangeError
from xreview.domain.pull.pull import ForgeAccount, PullSummary
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.pulls.listing import PullListing
from xreview.tui.dialogs.own_editor import KeptDraft
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.screens.pull_list import PullListScreen


def summary(number: int, title: str, **changed) -> PullSummary:
    return PullSummary(replace(ADDRESS, number=number), title, AUTHOR, **changed)


WANTED = summary(12, "Sell more", asked=(ME,), updated="2026-01-02T03:04:05Z", branch="sell")
DRAFT = summary(9, "Try \x1b[2J[b]it[/b]", is_draft=True)
BOTH = PullListing(HOST, "ada/shop", ME, (WANTED, DRAFT))


@dataclass
class Listings:
    """What the forge returns; `asked` counts how often."""

    answer: PullListing | Exception = BOTH
    waits: asyncio.Event | None = None
    asked: list[object] = field(default_factory=list)

    async def __call__(self, cwd, options) -> PullListing:
        self.asked.append(cwd)
        if self.waits is not None:
            await self.waits.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def listings(monkeypatch):
    given = Listings()
    monkeypatch.setattr("xreview.review.pulls.listing.open_pulls", given)
    return given


@pytest.fixture
def opened(monkeypatch):
    """The URLs that were opened; their change is that of the worktree, or an error."""
    urls: list[str] = []

    def open_change(request, options):
        if request.pull is None:
            return collect(request)
        urls.append(request.pull)
        if request.pull.endswith("/9"):
            raise ChangeError("The pull request can't be fetched.", "Try again.")
        return collect(ChangeRequest(request.cwd))

    monkeypatch.setattr("xreview.review.pulls.opening.collect_change", open_change)
    return urls


def text_of(app):
    return "\n".join(str(one.content) for one in app.screen.query("Static"))


async def listed(app, pilot):
    await pilot.press("P")
    await until(pilot, lambda: isinstance(app.screen, PullListScreen))
    await until(pilot, lambda: "Asking the forge" not in text_of(app))
    return text_of(app)


async def test_those_that_want_my_review_come_first(stage, listings):
    async with stage.run() as (app, pilot):
        shown = await listed(app, pilot)
        assert shown.index("Want your review (1)") < shown.index("#12 Sell more")
        assert shown.index("#12 Sell more") < shown.index("Others (1)")
        assert "by bob · updated 2026-01-02 03:04 · sell" in shown
        assert "#9 Try ␛[2J[b]it[/b]" in shown
        assert "draft" in shown
        title = str(app.screen._box.border_title)
        assert title == "2 open pull requests of ada/shop on github.com · you are ada"
        assert listings.asked == [stage.repository.top]


async def test_it_says_that_it_is_asking(stage, listings):
    listings.waits = asyncio.Event()
    async with stage.run() as (app, pilot):
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, PullListScreen))
        await until(pilot, lambda: "Asking the forge for open pull requests" in text_of(app))
        await pilot.press("enter", "o")  # nothing to open yet
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.triage)


async def test_none_open_is_told(stage, listings):
    listings.answer = PullListing(HOST, "ada/shop", ME, ())
    async with stage.run() as (app, pilot):
        shown = await listed(app, pilot)
        assert "ada/shop has no open pull request." in shown
        assert "Press u to open one by its URL." in shown


async def test_without_a_token_it_says_what_is_missing(stage, listings):
    listings.answer = PullListing(HOST, "ada/shop", None, (WANTED,), "No token was found.")
    async with stage.run() as (app, pilot):
        shown = await listed(app, pilot)
        assert "No token was found.\n" in shown
        assert "isn't known" not in shown, "that would be said twice"
        assert "Open (1)" in shown


async def test_an_error_is_told_and_asked_again(stage, listings):
    listings.answer = ForgeError(ForgeFailure.CONNECTION, "github.com\x07 can't be reached.", "Go.")
    async with stage.run() as (app, pilot):
        shown = await listed(app, pilot)
        assert "github.com␇ can't be reached.\n\nGo.\n\nPress F to try again" in shown
        listings.answer = BOTH
        await pilot.press("F")
        await until(pilot, lambda: "Sell more" in text_of(app))


async def test_an_unexpected_error_is_told_too(stage, listings):
    listings.answer = ZeroDivisionError("boom")
    async with stage.run() as (app, pilot):
        assert "Press F to try again" in await listed(app, pilot)
        assert app.fault is None


async def test_enter_reviews_it_and_decisions_stay(stage, listings, opened):
    async with stage.run() as (app, pilot):
        await pilot.press("a")
        await until(pilot, lambda: len(app.triage.snapshot.open_findings) == 2)
        session = app.triage.snapshot.session
        await listed(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.triage and app.triage.snapshot)
        await reviewed(app, pilot)
        assert opened == [WANTED.address.url]
        assert app.triage.snapshot.session != session
        assert len(app.triage.snapshot.open_findings) == 2, "decided before: it is on disk"
        await pilot.press("F")
        await until(pilot, lambda: len(opened) == 2)
        await reviewed(app, pilot)


async def test_one_that_cannot_be_opened_is_told_and_another_can_be_chosen(stage, listings, opened):
    async with stage.run() as (app, pilot):
        await listed(app, pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: app.failure is not None)
        assert "can't be fetched" in app.triage.findings.empty_text
        await listed(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: len(opened) == 2)
        await until(pilot, lambda: app.triage.snapshot)
        await reviewed(app, pilot)
        assert app.failure is None


async def test_texts_that_are_not_saved_are_asked_about(stage, listings, opened):
    async with stage.run() as (app, pilot):
        app.kept_draft = KeptDraft(None)
        await listed(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "The draft of your own finding isn't saved." in text_of(app)
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, PullListScreen))
        assert not opened
        await pilot.press("enter", "1")
        await until(pilot, lambda: opened)
        await until(pilot, lambda: app.kept_draft is None)


async def test_one_can_be_opened_by_its_url(stage, listings, opened):
    async with stage.run() as (app, pilot):
        await listed(app, pilot)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press(*"12", "enter")
        await until(pilot, lambda: opened == ["12"])
        await until(pilot, lambda: app.screen is app.triage and app.triage.snapshot)
        await reviewed(app, pilot)


async def test_a_long_error_is_wrapped(stage, listings):
    listings.answer = ChangeError("Nothing here " * 20, "Do this at the end.")
    async with stage.run((70, 24)) as (app, pilot):
        shown = await listed(app, pilot)
        assert "Do this at the end." in shown
        assert max(map(len, shown.splitlines())) <= 66


async def test_the_link_is_copied(stage, listings):
    async with stage.run() as (app, pilot):
        await listed(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: f"Copied {WANTED.address.url}" in notices(app))
        assert app.clipboard == WANTED.address.url


async def test_many_are_scrolled_by_keys(stage, listings):
    many = tuple(summary(number, f"Change {number}") for number in range(1, 120))
    stranger = ForgeAccount("eve")
    listings.answer = PullListing(HOST, "ada/shop", stranger, many)
    async with stage.run((70, 24)) as (app, pilot):
        await listed(app, pilot)
        await pilot.press("G")
        assert app.screen.list.current.title == "Change 119"
        await pilot.press("pageup", "g")
        assert app.screen.list.current.title == "Change 1"
