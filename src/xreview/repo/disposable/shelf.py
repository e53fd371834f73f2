"""The fixes that are kept on this machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShelvedFix:
    """A fix whose tree is still there."""

    id: str
    repository: str
    started: str
    fixer: str
    is_running: bool
    has_unapplied_patch: bool
    title: str
