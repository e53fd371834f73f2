"""A disposable tree: a copy of the user's files for a fixer to change, outside the repository.

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

from xreview.domain.errors import ChangeError
from xreview.domain.inside import is_inside
from xreview.ports.json_value import text_in
from xreview.repo.disposable.below import delete_below, look, remove_all
from xreview.repo.disposable.copying import CopiedCheckout, copy_checkout
from xreview.repo.disposable.own_git import (
    borrowed_objects,
    own_repository,
    with_variables,
    write_git_folder,
    write_throwaway,
)
from xreview.repo.disposable.state_file import read_state, state_texts, write_state
from xreview.repo.disposable.taking import TreePatch, take_patch
from xreview.repo.disposable.tree_listing import list_tree
from xreview.repo.repository import Repository

_SNAPSHOT, _HIDDEN = "snapshot.json", "hidden.json"
MEDDLED = "an agent can take it for instructions, or it can hold secrets"
"""Why changes to hidden files aren't part of the patch."""


class DisposableTree:
    """A disposable tree, made by `create` or found again by `open`.

    Args:
        folder: everything is in it.
        top: the folder of the files.
        base: the git tree of the files as they were copied.
        head: the commit of the user's HEAD then; "" before the first commit.
        repository: the files as a repository of ours, for reading; `base` and patches are in it.
        notices: sentences about what differs from the user's files.
        links: ignored entries of the user's checkout that are linked here. Whoever writes through
            such a link changes the user's files; only the user's own settings name them.
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
        self._inode = state.get("inode")
        self._is_hidden: Callable[[str], bool] = _is_never_hidden
        hidden = read_state(folder / _HIDDEN) or {}
        self._hidden = state_texts(hidden, "paths")
        self._meddled = state_texts(hidden, "meddled")
        self._is_out = bool(hidden.get("is_out"))

    @classmethod
    def create(cls, repository: Repository, folder: Path, links: Sequence[str] = ()) -> Self:
        """Copy the user's files into `folder`/tree, and link the ignored entries `links`.

        Raises ChangeError for a bare repository, unresolved conflicts, a folder inside of the
        repository, and where git or the disk fails; what was made is then removed.
        """
        source = _checkout_of(repository, folder)
        top, git = folder / "tree", folder / "git"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            top.mkdir(mode=0o700)
        except OSError as error:
            raise ChangeError(
                f"{top} can't be made: {error.strerror}.", "Check the state folder."
            ) from error
        try:
            copied = copy_checkout(repository, source, top)
            write_git_folder(repository, git, borrowed_objects(repository), links)
            own = own_repository(repository, git, top)
            base = _committed(repository, own, copied)
            linked = _linked(repository, source, top, links)
        except BaseException:
            for name in ("tree", "git"):
                if os.path.lexists(folder / name):
                    remove_all(folder, name)
            raise
        status = top.stat()
        made: dict[str, object] = {
            "base": base,
            "head": copied.head,
            "links": linked,
            "notices": copied.notices,
            "inode": [status.st_dev, status.st_ino],
            "repository": repository.identity,
        }
        write_state(folder / _SNAPSHOT, made)
        return cls(repository, folder, read_state(folder / _SNAPSHOT) or {})

    @classmethod
    def open(cls, repository: Repository, folder: Path) -> Self:
        """Find a tree again, after a restart. Raises ChangeError if it wasn't completely made."""
        state = read_state(folder / _SNAPSHOT)
        if state is None or not text_in(state, "base"):
            raise ChangeError(f"There is no complete fix in {folder}.", "Discard it.")
        if text_in(state, "repository") != repository.identity:
            raise ChangeError(
                f"The fix in {folder} belongs to {text_in(state, 'repository')}.",
                "Open it there.",
            )
        return cls(repository, folder, state)

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
        borrowed = borrowed_objects(self._users)
        write_git_folder(self._users, self.folder / "git", borrowed, self.links)

    def _check(self) -> None:
        """Refuse a tree that was moved: another folder, or a link, may be in its place."""
        try:
            top, git = os.lstat(self.top), os.lstat(self.folder / "git")
        except OSError:
            top = git = None
        is_ours = top is not None and [top.st_dev, top.st_ino] == self._inode
        if not is_ours or git is None or not stat.S_ISDIR(git.st_mode):
            raise ChangeError(
                f"{self.folder} isn't as xreview-tui made it: a folder was moved or replaced.",
                "Discard this fix.",
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
                    "Discard this fix.",
                ) from error

    def _write_hidden(self) -> None:
        state = {"paths": self._hidden, "meddled": self._meddled, "is_out": self._is_out}
        write_state(self.folder / _HIDDEN, state)


def _is_never_hidden(path: str) -> bool:
    return False


def _checkout_of(repository: Repository, folder: Path) -> Path:
    """The user's checkout. Raises ChangeError for none, or for one around `folder`."""
    if repository.top is None:
        raise ChangeError("A bare repository has no files to fix.", "Start in a worktree of it.")
    if folder.resolve().is_relative_to(repository.top):
        raise ChangeError(
            f"The state folder {folder} is inside the repository.",
            "Set XDG_STATE_HOME to a folder outside of it.",
        )
    return repository.top


def _committed(repository: Repository, own: Repository, copied: CopiedCheckout) -> str:
    """Put what was copied into our index; returns its tree."""
    names = b"".join(path + b"\0" for path in sorted(map(os.fsencode, copied.paths)))
    if names:
        adding = own.start("update-index", "--add", "-z", "--stdin", input=names)
        adding.finish().checked()
    if copied.submodules:
        rows = (f"160000 {id}\t{path}\0" for path, id in copied.submodules.items())
        named = os.fsencode("".join(rows))
        own.start("update-index", "-z", "--index-info", input=named).finish().checked()
    base = own.start("write-tree").finish().checked().decode().strip()
    write_throwaway(repository, own, base)
    return base


def _linked(
    repository: Repository, source: Path, top: Path, links: Sequence[str]
) -> tuple[str, ...]:
    """Link the ignored entries that exist. Raises ChangeError for a path that isn't plain."""
    for path in links:
        if not is_inside(path):
            raise ChangeError(
                f"fix.link names {path}, which isn't a plain relative path.",
                "Name an ignored folder below the top, such as node_modules.",
            )
    there = [path for path in links if look(source, path) is not None]
    if not there:
        return ()
    asked = b"".join(os.fsencode(path) + b"\0" for path in there)
    listed = repository.start("check-ignore", "-z", "--stdin", input=asked).finish()
    ignored = set(map(os.fsdecode, listed.output.split(b"\0")))
    linked = tuple(path for path in there if path in ignored and look(top, path) is None)
    try:
        for path in linked:
            place = top / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(source / path)
    except OSError as error:
        raise ChangeError(
            f"{error.filename} can't be linked: {error.strerror}.", "Change fix.link."
        ) from error
    return linked
