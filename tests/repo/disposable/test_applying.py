"""A patch gets into the user's files whole, by file or by hunk, and out again, to the byte."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.builder import Builder
from tests.repo.disposable.trees import applying, files_of, hashed, tree_of, write
from xreview.domain.errors import ChangeError
from xreview.repo.disposable.applying import PatchPart
from xreview.repo.disposable.undo_record import UndoRecords

LONG = [f"line {number}\n" for number in range(40)]


def changed(*numbers: int, lines=LONG) -> str:
    return "".join(line.upper() if at in numbers else line for at, line in enumerate(lines))


@pytest.fixture
def long(project):
    """A checkout with a file of 40 lines, and a tree whose lines 2, 20 and 38 are changed."""
    project.write("long.txt", "".join(LONG))
    tree = tree_of(project)
    write(tree, "long.txt", changed(2, 20, 38))
    return project, tree


def test_every_kind_of_change_is_applied_and_reverted_to_the_byte(project):
    project.write("old.txt", "".join(LONG))
    project.write("run.sh", "echo\n")
    project.write("data.bin", b"\0\1")
    project.write("crlf.txt", "a\r\nb\r\nc")
    project.write("gone/deep/x.txt", "x\n")
    project.write("was link", "file\n")
    project.link("link", "a.txt")
    project.write("private.txt", "p\n").chmod(0o600)
    project.commit()
    project.write("a.txt", "dirty\n")
    before = hashed(project.top)
    tree = tree_of(project)
    (tree.top / "old.txt").unlink()
    write(tree, "moved/new.txt", changed(3))
    (tree.top / "run.sh").chmod(0o755)
    write(tree, "data.bin", b"\0\2\xff")
    write(tree, "crlf.txt", "a\r\nB\r\nc")
    (tree.top / "gone/deep/x.txt").unlink()
    write(tree, "empty", b"")
    write(tree, "private.txt", "q")
    (tree.top / "link").unlink()
    (tree.top / "link").symlink_to("crlf.txt")
    (tree.top / "was link").unlink()
    (tree.top / "was link").symlink_to("a.txt")
    write(tree, "a.txt", "clean\n")
    after = files_of(tree.top)
    use = applying(project, tree)
    done = use.apply(None)
    assert (done.merged, done.conflicts) == ((), ())
    assert set(done.paths) >= {"old.txt", "moved/new.txt", "gone/deep/x.txt"}
    expected = {**after, "private.txt": (0o100600, after["private.txt"][1])}
    assert files_of(project.top) == expected
    assert not (project.top / "gone").exists()
    assert applying(project, tree).apply(None).id == ""
    use.revert(done.id)
    assert hashed(project.top) == before
    use.revert(done.id)
    assert use.applied_parts == {}


def test_a_file_and_a_folder_change_places(project):
    project.write("folder/x.txt", "x\n")
    project.write("file", "f\n")
    before = files_of(project.top)
    tree = tree_of(project)
    (tree.top / "folder/x.txt").unlink()
    (tree.top / "folder").rmdir()
    write(tree, "folder", "now a file\n")
    (tree.top / "file").unlink()
    write(tree, "file/y.txt", "now a folder\n")
    use = applying(project, tree)
    done = use.apply(None)
    assert done.conflicts == ()
    assert files_of(project.top) == files_of(tree.top)
    use.revert(done.id)
    assert files_of(project.top) == before


def test_a_file_for_a_folder_with_more_in_it_is_a_conflict(project):
    project.write("folder/x.txt", "x\n")
    tree = tree_of(project)
    (tree.top / "folder/x.txt").unlink()
    (tree.top / "folder").rmdir()
    write(tree, "folder", "now a file\n")
    project.write("folder/mine.txt", "mine\n")
    done = applying(project, tree).apply(None)
    assert done.conflicts == ("folder",)
    assert (project.top / "folder/mine.txt").read_text() == "mine\n"


def test_hunks_one_by_one(long):
    project, tree = long
    use = applying(project, tree)
    first = use.apply([PatchPart("long.txt", 2)])
    assert (project.top / "long.txt").read_text() == changed(38)
    second = use.apply([PatchPart("long.txt", 0)])
    assert (project.top / "long.txt").read_text() == changed(2, 38)
    assert use.applied_parts == {"long.txt": frozenset({0, 2})}
    with pytest.raises(ChangeError, match="changed since"):
        use.revert(first.id)
    use.revert(second.id)
    assert (project.top / "long.txt").read_text() == changed(38)
    use.apply(None)
    assert (project.top / "long.txt").read_text() == changed(2, 20, 38)


def test_a_moved_file_moves_with_its_first_hunk(project):
    project.write("old.txt", "".join(LONG))
    before = files_of(project.top)
    tree = tree_of(project)
    (tree.top / "old.txt").unlink()
    write(tree, "new.txt", changed(2, 38)).chmod(0o755)
    use = applying(project, tree)
    first = use.apply([PatchPart("new.txt", 1)])
    assert first.paths == ("old.txt", "new.txt")
    assert (project.top / "new.txt").read_text() == changed(38)
    assert not (project.top / "old.txt").exists()
    second = use.apply([PatchPart("new.txt", 0)])
    assert files_of(project.top) == files_of(tree.top)
    use.revert(second.id)
    use.revert(first.id)
    assert files_of(project.top) == before


@pytest.mark.parametrize("part", [PatchPart("long.txt", 3), PatchPart("none", None)])
def test_a_part_that_does_not_exist_is_refused(long, part):
    project, tree = long
    with pytest.raises(ChangeError):
        applying(project, tree).apply([part])


def test_a_file_that_moved_on_is_merged(long):
    project, tree = long
    project.write("long.txt", "mine\n" + "".join(LONG))
    use = applying(project, tree)
    done = use.apply(None)
    assert (done.paths, done.merged, done.conflicts) == (("long.txt",), ("long.txt",), ())
    assert (project.top / "long.txt").read_text() == "mine\n" + changed(2, 20, 38)
    use.revert(done.id)
    assert (project.top / "long.txt").read_text() == "mine\n" + "".join(LONG)


def test_a_conflict_leaves_the_file_and_applies_the_rest(long):
    project, tree = long
    write(tree, "b.txt", "fixed\n")
    mine = "".join(LONG).replace("line 20\n", "mine\n")
    project.write("long.txt", mine)
    use = applying(project, tree)
    done = use.apply(None)
    assert (done.paths, done.conflicts) == (("b.txt",), ("long.txt",))
    assert (project.top / "long.txt").read_text() == mine
    marked = use.apply([PatchPart("long.txt", None)], with_conflicts=True)
    assert marked.conflicts == ("long.txt",)
    text = (project.top / "long.txt").read_text()
    assert "<<<<<<< yours\nmine\n=======\nLINE 20\n>>>>>>> the fix\n" in text
    assert text.startswith(changed(2)[:40])
    use.revert(marked.id)
    assert (project.top / "long.txt").read_text() == mine


def test_conflict_markers_are_those_of_every_configuration(long):
    project, tree = long
    project.git("config", "merge.conflictStyle", "diff3")
    project.write("long.txt", "".join(LONG).replace("line 20\n", "mine\n"))
    applying(project, tree).apply(None, with_conflicts=True)
    assert "before the fix" not in (project.top / "long.txt").read_text()


def test_what_cannot_be_merged_is_a_conflict_and_stays(project, tmp_path):
    project.write("data.bin", b"\0\1")
    project.write("deleted.txt", "d\n")
    project.write("sub/x.txt", "x\n")
    tree = tree_of(project)
    write(tree, "data.bin", b"\0\2")
    write(tree, "deleted.txt", "fixed\n")
    write(tree, "added.txt", "theirs\n")
    write(tree, "a.txt", "fixed\n")
    write(tree, "sub/x.txt", "fixed\n")
    (tree.top / "b.txt").unlink()
    project.write("data.bin", b"\0\3")
    project.delete("deleted.txt")
    project.write("added.txt", "mine\n")
    project.link("a.txt", "../outside.txt")
    project.write("b.txt", "mine\n")
    (tmp_path / "outside.txt").write_text("outside\n")
    (project.top / "sub").rename(tmp_path / "elsewhere")
    project.link("sub", "../elsewhere")
    before = hashed(project.top)
    done = applying(project, tree).apply(None)
    assert (done.id, done.paths) == ("", ())
    assert set(done.conflicts) == {
        "data.bin", "deleted.txt", "added.txt", "a.txt", "b.txt", "sub/x.txt",
    }  # fmt: skip
    assert hashed(project.top) == before
    assert (tmp_path / "outside.txt").read_text() == "outside\n"
    assert (tmp_path / "elsewhere/x.txt").read_text() == "x\n"


def test_what_the_user_has_done_already_is_no_change(long):
    project, tree = long
    project.write("long.txt", changed(2, 20, 38))
    assert applying(project, tree).apply(None).id == ""


def test_what_the_user_took_back_with_git_can_be_applied_again(long):
    project, tree = long
    project.commit()
    use = applying(project, tree)
    use.apply([PatchPart("long.txt", 0)])
    project.git("checkout", "--", "long.txt")
    done = use.apply([PatchPart("long.txt", 1)])
    assert (project.top / "long.txt").read_text() == changed(20)
    assert done.merged == ()


def test_undo_refuses_files_that_changed_since(long):
    project, tree = long
    use = applying(project, tree)
    done = use.apply(None)
    project.write("long.txt", "mine\n")
    with pytest.raises(ChangeError, match="changed since"):
        use.revert(done.id)
    assert (project.top / "long.txt").read_text() == "mine\n"


def test_a_file_that_changes_in_the_middle_stops_it_and_undo_works(long, monkeypatch):
    project, tree = long
    write(tree, "a.txt", "fixed\n")
    add = UndoRecords.add

    def meanwhile(self, *arguments):
        record = add(self, *arguments)
        project.write("long.txt", "mine\n")
        return record

    monkeypatch.setattr(UndoRecords, "add", meanwhile)
    use = applying(project, tree)
    with pytest.raises(ChangeError, match="changed while"):
        use.apply(None)
    assert (project.top / "a.txt").read_text() == "fixed\n"
    (left,) = use.unfinished
    with pytest.raises(ChangeError, match="interrupted"):
        use.apply(None)
    project.write("long.txt", "".join(LONG))
    use.revert(left)
    assert (project.top / "a.txt").read_text() == "one\ntwo\nthree\n"
    assert use.unfinished == ()


def test_a_full_disk_is_told_and_undone(long, monkeypatch):
    project, tree = long
    before = hashed(project.top)
    monkeypatch.setattr(
        "xreview.repo.disposable.replacing.write_below",
        lambda *arguments: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    use = applying(project, tree)
    with pytest.raises(ChangeError, match="No space left on device"):
        use.apply(None)
    monkeypatch.undo()
    use.revert(use.unfinished[0])
    assert hashed(project.top) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from xreview.repo.disposable import below
from xreview.repo.disposable.applying import PatchApplying
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
repository = find_repository(Path(sys.argv[1]))
tree = DisposableTree.open(repository, Path(sys.argv[2]))
left = int(sys.argv[3])
def counted(call):
    def wrapped(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return wrapped
patch = tree.patch()
for name in ("rename", "unlink", "fsync", "replace"):
    setattr(os, name, counted(getattr(os, name)))
PatchApplying(tree, repository, patch).apply(None)
"""


