"""From a decision to a published review and an answered thread: the app over a forge in memory."""

import pytest

from tests.fakes.forge import ADDRESS, AUTHOR, BOT, MemoryForge, modified
from tests.fakes.posting import as_pull
from tests.review.pulls.building import AT
from tests.tui.asked import events
from tests.tui.harness import Stage, until
from xreview.domain.events.event import CommentPosted, ReplyPosted, ReviewBegun, ReviewSubmitted
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.thread_state import ThreadState
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.post_consent import PostConsents
from xreview.review.pulls.posting import Posting
from xreview.review.pulls.pull_forge import pull_events_in
from xreview.review.record.document import session_entries
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.flow import Flow
from xreview.tui.screens.pull import PullScreen
from xreview.tui.screens.triage.screen import TriageScreen

DIFF = """@@ -1,2 +1,11 @@
 def load(path):
-    return open(path).read()
+    try:
+        return open(path).read()
+    except Exception:
+        pass
+
+
+def pay(amount, account):
+    token = random.random()
+    account.balance -= amount
+    return token
"""


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def forge(monkeypatch, stage):
    """The forge of every session, which is about its pull request."""
    made = MemoryForge(diff=(modified("app.py", DIFF),))
    made.says(BOT, "Every error is swallowed here.", path="app.py", line=4)
    show = TriageScreen.show_snapshot
    sources = {"Swallowed error": made.threads[0].id}

    def dressed(screen, snapshot):
        show(screen, as_pull(snapshot, sources, made.threads))

    def posting(flow):
        if flow._posting is None:
            app, session = flow._listener.triage.app, flow._review.session
            place = PostPlace(
                ADDRESS,
                made.head,
                lambda: made,
                lambda findings: session_entries(app.triage.snapshot, findings),
                lambda: pull_events_in(stage.journal, ADDRESS.url),
                session.write_local,
                PostConsents(stage.journal.parent / "state"),
                lambda: AT,
            )
            flow._posting = Posting(place)
        return flow._posting

    monkeypatch.setattr(TriageScreen, "show_snapshot", dressed)
    monkeypatch.setattr(Flow, "posting", posting)
    return made


async def settled(app, pilot):
    await until(pilot, lambda: isinstance(app.screen, PullScreen))
    await until(pilot, lambda: app.pull_desk.shown.is_idle)
    await pilot.pause(0.05)
    assert not app.pull_desk.shown.trouble


async def answer(app, pilot, key="1"):
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
    await pilot.press(key)
    await settled(app, pilot)


async def test_what_is_accepted_is_pending_then_public_and_the_thread_is_answered(stage, forge):
    async with stage.run() as (app, pilot):
        await pilot.press("a", "a", "a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        await pilot.press("P")
        await settled(app, pilot)
        await pilot.press("p")
        await answer(app, pilot)
        assert forge.sent == ["begin_review"]
        bodies = "\n".join(forge.visible_bodies())
        assert "Weak randomness" not in bodies, "only its author sees it"
        await pilot.press("c")
        await answer(app, pilot)
        bodies = "\n".join(forge.visible_bodies())
        assert "Weak randomness" in bodies
        await pilot.press("2", "enter")
        await until(pilot, lambda: "reply" in forge.sent)
        await settled(app, pilot)
        assert forge.threads[0].state is ThreadState.REPLIED
        while app.screen.list.current.answered is None:
            await pilot.press("j")
        await pilot.press("R")
        await until(pilot, lambda: "resolve" in forge.sent)
        await settled(app, pilot)
        assert forge.threads[0].is_resolved
        sent = [*forge.sent]
        await pilot.press("1", "p")
        await pilot.pause(0.1)
        assert forge.sent == sent, "nothing is posted twice"
        await pilot.press("escape", "q")
    assert len(events(stage, ReviewBegun)) == 1
    assert events(stage, ReviewSubmitted)[0].verdict is ReviewVerdict.COMMENT
    posted = {one.link for one in events(stage, CommentPosted)}
    assert posted
    assert all(link.startswith(ADDRESS.url) for link in posted)
    assert [one.thread for one in events(stage, ReplyPosted)] == [forge.threads[0].id]
    assert forge.is_closed


async def test_an_answer_that_came_meanwhile_stops_the_reply_and_keeps_its_text(stage, forge):
    async with stage.run() as (app, pilot):
        await pilot.press("a", "a", "a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        known = [*forge.threads]
        forge_threads = forge.threads
        await pilot.press("P")
        await settled(app, pilot)
        forge.answers(known[0], AUTHOR, "On purpose.")
        assert forge_threads is forge.threads
        await pilot.press("2", "e")
        await pilot.pause(0.2)
        await pilot.press("!", "ctrl+d")
        await until(pilot, lambda: app.pull_desk.unsent == 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: app.pull_desk.shown.trouble)
        assert "reply" not in forge.sent
        assert app.pull_desk.unsent == 1
