"""What levels and confidences say of what happened later."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.calibration.reviews import aftermath, missed, session
from tests.domain.scorecard.test_scorecard import ADA, WRONG
from tests.journal.build import ACCEPT, decided, event, opened, redone, report, undone
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.calibration.figures import (
    Agreement,
    Calibration,
    JudgedReport,
    LevelRecord,
    calibrate,
)
from xreview.domain.calibration.reviewed import ProvedWrong, ReviewedFile
from xreview.domain.decision import Verdict
from xreview.domain.events.event import FindingWritten, ReportReceived
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.person_events import FoundIn
from xreview.domain.report import Confidence
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scoring import score

LEVELS = st.sampled_from(AttentionLevel)
FILES = st.builds(
    ReviewedFile,
    st.just("a.py"),
    LEVELS,
    st.just(()),
    st.frozensets(st.sampled_from(ProvedWrong)),
)
REPORTS = st.builds(
    JudgedReport, st.sampled_from(Confidence), st.sampled_from(Verdict), st.booleans()
)


def levels(*events, since=None) -> dict[int, tuple[int, int]]:
    """Wrong of all, by level, where there are any."""
    records = score(events, since).calibration.levels
    return {int(one.level): (one.wrong.count, one.wrong.of) for one in records if one.wrong.of}


def said(id: str, fingerprint: str, confidence: Confidence, by=None):
    told = replace(report(fingerprint), confidence=confidence)
    return event(id, ReportReceived(replace(told, reviewer=by) if by else told))


def test_nothing_counts_before_a_person_decides():
    assert levels(*session("s1"), opened(session="s9")) == {}
    assert levels(*session("s1"), decided("d")) == {2: (0, 1), 4: (0, 1)}
    assert levels(*session("s1"), decided("d"), undone("u", "d")) == {}
    assert levels(*session("s1"), decided("d"), undone("u", "d"), redone("r", "d")) == {
        2: (0, 1),
        4: (0, 1),
    }


def test_a_file_called_2_that_proved_wrong_is_the_point():
    facts = [*session("s1"), decided("d")]
    assert levels(*facts, missed("m", "notes.py"))[2] == (1, 1)
    assert levels(*facts, missed("m", "notes.py"), undone("u", "m"))[2] == (0, 1)
    assert levels(*facts, aftermath("a", "notes.py", AftermathKind.REVERTED))[2] == (1, 1)
    shipped = missed("m", "notes.py", FoundIn.PRODUCTION)
    record = score([*facts, shipped]).calibration.levels[1]
    assert (record.level, record.by_sign[ProvedWrong.SHIPPED]) == (AttentionLevel.SKIM, 1)


def test_it_proves_wrong_even_if_nobody_decided():
    assert levels(*session("s1"), aftermath("a", "notes.py", AftermathKind.FIXED)) == {2: (1, 1)}


def test_a_revert_costs_even_what_was_accepted_and_a_fix_of_it_does_not():
    facts = [*session("s1"), decided("d", "f1", decision=ACCEPT)]
    reverted = aftermath("a", "pay.py", AftermathKind.REVERTED, subjects=("f1",))
    fixed = aftermath("b", "pay.py", AftermathKind.FIXED, subjects=("f1",))
    assert levels(*facts, reverted)[4] == (1, 1)
    assert levels(*facts, fixed)[4] == (0, 1)
    rejected = [*session("s1"), decided("d", "f1", decision=WRONG)]
    assert levels(*rejected, fixed)[4] == (1, 1)


def test_a_change_counts_once_however_often_it_was_reviewed():
    twice = [*session("s1"), *session("s2", files={"pay.py": (1, ())}), decided("d")]
    assert levels(*twice) == {1: (0, 1), 2: (0, 1)}  # the last level of pay.py
    other = session("s3", head="d" * 40)
    assert levels(*twice, *other, decided("e", session="s3"))[4] == (0, 1)


def test_since_leaves_older_sessions_out():
    facts = [*session("s1"), decided("d")]
    assert levels(*facts, since="2025-11-21T09") == {2: (0, 1), 4: (0, 1)}
    assert levels(*facts, since="2025-11-22") == {}


def test_confidence_counts_what_people_decided_about_programs_reports():
    facts = [
        said("1", "f1", Confidence.HIGH),
        said("2", "f2", Confidence.HIGH),
        said("3", "f3", Confidence.LOW),
        said("4", "f4", Confidence.MEDIUM),
        event("5", FindingWritten("w", replace(report("f5"), reviewer=ADA))),
        decided("d1", "f1"),
        decided("d2", "f2", decision=WRONG),
        decided("d3", "f3"),
        decided("d5", "f5"),
        undone("u", "d3"),
    ]
    shares = {one.confidence: one.accepted for one in score(facts).calibration.confidences}
    assert shares == {
        Confidence.LOW: Proportion(0, 0),
        Confidence.MEDIUM: Proportion(0, 0),
        Confidence.HIGH: Proportion(1, 2),
    }


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ((0, 9), (5, 20), Agreement.UNKNOWN),
        ((0, 20), (5, 9), Agreement.UNKNOWN),
        ((1, 20), (5, 20), Agreement.HOLDS),
        ((0, 20), (0, 20), Agreement.HOLDS),
        ((5, 20), (5, 20), Agreement.DOUBTFUL),
        ((7, 20), (5, 20), Agreement.DOUBTFUL),
        ((18, 20), (2, 40), Agreement.BROKEN),
    ],
)
def test_agreement(low, high, expected):
    made = Calibration(
        (
            LevelRecord(AttentionLevel.SKIM, Proportion(*low)),
            LevelRecord(AttentionLevel.STUDY, Proportion(*high)),
        )
    )
    assert made.agreement is expected


@given(st.lists(FILES), st.lists(REPORTS))
def test_all_counts_add_up(files, reports):
    made = calibrate(files, reports)
    assert sum(one.wrong.of for one in made.levels) == len(files)
    assert made.low.of + made.high.of == len(files)
    assert made.low.count + made.high.count == sum(bool(one.wrong) for one in files)
    for record in made.levels:
        assert max(record.by_sign.values()) <= record.wrong.count <= record.wrong.of
    judged = [one for one in reports if one.verdict is not Verdict.ESCALATE]
    assert sum(one.accepted.of for one in made.confidences) == len(judged)
    for record in made.confidences:
        assert record.working <= record.accepted.count
    assert made.is_empty == (not files and not judged)


@given(st.lists(FILES), FILES)
def test_one_more_wrong_file_never_lowers_a_share(files, one):
    """Of its own level, and no other level changes."""
    wrong = replace(one, wrong=frozenset({ProvedWrong.REVERTED}))
    before, after = calibrate(files, ()), calibrate([*files, wrong], ())
    for old, new in zip(before.levels, after.levels, strict=True):
        if new.level is one.level:
            assert (new.wrong.fraction or 0) >= (old.wrong.fraction or 0)
            assert new.wrong.interval
            assert new.wrong.interval.high > 0
        else:
            assert new == old


@given(st.lists(st.booleans(), max_size=6))
def test_undone_decisions_vanish(undos):
    facts = list(session("s1"))
    for number, is_undone in enumerate(undos):
        facts.append(decided(f"d{number}", f"f{number}"))
        if is_undone:
            facts.append(undone(f"u{number}", f"d{number}"))
    assert bool(levels(*facts)) == (not all(undos))