MOST_KILLED = 16


@pytest.mark.parametrize("ending", ["revert", "finish"])
@pytest.mark.parametrize("at", [0, 6, *range(8, 19)])
def test_a_kill_in_the_middle_can_be_reverted_or_finished(project, ending, at):
    project.write("old.txt", "".join(LONG))
    before = hashed(project.top)
    tree = tree_of(project)
    (tree.top / "old.txt").unlink()
    write(tree, "sub/new.txt", changed(2))
    write(tree, "a.txt", "fixed\n")
    (tree.top / "b.txt").unlink()
    command = [sys.executable, "-c", KILLED, str(project.top), str(tree.folder), str(at)]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    use = applying(project, tree)
    # The kills 0 to 6 come before the record is complete, 17 after everything is done.
    assert bool(use.unfinished) is (8 <= at <= MOST_KILLED)
    for left in use.unfinished:
        getattr(use, ending)(left)
        if ending == "revert":
            assert hashed(project.top) == before
        else:
            assert files_of(project.top) == files_of(tree.top)
    assert use.unfinished == ()
    assert hashed(project.top) == before or files_of(project.top) == files_of(tree.top)


LINES = st.lists(
    st.sampled_from(["a\n", "b\n", "\n", "x\r\n", "é\n", "@@ -1 +1 @@\n"]), max_size=60
)
ENDS = st.sampled_from(["", "end", "\\ No newline at end of file", "\r"])


