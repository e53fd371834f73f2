from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import coverage_entries
from xreview.domain.coverage import CoverageEntry, CoverageSummary, Reading, summarise


@given(st.lists(coverage_entries, max_size=8))
def test_every_entry_is_counted_once_and_a_gap_is_never_complete(entries):
    summary = summarise(entries)
    assert summary.read + summary.skipped + summary.gaps == len(entries)
    assert summary.is_complete is not any(entry.is_gap for entry in entries)


def test_what_is_a_gap():
    def entry(reading, expected=False):
        return CoverageEntry("risk", "a", reading, expected=expected)

    entries = [
        entry(Reading.READ),
        entry(Reading.SKIPPED, expected=True),
        entry(Reading.SKIPPED),
        entry(Reading.TRUNCATED),
        entry(Reading.FAILED),
    ]
    assert [one.is_gap for one in entries] == [False, False, True, True, True]
    assert summarise(entries) == CoverageSummary(read=1, skipped=1, gaps=3)
