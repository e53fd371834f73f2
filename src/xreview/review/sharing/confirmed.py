"""The addresses that the user has confirmed, so that each is asked about once."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.journal.private import private_folder


class ConfirmedAddresses:
    """Confirmed addresses, in a file with one SHA-256 a line.

    The hash covers the repository, the direction and the address, so the file has no address and
    no password in one.
    """

    def __init__(self, path: Path, repository: str) -> None:
        self._path = path
        self._repository = repository

    def unknown(self, direction: str, urls: Iterable[str]) -> list[str]:
        """The addresses that weren't confirmed yet. Raises JournalError."""
        try:
            known = set(self._path.read_text("ascii", errors="replace").splitlines())
        except FileNotFoundError:
            known = set[str]()
        except OSError as error:
            raise self._failure(error) from error
        return [url for url in urls if self._line(direction, url) not in known]

    def remember(self, direction: str, urls: Iterable[str]) -> None:
        """Store these addresses as confirmed. Raises JournalError."""
        lines = "".join(f"{self._line(direction, url)}\n" for url in urls)
        try:
            private_folder(self._path.parent)
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(file, "a", encoding="ascii") as opened:
                opened.write(lines)
        except OSError as error:
            raise self._failure(error) from error

    def _line(self, direction: str, url: str) -> str:
        said = "\0".join((self._repository, direction, url))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def _failure(self, error: OSError) -> JournalError:
        return JournalError(
            f"{self._path} can't be used: {error.strerror}.",
            "It stores the addresses you confirmed; check its permissions.",
        )
