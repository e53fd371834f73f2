"""Files as the latest release has them: the newest tag before a commit."""

import re
from collections.abc import Mapping, Sequence

from xreview.repo.repository import Repository

RELEASE_FILE_BYTES = 512 * 1024
_SECONDS = 3.0
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SIZE = re.compile(r"\d{1,12}")
_TAGS = (
    *("for-each-ref", "--count=1", "--sort=-creatordate"),
    "--format=%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)",
)


def released_commit(repository: Repository, commit: str) -> str | None:
    """Return the full id that the newest tag before a commit names; None if there is no tag.

    Args:
        commit: a full id.

    Raises ChangeError if git fails or takes more than 3 seconds.
    """
    if not _ID.fullmatch(commit):
        return None
    process = repository.start(*_TAGS, f"--merged={commit}", "refs/tags/")
    found = process.finish(_SECONDS).checked().decode("ascii", "replace").strip()
    return found if _ID.fullmatch(found) else None


def files_at(repository: Repository, commit: str, paths: Sequence[str]) -> Mapping[str, bytes]:
    """Return the files that a commit has at these paths, without links and what is larger than
    `RELEASE_FILE_BYTES`.

    Args:
        commit: a full id, also of something that isn't a commit: then there are no files.

    Raises ChangeError if git fails or takes too long.
    """
    if not paths:
        return {}
    command = ("ls-tree", "-z", "--long", "--full-tree", commit, "--", *paths)
    listed = repository.start(*command).finish(_SECONDS)
    if listed.code:  # the tag names a blob, or a tree that a partial clone lacks
        return {}
    ids: dict[str, str] = {}
    for entry in listed.output.decode("utf-8", "surrogateescape").split("\0"):
        # `<mode> blob <id> <size>` TAB path
        about, _, path = entry.partition("\t")
        mode, kind, id, size = (about.split() + [""] * 4)[:4]
        is_small = _SIZE.fullmatch(size) is not None and int(size) <= RELEASE_FILE_BYTES
        if kind == "blob" and mode.startswith("100") and is_small:
            ids[path] = id
    return _blobs(repository, ids)


def _blobs(repository: Repository, ids: Mapping[str, str]) -> Mapping[str, bytes]:
    """The content of blobs, by path, from one git process."""
    if not ids:
        return {}
    asked = "".join(f"{id}\n" for id in ids.values()).encode()
    process = repository.start("cat-file", "--batch", input=asked)
    output = process.finish(_SECONDS).checked()
    found: dict[str, bytes] = {}
    at = 0
    for path in ids:
        head, _, _ = output[at : at + 200].partition(b"\n")
        at += len(head) + 1
        fields = head.split(b" ")
        if len(fields) == 3 and fields[2].isdigit():  # not "<id> missing"
            size = int(fields[2])
            found[path] = output[at : at + size]
            at += size + 1
    return found
