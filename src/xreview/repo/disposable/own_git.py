"""The git folder of a disposable tree: ours, never the user's, and never configured by either.

Its objects are those of the user's repository, borrowed (gitrepository-layout(5), "alternates"),
and its own new ones. Nothing is converted between the files and it (`_ATTRIBUTES`), so that a blob
is exactly what is on disk. An agent could reach the folder; so it is written anew before each use.
git may renew the time of an object of the user's repository that it would otherwise write again,
which protects it from pruning; content and listing never change.
"""

import os
import shutil
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.record import replace
from xreview.repo.change.untracked import OWN_FILES
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.hardened.environment import LOCATIONS, with_settings
from xreview.repo.repository import Repository

_FORMAT_KEY = "extensions.objectformat"
_ATTRIBUTES = b"* -text -eol -filter -ident -working-tree-encoding !diff !merge\n"
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_EXCLUDES_BYTES = 1024 * 1024
_ADVICE = "Check that there is space on the disk."
_OBJECTS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_PINNED = (
    ("core.attributesFile", os.devnull),
    ("core.autocrlf", "false"),
    ("core.bare", "false"),
    ("core.fileMode", "true"),
    ("core.looseCompression", "0"),
    ("core.sparseCheckout", "false"),
    ("core.splitIndex", "false"),
    ("core.trustctime", "true"),
    ("index.sparse", "false"),
)
_SNAPSHOT = (
    ("user.name", "xreview-tui"),
    ("user.email", "xreview-tui@localhost"),
    ("i18n.commitEncoding", "UTF-8"),
)


def own_repository(repository: Repository, git: Path, top: Path) -> Repository:
    """The repository whose git folder is `git` and whose files are below `top`."""
    dropped = (*LOCATIONS, *_OBJECTS, "GIT_INDEX_FILE", "GIT_NAMESPACE")
    kept = {key: value for key, value in repository.environment.items() if key not in dropped}
    kept |= {"GIT_DIR": str(git), "GIT_COMMON_DIR": str(git), "GIT_WORK_TREE": str(top)}
    kept = with_settings(kept, (*_PINNED, *_taken_over(repository)))
    return replace(repository, top=top, git_dir=git, common_dir=git, environment=kept)


def with_variables(repository: Repository, **variables: str) -> Repository:
    """The same repository with environment variables for git."""
    return replace(repository, environment={**repository.environment, **variables})


def _taken_over(repository: Repository) -> list[tuple[str, str]]:
    """What the repository says about its file system and what it ignores."""
    keys = ("core.ignorecase", "core.precomposeunicode")
    values = ((key, repository.settings.last(key, from_repository=True)) for key in keys)
    found = [(key, value) for key, value in values if value]
    if value := repository.settings.last("core.excludesfile", from_repository=True):
        # A relative one counts from the top of the user's checkout.
        place = value if value.startswith("~") else str(repository.folder / value)
        found.append(("core.excludesFile", place))
    return found


def write_git_folder(
    repository: Repository, git: Path, borrowed: Sequence[str], hidden: Iterable[str] = ()
) -> None:
    """Write the configuration of a git folder, and the folder where it's missing.

    Args:
        repository: the user's. borrowed: folders of objects. hidden: paths that git ignores.

    Raises ChangeError.
    """
    settings = "[core]\n\tbare = false\n\tfilemode = true\n\tlogallrefupdates = false\n"
    kind = repository.settings.last(_FORMAT_KEY)
    settings += f"\trepositoryformatversion = {1 if kind else 0}\n"
    if kind in ("sha1", "sha256"):
        settings += f"[extensions]\n\tobjectformat = {kind}\n"
    found = read_worktree_file(repository.common_dir, "info/exclude", _EXCLUDES_BYTES)
    excluded = (found[2] if found else None) or b""
    rows = (*OWN_FILES, *(f"/{_escaped(path)}" for path in hidden))
    try:
        for folder in (git, git / "objects", git / "objects/info", git / "refs", git / "info"):
            folder.mkdir(mode=0o700, exist_ok=True)
        write_anew(git / "config", settings.encode())
        write_anew(git / "info/attributes", _ATTRIBUTES)
        write_anew(git / "info/exclude", excluded + b"\n" + os.fsencode("\n".join(rows)) + b"\n")
        lines = "".join(f"{place}\n" for place in borrowed)
        write_anew(git / "objects/info/alternates", os.fsencode(lines))
        if not (git / "HEAD").is_file():
            write_anew(git / "HEAD", b"ref: refs/heads/main\n")
    except OSError as error:
        raise ChangeError(f"{git} can't be written: {error.strerror}.", _ADVICE) from error


def has_links(git: Path) -> bool:
    """Whether a part of a git folder that git or we write to is a link. Raises OSError."""
    folders = (git, git / "info", git / "objects", git / "objects/info")
    return any(entry.is_symlink() for folder in folders for entry in folder.iterdir())


def borrowed_objects(repository: Repository) -> tuple[str, ...]:
    """The folders with the objects of the user's repository."""
    first, others = (repository.environment.get(name, "") for name in _OBJECTS)
    places = [first or str(repository.common_dir / "objects"), *others.split(os.pathsep)]
    return tuple(place for place in places if place)


def write_throwaway(repository: Repository, own: Repository, tree: str) -> None:
    """Make the files a repository of their own for the checks: its HEAD is the tree, committed.

    Raises ChangeError.
    """
    person = {f"GIT_{who}_DATE": "1700000000 +0000" for who in ("AUTHOR", "COMMITTER")}
    environment = with_settings({**own.environment, **person}, _SNAPSHOT)
    committing = replace(own, environment=environment)
    done = committing.start("commit-tree", "-m", "The files before the fix", tree).finish()
    git = own.folder / ".git"
    write_git_folder(repository, git, (str(own.git_dir / "objects"),))
    try:
        (git / "refs/heads").mkdir(mode=0o700)
        write_anew(git / "refs/heads/main", done.checked())
        shutil.copyfile(own.git_dir / "index", git / "index")
    except OSError as error:
        raise ChangeError(f"{git} can't be written: {error.strerror}.", _ADVICE) from error


def write_anew(path: Path, content: bytes) -> None:
    """Replace a file, or whatever is in its place but a folder. Raises OSError."""
    # A name of this thread: several can read one tree.
    fresh = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    with os.fdopen(os.open(fresh, _NEW_FILE, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


def _escaped(path: str) -> str:
    """A path as a gitignore pattern."""
    return "".join(f"\\{sign}" if sign in "\\*?[ " else sign for sign in path)
