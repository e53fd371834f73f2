import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysers.changes import diff_body
from xreview.analysers import source as module
from xreview.analysers.complexity import old_side
from xreview.analysers.source import OutOfDateError, Source, added_text

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "  d", ""]), min_size=1, max_size=30).map(
    lambda rows: "".join(f"{row}\n" for row in rows)
)


@given(old=TEXTS, new=TEXTS)
def test_undoing_the_hunks_gives_the_old_side(old: str, new: str) -> None:
    assert old_side(new, diff_body(old, new)) == old


@given(new=TEXTS)
def test_a_new_file_is_the_lines_it_adds(new: str) -> None:
    assert added_text(diff_body("", new)) == new.encode()


@given(content=st.binary(max_size=400))
def test_the_clean_text_is_as_long_as_the_text_and_can_be_encoded(content: bytes) -> None:
    source = Source.of("python", content, b"", is_test=False, is_aside=False)

    assert len(source.clean) == len(source.text)
    assert source.clean.count("\n") == source.text.count("\n")
    source.clean.encode("utf-8")
    assert "\r" not in source.clean.replace("\r\n", "")


def test_a_file_that_was_written_to_since_is_not_taken_for_the_change() -> None:
    body = diff_body("", "one\ntwo\n")

    with pytest.raises(OutOfDateError):
        assert Source.of("python", b"one\nTWO\n", body, is_test=False, is_aside=False).added
    with pytest.raises(OutOfDateError):
        assert Source.of("python", b"one", body, is_test=False, is_aside=False).added


def test_line_ends_that_git_converts_are_no_difference() -> None:
    body = diff_body("", "one\ntwo\n")

    assert Source.of("python", b"one\r\ntwo\r\n", body, is_test=False, is_aside=False).added == {
        1,
        2,
    }


def test_a_huge_file_is_cut_where_something_new_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 50)
    text = "def a():\n    pass\n\n\ndef b():\n    pass\n\n\ndef c():\n    pass\n"

    cut = Source.of("python", text.encode(), diff_body("", text), is_test=False, is_aside=False)

    assert cut.is_cut
    assert cut.text.rstrip() == "def a():\n    pass\n\n\ndef b():\n    pass"
    assert max(cut.added) <= len(cut.lines)
