"""The copy is what the user sees, to the byte, and their repository is as it was."""

import os
import subprocess

import pytest

from tests.repo.builder import Builder, isolated_environment
from tests.repo.disposable.trees import files_of, hashed, tree_of, write
from xreview.domain.errors import ChangeError
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository

RUNS = "touch {ran}; cat"


@pytest.fixture
def same(project):
    """Checks after the test that nothing of the checkout changed since `same()` was called."""
    before = {}
    yield lambda: before.update(hashed(project.top))
    assert before == hashed(project.top)
    assert before


def test_a_dirty_checkout_is_copied_as_it_is_and_stays_as_it_is(project, same):
    project.write(".gitignore", "*.log\n")
    project.write("run.sh", "#!/bin/sh\n", executable=True)
    project.write("deleted.txt", "x")
    project.link("link", "a.txt")
    project.commit()
    project.write("a.txt", "one\nTWO\nthree")
    project.write("staged.txt", "staged\n")
    project.add("staged.txt")
    project.write("staged.txt", "staged and changed\n")
    project.write("new/untracked.txt", "u\n")
    project.write(b'caf\xe9 \n ".txt', b"\xff\0")
    project.write("debug.log", "ignored\n")
    project.delete("deleted.txt")
    project.git("rm", "-q", "--cached", "b.txt")
    same()
    tree = tree_of(project)
    expected = files_of(project.top)
    del expected["debug.log"]
    assert files_of(tree.top) == expected
    assert tree.head == project.rev("HEAD")
    assert tree.patch().files == ()


def test_a_file_that_is_only_intended_to_be_added_is_copied(project, same):
    project.write("later.txt", "later\n")
    project.git("add", "--intent-to-add", "later.txt")
    same()
    assert (tree_of(project).top / "later.txt").read_text() == "later\n"


