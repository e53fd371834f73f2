"""What a fixer did to the tree, as a patch; and what never gets into one."""

import os
import socket

import pytest

from tests.repo.builder import Builder
from tests.repo.disposable.trees import files_of, hashed, tree_of, write
from xreview.domain.change import FileStatus
from xreview.domain.errors import ChangeError


@pytest.fixture
def tree(project):
    project.write("old name.txt", "".join(f"line {number}\n" for number in range(20)))
    project.write("script.sh", "echo\n")
    project.write("data.bin", b"\0\1\2")
    return tree_of(project)


def test_every_kind_of_change(tree):
    (tree.top / "old name.txt").rename(tree.top / "new name.txt")
    (tree.top / "script.sh").chmod(0o755)
    (tree.top / "b.txt").unlink()
    write(tree, "data.bin", b"\0\3")
    write(tree, "added/x.txt", "x")
    (tree.top / "link").symlink_to("a.txt")
    write(tree, "a.txt", "one\nTWO\nthree\n")
    found = {file.path: file for file in tree.patch().files}
    assert {path: file.status for path, file in found.items()} == {
        "a.txt": FileStatus.MODIFIED,
        "added/x.txt": FileStatus.ADDED,
        "b.txt": FileStatus.DELETED,
        "data.bin": FileStatus.MODIFIED,
        "link": FileStatus.ADDED,
        "new name.txt": FileStatus.RENAMED,
        "script.sh": FileStatus.MODIFIED,
    }
    assert found["a.txt"].body == b"@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n"
    assert found["data.bin"].binary
    assert found["new name.txt"].old_path == "old name.txt"
    assert (found["script.sh"].old_mode, found["script.sh"].new_mode) == ("100644", "100755")


def test_an_untouched_tree_and_one_that_was_put_back_have_no_patch(tree):
    assert tree.patch().files == ()
    assert tree.patch().tree == tree.base
    write(tree, "a.txt", "x")
    assert tree.patch().tree != tree.base
    write(tree, "a.txt", "one\ntwo\nthree\n")
    assert tree.patch().tree == tree.base


