"""Parsing what `git log --raw -z` prints with a format of three fields."""

from collections.abc import Iterator
from typing import NamedTuple

_TWO_PATHS = (b"R", b"C")


class RawCommit(NamedTuple):
    """One commit.

    Args:
        at: seconds since 1970. first, second: the other two fields, raw bytes.
        touched: the old and the new path of each file; they differ for renames and copies.
    """

    id: str
    at: int
    first: bytes
    second: bytes
    touched: tuple[tuple[str, str], ...]


def raw_commits(output: bytes) -> Iterator[RawCommit]:
    """Parse git's output: for each commit `id time`, two more fields, then `:modes ids status` and
    one path for each file, or two after R and C, all ended by NUL. Raises ValueError if it's
    malformed.

    Output that was cut off ends with the last whole commit.
    """
    fields = iter(output.split(b"\0"))
    head = next(fields, b"")
    while head:
        try:
            first, second = next(fields), next(fields)
            touched: list[tuple[str, str]] = []
            following = next(fields).lstrip(b"\n")
            while following.startswith(b":"):
                old = new = next(fields)
                if following.rpartition(b" ")[2][:1] in _TWO_PATHS:
                    new = next(fields)
                touched.append((raw_text(old), raw_text(new)))
                following = next(fields)
        except StopIteration:
            return
        id, at = head.decode("ascii").split(" ")
        yield RawCommit(id, int(at), first, second, tuple(touched))
        head = following


def raw_text(raw: bytes) -> str:
    """The text of a field, as paths are decoded."""
    return raw.decode("utf-8", "surrogateescape")
