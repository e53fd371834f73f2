"""Finds a repository's own template of a description, as it was before the change.

The reviewed change must not choose how it is described, so only the base side is read. A template
is data: it says where sections go, and no model gets it as instructions.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from xreview.domain.briefing.template import MOST_TEMPLATE, DescriptionTemplate, parse_template
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.pull.address import ForgeKind
from xreview.domain.text import visible
from xreview.repo.later.patches import is_object_id
from xreview.repo.repository import Repository

_REGULAR = ("100644", "100755")
_SUFFIXES = ("", ".md", ".markdown", ".txt")
_FOLDERS: dict[ForgeKind | None, tuple[str, ...]] = {
    ForgeKind.GITLAB: (".gitlab",),
    ForgeKind.GITEA: (".forgejo", ".gitea", ".github"),
    None: (".github", ".gitlab", ".forgejo", ".gitea"),
}
"""The folders of forges, the kind's own first; GitHub's, and those of unknown ones, as for None."""
_SHARED = ("", "docs")
_ONE = "pull_request_template"
_SEVERAL = ("pull_request_template", "merge_request_templates")
_DEFAULT = "default"
_MOST_LISTED = 4 * 1024 * 1024  # bytes of names


def found_template(
    repository: Repository, base: str | None, kind: ForgeKind | None = None
) -> DescriptionTemplate | None:
    """The template that a forge of this kind would use; None if the repository has none.

    Of several in a folder, the one called `Default`, else the first by name. Blocks on git.

    Args:
        base: the full id of a commit or tree, the old side of the change; None for HEAD.

    Raises ChangeError if it is too large or git fails.
    """
    # A base from the journal can come from another person, and must not become an option of git's.
    place = base if base is not None and is_object_id(base) else "HEAD"
    named = {path.lower(): (path, id, size) for path, id, size in _listed(repository, place)}
    for candidate in _candidates(kind, sorted(named)):
        path, id, size = named[candidate]
        if size > MOST_TEMPLATE:
            raise ChangeError(
                f"The template {visible(path)} is larger than {MOST_TEMPLATE // 1024} KiB.",
                "Name another one with --template FILE, or --template none.",
            )
        content = repository.start("cat-file", "blob", id).finish().checked()
        return parse_template(path, content.decode("utf-8", "replace"))
    return None


def template_from(path: str, content: bytes) -> DescriptionTemplate:
    """The template in a file of the user's. Raises UsageError if it is too large or not text."""
    if len(content) > MOST_TEMPLATE:
        raise UsageError(
            f"The template {visible(path)} is larger than {MOST_TEMPLATE // 1024} KiB.",
            "Shorten it, or leave it out with --template none.",
        )
    if b"\0" in content:
        raise UsageError(f"{visible(path)} isn't a text file.", "Name a Markdown file.")
    return parse_template(path, content.decode("utf-8", "replace"))


def _candidates(kind: ForgeKind | None, names: list[str]) -> Iterator[str]:
    """The names of possible templates that are there, in lower case, the best first."""
    known = frozenset(names)
    folders = (*_FOLDERS.get(kind, _FOLDERS[None]), *_SHARED)
    for folder in folders:
        start = f"{folder}/" if folder else ""
        for suffix in _SUFFIXES:
            if (name := f"{start}{_ONE}{suffix}") in known:
                yield name
        for several in _SEVERAL:
            inside = [
                one
                for one in names
                if PurePosixPath(one).parent.as_posix() == f"{start}{several}"
                and one.endswith(_SUFFIXES[1:])
            ]
            inside.sort(key=lambda one: PurePosixPath(one).stem != _DEFAULT)
            yield from inside


def _listed(repository: Repository, place: str) -> Iterator[tuple[str, str, int]]:
    """The regular files at the top and in the folders that can have templates."""
    folders = {one for group in _FOLDERS.values() for one in group} | {"docs"}
    yield from _rows(repository, place, "")
    for folder in _spelled(repository, place, folders):
        yield from _rows(repository, place, f"{folder}/")
        for inner in _spelled(repository, place, _SEVERAL, f"{folder}/"):
            yield from _rows(repository, place, f"{inner}/")
    for inner in _spelled(repository, place, _SEVERAL):
        yield from _rows(repository, place, f"{inner}/")


def _spelled(
    repository: Repository, place: str, names: set[str] | tuple[str, ...], below: str = ""
) -> list[str]:
    """The folders with these names, however they are written."""
    found = (path for path, kind, _, _ in _entries(repository, place, below) if kind == "tree")
    return [path for path in found if path.rpartition("/")[2].lower() in names]


def _rows(repository: Repository, place: str, below: str) -> Iterator[tuple[str, str, int]]:
    for path, mode, id, size in _entries(repository, place, below):
        if mode in _REGULAR and path.lower().endswith((_ONE, *_SUFFIXES[1:])):
            yield path, id, size


def _entries(repository: Repository, place: str, below: str) -> Iterator[tuple[str, str, str, int]]:
    """Path, mode (or "tree"), id and size of the entries of a folder; none if it isn't there."""
    arguments = ("ls-tree", "-z", "--long", "--full-tree", place, "--", *([below] if below else []))
    listing = repository.start(*arguments).finish()
    if listing.code:
        return
    # `<mode> <kind> <id> <size>` TAB path NUL
    for entry in listing.output[:_MOST_LISTED].split(b"\0"):
        told, _, path = entry.partition(b"\t")
        fields = told.decode("ascii", "replace").split()
        if len(fields) == 4:
            mode, kind, id, size = fields
            shown = mode if kind == "blob" else kind
            yield (
                path.decode("utf-8", "surrogateescape"),
                shown,
                id,
                int(size) if size != "-" else 0,
            )
