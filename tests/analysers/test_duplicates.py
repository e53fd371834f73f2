import random

from hypothesis import given
from hypothesis import strategies as st

from xreview.analysers.duplicates import LEAST, DuplicateBlock, Duplicates

BLOCK = [
    "rows = load(path, encoding='utf-8')",
    "for row in rows:",
    "    total = total + row.amount * rate",
    "    if row.is_late and not row.is_paid:",
    "        notify(row.customer, row.amount)",
    "    write(row, total)",
    "return total",
]


def blocks(*files: list[str], start: int = 1) -> list[DuplicateBlock]:
    duplicates = Duplicates()
    for index, rows in enumerate(files):
        duplicates.add(index, list(enumerate(rows, start)))
    return duplicates.blocks()


def test_a_block_in_two_files_is_found_once_with_both_places() -> None:
    (block,) = blocks(["a = b()", *BLOCK], ["c = d()", "e = f()", *BLOCK])

    assert block == DuplicateBlock(7, file=1, start_line=3, end_line=9, other_file=0, other_line=2)


def test_a_block_may_stand_twice_in_one_file() -> None:
    (block,) = blocks([*BLOCK, "x = y()", *BLOCK])

    assert (block.file, block.start_line, block.other_file, block.other_line) == (0, 9, 0, 1)


def test_indentation_blank_lines_and_comments_make_no_difference() -> None:
    spread = [part for row in BLOCK for part in (f"        {row}", "", "# why")]

    (block,) = blocks(BLOCK, spread)

    assert block.count == len(BLOCK)


def test_five_lines_are_no_block() -> None:
    assert blocks(BLOCK[: LEAST - 1], BLOCK[: LEAST - 1]) == []


def test_lines_that_were_there_before_part_a_block() -> None:
    duplicates = Duplicates()
    duplicates.add(0, list(enumerate(BLOCK, 1)))
    numbers = [1, 2, 3, 7, 8, 9, 10]
    duplicates.add(1, list(zip(numbers, BLOCK, strict=True)))

    assert duplicates.blocks() == []


def test_parameters_imports_and_tables_are_no_block() -> None:
    parameters = [f"parameter_number_{number}: str | None = None," for number in range(10)]
    imports = [f"from package.module_{number} import name_{number}" for number in range(10)]
    table = [f"'a long key {number}': 'a long value {number}'," for number in range(10)]

    for rows in (parameters, imports, table):
        assert blocks(rows, rows) == []


def test_a_line_again_and_again_is_no_block() -> None:
    assert blocks(["registry.register(handler_of_everything)"] * 40) == []


@given(st.lists(st.lists(st.sampled_from([*BLOCK, "", "}"]), max_size=40), max_size=4))
def test_what_is_reported_is_really_there_twice(files: list[list[str]]) -> None:
    def counting(rows: list[str]) -> list[str]:
        return [row.strip() for row in rows if row not in ("", "}")]

    for block in blocks(*files):
        here = counting(files[block.file][block.start_line - 1 : block.end_line])
        there = counting(files[block.other_file][block.other_line - 1 :])
        assert len(here) == block.count >= LEAST
        assert there[: block.count] == here


def test_many_lines_are_no_trouble() -> None:
    choose = random.Random(1)
    files = [[f"call_{choose.random()}(argument)" for _ in range(500)] for _ in range(20)]
    files[3][100:107] = BLOCK
    files[17][300:307] = BLOCK

    (block,) = blocks(*files)

    assert (block.file, block.other_file) == (17, 3)


def test_documentation_and_commented_parameters_are_no_block() -> None:
    documentation = [
        'def load(path):',
        '    """Read `load(path)`, as `open(path)` would.',
        "    See also = the_other(path) for what = that does with it.",
        "    If it fails, raise whatever(open) raised; return nothing = nothing.",
        "    One more line = line(that) looks like code, and even = does(something).",
        "    And another = one(of) the same kind, for i in range(ten) lines.",
        "    The last = line(of) this text, while nothing = runs(here).",
        '    """',
    ]  # fmt: skip
    parameters = [
        f"    name_{n}: str | None = None,  # kept = for(compatibility) {n}" for n in range(7)
    ]
    for lines in (documentation, parameters):
        found = Duplicates()
        found.add(0, enumerate(lines, start=1))
        found.add(1, enumerate(lines, start=1))
        assert found.blocks() == []
