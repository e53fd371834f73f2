from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import body_of, file_of, line_texts, marked
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.errors import ChangeError
from xreview.tui.widgets.diff import true_colours
from xreview.tui.widgets.diff.highlight import lexer_for, spans_of
from xreview.tui.widgets.diff.passage import Passage
from xreview.tui.widgets.diff.rows import FileRows
from xreview.tui.widgets.diff.true_colours import FileColours, LexedText

INSIDE = {
    "a.py": ('"""\nReturn the sum\n  if it is not None\n"""\n', "documentation"),
    "a.rs": ("/*\nReturn the sum\n  if it is not None\n*/\n", "comment"),
    "a.js": ("x = `\nReturn the sum\n  if it is not None\n`\n", "string"),
    "a.sh": ("cat <<END\nReturn the sum\n  if it is not None\nEND\n", "string"),
    "a.html": ("<!--\nReturn the sum\n  if it is not None\n-->\n", "comment"),
}


def passages(file: FileDiff) -> list[Passage]:
    return [Passage((0, n), file, block) for n, block in enumerate(FileRows(file).blocks())]


def groups(colours: FileColours, file: FileDiff, row: int) -> set[str]:
    spans = colours.spans(passages(file)[0])
    return {group for _start, _end, group in spans[row]}


@pytest.mark.parametrize("path", INSIDE)
def test_a_hunk_that_begins_inside_is_coloured_as_inside(path: str) -> None:
    text, group = INSIDE[path]
    file = file_of((2, 2, marked(" Return the sum\n+  if it is not None")), path=path)
    colours = FileColours(lambda _file, side: text.encode() if side is Side.NEW else None)
    assert groups(colours, file, 2) == {group}
    assert groups(colours, file, 3) == {group}


def test_each_side_has_its_own_state() -> None:
    old, new = b'"""\nreturn one\n"""\n', b"'x'\nreturn two\n"
    file = file_of((2, 2, marked("-return one\n+return two")))
    colours = FileColours(lambda _file, side: old if side is Side.OLD else new)
    assert groups(colours, file, 2) == {"documentation"}
    assert groups(colours, file, 3) == {"keyword"}


def test_a_renamed_file_is_lexed_by_both_its_names() -> None:
    body = body_of((2, 2, marked("-func one() {}\n+func two() {}")))
    file = FileDiff("a.go", FileStatus.RENAMED, old_path="a.py", body=body)
    content = {Side.OLD: b"x\nfunc one() {}\n", Side.NEW: b"x\nfunc two() {}\n"}
    colours = FileColours(lambda _file, side: content[side])
    assert "keyword" not in groups(colours, file, 2)
    assert "keyword" in groups(colours, file, 3)


@pytest.mark.parametrize("text", [b"", b'"""\nother\n', b'"""', b'"""\nreturn one'])
def test_a_text_that_does_not_fit_the_diff_colours_nothing(text: bytes) -> None:
    file = file_of((2, 2, marked("+return one\n return two")))
    assert FileColours(lambda _file, _side: text).spans(passages(file)[0]) == {}


def test_a_file_is_read_once_and_kept() -> None:
    read: list[tuple[str, Side]] = []

    def source(file: FileDiff, side: Side) -> bytes:
        read.append((file.path, side))
        return b"x\n" * 50

    file = file_of((2, 2, marked(" x\n x")), (40, 40, marked(" x\n x")))
    colours = FileColours(source)
    for passage in [*passages(file), *passages(file)]:
        assert len(colours.spans(passage)) == 2
    assert read == [(file.path, Side.NEW)]


def test_only_some_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(true_colours, "_KEPT_CHARACTERS", 10)
    read: list[str] = []

    def source(file: FileDiff, side: Side) -> bytes:
        read.append(file.path)
        return b"x\nx = 1\n"

    one = file_of((2, 2, marked(" x = 1")), path="one.py")
    two = file_of((2, 2, marked(" x = 1")), path="two.py")
    colours = FileColours(source)
    for file in (one, one, two, one):
        colours.spans(passages(file)[0])
    assert read == ["one.py", "two.py", "one.py"]


def test_what_cannot_be_read_is_the_reader_s_error() -> None:
    def source(file: FileDiff, side: Side) -> bytes:
        raise ChangeError("git is gone.", "Install it.")

    with pytest.raises(ChangeError):
        FileColours(source).spans(passages(file_of((2, 2, marked(" x"))))[0])


def test_a_long_file_is_lexed_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(true_colours, "MOST_CHARACTERS", 30)
    text = LexedText("a.py", b"return 1\n" * 10)
    assert text.line(3) == "return 1"
    assert text.spans(3)
    assert text.line(4) is None
    assert text.spans(4) is None


def test_a_slow_lexer_is_given_up() -> None:
    text = LexedText("a.py", b"return 1\n" * 10, most_seconds=0)
    assert text.spans(1) is None


@given(
    st.sampled_from(["a.py", "a.html", "a.md", "a.yaml", "a.js"]),
    st.lists(line_texts, min_size=1, max_size=12),
    st.lists(st.integers(1, 14), max_size=6),
)
@settings(max_examples=200, deadline=None)
def test_lines_lexed_one_by_one_are_those_lexed_at_once(
    path: str, lines: list[str], wanted: list[int]
) -> None:
    text = LexedText(path, "\n".join(lines).encode("utf-8", "surrogateescape"))
    lexer = lexer_for(path)
    assert lexer is not None
    whole = spans_of(lexer, lines)
    for number in wanted:
        expected = whole[number - 1] if number <= len(lines) else None
        assert text.spans(number) == expected
        assert text.line(number) == (lines[number - 1] if number <= len(lines) else None)
        assert all(one[1] <= other[0] for one, other in pairwise(expected or ()))
