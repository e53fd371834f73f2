"""Whom the scorecard compares: reviewers, by whose code they review, and fixers."""

from enum import StrEnum
from typing import NamedTuple

from xreview.domain.fixing.fixer import FixerKind
from xreview.domain.report import ReviewerIdentity, ReviewerKind


class ScoredReviewer(NamedTuple):
    """A reviewer of the scorecard.

    `vendor` is the model family; "" for an analyser, whose engines count together. `kind` is None
    for a reviewer that never reported anything.
    """

    name: str
    kind: ReviewerKind | None
    vendor: str

    @property
    def is_person(self) -> bool:
        """Whether it is a user, and not a program."""
        return self.kind is ReviewerKind.PERSON

    @property
    def label(self) -> str:
        """`opus (anthropic)`, `risk (analyser)`, or the name alone."""
        what = self.vendor or (self.kind.value if self.kind else "")
        return f"{self.name} ({what})" if what and what != self.name else self.name


def scored(identity: ReviewerIdentity) -> ScoredReviewer:
    """The reviewer of a report, for the scorecard."""
    is_analyser = identity.kind is ReviewerKind.ANALYSER
    return ScoredReviewer(identity.name, identity.kind, "" if is_analyser else identity.family)


class ScoredFixer(NamedTuple):
    """A fixer of the scorecard; `vendor` is the model family, "" for the mechanical one."""

    name: str
    kind: FixerKind
    vendor: str

    @property
    def label(self) -> str:
        """`claude-code (anthropic)`, `suggestions (mechanical)`."""
        return f"{self.name} ({self.vendor or self.kind})"


class Arm(StrEnum):
    """Who reviewed whom: the comparison this program exists for."""

    CROSS_FAMILY = "cross-family"
    SAME_FAMILY = "same-family"
    ANALYSER = "analyser"
    PERSON = "person"
    UNKNOWN_AUTHOR = "unknown-author"


def arm_of(author: str, reviewer: ScoredReviewer) -> Arm:
    """The arm of a report. `author` is the author's vendor; "" for unknown."""
    if reviewer.kind in (ReviewerKind.ANALYSER, None):
        return Arm.ANALYSER
    if reviewer.is_person:
        return Arm.PERSON
    if not author:
        return Arm.UNKNOWN_AUTHOR
    return Arm.SAME_FAMILY if author == reviewer.vendor else Arm.CROSS_FAMILY


def reviewer_order(reviewer: ScoredReviewer) -> tuple[str, str, str]:
    """The sort key of reviewers."""
    return (reviewer.name, reviewer.kind.value if reviewer.kind else "", reviewer.vendor)
