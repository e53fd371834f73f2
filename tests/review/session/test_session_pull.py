"""What a session makes of a pull request's discussion."""

from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.domain.pull.threads import ADA, BOT, thread
from tests.fakes.reviewer import GivenContents, ScriptedReviewer, raw
from tests.review.session.test_session import TEXTS, change, session
from xreview.domain.change import ChangeKind
from xreview.domain.events.event import PullOpened, StanceTaken, ThreadsSeen
from xreview.domain.finding import Disagreement
from xreview.domain.pull.address import parse_pull_url
from xreview.domain.pull.pull import Pull, PullSide, PullState
from xreview.domain.pull.sight import BotSight, Sight
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.stance import StanceKind
from xreview.export.format import export_format
from xreview.journal.store import Journal
from xreview.review.record.document import document_of, stored_document

URL = "https://github.com/o/r/pull/12"
PULL = Pull(
    parse_pull_url(URL), "Retry", "", ADA, PullState.OPEN, False,
    PullSide("main", "b" * 40, "o/r"), PullSide("fix", "c" * 40, "o/r"),
)  # fmt: skip
RABBIT = ReviewerIdentity("coderabbit", ReviewerKind.MODEL, "coderabbit")
SAID = replace(raw("swallowed error", "a.py", 3, "except Exception:", reviewer=RABBIT), source="T1")
LINK = f"{URL}#discussion_r1"


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


async def reviewed(journal, *said, reports=(SAID,)):
    """A session on a pull request in whose thread T1 this was said."""
    made = session(journal, ScriptedReviewer(RABBIT, signals=list(reports)))
    source = replace(change().source, kind=ChangeKind.PULL, pull=URL)
    made.show(pull=PULL, source=source)
    told = thread(*said)
    first = replace(told.comments[0], url=LINK)
    told = replace(told, comments=(first, *told.comments[1:]))
    await made.open()
    await made.take_discussion([told], [BotSight(BOT, Sight.REVIEWED)])
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for _ in updates:
            pass
    return made


def payloads(journal, *kinds):
    with Journal.open(journal) as opened:
        return [one.payload for one in opened.events() if isinstance(one.payload, kinds)]


async def test_a_finding_knows_its_thread(journal):
    made = await reviewed(journal, (BOT, "Errors are swallowed."), (ADA, "Hm?"))
    (finding,) = made.snapshot.findings
    (found,) = made.snapshot.threads_of(finding)
    assert (found.id, found.state) == ("T1", ThreadState.REPLIED)
    assert made.snapshot.sights == (BotSight(BOT, Sight.REVIEWED),)
    await made.close()


async def test_the_author_s_reply_is_a_stance(journal):
    made = await reviewed(journal, (BOT, "Errors are swallowed."), (ADA, "That's by design."))
    (finding,) = made.snapshot.findings
    assert finding.disagreement is Disagreement.CONTESTED
    (stance,) = [one for one in finding.stances if one.party.name == "ada"]
    assert (stance.kind, stance.argument) == (StanceKind.REBUTS, "That's by design.")
    await made.close()
    (taken,) = payloads(journal, StanceTaken)
    assert taken.subjects == (finding.fingerprint,)
    stored = stored_document(journal, "repo")
    assert [one.finding.disagreement for one in stored.entries] == [Disagreement.CONTESTED]


async def test_a_report_of_another_reviewer_gets_no_stance_from_the_thread(journal):
    own = raw("endless retry", "b.py", 1, "retry()", reviewer=RABBIT)
    made = await reviewed(journal, (BOT, "No."), (ADA, "Won't fix."), reports=(SAID, own))
    kinds = {one.lead.title: one.disagreement for one in made.snapshot.findings}
    assert kinds["endless retry"] is Disagreement.LONE
    await made.close()


async def test_the_journal_keeps_which_request_it_was_and_no_text_of_its_threads(journal):
    made = await reviewed(journal, (BOT, "Errors are swallowed."), (ADA, "Hm?"))
    await made.close()
    (opened,) = payloads(journal, PullOpened)
    assert opened == PullOpened(URL, "Retry", "ada", "b" * 40, "c" * 40)
    (seen,) = payloads(journal, ThreadsSeen)
    (only,) = seen.threads
    assert (only.id, only.url, only.author, only.state) == (
        "T1", LINK, "coderabbitai[bot]", ThreadState.REPLIED,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["markdown", "html", "json", "csv", "rdjson", "sarif"])
async def test_exports_name_the_thread_from_memory_and_from_the_journal(journal, name):
    made = await reviewed(journal, (BOT, "Errors are swallowed."))
    in_memory = export_format(name).render(document_of(made.snapshot))
    await made.close()
    stored = export_format(name).render(stored_document(journal, "repo"))
    for text in (in_memory, stored):
        assert "discussion" in text
        assert "r1" in text


async def test_a_session_of_another_change_has_no_request(journal):
    made = session(journal, ScriptedReviewer(signals=[replace(SAID, source="")]))
    await made.open()
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for _ in updates:
            pass
    (finding,) = made.snapshot.findings
    assert made.snapshot.threads_of(finding) == ()
    await made.close()
    assert payloads(journal, PullOpened, ThreadsSeen) == []
