"""Suggested replacements as edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.fixing.edit import EditPlan, LineEdit, plan_edits
from xreview.domain.fixing.file_lines import FileLines, LineRange

FILE = b"one\ntwo\nthree\nfour\n"


def edit(quote: str, new: str, line: int = 1, owner: str = "f1", path: str = "a.py") -> LineEdit:
    return LineEdit(owner, f"Title of {owner}", path, line, quote, new)


def planned(content: bytes | None, *edits: LineEdit, broken: tuple[str, ...] = ()) -> EditPlan:
    return plan_edits({"a.py": content}, edits, broken)


def after(content: bytes, *edits: LineEdit) -> bytes:
    plan = planned(content, *edits)
    assert not plan.refused
    return plan.contents.get("a.py", content)


def why(content: bytes | None, *edits: LineEdit) -> str:
    plan = planned(content, *edits)
    assert not plan.contents
    return plan.refused["f1"]


def test_it_replaces_the_lines_at_their_place():
    assert after(FILE, edit("two", "2", 2)) == b"one\n2\nthree\nfour\n"


def test_of_equal_lines_it_replaces_those_at_the_place():
    assert after(b"x\nx\nx\n", edit("x", "y", 2)) == b"x\ny\nx\n"


def test_lines_that_moved_are_found_if_they_are_unique():
    assert after(FILE, edit("two\nthree", "2", 40)) == b"one\n2\nfour\n"
    assert "3 times, but not at line 9" in why(b"x\nx\nx\n", edit("x", "y", 9))


def test_lines_that_are_gone_or_differ_in_one_blank_are_refused():
    assert why(FILE, edit("two ", "2", 2)) == "The lines it quotes aren't in a.py."
    assert why(FILE, edit("wo", "2", 2)) == "The lines it quotes aren't in a.py."
    assert why(FILE, edit(" \n", "2", 2)) == "It quotes no code in a.py."
    assert why(None, edit("two", "2", 2)) == "a.py can't be read as a file."


def test_an_empty_replacement_removes_the_lines():
    assert after(FILE, edit("two\nthree", "", 2)) == b"one\nfour\n"
    assert after(b"x", edit("x", "")) == b""
    assert after(b"a\nx", edit("x", "", 2)) == b"a"


def test_a_final_line_feed_of_the_replacement_doesnt_add_a_line():
    assert after(FILE, edit("two", "2\n", 2)) == b"one\n2\nthree\nfour\n"
    assert after(FILE, edit("two", "\n", 2)) == b"one\n\nthree\nfour\n"


@pytest.mark.parametrize("quote", ["b\nc", "b\r\nc", "b\r\nc\r"])
def test_windows_line_ends_and_a_missing_final_one_are_kept(quote):
    assert after(b"a\r\nb\r\nc", edit(quote, "x\ny\nz", 2)) == b"a\r\nx\r\ny\r\nz"
    assert after(b"a\r\nb\r\nc\r\n", edit(quote, "x\r\ny", 2)) == b"a\r\nx\r\ny\r\n"


def test_mixed_line_ends_stay_where_they_are():
    assert after(b"a\nb\r\nc\nd\r\n", edit("c", "C", 3)) == b"a\nb\r\nC\nd\r\n"


def test_a_byte_order_mark_and_bytes_that_arent_text_are_kept():
    assert after(b"\xef\xbb\xbfa\n\xff\n", edit("a", "b")) == b"\xef\xbb\xbfb\n\xff\n"


def test_several_edits_of_one_file_keep_each_others_places():
    edits = (edit("one", "1\n1\n1"), edit("three", "", 3, "f2"), edit("four", "4", 4, "f3"))
    assert after(FILE, *edits) == b"1\n1\n1\ntwo\n4\n"


def test_of_overlapping_edits_the_first_wins_and_the_other_names_it():
    plan = planned(FILE, edit("two\nthree", "x", 2), edit("three\nfour", "y", 3, "f2"))
    assert plan.contents == {"a.py": b"one\nx\nfour\n"}
    assert plan.refused == {
        "f2": "It changes lines 3-4 of a.py, and so does “Title of f1”, which comes first:"
        " fix it in a second round."
    }


def test_edits_that_want_the_same_are_one():
    assert after(FILE, edit("two", "2", 2), edit("two", "2\n", 2, "f2")) == b"one\n2\nthree\nfour\n"


def test_a_finding_is_fixed_everywhere_or_nowhere():
    edits = (edit("one", "1"), edit("gone", "x", 2), edit("four", "4", 4, "f2"))
    plan = planned(FILE, *edits)
    assert plan.contents == {"a.py": b"one\ntwo\nthree\n4\n"}
    assert list(plan.refused) == ["f1"]


def test_a_finding_that_contradicts_itself_is_refused():
    edits = (edit("one\ntwo", "1"), edit("two", "2", 2))
    assert why(FILE, *edits) == "Its own suggestions overlap in lines 1-2 of a.py."


def test_a_loser_holds_nobody_up():
    edits = (
        edit("one\ntwo", "1"),
        edit("two\nthree", "x", 2, "f2"),
        edit("three", "3", 3, "f3"),
    )
    plan = planned(FILE, *edits)
    assert plan.contents == {"a.py": b"1\n3\nfour\n"}
    assert list(plan.refused) == ["f2"]


def test_edits_of_a_file_that_no_longer_parses_are_undone_with_those_elsewhere():
    edits = (edit("one", "1"), edit("b", "B", 1, "f1", "b.py"), edit("c", "C", 2, "f2", "b.py"))
    contents = {"a.py": FILE, "b.py": b"b\nc\n"}
    plan = plan_edits(contents, edits, ("a.py",))
    assert plan.contents == {"b.py": b"b\nC\n"}
    assert plan.refused == {
        "f1": "With the suggested lines, a.py no longer parses: they were undone."
    }


CONTENT = st.lists(st.sampled_from([b"a", b"b", b" ", b"\n", b"\r\n", b"\r", b"\xff", b"\xc3\xa9"]))


@given(CONTENT.map(b"".join))
def test_lines_come_back_as_they_were(content):
    assert FileLines.of(content).content == content


LINES = st.lists(st.sampled_from(["a", "b", "ab", "  c"]), min_size=1, max_size=8)


@given(LINES, st.data(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_only_the_quoted_lines_change(lines, data, ending, has_end):
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start + 1, len(lines)))
    new = data.draw(st.lists(st.sampled_from(["x", "", "y"]), max_size=4))
    replacement = "\n".join(new) + "\n" if new else ""
    content = (ending.join(lines) + (ending if has_end else "")).encode()
    result = after(content, edit("\n".join(lines[start:end]), replacement, start + 1))
    wanted = [*lines[:start], *new, *lines[end:]]
    assert result == (ending.join(wanted) + (ending if has_end and wanted else "")).encode()


@given(
    LINES, st.lists(st.tuples(st.integers(0, 7), st.integers(1, 3), st.text("xy\n", max_size=4)))
)
def test_applied_edits_never_overlap_and_each_owner_is_either_done_or_refused(lines, wanted):
    content = ("\n".join(lines) + "\n").encode()
    edits = [
        edit("\n".join(lines[at : at + size]) or "gone", new, at + 1, f"f{number}")
        for number, (at, size, new) in enumerate(wanted)
    ]
    plan = planned(content, *edits)
    done = [one for one in edits if one.owner not in plan.refused]
    again = planned(content, *done)
    assert again.contents == plan.contents
    assert not again.refused


def test_the_words_of_a_range():
    assert LineRange(2, 3).words == "line 3"
    assert LineRange(2, 5).words == "lines 3-5"
