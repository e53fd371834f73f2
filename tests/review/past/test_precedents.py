"""What a real journal has beside a finding."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.journal.build import (
    REPOSITORY,
    decided,
    event,
    opened,
    redone,
    report,
    reported,
    undone,
)
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import JournalError
from xreview.domain.events.escalation_events import Favour, OpinionGiven
from xreview.domain.events.event import AuthorAttributed, EscalationResolved, Event, ReportReceived
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Category, Confidence, ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import scored
from xreview.domain.state import Triage
from xreview.journal.replay import recall
from xreview.journal.store import Journal
from xreview.review.past.precedents import NO_PRECEDENTS, Pair, Precedents, read_precedents

ARBITER = Decision(Verdict.ESCALATE, Reason.ARBITER)
PERSON = Decision(Verdict.ESCALATE, Reason.PERSON)
ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
WRONG = Decision(Verdict.REJECT, Reason.REVIEWER_WRONG)
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-5")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4")
ABOUT = Finding((report("f1"),), (), Disagreement.LONE)
OTHER = Finding((report("f2"),), (), Disagreement.LONE)


def opinion(action: str, *subjects: str, argument: str = "It is held.") -> OpinionGiven:
    return OpinionGiven(
        action, subjects, GEMINI, Favour.ANSWER, True, argument, "lock()", "", "a.py", 3, True
    )


def answer(action: str, *subjects: str, by: str = "Bob") -> EscalationResolved:
    return EscalationResolved(action, subjects, "the report is right", by)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def write(journal: Path, *events: Event) -> None:
    with Journal.open(journal) as store:
        store.append(events)


def triage_in(journal: Path) -> Triage:
    """As a session begins with it."""
    with Journal.open(journal) as store:
        return recall(store, REPOSITORY, ["f1", "f2"])


def test_a_new_journal_has_none(journal: Path) -> None:
    assert read_precedents(journal, REPOSITORY) == NO_PRECEDENTS


def test_opinions_that_came_while_the_journal_was_read_are_kept_once() -> None:
    stored, came = opinion("a1", "f1"), opinion("a2", "f1")
    read, earlier = Precedents((stored,)), Precedents((stored, came))
    assert read.with_opinions_of(earlier).opinions == (stored, came)
    assert read.with_opinions_of(None) == read


def test_what_came_back_is_of_its_finding_and_repository_in_time(journal: Path) -> None:
    early, late = opinion("a1", "f1"), opinion("a2", "f1", argument="It is not.")
    write(
        journal,
        opened(),
        decided("d1", "f1", decision=ARBITER, action="a1"),
        decided("d2", "f1", decision=ARBITER, action="a2", second=1),
        decided("d3", "f2", decision=PERSON, action="a3", second=2),
        event("o2", late, second=6),
        event("o1", early, second=5),
        event("r1", answer("a3", "f2"), session="s2", second=7),
        event("o9", opinion("a1", "f1", argument="Elsewhere."), repository="/elsewhere/.git"),
    )
    known, triage = read_precedents(journal, REPOSITORY), triage_in(journal)
    assert known.opinions_on(ABOUT, triage) == [early, late]
    assert known.outcomes_on(ABOUT, triage) == []
    assert known.opinions_on(OTHER, triage) == []
    assert known.outcomes_on(OTHER, triage) == [answer("a3", "f2")]


def test_what_was_undone_is_not_told_until_it_is_redone(journal: Path) -> None:
    write(
        journal,
        opened(),
        decided("d1", "f1", "f2", decision=PERSON, action="a1"),
        event("r1", answer("a1", "f1", "f2"), second=1),
        event("o1", opinion("a1", "f1", "f2"), second=1),
        undone("u1", "a1", second=2),
    )
    known, triage = read_precedents(journal, REPOSITORY), triage_in(journal)
    assert (known.opinions_on(ABOUT, triage), known.outcomes_on(ABOUT, triage)) == ([], [])
    write(journal, redone("x1", "a1", second=3))
    again = triage_in(journal)
    assert known.opinions_on(ABOUT, again) == [opinion("a1", "f1", "f2")]
    assert known.outcomes_on(OTHER, again) == [answer("a1", "f1", "f2")]


def test_a_later_decision_takes_nothing_back(journal: Path) -> None:
    write(
        journal,
        opened(),
        decided("d1", "f1", decision=ARBITER, action="a1"),
        event("o1", opinion("a1", "f1"), second=1),
        decided("d2", "f1", decision=ACCEPT, action="a2", second=2),
    )
    known = read_precedents(journal, REPOSITORY)
    assert known.opinions_on(ABOUT, triage_in(journal)) == [opinion("a1", "f1")]


def test_one_answer_that_two_people_handed_in_is_told_once(journal: Path) -> None:
    write(
        journal,
        opened(),
        decided("d1", "f1", decision=PERSON, action="a1"),
        event("r1", answer("a1", "f1"), session="s2", second=1),
        event("r2", answer("a1", "f1"), session="s3", second=2),
        event("r3", answer("a1", "f1", by="Eve"), second=3),
    )
    known = read_precedents(journal, REPOSITORY)
    told = known.outcomes_on(ABOUT, triage_in(journal))
    assert [one.by for one in told] == ["Bob", "Eve"]


def test_an_opinion_that_comes_meanwhile_is_added(journal: Path) -> None:
    known = read_precedents(journal, REPOSITORY).with_opinion(opinion("a1", "f1"))
    assert known.opinions_on(ABOUT, Triage()) == [opinion("a1", "f1")]
    assert known.opinions_on(ABOUT, Triage(undone=frozenset({"a1"}))) == []


def test_what_joined_a_finding_since_does_not_take_its_opinions_away() -> None:
    joined = replace(ABOUT, reports=(report("f9"), report("f1")))
    known = Precedents(opinions=(opinion("a1", "f1"),))
    assert known.opinions_on(joined, Triage()) == [opinion("a1", "f1")]


def by_gpt(fingerprint: str, category: Category = Category.CONCURRENCY) -> ReportReceived:
    return ReportReceived(replace(report(fingerprint), reviewer=GPT, category=category))


def session_of(
    number: int, vendor: str, *reports: ReportReceived, repository: str = REPOSITORY
) -> list[Event]:
    name = f"s{number}"
    author = AuthorAttributed("", vendor, "", ("a trailer",), Confidence.HIGH)
    return [
        opened(name, repository=repository),
        event(f"{name}/a", author, session=name, repository=repository),
        *(
            event(f"{name}/{one.report.fingerprint}", one, session=name, repository=repository)
            for one in reports
        ),
    ]


def test_the_record_of_a_pair_is_of_its_category_and_of_all_repositories(journal: Path) -> None:
    here = session_of(
        1, "anthropic", by_gpt("f1"), by_gpt("f2"), by_gpt("f3"), by_gpt("f4", Category.SECURITY)
    )
    away = session_of(2, "anthropic", by_gpt("g1"), repository="/elsewhere/.git")
    google = session_of(3, "google", by_gpt("h1"))
    write(
        journal,
        *here,
        *away,
        *google,
        reported("s1/risk", "f8"),
        decided("d1", "f1", decision=ACCEPT, second=1),
        decided("d2", "f2", decision=WRONG, second=1),
        decided("d3", "f3", decision=PERSON, second=1),
        decided("d4", "f4", decision=WRONG, second=1),
        decided("d5", "g1", decision=ACCEPT, second=1, session="s2", repository="/elsewhere/.git"),
        decided("d6", "h1", decision=ACCEPT, second=1, session="s3"),
    )
    known = read_precedents(journal, REPOSITORY)
    found = Finding((by_gpt("new").report, by_gpt("twin").report), (), Disagreement.LONE)

    (record,) = known.records_on(found, "anthropic")
    assert (record.author, record.category) == ("anthropic", Category.CONCURRENCY)
    assert record.reviewer == scored(GPT)
    assert record.share == Proportion(2, 3), "an escalation leaves it undecided"
    assert [one.share for one in known.records_on(found, "google")] == [Proportion(1, 1)]
    assert known.records_on(found, "mistral") == []
    secure = Finding((by_gpt("new", Category.SECURITY).report,), (), Disagreement.LONE)
    assert [one.share for one in known.records_on(secure, "anthropic")] == [Proportion(0, 1)]
    undecided: Pair = ("anthropic", scored(report().reviewer), report().category)
    assert undecided not in known.shares
    assert known.record[("anthropic", "openai", Category.CONCURRENCY)] == (2, 3)


def test_an_undone_decision_is_in_no_record(journal: Path) -> None:
    write(
        journal,
        *session_of(1, "anthropic", by_gpt("f1"), by_gpt("f2")),
        decided("d1", "f1", decision=ACCEPT, action="a1", second=1),
        decided("d2", "f2", decision=ACCEPT, action="a2", second=1),
        undone("u1", "a2", second=2),
    )
    found = Finding((by_gpt("new").report,), (), Disagreement.LONE)
    (record,) = read_precedents(journal, REPOSITORY).records_on(found, "anthropic")
    assert record.share == Proportion(1, 1)


def test_a_journal_that_is_none_is_a_sentence(journal: Path) -> None:
    journal.write_bytes(b"this is no database " * 100)
    with pytest.raises(JournalError):
        read_precedents(journal, REPOSITORY)
