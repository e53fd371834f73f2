"""Which vendors can receive code of which repository.

Consent is kept in a small JSON file in the user's state folder, not in the journal: a journal is
shared through git, and another person's consent must not let code leave this machine.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass
from xreview.journal.private import private_folder

_OWN = {
    "anthropic": ("anthropic.com",),
    "openai": ("openai.com", "chatgpt.com"),
    "google": ("googleapis.com", "google.com"),
}
"""The domains of vendors; any other vendor owns a domain of its name, as api.deepseek.com."""

_LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Egress:
    """Code that would leave the machine, in so many files and bytes at most.

    The host can be an agent's program with its vendor. `through` is a proxy. `note` is a sentence
    to read before answering.
    """

    vendor: str
    host: str
    reviewers: tuple[str, ...]
    files: int = 0
    size: int = 0
    through: str = ""
    note: str = ""

    @property
    def place(self) -> str:
        """The destination, with the proxy."""
        return f"{self.host} through {self.through}" if self.through else self.host

    @property
    def key(self) -> str:
        """What consent is given to: a vendor at a place."""
        return f"{self.vendor or 'unknown'}@{self.place}"

    def is_covered(self, always: Collection[str]) -> bool:
        """Whether these vendors and hosts include everything that sees the code.

        A vendor's name covers its own hosts and agents, not its models at other hosts.
        """
        if "all" in always:
            return True
        is_named = self.host in always or (self.vendor in always and self._is_vendors_own)
        return is_named and (not self.through or self.through in always)

    @property
    def _is_vendors_own(self) -> bool:
        if "." not in self.host and ":" not in self.host:
            return " at " not in self.host  # an agent's program without another destination
        domains = _OWN.get(self.vendor)
        if domains is not None:
            return any(self.host == one or self.host.endswith(f".{one}") for one in domains)
        return self.vendor in self.host.split(".")[-2:-1]


class Consents:
    """The consent given so far, in a file, and the vendors or hosts that the settings `always`
    allow."""

    def __init__(self, path: Path, always: Collection[str] = ()) -> None:
        self._path = path
        self._always = frozenset(always)

    def allows(self, repository: str, egress: Egress) -> bool:
        """Whether code of a repository can go there without asking."""
        if egress.is_covered(self._always):
            return True
        return egress.key in self._read().get(repository, {})

    def allow(self, repository: str, egress: Egress, at: str) -> None:
        """Save a consent; `at` is an ISO 8601 time. Raises UsageError if that fails."""
        answers = self._read()
        answers.setdefault(repository, {})[egress.key] = at
        self._write(answers)

    def given(self, repository: str) -> Mapping[str, str]:
        """The consents of a repository: "vendor@host", and when it was allowed."""
        return self._read().get(repository, {})

    def forget(self, repository: str, where: str = "") -> tuple[str, ...]:
        """Withdraw consents of a repository, and return the "vendor@host" of each.

        `where` is a vendor, a host, or "vendor@host"; "" for all. Raises UsageError if the change
        can't be saved.
        """
        answers = self._read()
        given = answers.get(repository, {})
        taken = tuple(key for key in given if where in ("", key, *key.split("@", 1)))
        if taken:
            kept = {key: at for key, at in given.items() if key not in taken}
            answers = {**answers, repository: kept}
            self._write(answers)
        return taken

    def _read(self) -> dict[str, dict[str, str]]:
        """The content of the file; a damaged file has no consent."""
        with contextlib.suppress(OSError, ValueError):
            if self._path.stat().st_size <= _LARGEST:
                return _answers(json.loads(self._path.read_bytes()))
        return {}

    def _write(self, answers: Mapping[str, Mapping[str, str]]) -> None:
        try:
            private_folder(self._path.parent)
            descriptor, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".consent-")
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"version": 1, "allowed": answers}, file, indent=1)
            Path(temporary).replace(self._path)
        except OSError as error:
            raise UsageError(
                f"The answer can't be saved in {self._path}: {error.strerror}.",
                "Make its folder writable; until then you are asked each time.",
            ) from error


def _answers(raw: Any) -> dict[str, dict[str, str]]:
    if not isinstance(raw, dict):
        return {}
    values = cast("dict[str, Any]", raw)
    allowed = values.get("allowed")
    if values.get("version") != 1 or not isinstance(allowed, dict):
        return {}
    return {
        repository: {str(key): str(at) for key, at in cast("dict[str, Any]", keys).items()}
        for repository, keys in cast("dict[str, Any]", allowed).items()
        if isinstance(keys, dict)
    }
