"""Making the folder of a disposable tree: copied files, our git folder, a throw-away repository."""

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.inside import is_inside
from xreview.ports.json_value import text_in
from xreview.repo.change.revisions import Lookup
from xreview.repo.diff.file_header import LINK_MODE, SUBMODULE_MODE
from xreview.repo.disposable.below import leads_out, link_target, look, remove_all
from xreview.repo.disposable.copying import CopiedCheckout, checkout_notices, copy_checkout
from xreview.repo.disposable.own_git import (
    borrowed_objects,
    own_repository,
    write_git_folder,
    write_throwaway,
)
from xreview.repo.disposable.state_file import state_texts
from xreview.repo.disposable.tree_listing import list_tree
from xreview.repo.repository import Repository


def make_tree(
    repository: Repository, folder: Path, links: Sequence[str], revision: str = ""
) -> Mapping[str, object]:
    """Make `tree` and `git` in a folder; returns what `snapshot.json` keeps.

    The files are the user's as they are, or those of a revision. Raises ChangeError, and leaves
    nothing behind.
    """
    source = _checkout_of(repository, folder)
    commit = _commit_of(repository, revision) if revision else ""
    with _making(folder) as (top, git):
        if commit:
            write_git_folder(repository, git, borrowed_objects(repository), links)
            own = own_repository(repository, git, top)
            base, head = _checked_out(own, f"{commit}^{{tree}}"), commit
            notices = _tree_notices(own, top, base)
            write_throwaway(repository, own, base)
        else:
            copied = copy_checkout(repository, source, top)
            write_git_folder(repository, git, borrowed_objects(repository), links)
            own = own_repository(repository, git, top)
            base, head, notices = _committed(repository, own, copied), copied.head, copied.notices
        linked = _linked(repository, source, top, links)
    return _state(repository, top, base, head, linked, notices)


def make_twin(
    repository: Repository, folder: Path, original: Mapping[str, object], objects: Path
) -> Mapping[str, object]:
    """Make another tree of the files that one was made of; returns what `snapshot.json` keeps.

    Args:
        original: what `snapshot.json` of that one keeps. objects: its own objects.

    Raises ChangeError, and leaves nothing behind.
    """
    source = _checkout_of(repository, folder)
    links = state_texts(original, "links")
    lenders = (*state_texts(original, "lenders"), str(objects))
    with _making(folder) as (top, git):
        write_git_folder(repository, git, (*borrowed_objects(repository), *lenders), links)
        own = own_repository(repository, git, top)
        base = _checked_out(own, text_in(original, "base"))
        write_throwaway(repository, own, base)
        _link(source, top, links)
    head, notices = text_in(original, "head"), state_texts(original, "notices")
    return {**_state(repository, top, base, head, links, notices), "lenders": lenders}


@contextmanager
def _making(folder: Path) -> Generator[tuple[Path, Path]]:
    """The empty folder for the files, and the place of the git folder; both are removed if
    anything fails."""
    top, git = folder / "tree", folder / "git"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        top.mkdir(mode=0o700)
    except OSError as error:
        raise ChangeError(
            f"{top} can't be made: {error.strerror}.", "Check the state folder."
        ) from error
    try:
        yield top, git
    except BaseException:
        for name in ("tree", "git"):
            if os.path.lexists(folder / name):
                remove_all(folder, name)
        raise


def _state(
    repository: Repository,
    top: Path,
    base: str,
    head: str,
    links: Sequence[str],
    notices: Sequence[str],
) -> dict[str, object]:
    status = top.stat()
    return {
        "base": base,
        "head": head,
        "links": links,
        "notices": notices,
        "inode": [status.st_dev, status.st_ino],
        "repository": repository.identity,
    }


def _commit_of(repository: Repository, revision: str) -> str:
    """The full id of a revision's commit. Raises ChangeError."""
    # A line feed would ask about two revisions.
    known = {} if "\n" in revision else Lookup(repository, (revision,)).finish()
    commit = known.get(revision)
    if commit is None:
        raise ChangeError(
            f"No commit in this repository is called {revision}.",
            "Run `git log --all --oneline` or `git branch --all` to see what exists.",
        )
    return commit.id


def _checked_out(own: Repository, tree: str) -> str:
    """Write the files of a git tree, byte for byte as its blobs are; returns its id."""
    own.start("read-tree", tree).finish().checked()
    # With -u, the index knows the files' times, and need not read them again.
    own.start("checkout-index", "--all", "--index").finish().checked()
    return own.start("write-tree").finish().checked().decode().strip()


def _tree_notices(own: Repository, top: Path, tree: str) -> tuple[str, ...]:
    """Sentences about what a git tree has that isn't in its files."""
    there = list_tree(own, tree)
    submodules = sum(one.mode == SUBMODULE_MODE for one in there.values())
    links = (path for path, one in there.items() if one.mode == LINK_MODE)
    out = tuple(path for path in links if leads_out(path, link_target(top, path)))
    return checkout_notices(submodules, {}, out)


def _checkout_of(repository: Repository, folder: Path) -> Path:
    """The user's checkout. Raises ChangeError for none, or for one around `folder`."""
    if repository.top is None:
        raise ChangeError("A bare repository has no files to change.", "Start in a worktree of it.")
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
    # `check-ignore` doesn't accept GIT_LITERAL_PATHSPECS.
    command = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    listed = repository.start(*command, "--", *there).finish().checked()
    ignored = tuple(os.fsdecode(raw) for raw in listed.split(b"\0") if raw)
    linked = tuple(
        path
        for path in there
        if f"{path}/".startswith(tuple(f"{one.rstrip('/')}/" for one in ignored))
        and look(top, path) is None
    )
    _link(source, top, linked)
    return linked


def _link(source: Path, top: Path, links: Sequence[str]) -> None:
    try:
        for path in links:
            place = top / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(source / path)
    except OSError as error:
        raise ChangeError(
            f"{error.filename} can't be linked: {error.strerror}.", "Change fix.link."
        ) from error
