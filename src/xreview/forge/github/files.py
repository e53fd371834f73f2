"""The files of a pull request at GitHub, for a reader without a clone.

`GET …/pulls/N/files` lists 3,000 files at most, and leaves out the `patch` of binary and of large
files (GitHub's OpenAPI description, `diff-entry`).
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from urllib.parse import quote

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.pull.pull import Pull
from xreview.domain.record import replace
from xreview.domain.text import count_of
from xreview.forge.github.api import GitHubApi
from xreview.ports.json_value import JsonObject, count_in, object_in, text_in

_RAW = "application/vnd.github.raw+json"
_STATUSES = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.DELETED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
    "changed": FileStatus.TYPE_CHANGED,
}
_EMPTY_BLOBS = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""The object ids of the empty file, by SHA-1 and SHA-256."""


async def file_diffs(api: GitHubApi, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
    """The files in batches, as far as GitHub lists them."""
    address = pull.address
    path = f"/repos/{address.project}/pulls/{address.number}/files"
    async with aclosing(api.pages(path, about=f"the files of {address.shown}")) as pages:
        async for page in pages:
            yield [file for one in page if (file := _file(object_in(one))) is not None]


async def file_content(
    api: GitHubApi, project: str, commit: str, path: str, limit: int
) -> bytes | None:
    """A file as it is; None if it doesn't exist, isn't a file, or is too large."""
    if not {"", ".", ".."}.isdisjoint(path.split("/")):
        return None
    where = f"/repos/{quote(project)}/contents/{quote(path, safe='/')}"
    return await api.client.raw(where, {"ref": commit}, limit, accept=_RAW, about=f"“{path}”")


def _file(value: JsonObject) -> FileDiff | None:
    path = text_in(value, "filename")
    if not path:
        return None
    status = _STATUSES.get(text_in(value, "status"), FileStatus.MODIFIED)
    blob = text_in(value, "sha")
    is_deleted = status is FileStatus.DELETED
    file = FileDiff(
        path,
        status,
        text_in(value, "previous_filename") or None,
        old_blob=blob if is_deleted else "",
        new_blob="" if is_deleted else blob,
    )
    changed = count_in(value, "changes") or 0
    patch = text_in(value, "patch")
    if not patch:
        return _without_patch(file, blob, changed)
    # GitHub's patch has no line feed at its end; text that isn't UTF-8 was replaced there already.
    body = patch.encode("utf-8", "replace") + b"\n"
    file = replace(file, body=body)
    missing = changed - file.added - file.removed
    if missing > 0:
        why = f"GitHub cuts the diff off, {count_of(missing, 'changed line')} short"
        return replace(file, unread=why, unread_lines=missing)
    return file


def _without_patch(file: FileDiff, blob: str, changed: int) -> FileDiff:
    if changed:
        why = f"GitHub leaves out the diff, of {count_of(changed, 'changed line')}"
        return replace(file, unread=why, unread_lines=changed)
    is_moved = file.status in (FileStatus.RENAMED, FileStatus.COPIED)
    is_mode = file.status is FileStatus.TYPE_CHANGED
    is_binary = not (is_moved or is_mode or blob in _EMPTY_BLOBS)
    return replace(file, binary=is_binary)
