from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xreview.domain.report import Severity
from xreview.domain.state import Triage
from xreview.export.base import ExportEntry, Standing, entries_of
from xreview.export.selection import at_least, select

from .build import DOCUMENT, documents, finding


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


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(documents, st.sets(st.sampled_from(Standing)), st.sets(st.sampled_from(Severity)))
def test_a_selection_keeps_order_and_counts_what_it_leaves_out(document, standings, severities):
    chosen = select(document, standings=standings, severities=severities)
    assert len(chosen.entries) + chosen.left_out == len(document.entries) + document.left_out
    kept = iter(document.entries)
    assert all(any(entry is other for other in kept) for entry in chosen.entries)
    assert {entry.standing for entry in chosen.entries} <= standings
    assert {entry.finding.severity for entry in chosen.entries} <= severities


def test_entries_are_findings_with_their_decisions():
    assert entries_of([finding()], Triage(notes={"f1": "n"})) == (
        ExportEntry(finding(), None, "n"),
    )
