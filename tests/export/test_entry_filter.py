from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.build import (
    AT,
    DOCUMENT,
    FIX,
    INTENDED,
    MEASURE,
    SEVERAL,
    SUPPRESSION,
    altered,
    documents,
    finding,
)
from xreview.domain.errors import UsageError
from xreview.domain.report import Severity
from xreview.export.document import ExportEntry, Standing
from xreview.export.entry_filter import at_least, check_standings, moment_of, select
from xreview.export.format import export_format, export_formats


def fingerprints(document):
    return [entry.finding.fingerprint for entry in document.entries]


def test_all_by_default():
    assert select(DOCUMENT) == DOCUMENT


def test_by_standing():
    chosen = select(DOCUMENT, standings={Standing.OPEN, Standing.REJECTED})
    assert fingerprints(chosen) == ["f3", "f5"]
    assert chosen.left_out == 3


def test_by_severity():
    assert fingerprints(select(DOCUMENT, severities=at_least(Severity.CRITICAL))) == ["f4"]
    assert at_least(Severity.LOW) == frozenset(Severity)


def test_by_both_and_one_after_the_other():
    both = select(DOCUMENT, standings=[Standing.ACCEPTED], severities=[Severity.HIGH])
    assert fingerprints(both) == ["f1"]
    assert both == select(
        select(DOCUMENT, severities=[Severity.HIGH]), standings=[Standing.ACCEPTED]
    )


@settings(max_examples=25)
@given(documents, st.sets(st.sampled_from(Standing)), st.sets(st.sampled_from(Severity)))
def test_a_selection_keeps_order_and_counts_what_it_leaves_out(document, standings, severities):
    chosen = select(document, standings=standings, severities=severities)
    assert len(chosen.entries) + chosen.left_out == len(document.entries) + document.left_out
    kept = iter(document.entries)
    assert all(any(entry is other for other in kept) for entry in chosen.entries)
    assert {entry.standing for entry in chosen.entries} <= standings
    assert {entry.finding.severity for entry in chosen.entries} <= severities


def seen(entry, session="", seen_at=""):
    return replace(entry, session=session, seen_at=seen_at)


EARLY, LATE = "2025-11-20T09:00:00.000000+00:00", "2025-11-22T09:00:00.000000+00:00"
SESSIONS = replace(
    DOCUMENT,
    entries=(
        ExportEntry(finding("decided"), FIX),
        seen(ExportEntry(finding("late")), "s2", LATE),
        seen(ExportEntry(finding("early")), "s3", EARLY),
        ExportEntry(finding("unknown")),
    ),
)


def test_since_a_moment():
    assert fingerprints(select(SESSIONS, since=moment_of(AT))) == ["decided", "late"]
    assert fingerprints(select(SESSIONS, since=moment_of(LATE))) == ["late"]
    assert fingerprints(select(SESSIONS, since=moment_of("2025-11-19"))) == [
        "decided",
        "late",
        "early",
    ]


def test_a_time_that_is_none_is_never_since():
    odd = replace(SESSIONS, entries=(seen(ExportEntry(finding()), "s", "yesterday"),))
    assert select(odd, since=moment_of("2000-01-01")).left_out == 1


def test_sessions_in_which_nothing_happened_since_go_too():
    without_decisions = replace(SEVERAL, entries=SEVERAL.entries[1:2])
    chosen = select(without_decisions, since=moment_of(AT))
    assert [one.id for one in chosen.sessions] == ["s1"]
    kept_for_its_decision = select(SEVERAL, since=moment_of("2025-11-21T09:00+00:00"))
    assert [one.id for one in kept_for_its_decision.sessions] == ["s1", "s0"]


def test_where_nothing_happened_since_it_is_refused():
    with pytest.raises(UsageError, match=r"Nothing was reviewed or decided since 2099-01-01"):
        select(SEVERAL, since=moment_of("2099-01-01"))


@pytest.mark.parametrize("name", ["prompt", "github"])
def test_decisions_that_a_format_can_not_hold_are_refused(name):
    with pytest.raises(UsageError, match=f"{name} holds only findings that are accepted"):
        check_standings(export_format(name), [Standing.OPEN, Standing.REJECTED])
    check_standings(export_format(name), [Standing.OPEN, Standing.ACCEPTED])


def test_a_format_holds_what_it_renders():
    for name, found in export_formats().items():
        for standing, decided, suppression in (
            (Standing.ACCEPTED, FIX, None),
            (Standing.ESCALATED, MEASURE, None),
            (Standing.OPEN, None, None),
            (Standing.REJECTED, INTENDED, None),
            (Standing.SUPPRESSED, None, SUPPRESSION),
        ):
            entry = ExportEntry(finding(title="Findable"), decided, suppression=suppression)
            text = found.render(altered(entries=(entry,)))
            assert ("Findable" in text) is (standing in found.holds), (name, standing)


def test_moments():
    assert moment_of("2026-01-31T09:30+00:00") == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    assert moment_of("2026-01-31") == datetime(2026, 1, 31).astimezone()
    for text in ("", "monday", "2026-13-01"):
        with pytest.raises(UsageError, match="isn't a date or time"):
            moment_of(text)
