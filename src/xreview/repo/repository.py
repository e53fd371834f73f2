"""Finding the repository around a folder, and what must be known before it's read."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, field
from xreview.repo.hardened.environment import hardened_environment, with_settings, without_filters
from xreview.repo.hardened.process import Completed, GitProcess
from xreview.repo.hardened.settings import LIST_ARGUMENTS, GitSettings, parse_settings
from xreview.repo.hardened.stale_variables import (
    refuse_stale,
    refuse_stale_index,
    stale_advice,
    stale_git_folder,
)

if TYPE_CHECKING:
    from xreview.repo.git import ObjectReader

_PARTIAL_ADVICE = (
    "This is a partial clone, and xreview-tui fetches nothing. "
    "Show the change with git once, so that git fetches what's missing, and try again."
)
_DAMAGE_ADVICE = "Run `git fsck` if the repository may be damaged."
_BRANCH = "refs/heads/"
_PERSON = ("user.name", "user.email", "committer.name", "committer.email")
_PATH_FORMAT = "--path-format=absolute"
_PLACES = (
    *("rev-parse", _PATH_FORMAT, "--git-dir", "--git-common-dir"),
    *("--is-bare-repository", "--show-toplevel"),
)


@dataclass(frozen=True)
class Repository:
    """A repository, and the environment in which git runs on it.

    Args:
        top: the real path of the worktree's top folder; None for a bare repository.
        git_dir: the absolute path of its git folder (the linked worktree's own, in one).
        common_dir: the git folder that all linked worktrees share.
        settings: its configuration, and the user's.
        environment: hardened, with the paths above pinned.
    """

    top: Path | None
    git_dir: Path
    common_dir: Path
    settings: GitSettings = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)

    @cached_property
    def identity(self) -> str:
        """The repository's name in the journal: the real path of its common git folder."""
        return str(self.common_dir.resolve())

    @cached_property
    def actor(self) -> str:
        """The user, as git writes it into a commit: `Name <email>`.

        The repository's own configuration doesn't count, so that it can't decide who decided.
        """
        own = self.settings.users_own
        name, email = (
            os.environ.get(f"GIT_COMMITTER_{part.upper()}")
            or own.last(f"committer.{part}")
            or own.last(f"user.{part}")
            for part in ("name", "email")
        )
        name, email = name or _login(), email or os.environ.get("EMAIL", "")
        return f"{name} <{email}>" if email else name

    @property
    def names_another_actor(self) -> bool:
        """Whether the repository's own configuration names a different user."""
        return any(
            setting.is_from_repository
            and setting.key in _PERSON
            and setting.value != self.settings.users_own.last(setting.key)
            for setting in self.settings.settings
        )

    @property
    def folder(self) -> Path:
        """Where git runs: the top, or the git folder of a bare repository."""
        return self.top or self.git_dir

    @property
    def branch(self) -> str:
        """The branch that is checked out now; "" for a detached HEAD."""
        try:
            text = (self.git_dir / "HEAD").read_bytes()[:4096].decode("utf-8", "surrogateescape")
        except OSError:
            text = ""
        target = text.removeprefix("ref:").strip() if text.startswith("ref:") else ""
        if target == "refs/heads/.invalid":  # references are in a table (git 2.45)
            done = self.start("symbolic-ref", "--quiet", "HEAD").finish()
            target = done.output.decode("utf-8", "surrogateescape").strip()
        return target.removeprefix(_BRANCH) if target.startswith(_BRANCH) else ""

    @cached_property
    def objects(self) -> "ObjectReader":
        """The one reader of its objects: git takes 35 MB for the deltas of a large change. Close
        it when you are done; the next read starts git again."""
        from xreview.repo.git import ObjectReader

        return ObjectReader(self)

    @property
    def is_shallow(self) -> bool:
        """Whether this is a shallow clone."""
        return (self.common_dir / "shallow").is_file()

    def start(self, *arguments: str, input: bytes = b"") -> GitProcess:
        """Start git here."""
        advice = _PARTIAL_ADVICE if self.settings.is_partial_clone else _DAMAGE_ADVICE
        advice = stale_advice(self.environment) or advice
        return GitProcess(arguments, self.folder, self.environment, input, advice)


class Search:
    """The search for a repository from a folder: two git processes that run in the background.

    Raises ChangeError if the folder, git, or a folder that a variable names is missing.
    """

    def __init__(self, cwd: Path) -> None:
        refuse_stale(os.environ, cwd)
        self.cwd = cwd
        self.environment = hardened_environment(os.environ, cwd.absolute())
        self._places = self.start(*_PLACES)
        self._settings = self.start(*LIST_ARGUMENTS)

    def start(self, *arguments: str, input: bytes = b"") -> GitProcess:
        """Start git in the folder, for a query that doesn't depend on filters."""
        return GitProcess(arguments, self.cwd, self.environment, input)

    def finish(self) -> Repository:
        """Return the repository. Raises ChangeError if none can be read."""
        places = self._places.finish()
        listed = self._settings.finish()
        git_dir, common_dir, top = _parse_places(places, self)
        settings = parse_settings(listed.checked())
        refuse_stale_index(self.environment, top)
        if top is not None and "GIT_WORK_TREE" not in self.environment:
            _refuse_worktree_elsewhere(top, git_dir, settings)
        environment = with_settings(self.environment, without_filters(settings.repository_filters))
        environment["GIT_DIR"] = str(git_dir)
        if top is not None:
            environment["GIT_WORK_TREE"] = str(top)
        return Repository(top, git_dir, common_dir, settings, environment)

    def close(self) -> None:
        """End the processes that still run."""
        self._places.close()
        self._settings.close()


def find_repository(cwd: Path) -> Repository:
    """Find the repository around a folder.

    Raises ChangeError for no repository, one of another owner, one whose configuration puts its
    worktree elsewhere, no git, or a git before 2.31.
    """
    return Search(cwd).finish()


def _parse_places(places: Completed, search: Search) -> tuple[Path, Path, Path | None]:
    rows = os.fsdecode(places.output).split("\n")[:-1]
    if rows and rows[0] == _PATH_FORMAT:
        version = search.start("--version").finish().output.decode().strip()
        raise ChangeError(f"{version} is too old.", "Install git 2.31 or newer.")
    is_bare = len(rows) == 3 and rows[2] == "true"
    if places.code and not is_bare:
        raise _refusal(places, rows, search.cwd)
    if len(rows) != (3 if is_bare else 4) or rows[2] not in ("true", "false"):
        raise ChangeError(
            "The path of this repository contains a line feed.", "Move it to another folder."
        )
    return Path(rows[0]), Path(rows[1]), None if is_bare else Path(rows[3])


def _refusal(places: Completed, rows: list[str], cwd: Path) -> ChangeError:
    if "not a git repository" in places.said:
        return stale_git_folder(os.environ) or _no_repository(places, cwd)
    if len(rows) == 3:
        return ChangeError(
            f"{cwd} is inside a git folder, not in a worktree.",
            "Start from the top folder of the worktree.",
        )
    return places.error


def _no_repository(places: Completed, cwd: Path) -> ChangeError:
    if "not a git repository:" in places.said:  # a broken link to a git folder
        return places.error
    for folder in (cwd.absolute(), *cwd.absolute().parents):
        entry = folder / ".git"
        if os.path.lexists(entry):
            return ChangeError(
                f"{entry} exists, but git doesn't accept it as a repository.",
                "It's damaged or can't be read. Check its permissions, its HEAD, and its folders "
                "refs and objects.",
            )
    return ChangeError(
        f"{cwd} isn't in a git repository.",
        "Start in one, or name the change with --patch FILE or --pr URL.",
    )


def _refuse_worktree_elsewhere(top: Path, git_dir: Path, settings: GitSettings) -> None:
    """Refuse a repository whose configuration names another folder of the user as its worktree.

    A submodule sets `core.worktree` too, but its `.git` file leads back.
    """
    if not settings.last("core.worktree", from_repository=True):
        return
    entry = top / ".git"
    try:
        if entry.is_file():
            target = os.fsdecode(entry.read_bytes()[:4096]).removeprefix("gitdir:").strip()
            leads_back = (top / target).samefile(git_dir)
        else:
            leads_back = entry.samefile(git_dir)
    except OSError:
        leads_back = False
    if not leads_back:
        raise ChangeError(
            f"The repository's own configuration (core.worktree) puts its worktree at {top}, which "
            "may not belong to it.",
            f"If that's intended, run GIT_WORK_TREE={top} GIT_DIR={git_dir} xreview-tui.",
        )


def _login() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"
