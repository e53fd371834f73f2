from hypothesis import given

from tests.domain.attempt.texts import diff_of, trials
from xreview.domain.attempt.base_edits import edits_of
from xreview.domain.change import LineKind, parse_hunks


@given(trials())
def test_the_same_lines_as_in_the_hunks(trial):
    base, attempts = trial
    for new in attempts.values():
        body = diff_of(base, new).body
        lines = [line for hunk in parse_hunks(body) for line in hunk.lines]
        edits = list(edits_of(body))
        removed = [line for line in lines if line.kind is LineKind.REMOVED]
        added = [line for line in lines if line.kind is LineKind.ADDED]
        assert [text for edit in edits for text in edit.removed] == [one.text for one in removed]
        assert [text for edit in edits for text in edit.added] == [one.text for one in added]
        numbers = [number + 1 for edit in edits for number in range(edit.start, edit.end)]
        assert numbers == [one.old_number for one in removed]
        assert any(edit.was_cut for edit in edits) == any(
            one.ends_file_without_newline for one in removed
        )
        assert any(edit.is_cut for edit in edits) == any(
            one.ends_file_without_newline for one in added
        )


def test_a_hunk_of_no_old_lines_is_after_the_line_it_names():
    (edit,) = edits_of(b"@@ -3,0 +4,2 @@ def f():\n+x\n+y\n")
    assert (edit.start, edit.end, edit.added, edit.growth) == (3, 3, ["x", "y"], 2)
    (first,) = edits_of(b"@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n")
    assert (first.start, first.end, first.is_cut) == (0, 0, True)


def test_no_body_has_no_edits():
    assert list(edits_of(b"")) == []
