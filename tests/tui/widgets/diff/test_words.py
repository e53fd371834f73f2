import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import line_texts
from xreview.tui.widgets.diff.words import changed_words


def words(old: str, new: str) -> tuple[list[str], list[str]]:
    old_ranges, new_ranges = changed_words(old, new)
    return [old[a:b] for a, b in old_ranges], [new[a:b] for a, b in new_ranges]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("return a + b", "return a - b", (["+"], ["-"])),
        ("call(x)", "call(x, y)", ([], [", y"])),
        ("same", "same", ([], [])),
        ("nothing here", "totally other text", ([], [])),
        ("return x", "    return x", ([], [])),
        ("  return a", "\treturn b", (["a"], ["b"])),
        ("timeout = 25  # s", "timeout = 30  # s", (["25"], ["30"])),
    ],
)
def test_the_words_that_differ(old: str, new: str, expected: tuple[list[str], list[str]]) -> None:
    assert words(old, new) == expected


@given(line_texts, line_texts)
@settings(max_examples=300)
def test_what_is_not_marked_is_the_same_on_both_sides(old: str, new: str) -> None:
    old_ranges, new_ranges = changed_words(old, new)
    if not old_ranges and not new_ranges:
        return

    def rest(text: str, ranges: tuple[tuple[int, int], ...]) -> str:
        marked = {index for a, b in ranges for index in range(a, b)}
        return "".join(text[index] for index in range(len(text)) if index not in marked)

    # Blanks between two marked words are marked with them.
    assert "".join(rest(old, old_ranges).split()) == "".join(rest(new, new_ranges).split())
    for text, ranges in ((old, old_ranges), (new, new_ranges)):
        flat = [edge for pair in ranges for edge in pair]
        assert flat == sorted(set(flat))
        assert all(0 <= edge <= len(text) for edge in flat)


@given(st.integers(0, 2_000_000))
@settings(max_examples=20)
def test_huge_lines_are_compared_by_their_ends(at: int) -> None:
    line = "x" * 2_000_000
    other = f"{line[:at]}Y{line[at:]}"
    assert changed_words(line, other) == ((), ((at, at + 1),))
