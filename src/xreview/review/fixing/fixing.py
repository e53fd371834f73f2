"""The use case: accepted findings are fixed and judged. (The lead's module replaces this one.)"""

from collections.abc import AsyncGenerator, Awaitable, Collection, Sequence
from typing import Protocol

from xreview.domain.errors import ReviewerError
from xreview.domain.events.fix_events import FixApplied
from xreview.domain.finding import Finding
from xreview.repo.disposable.applying import Applied, PatchPart
from xreview.repo.disposable.shelf import ShelvedFix
from xreview.review.assembly.running import RunningReview
from xreview.review.fixing.snapshot import FixerChoice, FixSnapshot


class Fixing(Protocol):
    """Fixes findings of one session."""

    def candidates(self) -> Awaitable[Sequence[FixerChoice]]:
        """Return who can fix."""
        ...

    def text(self, findings: Sequence[Finding], note: str = "") -> str:
        """Return what is said to the fixer."""
        ...

    def run(
        self, findings: Sequence[Finding], fixer: str, note: str = "", earlier: str = ""
    ) -> AsyncGenerator[FixSnapshot, None]:
        """Fix. Closing it cancels and keeps the partial patch."""
        ...

    async def reopen(self, id: str) -> FixSnapshot:
        """Return a fix that is over or was cancelled, with its patch so far. Raises ChangeError."""
        ...

    async def apply(
        self, id: str, parts: Collection[PatchPart] | None, with_conflicts: bool = False
    ) -> Applied:
        """Put the patch, or parts of it, into the user's files."""
        ...

    async def revert(self, applied: FixApplied) -> None:
        """Undo applying."""
        ...

    async def discard(self, id: str) -> None:
        """Throw the fix away."""
        ...

    async def left(self) -> Sequence[ShelvedFix]:
        """Return the fixes whose trees are kept."""
        ...


def fixing_for(review: RunningReview) -> Fixing:
    """Return what fixes findings of a review."""
    raise ReviewerError("Fixing isn't available yet.", "Press Y to copy the accepted findings.")
