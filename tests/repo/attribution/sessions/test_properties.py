"""Parsers take anything, and find what was written."""

import io
import json
import time

from hypothesis import given
from hypothesis import strategies as st

from xreview.repo.attribution.json_fields import json_object
from xreview.repo.attribution.sessions import records
from xreview.repo.attribution.sessions.records import marked_lines
from xreview.repo.attribution.sessions.scoring import Board, SessionEdit, is_trivial
from xreview.repo.attribution.sessions.tools.aider import AiderEdits
from xreview.repo.attribution.sessions.transcript import LINE_BYTES, SearchBounds
from xreview.repo.attribution.sessions.writes import (
    added_by_file,
    here_documents,
    patched_files,
    written_by,
)

ROWS = st.lists(st.text(st.characters(blacklist_characters="\n\r"), max_size=20), max_size=20)
NAMES = st.sampled_from(["a.py", "shop/b c.py"])
ODD = st.lists(
    st.sampled_from(
        ["<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "```", "```diff", "a.py", "@@", "+++ b",
         "*** Begin Patch", "*** Add File: x", "*** Move to: y", "+z", "-z", "cat > x <<E", "E"]
    ),
    max_size=30,
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["path", "content", "edits", "new_string", "command", "input"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(NAMES, ROWS)
def test_a_patch_gives_back_its_lines(name, rows):
    text = "\n".join(["*** Begin Patch", f"*** Add File: {name}", *(f"+{row}" for row in rows)])
    expected = [(name, "\n".join(rows))] if rows else []
    assert list(patched_files(f"before\n{text}\n*** End Patch\nafter")) == expected


@given(NAMES, ROWS)
def test_a_diff_gives_back_its_lines(name, rows):
    text = "\n".join([f"--- a/{name}", f"+++ b/{name}", "@@ -0,0 +1 @@", *(f"+{r}" for r in rows)])
    assert list(added_by_file(text)) == ([(name, "\n".join(rows))] if rows else [])


@given(ROWS)
def test_a_here_document_gives_back_its_lines(rows):
    kept = [row for row in rows if row.strip("\t") != "END"]
    text = "\n".join(["cat > 'a b.py' <<-'END'", *kept, "END", "echo done > x"])
    assert list(here_documents(text)) == [("a b.py", "\n".join(kept))]


@given(ODD)
def test_no_order_of_marks_breaks_a_parser(rows):
    text = "\n".join(rows)
    list(patched_files(text))
    list(added_by_file(text))
    list(here_documents(text))
    parser = AiderEdits()
    for row in rows:
        list(parser.feed(row))


@given(JSON)
def test_any_arguments_can_be_asked(value):
    for change in written_by(value):
        assert change.path
        assert repr(change) == f"Written(path={change.path!r})"


@given(st.text() | JSON.map(json.dumps))
def test_only_objects_are_parsed(text):
    found = json_object(text)
    assert found is None or isinstance(found, dict)


@given(
    st.lists(st.binary(max_size=60).map(lambda row: row.replace(b"\n", b"")), max_size=30),
    st.integers(1, 40),
)
def test_lines_do_not_depend_on_how_they_are_read(rows, size):
    chunk, records.CHUNK_BYTES = records.CHUNK_BYTES, size
    try:
        reading = SearchBounds(time.monotonic() + 60)
        found = list(marked_lines(io.BytesIO(b"\n".join(rows)), (b"a", b"\0\1"), reading, "x"))
    finally:
        records.CHUNK_BYTES = chunk
    assert found == [row for row in rows if b"a" in row or b"\0\1" in row]


def test_a_line_too_long_is_left_out_and_the_next_is_found():
    rows = [b"a1", b"a" * (LINE_BYTES + 1), b"a2", b"a" * (5 * LINE_BYTES), b"a3"]
    reading = SearchBounds(time.monotonic() + 60)
    found = list(marked_lines(io.BytesIO(b"\n".join(rows)), (b"a",), reading, "x"))
    assert found == [b"a1", b"a2", b"a3"]
    assert sum(reading.left_out.values()) == 2


@given(st.dictionaries(st.integers(1, 40), st.sampled_from(
    ["", "}", "else:", "total = price_of(item)", "return total", "print(total)"])))  # fmt: skip
def test_what_a_session_wrote_is_in_the_change(rows):
    board = Board({"a": rows})
    board.take(SessionEdit("a", "m", "", "total = price_of(item)\n}\nelse:\n"))
    wrote = {number for number, row in rows.items() if row == "total = price_of(item)"}
    matches = board.close_session()
    assert len(matches) == (1 if wrote else 0)
    for match in matches:
        (lines,) = match.lines
        covered = {n for start, end in lines.ranges for n in range(start, end + 1)}
        assert wrote <= covered <= set(rows)
        assert all(is_trivial(rows[number]) for number in covered - wrote)
        assert match.matched == len(wrote)
        assert match.possible == sum(not is_trivial(row) for row in rows.values())
    assert board.close_session() == ()
