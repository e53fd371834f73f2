import random
from collections.abc import Collection, Mapping

from hypothesis import given
from hypothesis import strategies as st

from xreview.analysers.duplicates import LEAST, DuplicateBlock, Duplicates

BLOCK = [
    "rows = load(path, encoding='utf-8')",
    "for row in rows:",
    "    total = total + row.amount * rate",
    "    if row.is_late and not row.is_paid:",
    "        notify(row.customer, row.amount)",
    "        late = late + row.amount",
    "    for item in row.items:",
    "        count = count + item.count",
    "        store(item, total)",
    "    write(row, total)",
    "return total",
]
"""One line more than a block needs."""


def body(added: list[str], removed: list[str] = [], section: str = "", start: int = 1) -> bytes:  # noqa: B006
    head = f"@@ -1,{len(removed)} +{start},{len(added)} @@ {section}"
    rows = [head, *(f"-{row}" for row in removed), *(f"+{row}" for row in added)]
    return "".join(f"{row}\n" for row in rows).encode()


def blocks(*files: list[str]) -> list[DuplicateBlock]:
    return blocks_of({f"file_{index}.py": body(rows) for index, rows in enumerate(files)})


def blocks_of(files: Mapping[str, bytes], not_read: Collection[str] = ()) -> list[DuplicateBlock]:
    duplicates = Duplicates()
    for index, (path, hunks) in enumerate(files.items()):
        duplicates.add(index, path, hunks, is_read=path not in not_read)
    return duplicates.blocks()


def test_a_block_in_two_files_is_found_once_with_both_places() -> None:
    (block,) = blocks(["a = b()", *BLOCK], ["c = d()", "e = f()", *BLOCK])

    assert block == DuplicateBlock(
        11, file=1, start_line=3, end_line=13, other_file=0, other_line=2
    )


def test_a_block_may_stand_twice_in_one_file() -> None:
    (block,) = blocks([*BLOCK, "x = y()", *BLOCK])

    assert (block.file, block.start_line, block.other_file, block.other_line) == (0, 13, 0, 1)


def test_indentation_blank_lines_and_comments_make_no_difference() -> None:
    spread = [part for row in BLOCK for part in (f"        {row}", "", "# why")]

    (block,) = blocks(BLOCK, spread)

    assert block.count == len(BLOCK)


def test_nine_lines_are_no_block() -> None:
    assert blocks(BLOCK[: LEAST - 1], BLOCK[: LEAST - 1]) == []


def test_lines_that_were_there_before_part_a_block() -> None:
    parted = body(BLOCK[:5]) + body(BLOCK[5:], start=9)

    assert blocks_of({"a.py": body(BLOCK), "b.py": parted}) == []


def test_what_the_change_removes_is_moved_not_copied() -> None:
    files = {"a.py": body(BLOCK), "b.py": body(BLOCK)}

    assert blocks_of(files) != []
    assert blocks_of({**files, "c.py": body([], BLOCK)}, ["c.py"]) == []
    assert blocks_of({**files, "c.py": body([], BLOCK[:2])}, ["c.py"]) != []


def test_what_only_got_another_indentation_is_not_added() -> None:
    indented = [f"    {row}" for row in BLOCK]

    assert blocks_of({"a.py": body(indented, BLOCK), "b.py": body(indented, BLOCK)}) == []


def test_files_that_are_not_read_have_no_blocks() -> None:
    assert blocks_of({"a.py": body(BLOCK), "b.py": body(BLOCK)}, ["b.py"]) == []


def test_tests_inside_files_have_no_blocks() -> None:
    rows = ["#[cfg(test)]", "mod tests {", *(f"    {row}" for row in BLOCK), "}"]

    assert blocks_of({"a.rs": body(rows), "b.rs": body(rows)}) == []
    inside = body([f"    {row}" for row in BLOCK], section="mod tests {")
    assert blocks_of({"a.rs": inside, "b.rs": inside}) == []


def test_files_that_mirror_each_other_have_no_blocks() -> None:
    own = [f"own_{number} = f({number})" for number in range(30)]

    assert blocks_of({"lib/a.py": body(BLOCK), "copy/a.py": body(BLOCK)}) == []
    assert blocks_of({"lib/a.py": body([*own, *BLOCK]), "b/a.py": body([*BLOCK, *own[::-1]])}) != []


def test_a_file_is_reported_once_as_a_copy_and_once_as_an_original() -> None:
    other = [row.replace("row", "line") for row in BLOCK]
    several = blocks([*BLOCK, "x = y()", *other], [*BLOCK, "z = w()", *other, "more = text(1)"])
    everywhere = blocks(BLOCK, BLOCK, BLOCK, BLOCK)

    assert len(several) == len(everywhere) == 1


def test_parameters_imports_and_tables_are_no_block() -> None:
    parameters = [f"parameter_number_{number}: str | None = None," for number in range(20)]
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
    files[3][100:111] = BLOCK
    files[17][300:311] = BLOCK

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
        *(f"    Line = number({number}) of this text, while = nothing." for number in range(8)),
        '    """',
    ]  # fmt: skip
    parameters = [
        f"    name_{n}: str | None = None,  # kept = for(compatibility) {n}" for n in range(14)
    ]
    for lines in (documentation, parameters):
        assert blocks(lines, lines) == []