def test_a_change_within_the_second_of_the_index_is_seen(project, same):
    status = (project.top / "a.txt").stat()
    project.write("a.txt", "one\ntwo\nTHREE\n")
    os.utime(project.top / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    same()
    assert (tree_of(project).top / "a.txt").read_text() == "one\ntwo\nTHREE\n"


def test_conflicts_are_refused(project):
    project.branch("other")
    project.write("a.txt", "other\n")
    project.commit()
    project.checkout("main")
    project.write("a.txt", "main\n")
    project.commit()
    project.git("merge", "other", check=False)
    with pytest.raises(ChangeError, match="unresolved conflicts"):
        tree_of(project)
    assert not list((project.top.parent / "state").rglob("tree"))


def test_a_sparse_checkout_stays_sparse(project, same):
    project.write("inside/x.txt", "x\n")
    project.write("outside/y.txt", "y\n")
    project.commit()
    project.git("sparse-checkout", "set", "inside")
    same()
    tree = tree_of(project)
    assert files_of(tree.top) == files_of(project.top)
    assert "outside/y.txt" not in files_of(tree.top)
    assert tree.patch().files == ()


def test_a_submodule_is_an_empty_folder_and_no_change(project, same, tmp_path):
    inner = Builder(tmp_path / "inner")
    inner.write("inner.txt", "i\n")
    inner.commit()
    project.git("submodule", "--quiet", "add", f"file://{inner.top}", "lib/inner")
    project.commit()
    same()
    tree = tree_of(project)
    assert list((tree.top / "lib/inner").iterdir()) == []
    assert tree.notices == ("1 submodule can't be changed: empty.",)
    assert tree.patch() == type(tree.patch())(tree.base, (), {})
    (tree.top / "lib/inner").rmdir()
    patch = tree.patch()
    assert (patch.files, patch.refused) == ((), {"lib/inner": "a submodule"})


def test_a_linked_worktree_can_be_fixed(project, tmp_path):
    project.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    linked = Builder(tmp_path / "linked", init=None)
    linked.write("a.txt", "linked\n")
    before = hashed(project.top), hashed(linked.top)
    tree = tree_of(linked)
    write(tree, "b.txt", "changed\n")
    assert [file.path for file in tree.patch().files] == ["b.txt"]
    assert (tree.top / "a.txt").read_text() == "linked\n"
    assert before == (hashed(project.top), hashed(linked.top))


def test_a_bare_repository_is_refused(tmp_path):
    bare = Builder(tmp_path / "bare", init=("--bare",))
    with pytest.raises(ChangeError, match="bare repository"):
        tree_of(bare)


def test_a_folder_inside_of_the_repository_is_refused(project):
    repository = find_repository(project.top)
    with pytest.raises(ChangeError, match="inside the repository"):
        DisposableTree.create(repository, project.top / "state")
    assert not (project.top / "state").exists()


def test_before_the_first_commit(tmp_path):
    empty = Builder(tmp_path / "empty")
    tree = tree_of(empty)
    assert (tree.head, tree.patch().files) == ("", ())
    empty.write("first.txt", "1\n")
    tree = tree_of(empty, name="second")
    assert files_of(tree.top) == files_of(empty.top)


def test_line_ends_are_those_on_disk(project, same):
    project.write(".gitattributes", "*.bat eol=crlf\n*.u16 working-tree-encoding=UTF-16\n")
    project.write("win.bat", "a\r\nb\r\n")
    project.write("wide.u16", "hello\n".encode("utf-16"))
    project.write("auto.txt", "a\nb\n")
    project.git("config", "core.autocrlf", "true")
    project.commit()
    project.write("auto.txt", "a\r\nb\n")
    same()
    tree = tree_of(project)
    assert files_of(tree.top) == files_of(project.top)
    write(tree, "win.bat", "a\r\nB\r\n")
    (file,) = tree.patch().files
    assert file.body == b"@@ -1,2 +1,2 @@\n a\r\n-b\r\n+B\r\n"


def test_nothing_that_the_repository_configures_runs(project, same, tmp_path):
    ran = tmp_path / "ran"
    project.write(".gitattributes", "* filter=evil diff=evil merge=evil\n")
    project.commit()
    for key in ("filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv"):
        project.git("config", key, RUNS.format(ran=ran))
    project.git("config", "filter.evil.required", "true")
    project.git("config", "merge.evil.driver", f"touch {ran}")
    project.git("config", "diff.evil.command", f"touch {ran}")
    project.git("config", "core.fsmonitor", f"touch {ran}")
    project.git("config", "core.hooksPath", str(tmp_path))
    for hook in ("post-index-change", "post-checkout", "reference-transaction"):
        (tmp_path / hook).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (tmp_path / hook).chmod(0o755)
    ran.unlink(missing_ok=True)
    project.write("a.txt", "dirty\n")
    ran.unlink(missing_ok=True)
    same()
    tree = tree_of(project)
    write(tree, "a.txt", "fixed\n")
    write(tree, "c.txt", "new\n")
    assert {file.path for file in tree.patch().files} == {"a.txt", "c.txt"}
    tree.put(tree.base)
    assert not ran.exists()


def test_what_an_agent_configures_in_our_git_folder_does_not_run(project, tmp_path):
    ran = tmp_path / "ran"
    tree = tree_of(project)
    git = tree.folder / "git"
    with (git / "config").open("a") as config:
        config.write(f'[filter "evil"]\n\tclean = touch {ran}; cat\n[core]\n\tfsmonitor = false\n')
    (git / "info/attributes").write_text("* filter=evil\n")
    write(tree, "a.txt", "fixed\n")
    tree.patch()
    tree.put(tree.base)
    assert not ran.exists()


def test_large_untracked_files_are_named_not_copied(project, monkeypatch):
    monkeypatch.setattr("xreview.repo.disposable.copying.BIG_FILE_BYTES", 10)
    project.write("big.bin", "x" * 11)
    tree = tree_of(project)
    assert tree.notices == ("big.bin isn't in the tree: it has 11 bytes, and isn't tracked.",)
    assert not (tree.top / "big.bin").exists()


def test_links_stay_links_and_those_that_lead_out_are_named(project, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text("secret")
    project.link("out", "../outside")
    project.link("in", "a.txt")
    tree = tree_of(project)
    assert tree.notices == ("The link out leads out of the tree.",)
    assert (tree.top / "out").readlink() == (project.top / "out").readlink()
    assert (tree.top / "in").is_symlink()


def test_a_folder_that_became_a_link_is_not_followed(project, tmp_path):
    project.write("folder/x.txt", "x\n")
    project.commit()
    (project.top / "folder").rename(tmp_path / "moved")
    project.link("folder", "../moved")
    tree = tree_of(project)
    assert (tree.top / "folder").is_symlink()
    assert tree.patch().files == ()


def test_untracked_files_stay_away_where_git_does_not_show_them(project):
    project.git("config", "status.showUntrackedFiles", "no")
    project.write("untracked.txt", "u\n")
    assert not (tree_of(project).top / "untracked.txt").exists()


def test_nested_repositories_are_not_copied(project):
    nested = Builder(project.top / "nested")
    nested.write("n.txt", "n\n")
    nested.commit()
    tree = tree_of(project)
    assert not (tree.top / "nested").exists()
    assert tree.patch().files == ()


def test_a_disk_error_leaves_nothing_behind(project, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xreview.repo.disposable.copying._copy", full)
    with pytest.raises(ChangeError, match="No space left on device"):
        tree_of(project)
    assert list((project.top.parent / "state/fix").iterdir()) == []


@pytest.mark.parametrize("format", ["sha1", "sha256"])
def test_checks_find_a_repository_with_a_clean_commit(tmp_path, format):
    project = Builder(tmp_path / "project", init=(f"--object-format={format}",))
    project.write(".gitattributes", "*.txt text eol=crlf\n")
    project.write("a.txt", "a\r\nb\r\n")
    project.commit()
    project.write("dirty.txt", "d\n")
    tree = tree_of(project)

    def git(*arguments):
        environment = isolated_environment(project.home)
        command = ["git", *arguments]
        return subprocess.check_output(command, cwd=tree.top, env=environment, text=True)

    assert git("status", "--porcelain") == ""
    assert git("log", "--format=%s") == "The files before the fix\n"
    write(tree, "a.txt", "fixed\n")
    environment = isolated_environment(project.home)
    person = ["-c", "user.name=a", "-c", "user.email=a@b"]
    commit = ["git", *person, "commit", "-qam", "by the agent"]
    subprocess.run(commit, cwd=tree.top, env=environment, check=True)
    assert [file.path for file in tree.patch().files] == ["a.txt"]


def test_ignored_entries_are_linked_only_where_named(project):
    project.write(".gitignore", "node_modules/\n.venv\n/other\n")
    project.write("tracked/x", "x\n")
    project.commit()
    for name in ("node_modules", ".venv", "other"):
        project.write(f"{name}/file", "f\n")
    tree = tree_of(project, links=["node_modules", ".venv", "missing", "tracked"])
    assert tree.links == ("node_modules", ".venv")
    assert (tree.top / "node_modules").readlink() == project.top / "node_modules"
    assert not (tree.top / "other").exists()
    assert not (tree.top / "tracked").is_symlink()
    write(tree, ".gitignore", "!node_modules\n")
    patch = tree.patch()
    assert ([file.path for file in patch.files], patch.refused) == ([".gitignore"], {})
    tree.put(tree.base)
    assert (tree.top / "node_modules/file").exists()
    tree.remove()
    assert not tree.folder.exists()
    assert (project.top / "node_modules/file").exists()


@pytest.mark.parametrize("path", ["/etc", "../other", ".git", "a/../b", ""])
def test_links_are_plain_paths(project, path):
    with pytest.raises(ChangeError, match=r"fix\.link"):
        tree_of(project, links=[path])


def test_a_tree_is_found_again(project):
    made = tree_of(project)
    write(made, "a.txt", "fixed\n")
    found = DisposableTree.open(find_repository(project.top), made.folder)
    assert (found.base, found.head, found.patch()) == (made.base, made.head, made.patch())
    (made.folder / "snapshot.json").unlink()
    with pytest.raises(ChangeError, match="no complete tree"):
        DisposableTree.open(find_repository(project.top), made.folder)


def test_a_tree_of_another_repository_is_refused(project, tmp_path):
    made = tree_of(project)
    other = Builder(tmp_path / "other")
    with pytest.raises(ChangeError, match="belongs to"):
        DisposableTree.open(find_repository(other.top), made.folder)


def test_put_makes_files_those_of_a_tree_again(project):
    project.write("sub/test_x.py", "old\n")
    project.write("keep.txt", "keep\n")
    tree = tree_of(project)
    before = files_of(tree.top)
    write(tree, "sub/test_x.py", "new\n")
    write(tree, "sub/test_new.py", "new\n")
    write(tree, "a.txt", "fixed\n")
    (tree.top / "keep.txt").unlink()
    after, patch = files_of(tree.top), tree.patch()
    tests = ["sub/test_x.py", "sub/test_new.py"]
    tree.put(tree.base, tests)
    assert (tree.top / "sub/test_x.py").read_text() == "old\n"
    assert not (tree.top / "sub/test_new.py").exists()
    assert (tree.top / "a.txt").read_text() == "fixed\n"
    tree.put(patch.tree, tests)
    assert files_of(tree.top) == after
    assert tree.patch() == patch
    tree.put(tree.base)
    assert files_of(tree.top) == before


def test_what_a_check_would_wait_for_is_dropped(project, tmp_path):
    project.write("a.py", "a = 1\n")
    project.commit("first")
    tree = DisposableTree.create(find_repository(project.top), tmp_path / "fix")
    os.mkfifo(tmp_path / "outside")
    (tree.top / "deep/er").mkdir(parents=True)
    os.mkfifo(tree.top / "deep/er/pipe")
    os.mkfifo(tree.top / "pipe")
    (tree.top / "deep/link").symlink_to(tmp_path / "outside")
    (tree.top / "outer").symlink_to(tmp_path)
    (tree.top / "a.py").unlink()
    os.mkfifo(tree.top / "a.py")
    tree.drop_unseen(tree.ignored())
    assert [one.name for one in tree.top.rglob("pipe")] == []
    # What replaces a file is named, and no deletion of it.
    patch = tree.patch()
    assert (patch.files, patch.refused["a.py"]) == ((), "not a regular file")
    tree.put(patch.tree)
    assert (tree.top / "a.py").is_file()
    assert (tmp_path / "outside").is_fifo()


def test_put_never_writes_through_a_link(project, tmp_path):
    project.write("sub/x.txt", "inside\n")
    tree = tree_of(project)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.txt").write_text("theirs\n")
    (tree.top / "sub/x.txt").unlink()
    (tree.top / "sub").rmdir()
    (tree.top / "sub").symlink_to(outside)
    tree.put(tree.base)
    assert (outside / "x.txt").read_text() == "theirs\n"
    assert (tree.top / "sub/x.txt").read_text() == "inside\n"


def test_a_tree_that_was_swapped_for_a_link_is_refused(project):
    tree = tree_of(project)
    before = hashed(project.top)
    tree.top.rename(tree.folder / "moved")
    tree.top.symlink_to(project.top)
    for use in (tree.patch, lambda: tree.put(tree.base), lambda: tree.hide(lambda _: True)):
        with pytest.raises(ChangeError, match="moved or replaced"):
            use()
    tree.remove()
    assert not tree.folder.exists()
    assert hashed(project.top) == before


@pytest.mark.parametrize("name", ["index", "info", "objects/info", "config"])
def test_a_link_in_our_git_folder_is_refused(project, name):
    tree = tree_of(project)
    place = tree.folder / "git" / name
    place.rename(tree.folder / "moved")
    place.symlink_to(project.top / ".git" / name)
    before = hashed(project.top)
    with pytest.raises(ChangeError, match="moved or replaced"):
        tree.patch()
    assert hashed(project.top) == before


def test_two_fixes_at_once_do_not_meet(project):
    first, second = tree_of(project, name="first"), tree_of(project, name="second")
    write(first, "a.txt", "first\n")
    write(second, "b.txt", "second\n")
    assert [file.path for file in first.patch().files] == ["a.txt"]
    assert [file.path for file in second.patch().files] == ["b.txt"]
    first.remove()
    assert second.read("a.txt") == b"one\ntwo\nthree\n"


def test_reading_never_follows_a_link(project, tmp_path):
    (tmp_path / "secret").write_text("secret")
    tree = tree_of(project)
    (tree.top / "link").symlink_to(tmp_path / "secret")
    assert tree.read("link") is None
    assert tree.read("../../../secret") is None
    assert tree.read("a.txt", limit=3) is None


def test_a_file_that_cannot_be_read_is_named_and_stays(project, monkeypatch):
    project.write("closed.txt", "c\n")
    opened = os.open

    def refusing(path, flags, *arguments, **options):
        if path == b"closed.txt" and not flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", refusing)
    tree = tree_of(project)
    assert tree.notices == ("closed.txt isn't in the tree: it can't be read.",)
    assert tree.patch().files == ()
