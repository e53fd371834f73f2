"""What is taken is on disk before it is, and readable afterwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import labels, names, texts
from xreview.domain.attempt.piece import PieceRef
from xreview.domain.errors import ChangeError
from xreview.review.attempts.take_note import (
    TakeNote,
    read_note,
    take_folder,
    take_folders,
    write_note,
)

NOTES = st.builds(
    TakeNote,
    st.dictionaries(st.builds(PieceRef, names | st.just("\udcff\n"), st.integers(0, 9)), labels),
    labels | st.just(""),
    texts,
    st.none() | st.booleans(),
)


@given(NOTES)
def test_it_is_read_as_it_was_written(tmp_path_factory, note):
    folder = take_folder(tmp_path_factory.mktemp("trial"), "1a2b")
    write_note(folder, note)
    assert read_note(folder) == note


def test_what_is_no_note_is_none(tmp_path):
    assert take_folders(tmp_path) == ()
    write_note(take_folder(tmp_path, "1a"), TakeNote({}, "A", "", None))
    (folder,) = take_folders(tmp_path)
    for text in ("", "[]", '{"choice": [["zz", 0, "A"]]}', '{"choice": [[1]]}', "\0"):
        (folder / "take.json").write_text(text)
        assert read_note(folder) is None
    (folder / "take.json").unlink()
    assert read_note(folder) is None


def test_a_full_disk_is_told(tmp_path):
    (tmp_path / "taken").write_text("in the way")
    with pytest.raises(ChangeError, match="can't be made"):
        write_note(take_folder(tmp_path, "1a"), TakeNote({}, "A", "", None))
