"""How much human reading a finding deserves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disagreement.speaking import CLAUDE, GEMINI, GPT, said
from xreview.disagreement.attention import can_be_confirmed_in_bulk, finding_attention
from xreview.disagreement.fold import findings_of
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Category, Severity

PANEL = [CLAUDE, GPT, GEMINI]
DULL = "The list is built twice with the same elements"
SKIM, READ, STUDY, DECIDE = list(AttentionLevel)[1:]


def agreed(claim: str = DULL, severity: Severity = Severity.MEDIUM) -> Finding:
    reports = [said(claim, who, category=Category.SIMPLIFICATION) for who in PANEL]
    (found,) = findings_of([replace(one, severity=severity) for one in reports], PANEL)
    return found


def file_at(level: int) -> ChangeAttention:
    return ChangeAttention(Attention(AttentionLevel(level)))


@pytest.mark.parametrize(
    ("severity", "file", "level"),
    [
        (Severity.LOW, 1, 1),
        (Severity.LOW, 2, 2),
        (Severity.LOW, 3, 2),
        (Severity.LOW, 4, 3),
        (Severity.LOW, 5, 5),
        (Severity.MEDIUM, 1, 1),
        (Severity.MEDIUM, 4, 4),
        (Severity.HIGH, 1, 3),
        (Severity.CRITICAL, 2, 4),
        (Severity.CRITICAL, 5, 5),
    ],
)
def test_a_finding_has_its_files_level_moved_by_its_severity(
    severity: Severity, file: int, level: int
) -> None:
    assert finding_attention(agreed(severity=severity), file_at(file)).level == level


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Disagreement.CONTESTED, "another model rebuts it"),
        (Disagreement.CONFLICT, "two reports ask for opposite changes"),
        (Disagreement.TRADE_OFF, "both sides have a point"),
    ],
)
def test_a_disagreement_is_studied_whatever_its_severity(kind: Disagreement, words: str) -> None:
    found = replace(agreed(severity=Severity.LOW), disagreement=kind)
    attention = finding_attention(found, file_at(1))

    assert attention.level is STUDY
    assert attention.reasons[0].words == words


def test_high_stakes_are_decided_whatever_the_file() -> None:
    for change in (None, file_at(1)):
        attention = finding_attention(agreed("A refund is issued twice"), change)
        assert attention.level is DECIDE
        assert attention.reasons[0].words.startswith("it is about security, data, money")


def test_a_file_that_a_person_decides_is_never_confirmed_in_bulk() -> None:
    assert can_be_confirmed_in_bulk(agreed(), None)
    assert can_be_confirmed_in_bulk(agreed(), file_at(4))
    assert not can_be_confirmed_in_bulk(agreed(), file_at(5))
    assert not can_be_confirmed_in_bulk(agreed("The password is logged"), file_at(1))
    assert not can_be_confirmed_in_bulk(
        replace(agreed(), disagreement=Disagreement.CONTESTED), file_at(1)
    )


def test_without_a_known_change_a_finding_is_read() -> None:
    assert finding_attention(agreed(), None).level is READ
    assert finding_attention(agreed(severity=Severity.LOW), None).level is SKIM


@given(
    st.sampled_from(list(Severity)),
    st.sampled_from(list(Disagreement)),
    st.integers(1, 5),
    st.integers(1, 5),
)
def test_a_higher_file_never_lowers_a_finding(
    severity: Severity, kind: Disagreement, low: int, high: int
) -> None:
    low, high = sorted((low, high))
    found = replace(agreed(severity=severity), disagreement=kind)

    below, above = (finding_attention(found, file_at(level)).level for level in (low, high))
    assert 1 <= below <= above <= 5
    assert above >= high - 1
