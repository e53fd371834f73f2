"""The commits of a change."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.builder import EMAIL, NAME
from tests.repo.reading import change_of
from xreview.repo.change.history import Person, commits_of, parse_commit, trailers
from xreview.repo.repository import find_repository


def subjects(project, **options):
    source = change_of(project.top, **options).source
    found = commits_of(find_repository(project.top), source)
    return [commit.message.split("\n")[0] for commit in found]


def test_the_commits_of_each_kind_of_change(project):
    project.branch("feature")
    for subject in ("second", "third"):
        project.write("f.txt", subject)
        project.commit(subject)
    assert subjects(project) == ["third", "second"]
    assert subjects(project, base="main") == ["third", "second"]
    assert subjects(project, range="main..feature~") == ["second"]
    assert subjects(project, commit="feature~") == ["second"]
    assert subjects(project, commit="main") == ["first"]
    assert subjects(project, staged=True) == []
    project.write("f.txt", "changed")
    assert subjects(project) == []


def test_what_a_commit_says(project):
    message = (
        "Subject\n\nBody: text.\n\nCo-Authored-By: Claude <n@a.com>\nAssisted-by: x:y\n  more\n"
    )
    id = project.commit(message, author="Someone Else <else@example.org>")
    (commit,) = commits_of(find_repository(project.top), change_of(project.top).source)
    at = datetime(2023, 11, 14, 22, 15, 20, tzinfo=UTC)
    assert commit.id == id
    assert commit.author == Person("Someone Else", "else@example.org", at)
    assert commit.committer == Person(NAME, EMAIL, at)
    assert commit.message == message
    assert commit.trailers == (
        ("Co-Authored-By", "Claude <n@a.com>"),
        ("Assisted-by", "x:y more"),
    )


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Key: value", ()),
        ("Subject\n\nKey: value", (("Key", "value"),)),
        ("Subject\n\nKey: value\nand prose", ()),
        ("Subject\n\nA: b\n\n\n", (("A", "b"),)),
        ("Subject\n\nA: b\n(cherry picked from commit 1234567)\n", (("A", "b"),)),
        ("Subject\n\n  A: b", ()),
        ("", ()),
    ],
)
def test_trailers(message, expected):
    assert trailers(message) == expected


def test_an_encoding_other_than_utf_8():
    content = b"author J\xe9 <j@x> 1700000000 -0330\nencoding ISO-8859-1\n\ncaf\xe9\n"
    commit = parse_commit("0" * 40, content)
    assert commit.message == "café\n"
    zone = timezone(-timedelta(hours=3, minutes=30))
    assert commit.author == Person("Jé", "j@x", datetime.fromtimestamp(1700000000, zone))


@settings(deadline=None, derandomize=True)
@given(
    st.binary(max_size=40)
    | st.builds(
        lambda encoding, when: b"author A <a> %s\nencoding %s\n\nm" % (when, encoding),
        st.sampled_from([b"no-such", b"utf-16", b"rot13", b"\xff", b"undefined", b"cp\0"]),
        st.sampled_from([b"99999999999 +0000", b"1 +9999", b"x", b"-1 +0000"]),
    )
)
def test_a_malformed_commit_is_no_error(content):
    parse_commit("0" * 40, content)


@pytest.mark.parametrize("piece", ["<", ">", " ", "<> ", "\n", "\n \n", "a:", ": ", "a: b\n"])
def test_no_commit_takes_for_ever(piece):
    hostile = piece * (500_000 // len(piece))
    content = f"author {hostile}\ncommitter A{hostile}\n\nsubject\n\n{hostile}"
    parse_commit("0" * 40, content.encode())


def test_a_history_that_is_gone_is_refused(project):
    from xreview.domain.errors import ChangeError
    from xreview.repo.git import commit_ids

    with pytest.raises(ChangeError, match="history"):
        commit_ids(find_repository(project.top), None, "1234567890" * 4, 5)
