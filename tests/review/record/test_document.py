"""What an export says is the journal's: the same bytes for the app and for the command line."""

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from tests.fakes.reports import ECONOMY
from tests.fakes.reviewer import GivenContents, ScriptedReviewer
from tests.review.session.test_session import FIRST, SECOND, TEXTS, reviewed, session
from xreview.domain.authorship.author import MIXED, Attribution, Author
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import UsageError
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.event import (
    AuthorAttributed,
    DecisionMade,
    EscalationResolved,
    Event,
    NoticeGiven,
    OpinionGiven,
    StanceTaken,
)
from xreview.domain.finding import Disagreement
from xreview.domain.report import Confidence, Lens, ReviewerIdentity, ReviewerKind
from xreview.domain.stance import Stance, StanceKind
from xreview.export.document import Standing
from xreview.export.format import export_formats
from xreview.journal.store import Journal
from xreview.review.choosing.opponent import choose
from xreview.review.past.precedents import read_precedents
from xreview.review.record.document import (
    document_of,
    exportable,
    session_fix_prompt,
    stored_document,
)

ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
INTENDED = Decision(Verdict.REJECT, Reason.INTENDED)
ESCALATE = Decision(Verdict.ESCALATE, Reason.PERSON)
LATER = Decision(Verdict.REJECT, Reason.LATER)
MODEL = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-4")


@pytest.fixture
def journal(tmp_path) -> Path:
    return tmp_path / "journal.sqlite"


def titled(document):
    return {entry.finding.lead.title: entry for entry in document.entries}


async def test_the_export_of_a_session_is_the_journal_s(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    first, _ = made.snapshot.findings
    await made.decide([first], ACCEPT)
    await made.write_note(first, "soon")
    found = await exportable(made, journal)
    assert found.trouble == ""
    assert found.document == stored_document(
        journal, "repo", [made.snapshot.session], user=made.snapshot.actor
    )
    entry = next(e for e in found.document.entries if e.finding.fingerprint == first.fingerprint)
    assert (entry.standing, entry.note) == (Standing.ACCEPTED, "soon")
    assert entry.carried is CarriedState.NEW
    about = found.document.latest
    assert about.is_complete
    assert [file.path for file in about.files] == list(TEXTS)
    assert about.shows(first.anchor)
    await made.close()


async def test_memory_and_journal_say_the_same_of_a_session(journal):
    texts = ScriptedReviewer(ECONOMY, Lens.ECONOMY, failure="The model is out of order.")
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND]), texts))
    await made.decide(made.snapshot.findings[:1], INTENDED)
    in_memory = document_of(made.snapshot)
    stored = stored_document(journal, "repo")
    assert not stored.is_complete
    assert "out of order" in stored.latest.failures["economy"]
    same = {"opened_at": "", "last_at": "", "source": stored.latest.source, "session_account": None}
    assert replace(in_memory.latest, **same) == replace(stored.latest, **same)
    assert [replace(e, seen_at="") for e in in_memory.entries] == [
        replace(e, seen_at="") for e in stored.entries
    ]
    await made.close()


