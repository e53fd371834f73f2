"""The protocol that every reviewer implements, and what it streams.

A reviewer gets a `ReviewRequest` and yields signals as they come. It raises `ReviewerError` where
it can not go on; what it yielded before stays. Closing the iterator (or cancelling the task that
runs it) cancels the review: the reviewer ends whatever it started before the close returns.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol

from xreview.domain.change import Change, FileDiff, Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Request,
    ReviewerIdentity,
    Severity,
    Suggestion,
)


@dataclass(frozen=True, slots=True)
class RawReport:
    """A report as the reviewer states it, before anything in it was checked.

    Args:
        reviewer: who reports it (an analyser names the engine that found it).
        claim_key: what is claimed, free of wording: the rule's id for an analyser.
        path, side, start_line, end_line: the place it claims, 1-based and inclusive.
        quote: the code it claims to quote, verbatim, lines joined by line feeds.
        settle: what would settle it, in the reviewer's words; "" where it does not say.
    """

    reviewer: ReviewerIdentity
    claim_key: str
    rule: str
    title: str
    claim: str
    scenario: str
    category: Category
    severity: Severity
    confidence: Confidence
    path: str
    side: Side
    start_line: int
    end_line: int
    quote: str
    suggestion: Suggestion | None = None
    request: Request | None = None
    settle: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reviewer is: `done` of `total` files, and what it does now in a few words."""

    done: int
    total: int
    doing: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that the person must know about this review, raw.

    `left_out` is how many results it is about that are no findings here.
    """

    sentence: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What a review used so far. `cost` is in US dollars, None where the price is unknown."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model was asked by, said once at the end of its review.

    Args:
        host: where the code went; "" where nothing was sent.
        model: which model was asked for; served: those that answered, as the server names them.
        prompt: name and version of the template ("risk/1"), and digest: its SHA-256.
        requests: how many were sent; remembered: how many answers were known from before.
        withheld: how many lines were not sent because they look like secrets.
    """

    host: str
    model: str
    served: tuple[str, ...]
    prompt: str
    digest: str
    requests: int
    remembered: int
    withheld: int


Signal = RawReport | Progress | Usage | Asked | CoverageEntry | Notice


class ContentReader(Protocol):
    """Reads whole files of either side of the change."""

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """The content of that side; None where the side does not exist or can't be had.

        Raises ChangeError where git fails. Never follows a symbolic link.
        """
        ...


@dataclass(frozen=True)
class ReviewRequest:
    """What is to be reviewed.

    Args:
        change: the change, without the files that the user left out.
        contents: reads whole files of either side.
        conventions: what the repository says is intended, one sentence each.
    """

    change: Change
    contents: ContentReader
    conventions: tuple[str, ...] = field(default=())


class Reviewer(Protocol):
    """A model over an API, a coding-agent CLI, or an embedded analyser."""

    @property
    def identity(self) -> ReviewerIdentity:
        """Who it is, for the header and the coverage."""
        ...

    @property
    def lens(self) -> Lens:
        """What it is asked to look for."""
        ...

    def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Read the change and stream what is found.

        Every file of the change gets exactly one `CoverageEntry`. Raises ReviewerError.
        """
        ...
