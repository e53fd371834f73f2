"""What a patch does to tests, CI and lint settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tampering:
    """A path that the patch weakens, and how."""

    path: str
    why: str
