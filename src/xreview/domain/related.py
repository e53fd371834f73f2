"""What is related to a change: hints from history and the code around it, never findings."""

from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class CoChange:
    """A file outside the change that changed in `together` of the last `of` commits to `changed`,
    a file of the change."""

    path: str
    changed: str
    together: int
    of: int

    @property
    def words(self) -> str:
        """Why it is shown."""
        share = "each" if self.together == self.of else str(self.together)
        return f"changed in {share} of the last {self.of} commits to {self.changed}"


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

    @property
    def words(self) -> str:
        """Why it is shown."""
        return f"calls {self.name} of {self.changed}: {self.why}"


@dataclass(frozen=True, slots=True)
class RelatedPlace:
    """A line outside the change, and why to look at it; all text is raw."""

    path: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class RelatedCode:
    """What is related to a change and isn't in it; or why that isn't known ("" if it is)."""

    co_changes: tuple[CoChange, ...] = ()
    callers: tuple[UntouchedCaller, ...] = ()
    why_none: str = ""

    @property
    def places(self) -> tuple[RelatedPlace, ...]:
        """Where to look: the calls, which are surer, then the files."""
        return (
            *(RelatedPlace(one.path, one.line, one.words) for one in self.callers),
            *(RelatedPlace(one.path, 1, one.words) for one in self.co_changes),
        )


RELATED_UNKNOWN = RelatedCode(why_none="Not looked for yet.")
