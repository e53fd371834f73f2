"""A disposable tree: a copy of files for a fixer or a writer to change, outside the repository.

    <folder>/tree/           the files; `tree/.git` is a throw-away repository for the checks
    <folder>/git/            our git folder: index and objects of our own
    <folder>/snapshot.json   what it was made of; written last
    <folder>/hidden.json     the files that are taken out while an agent runs

The user's repository isn't written: it lists files and lends its objects. Synchronous; call it in a
thread.
"""

import os
import stat
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Self

from xreview.domain.change import BIG_FILE_BYTES
from xreview.domain.errors import ChangeError
from xreview.ports.json_value import text_in
from xreview.repo.diff.file_header import LINK_MODE
from xreview.repo.disposable.below import delete_below, look, remove_all, special_below
from xreview.repo.disposable.making import make_tree, make_twin
from xreview.repo.disposable.own_git import (
    borrowed_objects,
    has_links,
    own_repository,
    with_variables,
    write_git_folder,
    write_throwaway,
)
from xreview.repo.disposable.state_file import read_state, state_texts, write_state
from xreview.repo.disposable.taking import TreePatch, files_between, take_patch
from xreview.repo.disposable.tree_listing import list_tree
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.repository import Repository

_SNAPSHOT, _HIDDEN = "snapshot.json", "hidden.json"
MEDDLED = "an agent can take it for instructions, or it can hold secrets"
"""Why changes to hidden files aren't part of the patch."""


def _is_never_hidden(path: str) -> bool:
    return False


