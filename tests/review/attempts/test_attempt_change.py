"""An attempt as a change has exactly the files of its patch, of whatever kind."""

import pytest

from tests.repo.builder import Builder, isolate
from tests.repo.disposable.trees import tree_of, write
from xreview.domain.change import FileStatus, Side
from xreview.repo.files.contents import contents_of, file_before
from xreview.repo.repository import find_repository
from xreview.review.attempts.attempt_change import WrittenAttempt, attempt_change

LONG = "".join(f"line {n}\n" for n in range(20))


@pytest.fixture
def project(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    for path, text in (("a.py", "a = 1\n"), ("long.txt", LONG), ("gone.py", "g = 1\n")):
        builder.write(path, text)
    builder.write("run.sh", "#!/bin/sh\n")
    builder.write(".xreview.toml", 'ignore = ["*.lock"]\n')
    builder.commit("first")
    builder.write("a.py", "a = 2\n")  # the user's own change, which is part of the base
    builder.write("mine.py", "m = 1\n")
    return builder


def read(project, tree, patch):
    written = WrittenAttempt("A", "attempt A", "the task", tree, patch.tree, None)
    collected = attempt_change(find_repository(project.top), written)
    return collected, tuple(file for batch in collected.batches for file in batch)


def test_it_has_the_files_of_the_patch(project):
    tree = tree_of(project)
    (tree.top / "gone.py").unlink()
    (tree.top / "long.txt").rename(tree.top / "moved.txt")
    (tree.top / "run.sh").chmod(0o755)
    (tree.top / "inside").symlink_to("a.py")
    for path, content in (
        ("a.py", "a = 3\r\n"),
        ("end.py", "no newline"),
        ("empty.py", ""),
        ("picture.bin", b"\0\xff" * 50),
        ("caf\u00e9 \t\x1b.py", "c = 1\n"),
        (".gitattributes", "*.py -diff filter=evil\n"),
        (".xreview.toml", 'ignore = ["*"]\n'),
        ("latin.py", b"l = '\xe9'\n"),
    ):
        write(tree, path, content)
    patch = tree.patch()

    collected, files = read(project, tree, patch)

    assert files == patch.files
    assert {file.path: file.status for file in files}["moved.txt"] is FileStatus.RENAMED
    assert collected.count(files) == ()
    # The policy is that of the files that all started from.
    assert file_before(collected, ".xreview.toml", 1000)[1] == b'ignore = ["*.lock"]\n'
    reader = contents_of(collected)
    by_path = {file.path: file for file in files}
    assert reader.read_blocking(by_path["a.py"], Side.OLD) == b"a = 2\n"
    assert reader.read_blocking(by_path["a.py"], Side.NEW) == b"a = 3\r\n"
    assert reader.read_blocking(by_path["run.sh"], Side.NEW) == b"#!/bin/sh\n"
    assert reader.read_blocking(by_path["inside"], Side.NEW) == b"a.py"
    assert reader.read_blocking(by_path["gone.py"], Side.NEW) is None
    reader.close()


def test_what_happens_to_the_tree_later_is_not_in_it(project):
    tree = tree_of(project)
    write(tree, "a.py", "a = 3\n")
    patch = tree.patch()
    write(tree, "a.py", "a = 4\n")  # by a check that runs after
    tree.put(tree.base)

    collected, files = read(project, tree, patch)

    assert files == patch.files
    reader = contents_of(collected)
    assert reader.read_blocking(files[0], Side.NEW) == b"a = 3\n"
    reader.close()
