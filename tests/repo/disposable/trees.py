"""What the tests of disposable trees share: hashing a folder, and making a tree and a patch."""

import hashlib
import os
from pathlib import Path

from xreview.repo.disposable.applying import PatchApplying
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository


def hashed(top: Path) -> dict[str, tuple[int, str]]:
    """The mode and the content of everything below a folder, its `.git` included."""
    found = {}
    for path in top.rglob("*"):
        mode, content = path.lstat().st_mode, b""
        if path.is_symlink():
            content = os.fsencode(path.readlink())
        elif path.is_file():
            content = path.read_bytes()
        found[str(path.relative_to(top))] = mode, hashlib.sha256(content).hexdigest()
    return found


def files_of(top: Path) -> dict[str, tuple[int, str]]:
    """The same without any `.git`, and without folders' own entries."""
    return {
        path: (mode, content)
        for path, (mode, content) in hashed(top).items()
        if path.split("/")[0] != ".git" and ((top / path).is_symlink() or not (top / path).is_dir())
    }


def tree_of(project, links=(), name="fix") -> DisposableTree:
    """A disposable tree of a builder's checkout, in a folder beside it."""
    repository = find_repository(project.top)
    return DisposableTree.create(repository, project.top.parent / "state" / name, links)


def applying(project, tree) -> PatchApplying:
    return PatchApplying(tree, find_repository(project.top), tree.patch())


def write(tree, path, content):
    """Change a file of a tree, as a fixer does."""
    place = tree.top / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return place
