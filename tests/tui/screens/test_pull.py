"""`P` in a pull request's session: what is posted, published, answered, by keys."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.fakes.forge import ADDRESS, AUTHOR
from tests.fakes.posting import ANSWERED, UNANSWERED, ScriptedPosting, as_pull, remark, said
from tests.tui.asked import notices
from tests.tui.harness import Stage, until
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.posting import PendingReview, PostedComment, PostPlacement
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.flow import Flow
from xreview.tui.screens.pull import PullScreen
from xreview.tui.screens.pull_reply import ReplyEditor
from xreview.tui.screens.triage.screen import TriageScreen

SOURCES = {"Swallowed error": "T1", "Weak randomness": "T2"}
NO_TOKEN = ForgeError(
    ForgeFailure.NO_TOKEN, "There is no token for github.com.", "Run `gh auth login`."
)


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def posting(monkeypatch):
    scripted = ScriptedPosting()
    monkeypatch.setattr(Flow, "posting", lambda self: scripted)
    return scripted


@pytest.fixture
def threads(monkeypatch):
    """What is said on the pull request; every session is about one."""
    found = [ANSWERED, UNANSWERED]
    show = TriageScreen.show_snapshot
    monkeypatch.setattr(
        TriageScreen,
        "show_snapshot",
        lambda screen, snapshot: show(screen, as_pull(snapshot, SOURCES, found)),
    )
    return found


@asynccontextmanager
async def opened(stage, keys=("a", "a", "a"), size=(160, 48)):
    """The screen of the pull request, after the findings were decided with these keys."""
    async with stage.run(size) as (app, pilot):
        await pilot.press(*keys)
        if keys:
            await until(pilot, lambda: not app.triage.snapshot.open_findings)
        app.clear_notifications()
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await settled(app, pilot)
        yield app, pilot


async def settled(app, pilot):
    """Wait until the forge has answered, and the screen shows it."""
    await until(pilot, lambda: app.pull_desk.shown.is_idle)
    await pilot.pause(0.05)


async def asked(app, pilot):
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
    return "\n".join(str(one.content) for one in app.screen.query("Static"))


def listed(app):
    return str(app.screen.list.query_one("Static").content)


def told(app):
    return str(app.screen.query_one("#pull-told").content)


def about(app):
    return str(app.screen.about.query_one("Static").content)


def keys_of(app):
    return str(app.screen.query_one("#keys").content)


async def test_the_accepted_findings_are_previewed_exactly(stage, posting, threads):
    posting.placements = {
        "Weak randomness": PostPlacement.BODY,
        "Swallowed error": PostPlacement.FILE,
    }
    async with opened(stage) as (app, pilot):
        shown = listed(app)
        assert "On their lines (1)" in shown
        assert "On their files (1)" in shown
        assert "In the text of the review (1)" in shown
        assert "Balance changed without a lock  app.py:10" in shown
        assert about(app).startswith("app.py:10\n")
        assert "<!-- xreview:v1 fp=" in about(app), "the marker goes out too"
        await pilot.press("j")
        assert "Not on its lines: the line isn't part of the diff." in about(app)
        header = str(app.screen.query_one("#status").content)
        assert "ada/shop#12" in header
        assert "To post 3" in header
        assert "as ada on github.com" in header
        assert not posting.calls


async def test_posting_is_pending_first_and_published_by_a_second_key(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        assert " a " not in keys_of(app), "there is nothing to approve yet"
        await pilot.press("p")
        await until(pilot, lambda: posting.calls == [("post", False)])
        await settled(app, pilot)
        assert "Pending review: 3 comments" in told(app)
        assert "Only you see it." in told(app)
        assert "Posted already (3)" in listed(app)
        assert "pending" in listed(app)
        await pilot.press("r")
        question = await asked(app, pilot)
        assert "Everybody who can see ada/shop#12 would see the review by ada: 3 comments" in (
            question
        )
        assert posting.calls == [("post", False)]
        await pilot.press("1")
        await until(pilot, lambda: len(posting.calls) == 2)
        await settled(app, pilot)
        assert posting.calls[1] == ("submit", ReviewVerdict.REQUEST_CHANGES)
        assert f"Published: {ADDRESS.url}#R1" in told(app)
        assert "Pending review" not in told(app)
        assert f"{ADDRESS.url}#r1" in about(app), "the link is still known"


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("c", ReviewVerdict.COMMENT),
        ("r", ReviewVerdict.REQUEST_CHANGES),
        ("a", ReviewVerdict.APPROVE),
    ],
)
async def test_no_review_is_published_without_a_yes(stage, posting, threads, key, verdict):
    async with opened(stage) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: app.pull_desk.shown.pending)
        await settled(app, pilot)
        await pilot.press(key)
        assert str(verdict) in await asked(app, pilot)
        await pilot.press("enter")  # the mark is on no
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        assert [call[0] for call in posting.calls] == ["post"]


async def test_publishing_without_a_pending_review_is_explained(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await pilot.press("a")
        await until(pilot, lambda: "no pending review to publish. Press p" in notices(app))
        assert app.screen.__class__ is PullScreen


async def test_the_first_post_asks_for_consent(stage, posting, threads):
    posting.needs = True
    async with opened(stage) as (app, pilot):
        await pilot.press("enter")
        assert "Post to ada/shop as ada?" in str(app.screen._title)
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        assert not posting.calls
        await pilot.press("enter", "1")
        await until(pilot, lambda: len(posting.calls) == 2)
        assert [call[0] for call in posting.calls] == ["agree", "post"]


async def test_a_moved_head_is_asked_about(stage, posting, threads):
    posting.is_moved = True
    async with opened(stage) as (app, pilot):
        await pilot.press("p")
        assert "has changed since it was reviewed" in await asked(app, pilot)
        await pilot.press("0")
        await pilot.pause(0.1)
        assert not posting.calls


async def test_a_review_with_own_comments_is_added_to_only_after_a_yes(stage, posting, threads):
    posting.existing = PendingReview("R9", comments=(PostedComment("x"),))
    async with opened(stage) as (app, pilot):
        assert "a pending review with comments of your own" in told(app)
        await pilot.press("x")
        await until(pilot, lambda: "Nothing in your pending review is from here" in notices(app))
        await pilot.press("p")
        assert "Posting adds to it" in await asked(app, pilot)
        await pilot.press("1")
        await until(pilot, lambda: posting.calls == [("post", True)])


async def test_discarding_and_undoing_ask_first(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: app.pull_desk.shown.pending)
        await settled(app, pilot)
        await pilot.press("x")
        assert "Comments that you wrote there yourself stay" in await asked(app, pilot)
        await pilot.press("1")
        await until(pilot, lambda: posting.calls[-1] == ("discard",))
        await settled(app, pilot)
        assert "On their lines (3)" in listed(app)
        await pilot.press("u")
        assert "nobody has answered" in await asked(app, pilot)
        await pilot.press("1")
        await until(pilot, lambda: posting.calls[-1] == ("undo",))
        await settled(app, pilot)
        assert "The review is deleted." in told(app)


async def test_no_token_is_told_in_place_and_asked_again(stage, posting, threads):
    posting.no_preview = NO_TOKEN
    async with opened(stage) as (app, pilot):
        assert "There is no token for github.com. Run `gh auth login`." in told(app)
        assert "the forge could not be asked" in listed(app)
        assert "To post ?" in str(app.screen.query_one("#status").content)
        assert " F ask again" in keys_of(app)
        await pilot.press("p")
        await until(pilot, lambda: "There is no token for github.com." in notices(app))
        posting.no_preview = None
        await pilot.press("F")
        await until(pilot, lambda: app.pull_desk.shown.preview)
        await settled(app, pilot)
        assert "no token" not in told(app)
        assert "On their lines (3)" in listed(app)


async def test_a_refusal_is_told_in_place_and_nothing_is_lost(stage, posting, threads):
    posting.fails = ForgeError(
        ForgeFailure.REFUSED, "GitHub refuses the review: \x1b[31mbad\x1b[0m.", "Look at it."
    )
    async with opened(stage) as (app, pilot):
        before = posting.previews
        await pilot.press("p")
        await until(pilot, lambda: app.pull_desk.shown.trouble)
        await settled(app, pilot)
        assert posting.previews == before + 1, "what changed there is shown"
        assert "GitHub refuses the review: ␛[31mbad␛[0m. Look at it." in told(app)
        await pilot.press("p")
        await until(pilot, lambda: posting.calls == [("post", False)])
        await settled(app, pilot)
        assert "refuses" not in told(app)


async def test_an_unexpected_error_is_told_too(stage, posting, threads):
    posting.fails = ZeroDivisionError("boom")
    async with opened(stage) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: app.pull_desk.shown.trouble)
        assert app.fault is None


async def test_nothing_freezes_while_it_is_sent_and_leaving_goes_on(stage, posting, threads):
    posting.blocks = asyncio.Event()
    async with opened(stage) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: app.pull_desk.sending)
        await pilot.pause(0.05)
        assert "● Posting the review …" in told(app)
        await pilot.press("p", "j", "k")
        await until(pilot, lambda: "Posting the review isn't over" in notices(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.triage)
        assert "Posting the review goes on" in notices(app)
        await pilot.press("q")
        question = await asked(app, pilot)
        assert "Whether it arrives isn't known" in question
        await pilot.press("0")
        posting.blocks.set()
        await until(pilot, lambda: posting.calls == [("post", False)])
        await until(pilot, lambda: "Posted 3 findings as a pending review" in notices(app))
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await settled(app, pilot)
        assert "Posted 3 findings" in told(app)
        await pilot.press("escape", "P")
        await settled(app, pilot)
        assert "Posted 3 findings" not in told(app), "it was seen"


async def test_a_failure_behind_the_scenes_is_told_and_kept_until_seen(stage, posting, threads):
    posting.blocks = asyncio.Event()
    posting.fails = ForgeError(ForgeFailure.SERVER, "The server failed.", "Try later.")
    async with opened(stage) as (app, pilot):
        await pilot.press("p", "escape")
        await until(pilot, lambda: app.screen is app.triage)
        posting.blocks.set()
        await until(pilot, lambda: "The server failed. Try later. Press P" in notices(app))
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await settled(app, pilot)
        assert "The server failed." in told(app)


async def test_reviewing_again_asks_while_something_is_sent(stage, posting, threads):
    posting.blocks = asyncio.Event()
    async with opened(stage) as (app, pilot):
        await pilot.press("p", "escape", "F")
        assert "Whether it arrives isn't known" in await asked(app, pilot)
        await pilot.press("0")
        posting.blocks.set()
        await until(pilot, lambda: posting.calls == [("post", False)])


async def test_nothing_accepted_is_explained(stage, posting, threads):
    async with opened(stage, keys=()) as (app, pilot):
        assert "Nothing is accepted yet. Go back and accept findings" in listed(app)
        await pilot.press("p")
        await until(pilot, lambda: "Nothing is accepted yet" in notices(app))
        assert not posting.calls


# threads


async def test_threads_of_decided_findings_are_listed_with_their_reply(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await pilot.press("2")
        shown = listed(app)
        assert "To answer (2)" in shown
        assert "↳ Swallowed error  app.py:4" in shown
        assert "accepted: fix · coderabbitai[bot]" in shown
        assert "□ Weak randomness" in shown
        await pilot.press(*(["j"] if "Swallowed" not in about_title(app) else []))
        assert "Your reply\nDecided on Swallowed error." in about(app)
        assert "bob wrote this change · 2026-01-02 03:04" in about(app)
        assert "That's on purpose" in about(app)


def about_title(app):
    return str(app.screen.about.border_title)


async def on_thread(app, pilot, title="Swallowed error"):
    await pilot.press("2")
    await pilot.pause(0.05)
    if title not in about_title(app):
        await pilot.press("j")
    assert title in about_title(app)


async def test_undecided_findings_have_to_be_decided_first(stage, posting, threads):
    async with opened(stage, keys=()) as (app, pilot):
        await pilot.press("2")
        assert "2 threads wait for a decision" in listed(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Go to a thread first" in notices(app))


async def test_the_reply_is_sent_and_the_thread_resolved_by_a_second_key(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: posting.calls)
        assert posting.calls == [("reply", "T1", "Decided on Swallowed error.")]
        await settled(app, pilot)
        assert "Answered (1)" in listed(app)
        assert f"The reply is sent: {ADDRESS.url}#r900" in told(app)
        while "Swallowed" not in about_title(app):
            await pilot.press("j")
        assert "Your reply" not in about(app)
        assert "ada · 2026-01-03" in about(app)
        await pilot.press("enter")
        await until(pilot, lambda: "You have replied here already. Press e" in notices(app))
        assert len(posting.calls) == 1
        await pilot.press("R")
        await until(pilot, lambda: posting.calls[-1] == ("resolve", "T1", True))
        await settled(app, pilot)
        assert "Resolved (1)" in listed(app)
        while "Swallowed" not in about_title(app):
            await pilot.press("j")
        await pilot.press("R")
        await until(pilot, lambda: posting.calls[-1] == ("resolve", "T1", False))


async def test_a_second_reply_is_a_new_one(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: posting.calls)
        await settled(app, pilot)
        await on_thread(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ReplyEditor))
        await pilot.press(*"Also", "ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await until(pilot, lambda: "Your reply (edited)\nAlso\n" in about(app))
        await pilot.press("enter")
        await until(pilot, lambda: posting.calls[-1] == ("reply", "T1", "Also"))


async def test_an_edited_reply_waits_until_it_is_sent(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ReplyEditor))
        await pilot.press("enter", *"Yes")
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await pilot.pause(0.05)
        assert not posting.calls
        assert "Your reply (edited)\nDecided on Swallowed error.\nYes" in about(app)
        await pilot.press("escape", "q")
        assert "1 edited reply not sent." in await asked(app, pilot)
        await pilot.press("0", "P")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await settled(app, pilot)
        await on_thread(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: posting.calls)
        assert posting.calls == [("reply", "T1", "Decided on Swallowed error.\nYes")]
        await settled(app, pilot)
        assert not app.pull_desk.unsent


async def test_an_unchanged_text_is_no_edit(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ReplyEditor))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        assert not app.pull_desk.unsent


async def test_a_failed_reply_keeps_its_text(stage, posting, threads):
    posting.fails = ForgeError(ForgeFailure.REFUSED, "Somebody answered meanwhile.", "Read it.")
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ReplyEditor))
        await pilot.press("X", "ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, PullScreen))
        await pilot.press("enter")
        await until(pilot, lambda: app.pull_desk.shown.trouble)
        assert app.pull_desk.unsent == 1


async def test_a_thread_without_a_state_is_not_resolved(stage, posting, threads):
    threads[0] = said("T1", can_resolve=False)
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        await pilot.press("R")
        await until(pilot, lambda: "can't be resolved" in notices(app))
        assert not posting.calls


async def test_the_link_is_copied(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: f"Copied {ADDRESS.url}#discussion_rT10" in notices(app))
        assert app.clipboard == f"{ADDRESS.url}#discussion_rT10"


async def test_hostile_text_is_made_visible(stage, posting, threads):
    threads[0] = said("T1", remark("1", AUTHOR, "[b]\x1b[2J\u202eevil[/b]"))
    async with opened(stage) as (app, pilot):
        await on_thread(app, pilot)
        assert "[b]␛[2J⇄evil[/b]" in about(app)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ReplyEditor))


async def test_help_begins_with_the_keys_of_this_screen(stage, posting, threads):
    async with opened(stage) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, PageScreen))
        text = str(app.screen.body.content)
        assert text.index("Pull request screen") < text.index("\nMove\n")


async def test_panes_and_tabs_by_keys(stage, posting, threads):
    async with opened(stage, size=(70, 24)) as (app, pilot):
        await pilot.press("tab")
        assert app.screen.focused is app.screen.about
        await pilot.press("pagedown", "home", "tab")
        assert app.screen.focused is app.screen.list
        await pilot.press("2", "tab", "1")
        assert app.screen.focused is app.screen.list
