"""Making the folder of a disposable tree: copied files, our git folder, a throw-away repository."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.inside import is_inside
from xreview.repo.disposable.below import look, remove_all
from xreview.repo.disposable.copying import CopiedCheckout, copy_checkout
from xreview.repo.disposable.own_git import (
    borrowed_objects,
    own_repository,
    write_git_folder,
    write_throwaway,
)
from xreview.repo.repository import Repository


def make_tree(repository: Repository, folder: Path, links: Sequence[str]) -> Mapping[str, object]:
    """Make `tree` and `git` in a folder; returns what `snapshot.json` keeps.

    Raises ChangeError, and leaves nothing behind.
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
    return {
        "base": base,
        "head": copied.head,
        "links": linked,
        "notices": copied.notices,
        "inode": [status.st_dev, status.st_ino],
        "repository": repository.identity,
    }


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
