"""The old side of a file, from its new side and the patch."""

from hypothesis import given
from hypothesis import strategies as st

from tests.repo.builder import Builder
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.review.fixing.fixed_tree import FixedFiles, before_patch
from xreview.review.fixing.rule_rerun import whole_file

LINES = st.lists(st.sampled_from(["a", "b", "", "c\r", "é", "  d"]), max_size=12)
BUILDERS: dict[str, Builder] = {}


def text_of(lines: list[str], is_ended: bool) -> bytes:
    return ("\n".join(lines) + ("\n" if is_ended and lines else "")).encode()


def diff_of(factory, before: bytes, after: bytes) -> bytes:
    top = factory.getbasetemp() / "diffs"
    builder = BUILDERS.get(str(top)) or Builder(top)
    BUILDERS[str(top)] = builder
    builder.write("old", before)
    builder.write("new", after)
    told = builder.git_bytes("diff", "--no-index", "--no-color", "old", "new", check=False)
    at = told.find(b"@@")
    return told[at:] if at >= 0 else b""


@given(LINES, LINES, st.booleans(), st.booleans())
def test_a_patch_is_taken_back(tmp_path_factory, old, new, old_ends, new_ends):
    before, after = text_of(old, old_ends), text_of(new, new_ends)
    file = FileDiff("a.txt", FileStatus.MODIFIED, body=diff_of(tmp_path_factory, before, after))
    assert before_patch(file, after) == before


def test_a_patch_of_other_content_does_not_fit():
    file = FileDiff("a.txt", FileStatus.MODIFIED, body=b"@@ -1 +1 @@\n-a\n+b\n")
    assert before_patch(file, b"c\n") is None


@given(LINES, st.booleans())
def test_a_whole_file_is_all_new(lines, is_ended):
    content = text_of(lines, is_ended)
    file = whole_file("a.txt", content)
    assert before_patch(file, content) == b""
    rows = content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
    assert sum(map(len, file.touched(Side.NEW))) == rows


async def test_both_sides_of_files(tmp_path):
    (tmp_path / "a.py").write_text("new\n")
    (tmp_path / "b.py").write_text("fresh\n")
    (tmp_path / "same.py").write_text("same\n")
    edited = FileDiff("a.py", FileStatus.MODIFIED, body=b"@@ -1 +1 @@\n-old\n+new\n")
    fresh = FileDiff("b.py", FileStatus.ADDED, body=b"@@ -0,0 +1 @@\n+fresh\n")
    gone = FileDiff("c.py", FileStatus.DELETED, body=b"@@ -1 +0,0 @@\n-gone\n")
    files = FixedFiles(tmp_path, (edited, fresh, gone))
    assert (files.old("a.py"), files.new("a.py")) == (b"old\n", b"new\n")
    assert (files.old("b.py"), files.new("b.py")) == (None, b"fresh\n")
    assert (files.old("c.py"), files.new("c.py")) == (b"gone\n", None)
    assert files.old("same.py") == files.new("same.py") == b"same\n"
    assert await files.read(edited, Side.OLD) == b"old\n"
    assert await files.read(edited, Side.NEW) == b"new\n"
