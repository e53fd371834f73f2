"""The on-disk cache of replies, so that an unchanged request isn't sent again.

Each reply is a small JSON file named by the hash of everything it depends on: the prompt with its
code, the model, the effort, the schema. Only the user can read it, because it talks about the code.
Damaged files and other versions are ignored. You can delete the cache at any time.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xreview.domain.record import dataclass
from xreview.journal.private import private_folder
from xreview.ports.model import ModelIdentity, Tokens
from xreview.ports.request import Effort

VERSION = 1
LARGEST_BYTES = 100 * 1024 * 1024
"""The limit of the folder; the least recently used replies are deleted first."""


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A whole reply that was checked: its texts (with the answer to a repair question, if any), the
    name that the server gave its model, and the tokens of all turns."""

    texts: tuple[str, ...]
    model: str
    tokens: Tokens


def cache_key(parts: Mapping[str, Any]) -> str:
    """The key for everything that a reply depends on, as JSON values."""
    canonical = json.dumps({"version": VERSION, **parts}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def reply_key(
    who: ModelIdentity, digest: str, effort: Effort | None, *, has_tools: bool, max_output: int
) -> str:
    """The key for a model's reply to a prompt; `digest` is that of the prompt with its code."""
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
    """The replies in a folder, which is created with the first one. Disk errors are ignored."""

    def __init__(self, folder: Path, largest: int = LARGEST_BYTES) -> None:
        self._folder = folder
        self._largest = largest

    def get(self, key: str) -> StoredReply | None:
        """The reply under a `reply_key`, if any."""
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
        """Delete the least recently used replies until the rest fits. Slow: call it in a thread."""
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
