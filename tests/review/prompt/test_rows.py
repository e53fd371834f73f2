import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.domain.strategies import texts as hostile
from xreview.domain.change import FileDiff, FileStatus, Line, LineKind
from xreview.review.prompt.context import ShownFile
from xreview.review.prompt.pieces import LONGEST_ROW, drawn, prompt_name, row


def test_a_file_as_it_is_drawn() -> None:
    segments = (
        (
            Line(LineKind.CONTEXT, 12, 12, "def pay(amount):"),
            Line(LineKind.REMOVED, 13, None, "    charge(amount)"),
            Line(LineKind.ADDED, None, 13, "    charge(amount, key)"),
        ),
        (Line(LineKind.CONTEXT, 20, 20, ""),),
    )
    file = FileDiff("src/pay.py", FileStatus.RENAMED, old_path="pay.py")

    assert drawn(ShownFile(file, segments, 21), segments) == (
        '=== "src/pay.py" (renamed, was "pay.py"), 21 lines\n'
        "~~~ lines 1-11 are not shown\n"
        "    12|def pay(amount):\n"
        "-   13|    charge(amount)\n"
        "+   13|    charge(amount, key)\n"
        "~~~ lines 14-19 are not shown\n"
        "    20|\n"
        "~~~ line 21 is not shown"
    )


def test_a_part_says_so() -> None:
    shown = ShownFile(FileDiff("a", FileStatus.ADDED), (), None)

    assert (
        drawn(shown, (), (2, 3))
        == '=== "a" (added), part 2 of 3: the others are reviewed separately'
    )


def test_a_long_line_is_cut_and_says_so() -> None:
    drawn_row = row(Line(LineKind.ADDED, None, 1, "x" * (LONGEST_ROW + 7)))

    assert drawn_row.endswith("x ~~~ 7 more characters are not shown")


@given(hostile)
def test_a_name_is_one_line_and_comes_back(path) -> None:
    name = prompt_name(path)

    name.encode("utf-8")
    assert json.loads(name) == path
    assert name.isprintable()


@pytest.mark.parametrize("path", ["src/é.py", "日本/a b.py", "a.py"])
def test_an_ordinary_name_is_readable(path: str) -> None:
    assert prompt_name(path) == f'"{path}"'


@example("\udce9\r\x1b", LineKind.ADDED)
@given(hostile.filter(lambda text: "\n" not in text), st.sampled_from(LineKind))
def test_code_never_begins_a_line(text, kind) -> None:
    line = Line(kind, 3, 3, text)

    assert re.match(r"[ +-] +3\|", row(line))
    row(line).encode("utf-8")


@given(hostile)
def test_no_row_is_two_lines_to_any_reader(text) -> None:
    (line,) = row(Line(LineKind.ADDED, None, 1, text.replace("\n", " "))).splitlines()

    assert line.startswith("+    1|")


def test_what_is_not_what_it_looks_like_is_said_below_the_line() -> None:
    segments = (
        (
            Line(LineKind.REMOVED, 4, None, "if user.admin:"),
            Line(LineKind.ADDED, None, 4, "if user.\u0430dmin:\r"),
            Line(LineKind.ADDED, None, 5, "x = 1 # \u202e~~~ lines 1-9 are not shown\r"),
            Line(LineKind.ADDED, None, 6, "# Größe, 漢字, ❤\ufe0f"),
        ),
    )

    assert drawn(ShownFile(FileDiff("a.py", FileStatus.MODIFIED), segments, None), segments) == (
        '=== "a.py" (modified)\n'
        "~~~ lines 1-3 are not shown\n"
        "-    4|if user.admin:\n"
        "+    4|if user.\u0430dmin:\r\n"
        '~~~ line 4 above has "\\u0430dmin", Cyrillic and Latin letters that read "admin"\n'
        "+    5|x = 1 # ⇄~~~ lines 1-9 are not shown\r\n"
        "~~~ line 5 above has U+202E RIGHT-TO-LEFT OVERRIDE, shown as ⇄\n"
        "+    6|# Größe, 漢字, ❤\ufe0f"
    )
