from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import file_of, line_texts, marked
from xreview.tui.widgets.diff import pairs
from xreview.tui.widgets.diff.pairs import LineChange, line_changes, pair_lines
from xreview.tui.widgets.diff.passage import Passage
from xreview.tui.widgets.diff.rows import FileRows


def changes(text: str) -> dict[str, LineChange]:
    """What changed in each line of a diff written down, by the line."""
    file = file_of((1, 1, marked(text)))
    passage = Passage((0, 0), file, next(FileRows(file).blocks()))
    texts = {number: passage.text(row) for number, row in passage.rows}
    return {texts[number]: change for number, change in line_changes(passage.rows, texts).items()}


def words(text: str) -> dict[str, list[str]]:
    return {line: [line[a:b] for a, b in one.words] for line, one in changes(text).items()}


def test_an_inserted_line_does_not_shift_the_pairs() -> None:
    removed = "-first = load(1)\n-second = save(2)\n"
    assert words(f"{removed}+check()\n+first = load(3)\n+second = save(4)") == {
        "first = load(1)": ["1"],
        "first = load(3)": ["3"],
        "second = save(2)": ["2"],
        "second = save(4)": ["4"],
    }  # fmt: skip


def test_a_moved_line_pairs_with_itself() -> None:
    found = words("-alpha(1, 2)\n-beta = gamma\n+beta = gamma\n+alpha(1, 3)")
    assert found["alpha(1, 3)"] == ["3"]
    assert found["beta = gamma"] == []


def test_a_reindented_line_has_no_changed_words() -> None:
    found = changes("-return x\n+    return x")
    assert found == {
        "return x": LineChange(is_reindented=True),
        "    return x": LineChange(is_reindented=True),
    }


def test_a_reindented_and_edited_line_has_only_the_edited_words() -> None:
    assert words("-\treturn first(x)\n+        return second(x)") == {
        "\treturn first(x)": ["first"],
        "        return second(x)": ["second"],
    }


def test_carriage_returns_do_not_count() -> None:
    assert changes("-x = 1\r\n+x = 1") == {
        "x = 1\r": LineChange(),
        "x = 1": LineChange(),
    }


def test_lines_with_nothing_in_common_stay_alone() -> None:
    assert words("-alpha\n-beta\n+gamma\n+delta\n+beta()") == {"beta": [], "beta()": ["()"]}


def test_a_context_line_ends_a_run() -> None:
    assert changes("-x = 1\n y\n+x = 2") == {}


def test_long_runs_are_paired_by_position() -> None:
    count = int(pairs._MOST_COMPARED**0.5) + 1
    old = [f"old({number})" for number in range(count)]
    new = [f"new({number})" for number in reversed(range(count))]
    assert pair_lines(old, new) == [(number, number) for number in range(count)]


@given(st.lists(line_texts, max_size=12), st.lists(line_texts, max_size=12))
@settings(max_examples=200, deadline=None)
def test_each_line_is_in_one_pair_at_most(old: list[str], new: list[str]) -> None:
    found = pair_lines(old, new)
    assert len({left for left, _ in found}) == len(found) == len({right for _, right in found})
    assert all(0 <= left < len(old) and 0 <= right < len(new) for left, right in found)


@given(st.lists(st.text("abc =()", min_size=1), unique_by=str.strip, max_size=12), st.randoms())
def test_lines_that_only_moved_pair_with_themselves(lines: list[str], random: object) -> None:
    old = [line for line in lines if line.strip()]
    new = [f"  {line}" for line in old]
    random.shuffle(new)  # pyright: ignore[reportAttributeAccessIssue]
    assert all(new[right].strip() == old[left].strip() for left, right in pair_lines(old, new))
    assert len(pair_lines(old, new)) == len(old)
