"""The interface of reviewers, and what they stream.

A reviewer takes a `ReviewRequest` and yields signals. If it can't continue, it raises
`ReviewerError`; earlier signals stay valid. Closing the iterator, or cancelling its task, cancels
the review, and the reviewer stops whatever it started before the close returns.
"""

from collections.abc import AsyncGenerator
from typing import Protocol

from xreview.domain.change import Change, FileDiff, Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.record import dataclass, field
from xreview.domain.reply_count import ReplyCount
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
    """An unchecked report from a reviewer.

    Args:
        reviewer: who reports it; an analyser names its engine.
        claim_key: the claim, independent of wording: the rule's id for an analyser.
        path, side, start_line, end_line: the claimed place, 1-based and inclusive.
        quote: the code it claims to quote, lines joined by line feeds.
        settle: what would settle it, in the reviewer's words; "" if not stated.
        source: the id of the thread at a forge that it was read from; "" for none.
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
    source: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A reviewer's progress in files, and its current activity in a few words."""

    done: int
    total: int
    doing: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user about this review, raw.

    `left_out` counts the results that it reports as omitted.
    """

    sentence: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage of a review so far; `cost` is in US dollars, None if the price is unknown."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """How a model was asked, reported once at the end of its review.

    Args:
        host: where the code went; "" if nothing was sent.
        model: the requested model.
        served: the models that answered, as the server names them.
        prompt: name and version of the template ("risk/1").
        digest: the template's SHA-256.
        requests: how many were sent.
        remembered: how many answers came from the cache.
        withheld: how many lines were withheld because they look like secrets.
        replies: how many followed the schema.
    """

    host: str
    model: str
    served: tuple[str, ...]
    prompt: str
    digest: str
    requests: int
    remembered: int
    withheld: int
    replies: ReplyCount = field(default_factory=ReplyCount)


Signal = RawReport | Progress | Usage | Asked | CoverageEntry | Notice


class ContentReader(Protocol):
    """Reads whole files from either side of the change."""

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """Return the file's content; None if it doesn't exist or isn't available.

        Raises ChangeError if git fails. Never follows a symbolic link.
        """
        ...


@dataclass(frozen=True)
class ReviewRequest:
    """What to review.

    Args:
        change: without the files that the user excludes.
        conventions: the repository's, one sentence each.
    """

    change: Change
    contents: ContentReader
    conventions: tuple[str, ...] = field(default=())


class Reviewer(Protocol):
    """A model over an API, a coding-agent CLI, or an embedded analyser."""

    @property
    def identity(self) -> ReviewerIdentity:
        """Its identity, for the header and the coverage."""
        ...

    @property
    def lens(self) -> Lens:
        """What it looks for."""
        ...

    def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Review the change and stream the results. Raises ReviewerError.

        Every file of the change gets exactly one `CoverageEntry`.
        """
        ...
