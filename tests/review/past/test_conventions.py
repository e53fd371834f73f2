import pytest

from tests.fakes.reports import finding, report
from xreview.domain.errors import UsageError
from xreview.domain.identity.convention import conventions_for
from xreview.review.past.carry import matches_path
from xreview.review.past.conventions import checked_sentence


def test_a_rejection_as_intended_becomes_a_convention_for_its_folder():
    findings = [
        finding(report("Broad catch", path="src/jobs/a [1]/b.py")),
        finding(report("Broad catch", path="setup.py")),
    ]
    first, second = conventions_for(findings, "a1", "Ada")
    assert (first.id, first.owner, first.subjects) == ("a1", "Ada", findings[0].fingerprints)
    assert first.id != second.id
    assert "Broad catch" in first.sentence
    assert matches_path(first.path_pattern, "src/jobs/a [1]/c.py")
    assert not matches_path(first.path_pattern, "src/jobs/other.py")
    assert matches_path(second.path_pattern, "tasks.py")
    assert not matches_path(second.path_pattern, "src/tasks.py")


def test_a_pattern_with_a_flaw_matches_nothing():
    assert not matches_path("[never closed", "a.py")


def test_a_sentence_is_one_line_of_a_length_that_fits():
    assert checked_sentence("  So\n it  is. ") == "So it is."
    for text in (" \n", "x" * 501):
        with pytest.raises(UsageError):
            checked_sentence(text)
