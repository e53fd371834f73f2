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
    for place, folders, files in os.walk(os.fsencode(top)):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            mode = os.lstat(path).st_mode
            if os.path.islink(path):
                content = os.readlink(path)
            elif name in folders or not os.path.isfile(path):
                content = b""
            else:
                with open(path, "rb") as file:
                    content = file.read()
            key = os.fsdecode(os.path.relpath(path, os.fsencode(top)))
            found[key] = mode, hashlib.sha256(content).hexdigest()
    return found


def files_of(top: Path) -> dict[str, tuple[int, str]]:
    """The same without any `.git`, and without folders' own entries."""
    return {
        path: (mode, content)
        for path, (mode, content) in hashed(top).items()
        if path.split("/")[0] != ".git" and not (top / os.fsdecode(path)).is_dir()
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
