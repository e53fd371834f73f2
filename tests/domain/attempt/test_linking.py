"""Which edge cases are linked to lines of an attempt, and which stay unproven."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.attempt.linking import link_cases
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.change import FileDiff, FileStatus, Side

OLD = (
    "def f(x):\n    return g(x)\n\n\ndef g(x):\n    if x is None:\n        return 0\n    return x\n"
)
NEW = (
    "def f(x):\n    if x is None:\n        return 0\n    return g(x)\n\n\n"
    "def g(x):\n    if x is None:\n        return 0\n    return x\n"
)


def diff(old: str, new: str, path: str = "a.py", status: FileStatus | None = None) -> FileDiff:
    rows = difflib.unified_diff(old.split("\n"), new.split("\n"), n=1, lineterm="")
    body = "\n".join(list(rows)[2:]).encode("utf-8", "surrogatepass")
    return FileDiff(path, status or FileStatus.MODIFIED, body=body)


def linked(*cases: EdgeCase, old: str = OLD, new: str | None = NEW, **given: FileStatus):
    statement = AttemptStatement("So.", handled=cases)
    files = [diff(old, new or "", **given)]
    return [
        (one.start_line, one.end_line)
        for one in link_cases(statement, files, lambda _: new).handled
    ]


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        ("    if x is None:\n        return 0\n    return g(x)", (2, 4)),
        ("if  x is None:\n\treturn 0", (2, 3)),
        ("\n\n    if x is None:\r\n        return 0\r\n\n", (2, 3)),
        ("x is None", (2, 2)),
        ("        return 0", (3, 3)),
        ("def g(x):", (0, 0)),
        ("    return x", (0, 0)),
        ("if x is 0:", (0, 0)),
        ("def f(x):\n    if x is None:", (1, 2)),
        (":", (0, 0)),
        ("", (0, 0)),
        (" \n", (0, 0)),
    ],
)
def test_a_quote_is_linked_to_the_first_lines_that_the_patch_wrote(quote, lines):
    assert linked(EdgeCase("None.", "a.py", quote)) == [lines]


def test_a_quote_that_is_also_in_untouched_code_is_linked_to_the_patch():
    old = "def g(x):\n    return 0\n" + "\n" * 5
    new = old + "def f(x):\n    return 0\n"
    assert linked(EdgeCase("None.", "a.py", "return 0"), old=old, new=new) == [(9, 9)]


def test_other_files_deleted_ones_and_unreadable_ones_prove_nothing():
    case = EdgeCase("None.", "a.py", "return 0")
    assert linked(EdgeCase("None.", "b.py", "return 0"), EdgeCase("None.")) == [(0, 0), (0, 0)]
    assert linked(case, new=None) == [(0, 0)]
    assert linked(case, status=FileStatus.DELETED) == [(0, 0)]
    assert linked(case, old=NEW, new=NEW) == [(0, 0)]


def test_lines_that_a_writer_claims_are_not_believed():
    assert linked(EdgeCase("None.", "a.py", "nowhere", 1, 3)) == [(0, 0)]


LINES = st.lists(st.sampled_from(["aaa", "bbb", "  aaa", "ccc\r", "", "}", "aaa bbb"]), max_size=12)


@given(LINES, LINES, st.lists(st.sampled_from(["aaa", "bbb", "ccc", "", "a"]), max_size=3))
def test_what_is_linked_is_there_and_the_patch_touched_it(old, new, quote):
    before, after = "\n".join(old), "\n".join(new)
    ((start, end),) = linked(EdgeCase("?", "a.py", "\n".join(quote)), old=before, new=after)
    if not start:
        assert end == 0
        return
    rows = after.split("\n")
    assert 1 <= start <= end <= len(rows)
    said = [" ".join(row.split()) for row in "\n".join(quote).strip("\n").split("\n")]
    there = [" ".join(row.split()) for row in rows[start - 1 : end]]
    assert there == said or (len(said) == 1 and said[0] in there[0])
    touched = diff(before, after).touched(Side.NEW)
    assert any(number in lines for lines in touched for number in range(start, end + 1))
