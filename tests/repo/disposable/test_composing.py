"""Files of several trees become one patch, and files that can't be together are named."""

import pytest

from tests.repo.disposable.trees import tree_of, write
from xreview.domain.change import FileStatus
from xreview.repo.disposable.composing import PlacedFile, collisions, composed_patch
from xreview.repo.disposable.parts import FileState, Placement
from xreview.repo.disposable.tree_listing import list_tree, read_blobs

TEXT, RUN, LINK = "100644", "100755", "120000"
HERE = FileState(TEXT, b"here\n")


def placed(whose, path, state=HERE):
    return PlacedFile(whose, Placement(path, state))


def test_a_patch_of_all_kinds_of_files(project):
    project.write("folder/x.txt", "x\n")
    project.write("was file", "w\n")
    tree = tree_of(project)
    index = (tree.folder / "git/index").read_bytes()
    states = {
        "a.txt": FileState(TEXT, b"one\r\ntwo \xff"),
        "b.txt": None,
        "run.sh": FileState(RUN, b""),
        "link": FileState(LINK, b"a.txt"),
        "folder": FileState(TEXT, b"now a file\n"),
        "folder/x.txt": None,
        "was file": None,
        "was file/y \"\n.txt": FileState(TEXT, b"now a folder\n"),
        "data.bin": FileState(TEXT, b"\0\1"),
    }  # fmt: skip
    patch = composed_patch(tree.repository, tree.base, [Placement(*one) for one in states.items()])
    listed = list_tree(tree.repository, patch.tree)
    assert set(listed) == {path for path, state in states.items() if state is not None}
    blobs = read_blobs(tree.repository, [one.id for one in listed.values()])
    assert {path: FileState(one.mode, blobs[one.id]) for path, one in listed.items()} == {
        path: state for path, state in states.items() if state is not None
    }
    changed = {file.path: file.status for file in patch.files}
    assert changed["a.txt"] is FileStatus.MODIFIED
    assert changed["b.txt"] is FileStatus.DELETED
    assert (tree.folder / "git/index").read_bytes() == index
    assert tree.patch().files == ()


def test_what_puts_a_file_there_counts(project):
    tree = tree_of(project)
    both = [Placement("a.txt", HERE), Placement("a.txt", None)]
    first = composed_patch(tree.repository, tree.base, both)
    assert first == composed_patch(tree.repository, tree.base, both[::-1])
    assert [file.status for file in first.files] == [FileStatus.MODIFIED]
    assert composed_patch(tree.repository, tree.base, []).tree == tree.base


def test_it_is_the_tree_that_git_makes_of_the_same_files(project):
    tree = tree_of(project)
    write(tree, "a.txt", "two\n")
    write(tree, "deep/er/new.txt", "new\n")
    (tree.top / "b.txt").unlink()
    made = composed_patch(
        tree.repository,
        tree.base,
        [
            Placement("a.txt", FileState(TEXT, b"two\n")),
            Placement("deep/er/new.txt", FileState(TEXT, b"new\n")),
            Placement("b.txt", None),
        ],
    )
    assert made == tree.patch()


@pytest.mark.parametrize(
    ("files", "base", "said"),
    [
        ([placed("attempt A", "x"), placed("attempt B", "x")], [], ""),
        (
            [placed("attempt A", "x"), placed("attempt B", "x", FileState(RUN, b"here\n"))],
            [],
            "x would come from attempt A and from attempt B.",
        ),
        ([placed("attempt A", "x"), placed("attempt B", "x", None)], ["x"], ""),
        (
            [placed("attempt A", "x"), placed("attempt B", "x/y/z")],
            [],
            "x from attempt A and x/y/z from attempt B can't both be there: "
            "one needs the other as a folder.",
        ),
        (
            [placed("attempt A", "x")],
            ["x/y"],
            "x from attempt A and x/y from the base can't both be there: "
            "one needs the other as a folder.",
        ),
        ([placed("attempt A", "x"), placed("attempt A", "x/y", None)], ["x/y"], ""),
        ([placed("attempt A", "xy")], ["x/y"], ""),
    ],
)
def test_collisions(files, base, said):
    assert collisions(files, base) == ((said,) if said else ())
