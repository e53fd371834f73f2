"""A rule in many places through a session: one decision, and each place's own identity."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.reviewer import GivenContents, ScriptedReviewer, raw
from tests.review.session.test_session import TEXTS, WRONG, reviewed, session
from xreview.domain.coverage import Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.export.document import ExportDocument, Standing
from xreview.ports.reviewer import CoverageEntry
from xreview.review.record.document import document_of, stored_document
from xreview.review.session.session import ReviewSession

FIRST = raw("swallowed error", "a.py", 3, "except Exception:")
SECOND = raw("swallowed error", "b.py", 1, "retry()")
LATE = raw("swallowed error", "a.py", 2, "    load()")


class PausingReviewer(ScriptedReviewer):
    """Reports two places, and a third one once it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = asyncio.Event()

    async def review(self, request):
        yield FIRST
        yield SECOND
        await self.may_go_on.wait()
        yield LATE
        for file in request.change.files:
            yield CoverageEntry(self.identity.name, file.path, Reading.READ)


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


def places(made: ReviewSession) -> dict[tuple[str, ...], Verdict | None]:
    """The verdict on each finding, by its places."""
    snapshot = made.snapshot
    return {
        tuple(f"{place.path}:{place.start_line}" for place in one.places): snapshot.triage.verdict(
            one
        )
        for one in snapshot.findings
    }


async def with_a_late_place(journal: Path) -> ReviewSession:
    """A session in which the third place came after the first two were rejected."""
    reviewer = PausingReviewer()
    made = session(journal, reviewer)
    await made.open()
    async with aclosing(made.review(GivenContents(TEXTS))) as updates:
        async for snapshot in updates:
            if not reviewer.may_go_on.is_set() and snapshot.findings:
                if len(snapshot.findings[0].places) < 2:
                    continue
                await made.decide(snapshot.findings, WRONG)
                reviewer.may_go_on.set()
    return made


APART = {("a.py:3", "b.py:1"): Verdict.REJECT, ("a.py:2",): None}


async def test_one_decision_is_about_every_place_and_none_that_comes_later(journal):
    made = await with_a_late_place(journal)
    assert places(made) == APART
    assert [one.anchor.start_line for one in made.snapshot.open_findings] == [2]

    await made.undo()
    assert places(made) == {("a.py:2", "a.py:3", "b.py:1"): None}
    await made.redo()
    assert places(made) == APART
    await made.close()


async def test_a_place_with_a_note_stays_apart(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND, LATE])))
    first, *_ = made.snapshot.findings
    await made.write_note(replace(first, reports=first.reports[:1]), "Ask Ada.")
    assert places(made) == {("a.py:2",): None, ("a.py:3", "b.py:1"): None}

    await made.write_note(replace(first, reports=first.reports[:1]), "")
    assert len(made.snapshot.findings) == 1, "nothing tells them apart any more"
    await made.close()


async def test_the_next_session_knows_each_place(journal):
    a = await with_a_late_place(journal)
    await a.close()

    b = await reviewed(session(journal, ScriptedReviewer(signals=[SECOND, LATE, FIRST])))

    assert places(b) == APART
    assert [one.anchor.start_line for one in b.snapshot.open_findings] == [2]
    await b.close()


def listed(document: ExportDocument) -> set[tuple[Standing, int]]:
    return {(one.standing, len(one.finding.places)) for one in document.entries}


async def test_an_export_joins_as_the_session_does(journal):
    made = await with_a_late_place(journal)
    await made.close()

    stored = stored_document(journal, made.repository, [made.snapshot.session])

    assert listed(stored) == {(Standing.REJECTED, 2), (Standing.OPEN, 1)}
    assert listed(document_of(made.snapshot)) == listed(stored)


async def test_an_export_of_several_sessions_keeps_a_place_that_only_one_saw(journal):
    a = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND, LATE])))
    await a.close()
    assert len(a.snapshot.findings) == 1
    b = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST], reads=False)))
    await b.close()

    document = stored_document(journal, b.repository, ["all"])

    assert [
        sorted(place.start_line for place in one.finding.places) for one in document.entries
    ] in (
        [[3], [1, 2]],
        [[1, 2], [3]],
    )


async def test_what_is_intended_is_remembered_for_the_folder_of_each_place(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    await made.decide(made.snapshot.findings, Decision(Verdict.REJECT, Reason.INTENDED))
    await made.close()

    later = await reviewed(session(journal, ScriptedReviewer(signals=[SECOND, FIRST])))

    assert later.snapshot.open_findings == ()
    await later.close()
