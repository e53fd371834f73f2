"""What is escalated, out of a real journal, and the letters about it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.reviewer import ScriptedReviewer
from tests.review.record.test_document import came_back
from tests.review.session.test_session import FIRST, SECOND, reviewed, session
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import UsageError
from xreview.domain.events.event import DecisionMade, Event, FixConfirmed
from xreview.domain.identity.anchor import short_form
from xreview.domain.inside import is_inside
from xreview.journal.store import Journal
from xreview.review.escalate.letters import (
    EscalatedFindings,
    check_free,
    escalated_in,
    keep_answer,
    letter_name,
    letter_names,
    write_letter,
)
from xreview.review.escalate.person import answer_in, letter

PERSON = Decision(Verdict.ESCALATE, Reason.PERSON)
ARBITER = Decision(Verdict.ESCALATE, Reason.ARBITER)
ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)


@pytest.fixture
def journal(tmp_path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
async def made(journal):
    running = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    yield running
    await running.close()


def escalated(journal: Path, repository: str = "repo") -> EscalatedFindings:
    with Journal.open(journal) as opened:
        return escalated_in(opened, repository)


def fingerprints(found: EscalatedFindings) -> list[str]:
    return [entry.finding.fingerprint for entry in found.entries]


def keep(journal: Path, *events: Event) -> None:
    with Journal.open(journal) as opened:
        opened.append(events)


def filled(text: str) -> str:
    return text.replace("answer:", "answer: both", 1).replace("by:", "by: Bob", 1)


async def test_only_what_is_escalated_now_is_told_with_what_came_back(made, journal) -> None:
    first, second = made.snapshot.findings
    assert escalated(journal) == EscalatedFindings()
    await made.decide([first], PERSON)
    keep(journal, *came_back(made, first))
    found = escalated(journal)
    assert fingerprints(found) == [first.fingerprint]
    (entry,) = found.entries
    assert [one.resolved.by for one in entry.outcomes] == ["Bob"]
    assert [one.given.party.name for one in entry.opinions] == ["opus"]
    assert found.not_here == 0
    await made.decide([first], ACCEPT)
    assert escalated(journal) == EscalatedFindings()
    await made.undo()
    assert fingerprints(escalated(journal)) == [first.fingerprint]
    await made.undo()
    assert escalated(journal) == EscalatedFindings()
    await made.decide([first, second], ARBITER)
    assert sorted(fingerprints(escalated(journal))) == sorted(
        [first.fingerprint, second.fingerprint]
    )
    assert escalated(journal, "another") == EscalatedFindings()


async def test_a_letter_out_of_the_journal_is_the_one_of_the_app_and_takes_an_answer(
    made, journal
) -> None:
    first, _ = made.snapshot.findings
    await made.decide([first], PERSON)
    action = made.snapshot.triage.decided(first).action
    text = escalated(journal).letter(first.fingerprint[:10], "A <a@b>")
    assert text == letter(first, action, "A <a@b>")
    kept = keep_answer(journal, "repo", "A", filled(text))
    (entry,) = escalated(journal).entries
    assert [one.resolved for one in entry.outcomes] == [kept]


async def test_a_finding_that_was_asked_about_twice_has_a_letter_that_can_be_answered(
    made, journal
) -> None:
    first, _ = made.snapshot.findings
    await made.decide([first], PERSON)
    action = made.snapshot.triage.decided(first).action
    await made.decide([first], ARBITER)
    text = escalated(journal).letter(first.fingerprint, "A")
    assert answer_in(filled(text)).action == action


async def test_the_letter_is_about_a_report_that_was_escalated_even_if_another_leads_now(
    made, journal
) -> None:
    first, second = made.snapshot.findings
    await made.decide([first], PERSON)
    found = escalated(journal)
    (entry,) = found.entries
    joined = replace(entry.finding, reports=(second.lead, *entry.finding.reports))
    text = replace(found, entries=(replace(entry, finding=joined),)).letter(second.fingerprint, "A")
    assert answer_in(filled(text)).finding == first.fingerprint
    keep_answer(journal, "repo", "A", filled(text))


async def test_a_name_that_means_none_or_several_is_a_sentence(made, journal) -> None:
    first, second = made.snapshot.findings
    await made.decide([first], PERSON)
    await made.decide([second], ARBITER)
    found = escalated(journal)
    for wanted in ("", "nosuch", first.fingerprint + "x", "\x1b[2J" * 99):
        with pytest.raises(UsageError, match="No escalated finding of this repository matches"):
            found.letter(wanted, "A")
    with pytest.raises(UsageError, match="is escalated to: arbiter"):
        found.letter(second.fingerprint, "A")
    with pytest.raises(UsageError, match="“abc” matches 2 escalated findings") as caught:
        named(found, "abc1", "abc2").letter("abc", "A")
    assert caught.value.advice == "Give more of the fingerprint: abc1, abc2."


def named(found: EscalatedFindings, *names: str) -> EscalatedFindings:
    """The same with other fingerprints, also for what was decided about them."""
    other = dict(zip((entry.finding.fingerprint for entry in found.entries), names, strict=True))
    entries = tuple(
        replace(
            entry,
            finding=replace(
                entry.finding,
                reports=(
                    replace(entry.finding.lead, fingerprint=other[entry.finding.fingerprint]),
                ),
            ),
        )
        for entry in found.entries
    )
    escalations = tuple(
        replace(one, subjects=tuple(other[name] for name in one.subjects))
        for one in found.escalations
    )
    return replace(found, entries=entries, escalations=escalations)


async def test_of_claims_about_one_piece_of_code_each_can_be_addressed(made, journal) -> None:
    await made.decide(made.snapshot.findings, PERSON)
    base = "3d8903858e221de01760"
    for whole, other in ((base, f"{base}-bd16c733"), (f"{base}-bd16ffff", f"{base}-bd26c733")):
        found = named(escalated(journal), whole, other)
        for name in (whole, other):
            for typed in (name, short_form(name)):
                assert answer_in(filled(found.letter(typed, "A"))).finding == name
    alike = named(escalated(journal), f"{base}-bd16c733", f"{base}-bd16ffff")
    with pytest.raises(UsageError, match="matches 2 escalated findings") as caught:
        alike.letter(f"{base[:12]}-bd16", "A")
    assert f"{base}-bd16c733, {base}-bd16ffff" in caught.value.advice
    text = alike.letter(f"{base}-bd16f", "A")
    assert answer_in(filled(text)).finding == f"{base}-bd16ffff"


async def test_letters_to_one_folder_have_names_of_their_own(made) -> None:
    first, second = made.snapshot.findings
    base = "3d8903858e221de01760"

    def names(*wholes: str) -> list[str]:
        return letter_names(
            [
                replace(one, reports=(replace(one.lead, fingerprint=whole),))
                for one, whole in zip((first, second), wholes, strict=True)
            ]
        )

    assert names(base, f"{base}-bd16c733") == [
        "xreview-letter-3d8903858e22.md",
        "xreview-letter-3d8903858e22-bd16.md",
    ]
    assert names(f"{base}-bd16c733", f"{base}-bd16ffff") == [
        f"xreview-letter-{base}-bd16c733.md",
        f"xreview-letter-{base}-bd16ffff.md",
    ]
    with pytest.raises(UsageError, match="same fingerprint"):
        names(base, base)


def test_what_is_in_the_way_of_letters_is_found_before_one_is_written(tmp_path) -> None:
    paths = [tmp_path / name for name in ("a.md", "b.md", "c.md")]
    check_free(paths)
    paths[1].write_text("an answer")
    with pytest.raises(UsageError, match=r"b\.md already exists"):
        check_free(paths)
    paths[2].symlink_to(tmp_path / "nothing")
    with pytest.raises(UsageError, match=r"b\.md and 1 other already exist"):
        check_free(paths)


async def test_it_is_told_as_the_latest_session_saw_it_or_that_it_is_gone(journal) -> None:
    first = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST])))
    await first.decide(first.snapshot.findings, PERSON)
    await first.close()
    second = await reviewed(session(journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    await second.close()
    (entry,) = escalated(journal).entries
    assert entry.session == second.snapshot.session
    assert not entry.is_gone
    third = await reviewed(session(journal, ScriptedReviewer()))
    await third.close()
    fixed = FixConfirmed(entry.finding.fingerprints, "its code is gone")
    keep(
        journal,
        Event(
            "fixed", third.snapshot.session, "repo", "2026-02-01T00:00:00.000000+00:00", "A", fixed
        ),
    )
    (entry,) = escalated(journal).entries
    assert entry.is_gone


async def test_what_is_not_in_this_journal_is_counted(made, journal) -> None:
    await made.decide(made.snapshot.findings[:1], PERSON)
    decision = DecisionMade("elsewhere", ("unknown-1", "unknown-2"), PERSON)
    at = "2026-02-01T00:00:00.000000+00:00"
    keep(journal, Event("e", "pulled", "repo", at, "Eve", decision))
    found = escalated(journal)
    assert (len(found.entries), found.not_here) == (1, 2)


async def test_answering_twice_is_refused_and_another_answer_is_kept(made, journal) -> None:
    first, _ = made.snapshot.findings
    await made.decide([first], PERSON)
    text = filled(escalated(journal).letter(first.fingerprint, "A"))
    keep_answer(journal, "repo", "A", text)
    with pytest.raises(UsageError, match="already"):
        keep_answer(journal, "repo", "Somebody else", text)
    eve = keep_answer(journal, "repo", "A", text.replace("by: Bob", "by: Eve"))
    more = keep_answer(journal, "repo", "A", f"{text}\nI looked again.\n")
    (entry,) = escalated(journal).entries
    assert [one.resolved.by for one in entry.outcomes] == ["Bob", "Eve", "Bob"]
    assert [one.resolved for one in entry.outcomes][1:] == [eve, more]
    assert more.outcome.endswith(": I looked again.")


async def test_what_was_undone_takes_no_answer_and_redone_it_does(made, journal) -> None:
    first, _ = made.snapshot.findings
    await made.decide([first], PERSON)
    text = filled(escalated(journal).letter(first.fingerprint, "A"))
    await made.undo()
    with pytest.raises(UsageError, match="no escalation"):
        keep_answer(journal, "repo", "A", text)
    await made.redo()
    assert keep_answer(journal, "repo", "A", text).by == "Bob"


def test_a_letter_takes_no_other_file_s_place(tmp_path) -> None:
    write_letter(tmp_path / "new.md", "text\n")
    assert (tmp_path / "new.md").read_text() == "text\n"
    (tmp_path / "link.md").symlink_to(tmp_path / "nothing.md")
    for taken in ("new.md", "link.md"):
        with pytest.raises(UsageError, match="already exists"):
            write_letter(tmp_path / taken, "other\n")
    assert (tmp_path / "new.md").read_text() == "text\n"
    assert not (tmp_path / "nothing.md").exists()
    with pytest.raises(UsageError, match="can't be written"):
        write_letter(tmp_path / "no" / "folder.md", "text\n")


@pytest.mark.parametrize("identity", ["../../x", "/etc/x", "a/b", "..", "\0", "x" * 999, "a\nb"])
def test_an_identity_out_of_another_journal_leads_nowhere(identity):
    name = letter_name(identity)
    assert is_inside(name)
    assert "/" not in name
