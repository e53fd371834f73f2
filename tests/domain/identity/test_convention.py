from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

from tests.fakes.reports import report
from xreview.domain.identity.convention import Convention, default_pattern, default_sentence

ORIGIN = report("Broad catch", rule="x/1", path="src/jobs/a.py")
CONVENTION = Convention("c1", "Jobs swallow.", (ORIGIN.fingerprint,), "Ada", "t", "", (ORIGIN,))


def matches(pattern, path):
    return fnmatchcase(path, pattern)


def test_the_same_claim_in_another_place_is_answered_and_another_claim_is_not():
    assert CONVENTION.answers(report("Other words", rule="x/1", path="z.py", line=9), matches)
    assert not CONVENTION.answers(report("Broad catch", rule="x/2", path="z.py"), matches)


def test_a_path_pattern_bounds_it_but_not_for_its_own_subject():
    bounded = replace(CONVENTION, path_pattern="tests/*")
    assert not bounded.answers(report(rule="x/1", path="src/b.py"), matches)
    assert bounded.answers(report(rule="x/1", path="tests/b.py"), matches)
    assert bounded.answers(ORIGIN, matches)


def test_a_model_must_claim_the_same_kind_in_similar_words():
    origin = report("Race between the workers", claim="Two workers may claim a job.")
    made = replace(CONVENTION, origins=(origin,), subjects=(origin.fingerprint,))
    again = report("Workers race", claim="Two workers may claim the same job.", path="b.py")
    assert made.answers(again, matches)
    assert not made.answers(report("Null user", claim="user may be None", path="b.py"), matches)


def test_without_origins_it_answers_its_subjects_only():
    alone = replace(CONVENTION, origins=())
    assert alone.answers(ORIGIN, matches)
    assert not alone.answers(report(rule="x/1", path="b.py"), matches)


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("src/jobs/a.py", "/src/jobs/"),
        ("setup.py", "/*.py"),
        ("Makefile", "/Makefile"),
        (".env", "/.env"),
        ("a [b]/c*/d!.py", "/a\\ \\[b\\]/c\\*/"),
    ],
)
def test_the_pattern_it_begins_with_is_the_folder_of_the_finding(path, pattern):
    assert default_pattern(path) == pattern


def test_the_sentence_it_begins_with_names_claim_and_place():
    assert default_sentence(ORIGIN) == "“Broad catch” is intended in src/jobs/."
    assert "this repository" in default_sentence(report(path="a.py"))
