"""What is related to a change: hints from history and the code around it, never findings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoChange:
    """A file outside the change that changed in `together` of the last `of` commits to `changed`,
    a file of the change."""

    path: str
    changed: str
    together: int
    of: int


@dataclass(frozen=True, slots=True)
class UntouchedCaller:
    """A call, outside the change, of something whose signature the change altered in `changed`.

    `why` says what doesn't fit, in a few words: "passes 2 arguments, needs 3".
    """

    path: str
    line: int
    name: str
    changed: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class RelatedCode:
    """What is related to a change and isn't in it; or why that isn't known ("" if it is)."""

    co_changes: tuple[CoChange, ...] = ()
    callers: tuple[UntouchedCaller, ...] = ()
    why_none: str = ""


@dataclass(frozen=True, slots=True)
class Orientation:
    """What history and the code around a change say about it. None: not known yet."""

    related: RelatedCode | None = None


NO_ORIENTATION = Orientation()
