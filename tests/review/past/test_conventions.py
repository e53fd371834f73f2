import pytest

from tests.fakes.reports import finding, repeated, report
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


def test_places_in_several_folders_make_a_convention_for_each():
    paths = ("a/x.py", "a/y.py", "b/z.py")
    one = repeated(*(report("Broad catch", path=path, rule="python/x") for path in paths))

    first, second = conventions_for([one], "a1", "Ada")

    assert (first.subjects, second.subjects) == (one.fingerprints[:2], one.fingerprints[2:])
    assert matches_path(second.path_pattern, "b/other.py")
    assert not matches_path(first.path_pattern, "b/other.py")


def test_a_pattern_with_a_flaw_matches_nothing():
    assert not matches_path("[never closed", "a.py")


def test_a_sentence_is_one_line_of_a_length_that_fits():
    assert checked_sentence("  So\n it  is. ") == "So it is."
    for text in (" \n", "x" * 501):
        with pytest.raises(UsageError):
            checked_sentence(text)
