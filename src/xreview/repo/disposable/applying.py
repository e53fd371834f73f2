"""Applying a patch to the user's files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PatchPart:
    """A hunk of a patch by its 0-based index in `FileDiff.hunks`; None for the whole file."""

    path: str
    hunk: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did: the changed paths, those merged with the user's changes, and those that
    conflict with them."""

    id: str
    paths: tuple[str, ...]
    merged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