class DisposableTree:
    """A disposable tree, made by `create` or found again by `open`.

    Args:
        folder: everything is in it.
        top: the folder of the files.
        base: the git tree of the files as they were copied.
        head: the commit of the user's HEAD then, or the one that the files are from; "" before the
            first commit.
        repository: the files as a repository of ours, for reading; `base` and patches are in it.
        notices: sentences about what differs from the user's files.
        links: ignored entries of the user's checkout that are linked here. A write through
            such a link changes the user's files, so only their own settings name them.
    """

    def __init__(self, repository: Repository, folder: Path, state: Mapping[str, object]) -> None:
        self._users = repository
        self.folder = folder
        self.top = folder / "tree"
        self.base = text_in(state, "base")
        self.head = text_in(state, "head")
        self.links = state_texts(state, "links")
        self.notices = state_texts(state, "notices")
        self.repository = own_repository(repository, folder / "git", self.top)
        self._state = state
        self._inode = state.get("inode")
        self._is_hidden: Callable[[str], bool] = _is_never_hidden
        hidden = read_state(folder / _HIDDEN) or {}
        self._hidden = state_texts(hidden, "paths")
        self._meddled = state_texts(hidden, "meddled")
        self._is_out = bool(hidden.get("is_out"))

    @classmethod
    def create(
        cls, repository: Repository, folder: Path, links: Sequence[str] = (), revision: str = ""
    ) -> Self:
        """Copy the user's files into `folder`/tree, and link the ignored entries `links`.

        With a revision, the files are those of its commit, byte for byte as git stores them, and
        nothing that isn't committed is there. Raises ChangeError for a bare repository, unresolved
        conflicts, an unknown revision, a folder inside of the repository, and where git or the disk
        fails; what was made is then removed.
        """
        state = make_tree(repository, folder, links, revision)
        write_state(folder / _SNAPSHOT, state)
        return cls(repository, folder, read_state(folder / _SNAPSHOT) or {})

    def twin(self, folder: Path) -> Self:
        """Make another tree of the files that this one was made of, whatever they are now.

        It costs less than `create`, and needs this tree's folder as long as it is used. Raises
        ChangeError; what was made is then removed.
        """
        self._check()
        objects = self.folder / "git" / "objects"
        state = make_twin(self._users, folder, self._state, objects)
        write_state(folder / _SNAPSHOT, state)
        return type(self)(self._users, folder, read_state(folder / _SNAPSHOT) or {})

    @classmethod
    def open(
        cls,
        repository: Repository,
        folder: Path,
        is_hidden: Callable[[str], bool] = _is_never_hidden,
    ) -> Self:
        """Find a tree again, after a restart; `is_hidden` as in `hide`, if it was cut off there.

        Raises ChangeError if it wasn't completely made.
        """
        state = read_state(folder / _SNAPSHOT)
        if state is None or not text_in(state, "base"):
            raise ChangeError(f"There is no complete tree in {folder}.", "Discard it.")
        if text_in(state, "repository") != repository.identity:
            raise ChangeError(
                f"The tree in {folder} belongs to {text_in(state, 'repository')}.",
                "Open it there.",
            )
        tree = cls(repository, folder, state)
        tree._is_hidden = is_hidden
        return tree

    def hide(self, is_hidden: Callable[[str], bool]) -> None:
        """Take the files that `is_hidden` accepts out, until `restore`. Raises ChangeError."""
        self._check()
        self._is_hidden = is_hidden
        self._hidden = tuple(
            path for path in list_tree(self.repository, self.base) if is_hidden(path)
        )
        self._is_out = True
        self._write_hidden()  # before the first is gone
        self._delete(self._hidden)

    def restore(self) -> None:
        """Put hidden files back as they were; ones that appeared meanwhile are removed."""
        if not self._is_out:
            return
        self._check()
        there = [path for path in self._hidden if look(self.top, path) is not None]
        listed = self._listed("--cached", "--others")
        fresh = [
            path
            for path in listed
            if path not in self._hidden and self._is_hidden(path.rstrip("/"))
        ]
        self._meddled = tuple(dict.fromkeys((*self._meddled, *there, *fresh)))
        self._write_hidden()
        self._delete(fresh)
        self.put(self.base, self._hidden)
        self._is_out = False
        self._write_hidden()

    def patch(self) -> TreePatch:
        """What differs from the base now. Raises ChangeError."""
        self._refresh()
        taken = take_patch(self.repository, self.top, self.base, self._why_left_out)
        refused = {**dict.fromkeys(self._meddled, MEDDLED), **taken.refused}
        return TreePatch(taken.tree, taken.files, refused)

    def patch_to(self, tree: str) -> TreePatch:
        """What differs between the base and a git tree that an earlier patch made, whatever the
        files are now. Raises ChangeError."""
        self._refresh()
        return TreePatch(tree, files_between(self.repository, self.base, tree), {})

    def put(self, tree: str, paths: Collection[str] | None = None) -> None:
        """Make files those of a git tree again; a path that the tree lacks is deleted.

        Args:
            paths: None for all files but linked and hidden ones.

        Raises ChangeError.
        """
        self._refresh()
        there = list_tree(self.repository, tree)
        if paths is None:
            now = (*self._listed("--cached", "--others"), *there)
            paths = [path for path in dict.fromkeys(now) if self._why_left_out(path) is None]
        self._delete([path for path in paths if path not in there])
        wanted = b"".join(os.fsencode(path) + b"\0" for path in paths if path in there)
        if wanted:
            # An index of its own: that of the patch knows which files are unchanged.
            index = self.folder / "git" / "put.index"
            own = with_variables(self.repository, GIT_INDEX_FILE=str(index))
            own.start("read-tree", tree).finish().checked()
            own.start("checkout-index", "-f", "-z", "--stdin", input=wanted).finish().checked()

    def ignored(self) -> Mapping[str, tuple[int, ...]]:
        """The ignored files that are there, such as caches, each with its identity and times."""
        self._refresh()
        every = self.repository.start("ls-files", "-z", "--others").finish().checked()
        listed = set(self._listed("--others"))
        paths = [os.fsdecode(path) for path in every.split(b"\0") if path]
        unlisted = [one for one in paths if one not in listed and self._why_left_out(one) is None]
        found = ((path, look(self.top, path)) for path in unlisted)
        return {
            path: (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            for path, status in found
            if status is not None
        }

    def drop_unseen(self, known: Mapping[str, tuple[int, ...]]) -> None:
        """Undo what a fixer did beside the patch, so that it can't decide how the checks end.

        Deletes the ignored files that are new or changed since `ignored` returned `known`, and
        pipes and the like where there was no file, and makes the throw-away repository anew. Raises
        ChangeError.
        """
        self._delete([path for path, now in self.ignored().items() if known.get(path) != now])
        if special := special_below(self.top):
            there = list_tree(self.repository, self.base)
            self._delete([path for path in special if path not in there])
        try:
            if look(self.top, ".git") is not None:
                remove_all(self.top, ".git")
        except OSError as error:
            raise ChangeError(
                f"{self.top / '.git'} can't be removed: {error.strerror}.", "Discard it."
            ) from error
        write_throwaway(self._users, self.repository, self.base)

    def readable(self) -> Repository:
        """`repository`, with its git folder written anew, since what ran here can have reached it.

        Raises ChangeError.
        """
        self._refresh()
        return self.repository

    def read(self, path: str, limit: int = BIG_FILE_BYTES) -> bytes | None:
        """The content of a file now; None for no file, a link or more than `limit` bytes.

        Raises ChangeError if it can't be read.
        """
        found = read_worktree_file(self.top, path, limit)
        return found[2] if found and found[0] != LINK_MODE else None

    def remove(self) -> None:
        """Delete everything; links are deleted, not followed. Raises ChangeError."""
        try:
            remove_all(self.folder.parent, self.folder.name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise ChangeError(
                f"{self.folder} can't be removed: {error.strerror}.", "Remove it yourself."
            ) from error

    def _refresh(self) -> None:
        self._check()
        borrowed = (*borrowed_objects(self._users), *state_texts(self._state, "lenders"))
        write_git_folder(self._users, self.folder / "git", borrowed, self.links)

    def _check(self) -> None:
        """Refuse a tree that was moved: another folder, or a link, may be in its place."""
        try:
            top, git = os.lstat(self.top), os.lstat(self.folder / "git")
            is_ours = [top.st_dev, top.st_ino] == self._inode and stat.S_ISDIR(git.st_mode)
            is_ours = is_ours and not has_links(self.folder / "git")
        except OSError:
            is_ours = False
        if not is_ours:
            raise ChangeError(
                f"{self.folder} isn't as xreview-tui made it: a folder was moved or replaced.",
                "Discard it.",
            )

    def _why_left_out(self, path: str) -> str | None:
        if any(path == link or path.startswith(f"{link}/") for link in self.links):
            return ""
        if path in self._hidden or self._is_hidden(path.rstrip("/")):
            return "" if self._is_out and look(self.top, path) is None else MEDDLED
        return None

    def _listed(self, *kinds: str) -> list[str]:
        """The paths in our index or beside it, without ignored ones."""
        listing = self.repository.start("ls-files", "-z", *kinds, "--exclude-standard")
        found = listing.finish().checked().split(b"\0")
        return [os.fsdecode(path) for path in found if path]

    def _delete(self, paths: Collection[str]) -> None:
        for path in paths:
            try:
                if path.endswith("/"):
                    remove_all(
                        self.top / path[:-1].rpartition("/")[0], path[:-1].rpartition("/")[2]
                    )
                elif (status := look(self.top, path)) and not stat.S_ISDIR(status.st_mode):
                    delete_below(self.top, path)
            except OSError as error:
                raise ChangeError(
                    f"{path} can't be removed from {self.top}: {error.strerror}.",
                    "Discard it.",
                ) from error

    def _write_hidden(self) -> None:
        state = {"paths": self._hidden, "meddled": self._meddled, "is_out": self._is_out}
        write_state(self.folder / _HIDDEN, state)
