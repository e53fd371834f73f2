"""The facts that a session records about itself."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from xreview import __version__
from xreview.domain.authorship.author import Attribution
from xreview.domain.change import ChangeSource
from xreview.domain.events.event import AuthorAttributed, ModelAsked, SessionOpened, UsageReceived
from xreview.domain.identity.carry_over import Carried
from xreview.domain.report import ReviewerIdentity
from xreview.ports.reviewer import Asked, Usage


def session_opened(source: ChangeSource, reviewers: Iterable[ReviewerIdentity]) -> SessionOpened:
    """A user or a headless run opened a change."""
    program = f"xreview-tui {__version__}"
    begin, end = source.base, source.head
    return SessionOpened(
        source.kind, source.title, begin, end, program, tuple(reviewers), source.repository
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


def usage_received(name: str, usage: Usage, started: str, now: str) -> UsageReceived:
    """What a reviewer used between two times (ISO 8601)."""
    # A clock that was set back counts as no time.
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(started)).total_seconds()
    return UsageReceived(
        name, usage.input_tokens, usage.output_tokens, usage.cost, max(0.0, seconds)
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