def test_a_change_of_the_same_size_at_once_is_seen(tree):
    status = (tree.top / "a.txt").stat()
    write(tree, "a.txt", "one\nTWO\nthree\n")
    os.utime(tree.top / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [file.path for file in tree.patch().files] == ["a.txt"]


def test_ignored_files_are_not_part_of_it(tree):
    write(tree, ".gitignore", "__pycache__/\n")
    write(tree, "__pycache__/x.pyc", b"\0")
    assert [file.path for file in tree.patch().files] == [".gitignore"]


def test_what_leads_out_or_is_no_file_is_refused_with_a_reason(tree, tmp_path):
    (tmp_path / "outside.txt").write_text("secret\n")
    (tree.top / "absolute").symlink_to(tmp_path / "outside.txt")
    (tree.top / "relative").symlink_to("../../outside.txt")
    (tree.top / "git").symlink_to(".git/config")
    (tree.top / "a.txt").unlink()
    (tree.top / "a.txt").symlink_to("/etc/passwd")
    (tree.top / "b.txt").unlink()
    os.mkfifo(tree.top / "b.txt")
    os.mkfifo(tree.top / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    here = os.open(tree.top, os.O_RDONLY)
    listening.bind(f"/proc/self/fd/{here}/socket")
    os.close(here)
    listening.close()
    out = "a link that leads out of the tree"
    patch = tree.patch()
    assert patch.files == ()
    assert patch.refused == {
        "a.txt": out,
        "absolute": out,
        "b.txt": "not a regular file",
        "git": out,
        "relative": out,
    }


@pytest.mark.parametrize("commits", [True, False])
def test_nested_repositories_are_refused(tree, project, commits):
    write(tree, "nested/x.txt", "x\n")
    project.git("init", "--quiet", str(tree.top / "nested"))
    if commits:
        Builder(tree.top / "nested", init=None).commit()
    patch = tree.patch()
    assert patch.files == ()
    assert patch.refused["nested"] == "a nested repository"


def test_large_files_are_refused_unread(tree, monkeypatch):
    with (tree.top / "huge.bin").open("wb") as file:
        file.truncate(4 << 40)
    with (tree.top / "a.txt").open("wb") as file:
        file.truncate(1 << 40)
    write(tree, "b.txt", "fixed\n")
    patch = tree.patch()
    assert [file.path for file in patch.files] == ["b.txt"]
    assert patch.refused == {
        "a.txt": "a file of 1,099,511,627,776 bytes",
        "huge.bin": "a file of 4,398,046,511,104 bytes",
    }


def test_a_patch_has_a_size_and_the_largest_files_are_left_out(tree, monkeypatch):
    monkeypatch.setattr("xreview.repo.disposable.taking.PATCH_BYTES", 2 << 20)
    for number in range(3):
        write(tree, f"big/{number}.txt", os.urandom(1 << 19).hex())
    patch = tree.patch()
    assert [file.path for file in patch.files] == ["big/0.txt", "big/1.txt"]
    assert patch.refused == {"big/2.txt": "the patch is larger than 2 MiB"}


def test_too_many_files_are_refused(tree, monkeypatch):
    monkeypatch.setattr("xreview.repo.disposable.taking.MOST_FILES", 10)
    for number in range(11):
        write(tree, f"many/{number}", "x")
    with pytest.raises(ChangeError, match="More than 10 files"):
        tree.patch()


def test_what_was_in_an_earlier_patch_and_is_refused_now_is_out(tree):
    write(tree, "new.txt", "fine\n")
    assert [file.path for file in tree.patch().files] == ["new.txt"]
    (tree.top / "new.txt").unlink()
    (tree.top / "new.txt").symlink_to("/etc/passwd")
    patch = tree.patch()
    assert (patch.files, list(patch.refused)) == ((), ["new.txt"])


def test_a_folder_replaced_by_a_link_deletes_its_files_and_reads_nothing(project, tmp_path):
    project.write("sub/x.txt", "x\n")
    tree = tree_of(project)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.txt").write_text("secret\n")
    (tree.top / "sub/x.txt").unlink()
    (tree.top / "sub").rmdir()
    (tree.top / "sub").symlink_to(tmp_path / "outside")
    patch = tree.patch()
    assert [(file.path, file.status) for file in patch.files] == [("sub/x.txt", FileStatus.DELETED)]
    assert patch.refused == {"sub": "a link that leads out of the tree"}


def test_a_file_and_a_folder_can_change_places(project):
    project.write("folder/x.txt", "x\n")
    project.write("file", "f\n")
    tree = tree_of(project)
    (tree.top / "folder/x.txt").unlink()
    (tree.top / "folder").rmdir()
    write(tree, "folder", "now a file\n")
    (tree.top / "file").unlink()
    write(tree, "file/y.txt", "now a folder\n")
    patch = tree.patch()
    assert {file.path for file in patch.files} == {"folder", "folder/x.txt", "file", "file/y.txt"}
    assert patch.refused == {}


def test_names_that_are_no_text(tree):
    write(tree, 'caf\udce9/a "b"\n.txt', b"\xff\n")
    (file,) = tree.patch().files
    assert file.path == 'caf\udce9/a "b"\n.txt'


def test_what_an_agent_commits_or_configures_in_the_throwaway_repository_is_nothing(tree, project):
    write(tree, "a.txt", "fixed\n")
    here = ("-C", str(tree.top), "-c", "user.name=a", "-c", "user.email=a@b")
    project.git(*here, "commit", "-qam", "done")
    (tree.top / ".git/info/exclude").write_text("*\n")
    write(tree, "new.txt", "n\n")
    assert {file.path for file in tree.patch().files} == {"a.txt", "new.txt"}
    assert project.git("log", "--all", "--format=%s").splitlines() == ["first"]


def test_a_fix_writes_nothing_into_the_repository(tree, project):
    before = hashed(project.top)
    write(tree, "a.txt", "fixed\n")
    write(tree, "many/new.txt", "n\n")
    tree.hide(lambda path: path == "b.txt")
    tree.patch()
    tree.restore()
    tree.put(tree.base)
    assert files_of(tree.top) == files_of(project.top)
    tree.remove()
    assert hashed(project.top) == before


def test_files_in_a_closed_folder_are_not_deleted(project, monkeypatch):
    project.write("closed/x.txt", "x\n")
    tree = tree_of(project)
    opened = os.open

    def refusing(path, flags, *arguments, **options):
        if path == b"closed":
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *arguments, **options)

    write(tree, "closed/x.txt", "changed\n")
    monkeypatch.setattr(os, "open", refusing)
    patch = tree.patch()
    assert (patch.files, patch.refused) == ((), {"closed/x.txt": "it can't be reached"})
