"""The facts that a session records about itself."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from xreview import __version__
from xreview.domain.authorship.author import Attribution
from xreview.domain.change import ChangeSource
from xreview.domain.events.event import (
    AuthorAttributed,
    ModelAsked,
    SessionOpened,
    UsageReceived,
)
from xreview.domain.identity.carry_over import Carried
from xreview.domain.report import ReviewerIdentity
from xreview.ports.reviewer import Asked, Usage
from xreview.review.session.snapshot import Answering, ReviewerProgress


def session_opened(source: ChangeSource, reviewers: Iterable[ReviewerIdentity]) -> SessionOpened:
    """A user or a headless run opened a change."""
    return SessionOpened(
        source.kind,
        source.title,
        source.base,
        source.head,
        f"xreview-tui {__version__}",
        tuple(reviewers),
        source.repository,
    )


def author_attributed(attribution: Attribution) -> AuthorAttributed:
    """The author of the change and its files was found, or stayed unknown."""
    author = attribution.author
    return AuthorAttributed(
        author.tool,
        author.vendor,
        author.model,
        author.evidence,
        author.confidence,
        attribution.families,
    )


def usage_received(progress: ReviewerProgress, started: str, now: str) -> UsageReceived:
    """What a reviewer used between two times (ISO 8601)."""
    return _used(progress.identity.name, progress.usage, started, now)


def answer_usage(answering: Answering, started: str, now: str) -> UsageReceived:
    """What a model used to answer reports, between two times (ISO 8601)."""
    return _used(answering.party.name, answering.usage, started, now)


def _used(name: str, usage: Usage, started: str, now: str) -> UsageReceived:
    # A clock that was set back counts as no time.
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(started)).total_seconds()
    return UsageReceived(
        name,
        usage.input_tokens,
        usage.output_tokens,
        usage.cost,
        max(0.0, seconds),
    )


def model_asked(reviewer: str, asked: Asked) -> ModelAsked:
    """Which prompts a reviewer's model was asked, and where the code went."""
    return ModelAsked(
        reviewer,
        asked.host,
        asked.model,
        asked.served,
        asked.prompt,
        asked.digest,
        asked.requests,
        asked.remembered,
        asked.withheld,
    )


def report_id(session: str, carried: Carried) -> str:
    """The id of a report's event: one for each report of a session.

    A report that counted as settled and is then reopened gets a second one.
    """
    report = carried.report
    # The same line can be in two files, so the fingerprint alone does not tell reports apart.
    place = hashlib.sha256(report.anchor.path.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    again = "/again" if carried.is_reopened else ""
    return f"{session}/{report.reviewer.name}/{place}/{report.fingerprint}{again}"
