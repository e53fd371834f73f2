from hypothesis import given
from hypothesis import strategies as st

from tests.analysers.changes import diff_body
from xreview.domain.change import FileDiff, FileStatus, LineKind
from xreview.review.prompt.blocks import CodeBlock
from xreview.review.prompt.context import (
    NEAR_LINES,
    WHOLE_BLOCK_LINES,
    WHOLE_FILE_LINES,
    ShownFile,
    shown_file,
)


class GivenBlocks:
    """Blocks that a test says there are."""

    def __init__(self, *blocks: CodeBlock) -> None:
        self.blocks = list(blocks)

    async def around(self, path, text, lines):
        return [
            block
            for block in self.blocks
            if any(block.start <= line <= block.end for line in lines)
        ]


async def shown(
    old: str, new: str | None, *blocks: CodeBlock, diffed: str | None = None
) -> ShownFile:
    after = new if diffed is None else diffed
    file = FileDiff("a.py", FileStatus.MODIFIED, body=diff_body(old, after or ""))
    return await shown_file(file, new, GivenBlocks(*blocks))  # pyright: ignore[reportArgumentType]


def numbers(found: ShownFile) -> list[int]:
    return [line.new_number for part in found.segments for line in part if line.new_number]


def changed(found: ShownFile) -> list[tuple[str, str]]:
    return [
        (line.kind.value, line.text)
        for part in found.segments
        for line in part
        if line.kind is not LineKind.CONTEXT
    ]


def rows(count: int) -> list[str]:
    return [f"line {number}" for number in range(1, count + 1)]


def text_of(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


async def test_a_small_file_is_shown_whole() -> None:
    lines = rows(WHOLE_FILE_LINES)
    found = await shown(text_of(lines), text_of([*lines[:-1], "other"]))

    assert numbers(found) == list(range(1, WHOLE_FILE_LINES + 1))
    assert changed(found) == [("-", f"line {WHOLE_FILE_LINES}"), ("+", "other")]
    assert found.line_count == WHOLE_FILE_LINES


async def test_of_a_large_file_the_whole_function_is_shown_and_what_it_stands_in() -> None:
    lines = rows(1_000)
    new = [*lines]
    new[499] = "changed"
    blocks = [
        CodeBlock(100, 900),
        CodeBlock(450, 550, is_function=True),
        CodeBlock(495, 505, is_function=True),
    ]
    found = await shown(text_of(lines), text_of(new), *blocks)

    assert numbers(found) == [100, *range(450, 551)]


async def test_of_a_function_that_is_too_long_the_inner_one_or_what_is_near() -> None:
    lines = rows(1_000)
    new = [*lines]
    new[499] = "changed"
    long = CodeBlock(300, 300 + WHOLE_BLOCK_LINES, is_function=True)

    inner = await shown(text_of(lines), text_of(new), long, CodeBlock(495, 505, is_function=True))
    near = await shown(text_of(lines), text_of(new), long)

    assert numbers(inner) == [300, *range(495, 506)]
    assert numbers(near) == [300, *range(499 - NEAR_LINES, 500 + NEAR_LINES + 1)]


async def test_what_was_removed_stands_in_its_place() -> None:
    lines = rows(400)
    found = await shown(text_of(lines), text_of(lines[:199] + lines[201:]))

    (part,) = found.segments
    kinds = "".join(line.kind.value for line in part)
    assert kinds.strip() == "--"
    before = kinds.index("-")
    assert [line.text for line in part[before - 1 : before + 3]] == lines[198:202]


async def test_what_was_removed_at_the_end_is_shown() -> None:
    lines = rows(400)
    found = await shown(text_of(lines), text_of(lines[:-2]))

    assert changed(found) == [("-", "line 399"), ("-", "line 400")]
    assert found.segments[-1][-1].text == "line 400"


async def test_an_emptied_file_is_shown_by_what_was_in_it() -> None:
    found = await shown("a\nb\n", "")

    assert changed(found) == [("-", "a"), ("-", "b")]


async def test_without_the_content_there_are_the_hunks() -> None:
    lines = rows(400)
    new = text_of([*lines[:-1], "other"])

    without = await shown(text_of(lines), None, diffed=new)
    outdated = await shown(text_of(lines), "something else\n", diffed=new)

    assert numbers(without) == numbers(outdated) == [397, 398, 399, 400]
    assert without.line_count is outdated.line_count is None


line_lists = st.lists(st.sampled_from(["a", "b", "    c", "", "\r", "é"]), max_size=30)


@given(
    line_lists,
    line_lists,
    st.integers(0, 200),
    st.lists(st.tuples(st.integers(1, 230), st.integers(0, 230))),
)
async def test_every_changed_line_is_shown_once_in_order(old, new, padding, spans) -> None:
    around = rows(padding)
    before, after = text_of([*around, *old, *around]), text_of([*around, *new, *around])
    blocks = [CodeBlock(start, start + length, length % 2 == 0) for start, length in spans]

    found = await shown(before, after, *blocks)

    file = FileDiff("a.py", FileStatus.MODIFIED, body=diff_body(before, after))
    expected = [
        (line.kind.value, line.text)
        for hunk in file.hunks
        for line in hunk.lines
        if line.kind is not LineKind.CONTEXT
    ]
    assert changed(found) == expected
    assert numbers(found) == sorted(set(numbers(found)))
    for part in found.segments:
        for line in part:
            if line.new_number is not None:
                assert line.text == after.split("\n")[line.new_number - 1]
