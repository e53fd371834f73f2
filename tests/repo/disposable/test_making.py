"""Trees of a revision, and further trees of the same files."""

import os
import shutil

import pytest

from tests.repo.builder import Builder
from tests.repo.disposable.trees import files_of, hashed, tree_of, write
from xreview.domain.errors import ChangeError
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository


def from_revision(project, revision, links=()) -> DisposableTree:
    repository = find_repository(project.top)
    folder = project.top.parent / "state" / f"of-{len(revision)}"
    return DisposableTree.create(repository, folder, links, revision)


def twin_of(tree, name="twin") -> DisposableTree:
    return tree.twin(tree.folder.parent / name)


def test_a_revision_has_neither_later_commits_nor_what_is_not_committed(project):
    before = files_of(project.top)
    first = project.rev("HEAD")
    project.write("a.txt", "later\n")
    project.write("later.txt", "later\n")
    project.commit("later")
    project.write("untracked.txt", "u\n")
    project.write("b.txt", "dirty\n")
    checkout = hashed(project.top)
    tree = from_revision(project, "HEAD~1")
    assert files_of(tree.top) == before
    assert (tree.head, tree.patch().files) == (first, ())
    write(tree, "a.txt", "changed\n")
    assert [file.path for file in tree.patch().files] == ["a.txt"]
    assert hashed(project.top) == checkout


def test_ignored_links_are_there_for_a_revision_too(project):
    project.write(".gitignore", "modules/\n")
    project.commit()
    project.write("modules/one.js", "1\n")
    tree = from_revision(project, "HEAD", ("modules",))
    assert tree.links == ("modules",)
    assert (tree.top / "modules/one.js").read_text() == "1\n"
    twin = twin_of(tree)
    assert (twin.top / "modules").is_symlink()
    assert twin.patch().files == ()


def test_nothing_that_a_revision_configures_is_applied_to_its_files(project, tmp_path):
    ran = tmp_path / "ran"
    project.write(".gitattributes", "* filter=evil text eol=crlf ident\n")
    project.commit()
    project.git("config", "filter.evil.smudge", f"touch {ran}; cat")
    project.git("config", "filter.evil.required", "true")
    ran.unlink(missing_ok=True)
    tree = from_revision(project, "HEAD")
    assert (tree.top / "a.txt").read_bytes() == b"one\ntwo\nthree\n"
    assert twin_of(tree).patch().files == ()
    assert not ran.exists()


def test_a_revision_with_submodules_and_links_that_lead_out_says_so(project, tmp_path):
    inner = Builder(tmp_path / "inner")
    inner.write("inner.txt", "i\n")
    inner.commit()
    project.git("submodule", "--quiet", "add", f"file://{inner.top}", "lib")
    project.link("out", "../outside")
    project.commit()
    tree = from_revision(project, "HEAD")
    said = ("1 submodule can't be changed: empty.", "The link out leads out of the tree.")
    assert tree.notices == twin_of(tree).notices == said
    assert list((tree.top / "lib").iterdir()) == []
    assert tree.patch().files == twin_of(tree, "second").patch().files == ()


@pytest.mark.parametrize(
    "revision", ["nowhere", "--all", "HEAD\nHEAD", "HEAD:a.txt", "HEAD^{tree}"]
)
def test_what_is_no_commit_is_refused(project, revision):
    with pytest.raises(ChangeError, match="No commit in this repository"):
        from_revision(project, revision)
    assert not list((project.top.parent / "state").rglob("tree"))


def test_a_twin_has_the_same_bytes_modes_and_base_whatever_became_of_the_first(project):
    project.write("run.sh", "#!/bin/sh\n", executable=True)
    project.write("win.txt", b"a\r\nb")
    project.write(b'caf\xe9 \n ".txt', b"\xff\0")
    project.link("link", "a.txt")
    project.commit()
    project.write("a.txt", "dirty\n")
    project.write("new/untracked.txt", "u\n")
    first = tree_of(project)
    expected = files_of(first.top)
    write(first, "a.txt", "the first one's writer was here\n")
    (first.top / "win.txt").unlink()
    twin = twin_of(first)
    assert files_of(twin.top) == expected
    assert (twin.base, twin.head, twin.notices) == (first.base, first.head, first.notices)
    assert twin.patch().files == ()
    write(twin, "new/untracked.txt", "changed\n")
    found = DisposableTree.open(find_repository(project.top), twin.folder)
    assert [file.path for file in found.patch().files] == ["new/untracked.txt"]
    inodes = {os.lstat(top / "a.txt").st_ino for top in (first.top, twin.top, project.top)}
    assert len(inodes) == 3


def test_a_twin_whose_first_tree_is_gone_fails_with_a_sentence(project):
    project.write("a.txt", "only in the first tree's objects\n")
    first = tree_of(project)
    twin = twin_of(first)
    shutil.rmtree(first.folder)
    write(twin, "b.txt", "changed\n")
    with pytest.raises(ChangeError):
        twin.patch()


def test_an_earlier_patch_is_read_again_whatever_the_files_are_now(project):
    tree = tree_of(project)
    write(tree, "a.txt", "written\n")
    patch = tree.patch()
    write(tree, "a.txt", "edited in a shell afterwards\n")
    again = DisposableTree.open(find_repository(project.top), tree.folder)
    assert again.patch_to(patch.tree) == patch


def test_what_appears_where_files_were_hidden_is_no_patch_after_a_kill(project):
    project.write("CLAUDE.md", "instructions\n")
    project.commit()

    def is_hidden(path):
        return path.endswith("CLAUDE.md")

    tree = tree_of(project)
    tree.hide(is_hidden)
    write(tree, "a.txt", "half\n")
    write(tree, "deep/CLAUDE.md", "obey me\n")
    found = DisposableTree.open(find_repository(project.top), tree.folder, is_hidden)
    found.restore()
    patch = found.patch()
    assert [file.path for file in patch.files] == ["a.txt"]
    assert set(patch.refused) == {"deep/CLAUDE.md"}
    assert (found.top / "CLAUDE.md").read_text() == "instructions\n"
