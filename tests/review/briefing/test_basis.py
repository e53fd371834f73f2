"""What a description is made of, folded from events."""

import pytest

from tests.export.build import finding
from tests.review.briefing.test_draft import BASIS
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.errors import UsageError
from xreview.domain.events.event import (
    AttentionWeighed,
    BriefWritten,
    Event,
    FixApplied,
    FixEnded,
    FixReverted,
    Payload,
)
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.events.upkeep_events import BriefAnswer
from xreview.domain.report import Category, Severity
from xreview.export.document import ExportEntry
from xreview.review.briefing.basis import brief_record, given_answers, heavy_files


def told(*payloads: Payload):
    return brief_record(
        Event(f"e{at}", "s", "r", f"2026-12-01T00:00:{at:02}", "Ada", one)
        for at, one in enumerate(payloads)
    )


def test_the_last_answer_to_a_question_holds():
    record = told(
        BriefWritten("-", "d", (BriefAnswer("Why?", "So."), BriefAnswer("How?", "Well."))),
        BriefWritten("-", "d", (BriefAnswer("Why?", "Otherwise."), BriefAnswer("How?", ""))),
    )
    assert record.answers == {"Why?": "Otherwise.", "How?": ""}


def test_only_checks_of_fixes_that_are_applied_count():
    ended = FixEnded("x", "t", None, 1.0, "pytest: green before and after")
    assert told(ended).checks == ()
    applied = FixApplied("a", "x", ("f",), ("a.py",), is_whole=True)
    assert told(ended, applied).checks == ("pytest: green before and after",)
    assert told(ended, applied, FixReverted("a", "x")).checks == ()


def test_files_are_heavy_by_themselves_or_by_a_finding():
    weighed = AttentionWeighed(
        AttentionLevel.STUDY,
        (),
        (
            WeighedFile("a.py", AttentionLevel.STUDY, ("money",)),
            WeighedFile("b.py", AttentionLevel.READ),
        ),
    )
    grave = finding("f1", category=Category.SECURITY, severity=Severity.CRITICAL)
    found = heavy_files(weighed, [ExportEntry(grave)])
    assert [(one.path, one.level, one.topics) for one in found] == [
        ("shop/cart.py", AttentionLevel.DECIDE, ()),
        ("a.py", AttentionLevel.STUDY, ("money",)),
    ]


def test_answers_are_given_by_number():
    first = BASIS.questions[0].text
    assert given_answers(BASIS.questions, [(1, "So.")]) == {first: "So."}
    with pytest.raises(UsageError, match="no question 9"):
        given_answers(BASIS.questions, [(9, "So.")])


def test_an_answer_can_be_withdrawn():
    first = BASIS.questions[0].text
    answered = BASIS.answered({first: "So."})
    assert first not in [one.text for one in answered.unanswered]
    again = answered.answered({first: ""})
    assert first in [one.text for one in again.unanswered]
    assert again.given == (BriefAnswer(first, ""),)