@st.composite
def edited_files(draw):
    """A file before and after some edits."""
    lines = draw(LINES)
    after = list(lines)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(after)))
        after[at : at + draw(st.integers(0, 3))] = draw(st.lists(st.sampled_from(LONG), max_size=3))
    return "".join(lines) + draw(ENDS), "".join(after) + draw(ENDS)


@settings(max_examples=10)
@given(files=st.lists(edited_files(), min_size=1, max_size=5), chooser=st.randoms())
def test_hunks_in_any_order_are_the_whole_and_undo_is_before(tmp_path_factory, files, chooser):
    place = tmp_path_factory.mktemp("property")
    project = Builder(place / "project")
    for number, (old, _) in enumerate(files):
        project.write(f"{number}.txt", old)
    before = hashed(project.top)
    tree = tree_of(project)
    for number, (_, new) in enumerate(files):
        write(tree, f"{number}.txt", new)
    after = files_of(tree.top)
    use = applying(project, tree)
    parts = [
        PatchPart(file.path, number)
        for file in tree.patch().files
        for number in range(len(tuple(file.hunks)) or 1)
    ]
    chooser.shuffle(parts)
    ids = [use.apply([part]).id for part in parts]
    assert files_of(project.top) == after
    for id in reversed([id for id in ids if id]):
        use.revert(id)
    assert hashed(project.top) == before
    whole = use.apply(None)
    assert files_of(project.top) == after
    if whole.id:
        use.revert(whole.id)
    assert hashed(project.top) == before
    shutil.rmtree(Path(place))
