"""Only the side that was taken is carried: in sessions, exports, and what is proposed."""

import json
from dataclasses import replace

import pytest

from tests.fakes.reports import ECONOMY
from tests.fakes.reviewer import ScriptedReviewer, raw
from tests.review.session.test_session import reviewed, session
from xreview.cli.log_words import Telling
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, NoteWritten, StanceTaken
from xreview.domain.finding import Disagreement
from xreview.domain.report import (
    Direction,
    Lens,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Suggestion,
)
from xreview.domain.ruling import Ruling, chosen_of
from xreview.domain.stance import Stance, StanceKind
from xreview.export.format import export_formats
from xreview.journal.store import Journal
from xreview.review.record.document import document_of, session_fix_prompt, stored_document
from xreview.review.record.scorecard import read_scorecard

FIX = Decision(Verdict.ACCEPT, Reason.FIX)
DIFFERENTLY = Decision(Verdict.ACCEPT, Reason.FIX_DIFFERENTLY)
QUOTE = "except Exception:"
MORE = replace(
    raw("Name the error", "a.py", 3, QUOTE),
    claim="Catch less in the first place.",
    scenario="The mercury case.",
    request=Request(Direction.ADD, "error handling"),
    suggestion=Suggestion("Write jupiter.", "except OSError:  # jupiter"),
)
LESS = replace(
    raw("Drop the try", "a.py", 3, QUOTE, reviewer=ECONOMY),
    claim="Nothing in here can venus.",
    scenario="The neptune case.",
    request=Request(Direction.REMOVE, "error handling"),
    suggestion=Suggestion("Write saturn.", "if True:  # saturn"),
)
OF_MORE = ("Name the error", "in the first place", "mercury", "jupiter")
OF_LESS = ("Drop the try", "venus", "neptune", "saturn")
AUTHOR = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-5")


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


def conflicting(journal, *, more=True):
    risk = ScriptedReviewer(signals=[MORE] if more else [])
    return session(journal, risk, ScriptedReviewer(ECONOMY, Lens.ECONOMY, [LESS]))


async def siding(journal, reviewer: str):
    """A session in which a reviewer's side of the conflict was taken, and the finding."""
    made = await reviewed(conflicting(journal))
    (conflict,) = made.snapshot.findings
    assert conflict.disagreement is Disagreement.CONFLICT
    side = [one for one in conflict.reports if one.reviewer.name == reviewer]
    await made.decide([conflict], FIX, chosen=chosen_of(side))
    return made, conflict


@pytest.mark.parametrize("name", export_formats())
async def test_no_format_carries_the_side_that_was_not_taken(journal, name):
    made, _ = await siding(journal, "economy")
    await made.close()
    stored = stored_document(journal, "repo")
    for document in (stored, document_of(made.snapshot)):
        text = export_formats()[name].render(document)
        assert any(word in text for word in OF_LESS)
        assert not [word for word in OF_MORE if word in text]


async def test_the_other_side_is_carried_alone_too(journal):
    made, conflict = await siding(journal, "risk")
    prompt = session_fix_prompt(made.snapshot, [conflict])
    await made.close()
    assert all(word in prompt for word in OF_MORE)
    assert not [word for word in OF_LESS if word in prompt]


async def test_an_export_says_which_side_was_taken(journal):
    made, conflict = await siding(journal, "economy")
    await made.close()
    document = stored_document(journal, "repo")
    (finding,) = json.loads(export_formats()["json"].render(document))["findings"]
    side = next(one for one in conflict.reports if one.reviewer == ECONOMY)
    assert finding["decision"]["chosen"] == [
        {"fingerprint": side.fingerprint, "reviewer": "economy"}
    ]
    assert finding["disagreement"] == "conflict"
    assert "siding with economy" in export_formats()["markdown"].render(document)


async def test_a_conflict_is_not_accepted_without_a_side(journal):
    made = await reviewed(conflicting(journal))
    with pytest.raises(ValueError, match="none was chosen"):
        await made.decide(made.snapshot.findings, FIX)
    await made.decide(made.snapshot.findings, DIFFERENTLY, note="Log it.")
    (conflict,) = made.snapshot.findings
    assert made.snapshot.triage.note(conflict) == "Log it."
    text = export_formats()["markdown"].render(document_of(made.snapshot))
    assert all(word in text for word in (*OF_MORE[1:], *OF_LESS[1:]))
    await made.close()


async def test_a_side_holds_in_the_next_session(journal):
    first, _ = await siding(journal, "economy")
    await first.close()
    again = await reviewed(conflicting(journal))
    (conflict,) = again.snapshot.findings
    assert again.snapshot.triage.verdict(conflict) is Verdict.ACCEPT
    assert [one.reviewer for one in again.snapshot.triage.chosen_part(conflict).reports] == [
        ECONOMY
    ]
    await again.close()
    alone = await reviewed(conflicting(journal, more=False))
    (left,) = alone.snapshot.findings
    assert alone.snapshot.triage.verdict(left) is Verdict.ACCEPT
    await alone.close()


async def test_the_side_that_was_not_taken_is_open_when_it_comes_back_alone(journal):
    first, _ = await siding(journal, "risk")
    await first.close()
    alone = await reviewed(conflicting(journal, more=False))
    (left,) = alone.snapshot.findings
    assert alone.snapshot.triage.is_open(left)
    await alone.close()


async def test_the_scorecard_credits_the_side_that_was_taken(journal):
    made, _ = await siding(journal, "economy")
    await made.close()
    tallies = read_scorecard(journal, "repo").by_author_and_reviewer()
    by_name = {reviewer.name: tally for (_, reviewer), tally in tallies.items()}
    assert (by_name["economy"].accepted, by_name["economy"].passed_over) == (1, 0)
    assert (by_name["risk"].accepted, by_name["risk"].passed_over) == (0, 1)


async def test_the_journal_tells_side_and_ruling_in_words(journal):
    made, conflict = await siding(journal, "economy")
    rebuttal = Stance(AUTHOR, StanceKind.REBUTS, "It can not.", "pass", "", "a.py", 1)
    made.record(StanceTaken(conflict.fingerprints, rebuttal))
    await made.save()
    await made.close()
    again = await reviewed(conflicting(journal))
    (contest,) = again.snapshot.findings
    assert contest.disagreement is Disagreement.CONTESTED
    await again.decide([contest], Decision(Verdict.REJECT, Reason.REVIEWER_WRONG))
    assert again.snapshot.triage.decided(contest).ruling is Ruling.AUTHOR
    await again.close()
    telling = Telling()
    with Journal.open(journal) as stored:
        payloads = [event.payload for event in stored.events(repository="repo")]
    said = [telling.words(one) for one in payloads if not isinstance(one, NoteWritten)]
    assert any(one.startswith("accepted: fix, siding with economy: a.py:3") for one in said)
    assert any(one.startswith("rejected: reviewer-wrong, author right: a.py:3") for one in said)
    assert sum(isinstance(one, DecisionMade) for one in payloads) == 2