async def test_exporting_again_gives_the_same_bytes_whatever_was_exported(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    before = (await exportable(made, journal)).document
    await made.write_exported("json", "out.json", 1, {"decisions": "open"})
    assert (await exportable(made, journal)).document == before
    await made.close()


async def test_a_journal_that_can_not_be_used_is_told_and_memory_is_exported(tmp_path):
    blocked = tmp_path / "folder"
    blocked.write_text("")
    made = session(blocked / "journal.sqlite", ScriptedReviewer(signals=[FIRST]))
    made.notice("something to know")
    async for _ in made.review(GivenContents(TEXTS)):
        pass
    found = await exportable(made, blocked / "journal.sqlite")
    assert found.trouble.startswith("Not from the journal: ")
    assert len(found.document.entries) == 1
    assert "something to know" in found.document.latest.notices
    await made.close()


async def test_what_earlier_sessions_answered_says_why_who_and_when(journal):
    first = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    by_title = {finding.lead.title: finding for finding in first.snapshot.findings}
    await first.decide([by_title["swallowed error"]], INTENDED)
    await first.decide([by_title["endless retry"]], LATER, "2099-01-01")
    await first.close()
    like_it = replace(FIRST, path="a.py", start_line=2, end_line=2, quote="    load()")
    again = ScriptedReviewer(signals=[FIRST, SECOND, like_it])
    second = await reviewed(session(journal, again))
    document = (await exportable(second, journal)).document
    later = titled(document)["endless retry"]
    assert (later.standing, later.carried) == (Standing.REJECTED, CarriedState.STILL_THERE)
    assert later.suppression is not None
    assert (later.suppression.owner, later.suppression.until) == ("A <a@b>", "2099-01-01")
    assert later.suppression.at == later.decided.at
    answered = [entry for entry in document.entries if entry.standing is Standing.SUPPRESSED]
    assert [entry.finding.anchor.quote for entry in answered] == ["    load()"]
    assert "intended" in answered[0].suppression.why
    # What is decided anew is no longer suppressed.
    await second.decide([answered[0].finding, later.finding], ACCEPT)
    decided = (await exportable(second, journal)).document
    assert [entry.suppression for entry in decided.to_fix] == [None, None]
    await second.close()


async def test_what_was_put_off_until_a_day_that_has_come_is_open(journal):
    first = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await first.close()
    made = DecisionMade("a", first.snapshot.findings[0].fingerprints, LATER, "2026-01-01")
    at = "2025-12-31T00:00:00.000000+00:00"
    with Journal.open(journal) as stored:
        stored.append([Event("e", first.snapshot.session, "repo", at, "A", made)])
    assert stored_document(journal, "repo").entries[0].standing is Standing.REJECTED
    second = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    (entry,) = (await exportable(second, journal)).document.entries
    assert (entry.standing, entry.suppression) == (Standing.OPEN, None)
    await second.close()


async def test_several_sessions_tell_each_problem_once_as_it_was_seen_last(journal):
    first = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    await first.decide(first.snapshot.findings, ACCEPT)
    await first.close()
    texts = {**TEXTS, "b.py": "once()\n"}
    second = session(journal, ScriptedReviewer(signals=[FIRST]))
    await second.open()
    async for _ in second.review(GivenContents(texts)):
        pass
    await second.close()
    ids = [first.snapshot.session, second.snapshot.session]
    document = stored_document(journal, "repo", ["all"])
    assert [one.id for one in document.sessions] == ids[::-1]
    assert document == stored_document(journal, "repo", ids)
    found = titled(document)
    assert len(document.entries) == 2
    assert (found["swallowed error"].session, found["endless retry"].session) == (ids[1], ids[0])
    assert found["endless retry"].carried is CarriedState.FIXED
    assert [entry.finding.lead.title for entry in document.to_fix] == ["swallowed error"]
    alone = stored_document(journal, "repo", ids[:1])
    assert titled(alone)["endless retry"].carried is CarriedState.NEW


async def test_sessions_are_named_by_their_beginning_and_nonsense_is_refused(journal):
    one = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await one.close()
    id = one.snapshot.session
    assert stored_document(journal, "repo", [id[:-1] + id[-1], "latest"]).latest.id == id
    for wanted, said in (
        (["nosuch"], "No session matches 'nosuch'"),
        ([""], "No session matches ''"),
        (["all", id], "`all` can't be combined"),
    ):
        with pytest.raises(UsageError, match=said):
            stored_document(journal, "repo", wanted)
    with pytest.raises(UsageError, match="no session of this repository"):
        stored_document(journal, "another", ["all"])


async def test_a_reviewer_of_the_author_s_family_is_marked_in_every_format(journal):
    spoken = replace(FIRST, reviewer=MODEL, rule="")
    made = await reviewed(session(journal, ScriptedReviewer(MODEL, signals=[spoken])))
    await made.decide(made.snapshot.findings, ACCEPT)
    await made.close()
    author = AuthorAttributed("", "anthropic", "opus-4", ("a trailer",), Confidence.HIGH)
    at = "2026-02-01T00:00:00.000000+00:00"
    with Journal.open(journal) as stored:
        for number, payload in enumerate((author, NoticeGiven("a notice"))):
            event = Event(f"e{number}", made.snapshot.session, "repo", at, "A", payload)
            stored.append([event])
    document = stored_document(journal, "repo")
    assert document.latest.author == Author(
        "", "anthropic", "opus-4", ("a trailer",), Confidence.HIGH
    )
    assert document.latest.same_family == {"opus"}
    assert (document.latest.notices, document.as_of) == (("a notice",), at)
    for format in export_formats().values():
        text = format.render(document)
        text = unescape(text) if format.name == "html" else text
        marks = ("of the author's family", "sameFamily", "same_family")
        assert any(mark in text for mark in marks), format.name


async def test_a_file_of_a_mixed_change_is_told_to_be_of_the_family_that_wrote_it(journal):
    spoken = replace(FIRST, reviewer=MODEL, rule="")
    made = await reviewed(session(journal, ScriptedReviewer(MODEL, signals=[spoken, SECOND])))
    path = FIRST.path
    assert SECOND.path != path
    mixed = Author(vendor=MIXED, confidence=Confidence.HIGH)
    for families in ({path: "anthropic"}, {path: "openai"}, {"other.py": "anthropic"}):
        by_path = {path: Author(vendor=vendor) for path, vendor in families.items()}
        attribution = Attribution(mixed, by_path)
        await made.attribute(attribution, choose(attribution, (), ()))
        expected = families.get(path, "")
        for document in (stored_document(journal, "repo"), document_of(made.snapshot)):
            told = {one.finding.anchor.path: one.author_family for one in document.entries}
            assert told == {path: expected, SECOND.path: families.get(SECOND.path, "")}
            named = {name for entry in document.entries for name in entry.same_family}
            assert named == ({"opus"} if expected == "anthropic" else set())
            assert document.latest.same_family == frozenset()
            files = json.loads(export_formats()["json"].render(document))["sessions"][0]["change"]
            told = {file["path"]: file["author_family"] for file in files["files"]}
            assert told[path] == expected
        prompt = session_fix_prompt(made.snapshot, made.snapshot.findings)
        assert ("of the author's family" in prompt) is (expected == "anthropic")
    await made.close()


async def test_what_the_author_answered_is_exported_and_a_made_up_quote_counts_for_nothing(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    first, second = made.snapshot.findings
    await made.close()
    rebuttal = Stance(MODEL, StanceKind.REBUTS, "It is held.", "lock()", "A test.", "a.py", 1)
    made_up = replace(rebuttal, path="", line=0, anchored=False)
    with Journal.open(journal) as store:
        store.append(
            Event(f"t{number}", made.snapshot.session, "repo", f"2025-11-21T10:00:0{number}", "me",
                  StanceTaken((one.fingerprint,), stance))
            for number, (one, stance) in enumerate(((first, rebuttal), (second, made_up)))
        )  # fmt: skip
    found = {
        entry.finding.fingerprint: entry.finding
        for entry in stored_document(journal, "repo").entries
    }
    assert found[first.fingerprint].disagreement is Disagreement.CONTESTED
    assert found[first.fingerprint].stances[-1] == rebuttal
    assert found[second.fingerprint].disagreement is Disagreement.LONE
    assert found[second.fingerprint].stances[-1] == made_up


def came_back(made, finding) -> list[Event]:
    """An opinion on an escalated finding, and a colleague's answer, after everything else."""
    action, subjects = made.snapshot.triage.decided(finding).action, finding.fingerprints
    place = finding.anchor
    opinion = OpinionGiven(
        action, subjects, MODEL, Favour.REPORT, False, "Nothing is logged.",
        place.quote, "", place.path, 3, True,
    )  # fmt: skip
    answer = EscalationResolved(action, subjects, "the report is right: Log it.", "Bob")
    at = "2026-02-01T00:00:0{}.000000+00:00"
    return [
        Event(f"{action}/o", made.snapshot.session, "repo", at.format(1), "me", opinion),
        Event(f"{action}/r", "a session of its own", "repo", at.format(2), "me", answer),
    ]


async def test_what_came_back_for_an_escalated_finding_is_exported_as_long_as_it_holds(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    first, second = made.snapshot.findings
    await made.decide([first], ESCALATE)
    opinion, answer = came_back(made, first)
    with Journal.open(journal) as store:
        store.append([opinion, answer])

    def told(document):
        entry = next(e for e in document.entries if e.finding.fingerprint == first.fingerprint)
        return [one.given for one in entry.opinions], [one.resolved for one in entry.outcomes]

    document = (await exportable(made, journal)).document
    assert told(document) == ([opinion.payload], [answer.payload])
    assert document.as_of == answer.at
    (other,) = [e for e in document.entries if e.finding.fingerprint == second.fingerprint]
    assert (other.opinions, other.outcomes) == ((), ())
    # What is decided after it keeps what was said; what is taken back does not.
    await made.decide([first], ACCEPT)
    (accepted,) = (await exportable(made, journal)).document.to_fix
    assert told(stored_document(journal, "repo")) == ([opinion.payload], [answer.payload])
    assert "Nothing is logged." in export_formats()["prompt"].render(
        stored_document(journal, "repo")
    )
    assert accepted.standing is Standing.ACCEPTED
    await made.undo()
    await made.undo()
    assert told(stored_document(journal, "repo")) == ([], [])
    await made.redo()
    assert told(stored_document(journal, "repo")) == ([opinion.payload], [answer.payload])
    await made.close()


async def test_a_later_session_and_all_of_them_tell_what_came_back_once(journal):
    first = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    (found,) = first.snapshot.findings
    await first.decide([found], ESCALATE)
    with Journal.open(journal) as store:
        store.append(came_back(first, found))
    await first.close()
    second = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await second.close()
    for sessions in (["latest"], ["all"]):
        (entry,) = stored_document(journal, "repo", sessions).entries
        assert entry.session == second.snapshot.session
        assert entry.standing is Standing.ESCALATED
        assert (len(entry.opinions), len(entry.outcomes)) == (1, 1)


async def test_a_copied_prompt_is_the_exported_one(journal):
    made = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await made.decide(made.snapshot.findings, ESCALATE)
    with Journal.open(journal) as store:
        store.append(came_back(made, made.snapshot.findings[0]))
    await made.decide(made.snapshot.findings, ACCEPT)
    known = read_precedents(journal, "repo")
    copied = session_fix_prompt(made.snapshot, made.snapshot.findings, known)
    assert copied == export_formats()["prompt"].render(stored_document(journal, "repo"))
    assert "Log it." in copied
    assert "Log it." not in session_fix_prompt(made.snapshot, made.snapshot.findings)
    await made.close()
