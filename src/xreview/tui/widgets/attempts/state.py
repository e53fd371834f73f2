"""What the app knows of a trial: its latest snapshot, and what you chose for a graft."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from xreview.domain.attempt.piece import AttemptPiece, PieceKind, PieceRef
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.record import dataclass, field, replace
from xreview.review.attempts.snapshot import AttemptSnapshot, TrialSnapshot
from xreview.review.attempts.veil import Veil

if TYPE_CHECKING:
    from xreview.review.attempts.graft import GraftSnapshot


class AttemptView(StrEnum):
    """What is shown below the table."""

    ATTEMPT = "1 One attempt"
    POINTS = "2 Where they part"
    PIECES = "3 Pieces"
    GRAFT = "4 Graft"


@dataclass(frozen=True)
class ShownTrial:
    """A trial as the app shows it.

    Args:
        hides: the setting: whether writers are hidden until you pick.
        choice: the attempt chosen for a piece, "" for the base; pieces that aren't in it are
            undecided.
        graft: the latest check of a combination; None for none.
        is_checking: whether that goes on.
    """

    snapshot: TrialSnapshot
    hides: bool
    choice: Mapping[PieceRef, str] = field(default_factory=dict[PieceRef, str])
    graft: "GraftSnapshot | None" = None
    is_checking: bool = False

    @property
    def is_blind(self) -> bool:
        """Whether writers and reviewers are hidden."""
        return self.hides and not self.snapshot.is_revealed

    @cached_property
    def veil(self) -> Veil:
        """What makes its texts safe to show."""
        return Veil(self.snapshot, self.is_blind)

    @property
    def labels(self) -> tuple[str, ...]:
        """The attempts."""
        return tuple(one.label for one in self.snapshot.attempts)

    @property
    def pieces(self) -> tuple[AttemptPiece, ...]:
        """The places that attempts change."""
        compared = self.snapshot.comparison
        return compared.pieces if compared else ()

    @cached_property
    def undecided(self) -> tuple[AttemptPiece, ...]:
        """The conflicting pieces without a choice."""
        conflicting = (one for one in self.pieces if one.kind is PieceKind.CONFLICTING)
        return tuple(one for one in conflicting if one.ref not in self.choice)

    @property
    def chosen(self) -> dict[PieceRef, str]:
        """What would be taken: the choice without what stays as in the base."""
        known = {one.ref for one in self.pieces}
        return {ref: label for ref, label in self.choice.items() if label and ref in known}

    @property
    def is_checked(self) -> bool:
        """Whether the latest check is over, and is about what is chosen now."""
        graft = self.graft
        return graft is not None and graft.is_over and not self.is_outdated

    @property
    def is_outdated(self) -> bool:
        """Whether the latest check is about something else than what is chosen now."""
        if self.graft is None:
            return False
        return {ref: one for ref, one in self.graft.choice.items() if one} != self.chosen

    @property
    def last_taken(self) -> AttemptTaken | None:
        """What was taken last and not undone."""
        return self.snapshot.taken[-1] if self.snapshot.taken else None

    def attempt(self, label: str) -> AttemptSnapshot | None:
        """The attempt with a label."""
        return self.snapshot.by_label.get(label)

    def choosing(self, piece: AttemptPiece, label: str) -> "ShownTrial":
        """Return it with an attempt chosen for a piece; "" for the base."""
        chosen = label if piece.version_of(label) else ""
        return replace(self, choice={**self.choice, piece.ref: chosen})

    def choosing_all(self, label: str) -> "ShownTrial":
        """Return it with everything of an attempt chosen, and nothing of others."""
        compared = self.snapshot.comparison
        if compared is None:
            return self
        return replace(self, choice=dict.fromkeys(compared.by_ref, "") | compared.of(label))

    def choosing_shared(self) -> "ShownTrial":
        """Return it with the pieces chosen that all attempts change alike, besides the others."""
        shared = (one for one in self.pieces if one.kind is PieceKind.SHARED)
        return replace(self, choice={**self.choice, **{one.ref: one.labels[0] for one in shared}})

    def choosing_nothing(self) -> "ShownTrial":
        """Return it with nothing chosen."""
        return replace(self, choice={}, graft=None)

    def with_snapshot(self, snapshot: TrialSnapshot) -> "ShownTrial":
        """Return it with a newer snapshot. What was chosen in pieces that are gone is forgotten."""
        compared = snapshot.comparison
        before = self.snapshot.comparison
        if before is None or compared is before:
            return replace(self, snapshot=snapshot)
        known = compared.by_ref if compared else {}
        kept = {
            ref: label
            for ref, label in self.choice.items()
            if ref in known and known[ref] == before.by_ref.get(ref)
        }
        return replace(self, snapshot=snapshot, choice=kept)
