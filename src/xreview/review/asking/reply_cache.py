"""Remembering replies, so that what did not change is not asked again.

One small JSON file for each reply, named by the hash of all that the reply depends on: the prompt
with the code in it, the model, its effort, the schema. Such a file holds what a model said about
the code, so it is readable by the user only, like the code's own repository. A file that is
damaged or of another version counts as not there. The cache may be deleted at any time.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xreview.journal.private import private_folder
from xreview.ports.model import ModelIdentity, Tokens
from xreview.ports.request import Effort

VERSION = 1
LARGEST_BYTES = 100 * 1024 * 1024
"""What the folder may take; the replies that were used least lately go first."""


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A whole reply that was checked.

    Args:
        texts: the answer, and the answer to the question to repair it, where that was asked.
        model: who served it, as the server names it.
        tokens: what it used, all turns together.
    """

    texts: tuple[str, ...]
    model: str
    tokens: Tokens


def cache_key(parts: Mapping[str, Any]) -> str:
    """The name for all that a reply depends on: JSON values under names."""
    canonical = json.dumps({"version": VERSION, **parts}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def reply_key(
    who: ModelIdentity, digest: str, effort: Effort | None, *, has_tools: bool, max_output: int
) -> str:
    """The name for a model's reply to a prompt: another model, effort or cap answers otherwise.

    Args:
        digest: of the prompt, with the code in it.
    """
    return cache_key(
        {
            "prompt": digest,
            "model": who.model,
            "vendor": who.vendor,
            "host": who.host,
            "effort": effort or "",
            "tools": has_tools,
            "max_output": max_output,
        }
    )


class ReplyCache:
    """The replies in a folder, which is made when the first one is kept.

    What the disk refuses is as if it were not cached: the review does not depend on it.
    """

    def __init__(self, folder: Path, largest: int = LARGEST_BYTES) -> None:
        self._folder = folder
        self._largest = largest

    def get(self, key: str) -> StoredReply | None:
        """The reply under a key of `key_of`; None where there is none."""
        path = self._path(key)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        try:
            values = json.loads(content)
            if values["version"] != VERSION or values["key"] != key:
                return None
            return StoredReply(
                tuple(map(str, values["texts"])), str(values["model"]), Tokens(**values["tokens"])
            )
        except (ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, reply: StoredReply) -> None:
        """Keep a reply."""
        content = json.dumps({"version": VERSION, "key": key, **asdict(reply)}, ensure_ascii=True)
        path = self._path(key)
        with contextlib.suppress(OSError):
            private_folder(path.parent)
            descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write(content)
                Path(temporary).replace(path)
            except OSError:
                Path(temporary).unlink(missing_ok=True)

    def trim(self) -> None:
        """Remove what was used least lately until the rest fits. Worth a thread."""
        entries: list[tuple[float, int, Path]] = []
        for path in self._folder.glob("??/*.json"):
            with contextlib.suppress(OSError):
                status = path.lstat()
                entries.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self._largest:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key[2:]}.json"
