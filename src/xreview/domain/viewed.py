"""Which files of a change the user has viewed. They count until it changes again."""

import hashlib
from collections.abc import Iterable, Mapping

from xreview.domain.change import FileDiff
from xreview.domain.events.event import Event, FileUnviewed, FileViewed

VIEW_EVENTS = (FileViewed, FileUnviewed)


def diff_digest(file: FileDiff) -> str:
    """Return the SHA-256 of what the change does to a file, hexadecimal."""
    digest = hashlib.sha256(file.body)
    for part in (file.old_path or "", file.old_mode, file.new_mode):
        digest.update(b"\0" + part.encode("utf-8", "surrogateescape"))
    if not file.body:  # as of a binary file
        digest.update(b"\0" + file.new_blob.encode())
    return digest.hexdigest()


def digests_viewed(events: Iterable[Event]) -> dict[str, str]:
    """Return the digest of each viewed file, by path, after events in time."""
    viewed: dict[str, str] = {}
    for event in events:
        if isinstance(event.payload, FileViewed):
            viewed[event.payload.path] = event.payload.digest
        elif isinstance(event.payload, FileUnviewed):
            viewed.pop(event.payload.path, None)
    return viewed


def viewed_in(files: Iterable[FileDiff], digests: Mapping[str, str]) -> frozenset[str]:
    """Return the paths of the files that are as they were when they were viewed."""
    known = (file for file in files if file.path in digests)
    return frozenset(file.path for file in known if digests[file.path] == diff_digest(file))
