"""What the author is asked first."""

from tests.fakes.reports import finding, report
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.briefing.question import (
    MOST_QUESTIONS,
    HeavyFile,
    TriagedFinding,
    questions_about,
)
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.report import Severity
from xreview.domain.state import Decided

MONEY = HeavyFile("src/refunds.py", AttentionLevel.DECIDE, ("money",))


def rejected(title: str, reason: Reason, severity: Severity = Severity.MEDIUM, note: str = ""):
    made = Decided("a", Decision(Verdict.REJECT, reason), "s", "2026-12-01", "Ada")
    return TriagedFinding(finding(report(title, severity=severity)), made, note)


def asked(*triaged, files=(), said=()) -> list[str]:
    return [one.text for one in questions_about(triaged, files, said)]


def test_a_rejection_without_a_note_is_asked_about():
    (text,) = asked(rejected("Swallowed error", Reason.INTENDED))
    assert text == "“Swallowed error” (a.py:1) was rejected as intended. Why is it intended?"
    assert asked(rejected("Swallowed error", Reason.INTENDED, note="The caller logs it.")) == []
    assert asked(rejected("Swallowed error", Reason.DUPLICATE)) == []


def test_what_is_open_is_asked_only_if_it_is_a_trade_off():
    assert asked(TriagedFinding(finding(report()))) == []


def test_a_risky_file_that_nobody_mentions_is_asked_about():
    (text,) = asked(files=[MONEY], said=["Tidy up"])
    assert text.startswith("src/refunds.py touches money, and no commit message")
    assert asked(files=[MONEY], said=["Retry refunds"]) == []
    assert asked(files=[MONEY], said=["Move money only once"]) == []
    assert asked(files=[HeavyFile("a.py", AttentionLevel.READ)]) == []


def test_at_most_three_and_the_weightiest_first():
    many = [rejected(f"Finding {at}", Reason.INTENDED) for at in range(5)]
    traded = rejected("Locks twice", Reason.TRADE_OFF)
    grave = rejected("Leaks the key", Reason.REVIEWER_WRONG, Severity.HIGH)
    texts = asked(*many, traded, grave, files=[MONEY])
    assert len(texts) == MOST_QUESTIONS
    assert [text[:12] for text in texts] == ["“Locks twice", "“Leaks the k", "src/refunds."]


def test_hostile_names_are_shown_not_executed():
    (text,) = asked(files=[HeavyFile("a\x1b[2J\n.py", AttentionLevel.STUDY)], said=[])
    assert "\x1b" not in text
    assert "\n" not in text
