"""Fetching both sides of a pull request, without touching anything that is the user's.

In a full clone, the objects join those of the repository, and `refs/xreview/pr/…` name them there.
A shallow or partial clone can't take them: its list of cut-off commits would have to change, or it
lacks what they build upon. There (and where the repository can't be written) they are in a store of
this program, which git reads beside the repository's objects, with a list of its own
(`GIT_SHALLOW_FILE`). The history in a store is cut off some commits before both sides parted.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, replace
from xreview.repo.change.revisions import Lookup, MergeBase, Starter
from xreview.repo.hardened.environment import with_settings
from xreview.repo.hardened.process import GitProcess
from xreview.repo.pulls.side_folder import FetchAddress, SideFolder, side_folder
from xreview.repo.pulls.stores import store_alone
from xreview.repo.repository import Repository

DEPTHS = (50, 400, 3000)
"""Commits of history to fetch into a store, one after the other until both sides meet."""

_HEAD, _BASE = "refs/xreview/head", "refs/xreview/base"
_MOST_TIPS = 20_000
_NO_REF = re.compile(r"couldn't find remote ref (\S+)")
_REFERENCE = re.compile(r"refs/(?!.*\.\.)[^\x00-\x20\x7f:*?\[\\^~]+")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ODD = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True)
class WantedSides:
    """What to fetch.

    Args:
        name: of the pull request below `refs/xreview/pr/`: (host, project, number).
        head_ref, base_ref: full references at the address.
        bases: full ids of commits of the base, the one that the forge compares with first.

    Raises ChangeError for a name that isn't one: all of them are from the forge.
    """

    name: tuple[str, str, str]
    address: FetchAddress
    head_ref: str
    base_ref: str
    bases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        odd = [ref for ref in (self.head_ref, self.base_ref) if not _REFERENCE.fullmatch(ref)]
        odd += [id for id in self.bases if not _ID.fullmatch(id)]
        if odd:
            raise ChangeError(
                f"The forge named “{odd[0]}”, which git can't fetch.", "Try again later."
            )


@dataclass(frozen=True)
class FetchedSides:
    """Both sides.

    Args:
        repository: the one at hand, with an environment in which git finds the objects.
        head: the full id of the head's commit. base: that of the merge base.
        is_base_gone: whether the base branch doesn't exist any more.
    """

    repository: Repository
    head: str
    base: str
    is_base_gone: bool = False


def fetch_sides(repository: Repository, wanted: WantedSides, store: Path) -> FetchedSides:
    """Fetch both sides of a pull request. Blocks on the network.

    Args:
        store: a folder of this program for a clone that can't take the objects.

    Raises ChangeError if git can't fetch them, or finds no common ancestor.
    """
    objects = _objects_folder(repository)
    if repository.is_shallow or repository.settings.is_partial_clone or not _is_writable(objects):
        return _into_store(repository, wanted, store)
    with tempfile.TemporaryDirectory(prefix="xreview-pull-") as place:
        side = side_folder(repository, Path(place), objects)
        _name_tips(repository, side)
        is_gone = _fetch(side, wanted)
        ids = _ids_in(side)
    _keep(repository, wanted.name, ids)
    return _compared(repository, repository, wanted, ids, is_base_gone=is_gone)


def pull_refs(name: Sequence[str]) -> str:
    """The prefix of the references of a pull request: "refs/xreview/pr/<host>/<project>/<number>".

    What a reference can't contain is replaced (git-check-ref-format(1)).
    """
    parts = "/".join(name).split("/")
    return "/".join(("refs/xreview/pr", *map(_part_of_reference, parts)))


def _part_of_reference(part: str) -> str:
    part = _ODD.sub("_", part).replace("..", "__")
    if part.startswith("."):
        part = f"_{part[1:]}"
    return f"{part}_" if part.endswith((".lock", ".")) else part


def _fetch(side: SideFolder, wanted: WantedSides, *options: str) -> bool:
    """Fetch both references; returns whether the base's doesn't exist any more.

    Then the base is fetched by its id, if it has one.
    """
    words = (*options, wanted.address.url, f"+{wanted.head_ref}:{_HEAD}")
    done = side.fetch(wanted.address, *words, f"+{wanted.base_ref}:{_BASE}")
    found = _NO_REF.search(done.said) if done.code else None
    if found and found[1] == wanted.base_ref and wanted.bases:
        known = f"+{wanted.bases[-1]}:{_BASE}"
        side.fetch(wanted.address, *words, known).checked()
        return True
    if found and found[1] == wanted.head_ref:
        raise ChangeError(
            "The forge no longer has the commits of this pull request.",
            "Its source branch may have been deleted; review a local branch with --range.",
        )
    done.checked()
    return False


def _name_tips(repository: Repository, side: SideFolder) -> None:
    """Tell git what the repository has, so that it fetches only the rest."""
    arguments = ("--format=%(objectname) %(refname)", f"--count={_MOST_TIPS}")
    listed = repository.start("for-each-ref", "--sort=-creatordate", *arguments).finish().checked()
    rows = [row for row in listed.split(b"\n") if b" refs/" in row]
    head = repository.start("rev-parse", "--verify", "--quiet", "HEAD").finish().output.strip()
    rows += [head + b" refs/xreview/here"] if head else []
    try:
        (side.folder / "packed-refs").write_bytes(b"".join(row + b"\n" for row in rows))
    except OSError as error:
        raise ChangeError(f"{side.folder} can't be written: {error.strerror}.") from error


def _ids_in(side: SideFolder) -> tuple[str, str]:
    """The full ids of head and base."""
    output = side.run("rev-parse", "--verify", f"{_HEAD}^{{commit}}").decode("ascii").strip()
    base = side.run("rev-parse", "--verify", f"{_BASE}^{{commit}}").decode("ascii").strip()
    return output, base


def _keep(repository: Repository, name: Sequence[str], ids: tuple[str, str]) -> None:
    """Name both sides in the repository, so that git doesn't remove their objects.

    Without the names (a lock that git left, a folder that can't be written) they stay for weeks.
    """
    prefix = pull_refs(name)
    rows = (
        f"update {prefix}/{side} {id}\n" for side, id in zip(("head", "base"), ids, strict=True)
    )
    environment = with_settings(repository.environment, (("core.logAllRefUpdates", "false"),))
    writing = replace(repository, environment=environment)
    writing.start("update-ref", "--no-deref", "--stdin", input="".join(rows).encode()).finish()


def _into_store(repository: Repository, wanted: WantedSides, store: Path) -> FetchedSides:
    with store_alone(store):
        side = side_folder(repository, store)
        starter = _StarterIn(side)
        for depth in DEPTHS:
            is_gone = _fetch(side, wanted, f"--depth={depth}")
            ids = _ids_in(side)
            if _merge_base(starter, (ids[1],), ids[0]) is not None:
                reading = _with_store(repository, side)
                return _compared(reading, starter, wanted, ids, is_base_gone=is_gone)
    raise ChangeError(
        f"The last {DEPTHS[-1]:,} commits of both sides have no common ancestor.",
        "Run `git fetch --unshallow`, and open it again.",
    )


def _with_store(repository: Repository, side: SideFolder) -> Repository:
    """The repository, with the objects of the store beside its own."""
    name = "GIT_ALTERNATE_OBJECT_DIRECTORIES"
    quoted = str(side.folder / "objects").replace("\\", "\\\\").replace('"', '\\"')
    others = repository.environment.get(name, "")
    ends = side.folder / "all-ends"
    try:
        rows = {
            row
            for file in (repository.common_dir / "shallow", side.folder / "shallow")
            if file.is_file()
            for row in file.read_text("ascii").split()
        }
        fresh = ends.with_suffix(".new")  # another review can be reading the list
        fresh.write_text("".join(f"{row}\n" for row in sorted(rows)), "ascii")
        fresh.replace(ends)
    except (OSError, UnicodeDecodeError) as error:
        raise ChangeError(
            "The list of the commits at which the shallow clone ends can't be read.",
            "Check .git/shallow.",
        ) from error
    environment = {
        **repository.environment,
        name: os.pathsep.join(filter(None, (f'"{quoted}"', others))),
        "GIT_SHALLOW_FILE": str(ends),
    }
    return replace(repository, environment=environment)


def _compared(
    repository: Repository,
    starter: Starter,
    wanted: WantedSides,
    ids: tuple[str, str],
    *,
    is_base_gone: bool,
) -> FetchedSides:
    """Find the merge base.

    After a merge the base branch contains the head, so what the forge names goes first.
    """
    head, tip = ids
    known = Lookup(starter, wanted.bases).finish() if wanted.bases else {}
    bases = tuple(commit.id for commit in known.values() if commit)
    base = _merge_base(starter, (*bases, tip), head)
    if base is None:
        raise ChangeError(
            "The two sides of the pull request have no common ancestor.",
            "Compare them with --range A..B.",
        )
    return FetchedSides(repository, head, base, is_base_gone)


def _merge_base(starter: Starter, bases: Sequence[str], head: str) -> str | None:
    found: str | None = None
    for base in dict.fromkeys(bases):
        if one := MergeBase(starter, base, head).finish():
            found = found or one
            if one != head:
                return one
    return found


@dataclass(frozen=True)
class _StarterIn:
    """Starts git in a store."""

    side: SideFolder

    def start(self, *arguments: str, input: bytes = b"") -> GitProcess:
        return GitProcess(arguments, self.side.folder, self.side.environment, input)


def _objects_folder(repository: Repository) -> Path:
    output = repository.start("rev-parse", "--git-path", "objects").finish().checked()
    return (repository.folder / os.fsdecode(output).removesuffix("\n")).resolve()


def _is_writable(objects: Path) -> bool:
    return os.access(objects, os.W_OK) and os.access(objects / "pack", os.W_OK)
