"""The facts that a session records about itself."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from xreview import __version__
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.attention.sentence import reason_words
from xreview.domain.authorship.author import Attribution
from xreview.domain.change import ChangeSource, FileDiff
from xreview.domain.events.event import (
    AttentionWeighed,
    AuthorAttributed,
    ModelAsked,
    Payload,
    SessionOpened,
    UsageReceived,
)
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.identity.carry_over import Carried
from xreview.domain.record import replace
from xreview.domain.report import ReviewerIdentity
from xreview.domain.stakes.stakes import Stakes
from xreview.domain.viewed import diff_digest
from xreview.ports.reviewer import Asked, Notice, Progress, Usage
from xreview.review.session.snapshot import Answering


def session_opened(source: ChangeSource, reviewers: Iterable[ReviewerIdentity]) -> SessionOpened:
    """A user or a headless run opened a change."""
    program = f"xreview-tui {__version__}"
    begin, end = source.base, source.head
    return SessionOpened(
        source.kind,
        source.title,
        begin,
        end,
        program,
        tuple(reviewers),
        source.repository,
        source.pull,
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


def attention_weighed(
    stakes: Stakes, attention: ChangeAttention, files: Iterable[FileDiff]
) -> AttentionWeighed:
    """The attention of the change and its files. Costs one pass over their diffs."""
    digests = {file.path: diff_digest(file) for file in files}
    topics: dict[str, dict[str, None]] = {}
    for risk in stakes.risks:
        topics.setdefault(risk.path, {})[risk.what] = None
    return AttentionWeighed(
        attention.change.level,
        tuple(map(reason_words, attention.change.reasons)),
        tuple(
            WeighedFile(path, one.level, tuple(topics.get(path, ())), digests.get(path, ""))
            for path, one in attention.files.items()
        ),
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
        asked.replies,
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


class Hearing:
    """What one model has said besides its answers, `total` of which are expected. It was asked when
    `started` (ISO 8601)."""

    def __init__(self, party: ReviewerIdentity, started: str, total: int = 0) -> None:
        self._started = started
        self._asked: list[Asked] = []
        self.answering = Answering(party, 0, total)
        self.notices: list[str] = []

    def take(self, signal: Progress | Usage | Asked | Notice) -> None:
        """Follow one signal."""
        match signal:
            case Progress(done, total, doing):
                self.answering = replace(self.answering, done=done, total=total, doing=doing)
            case Usage():
                self.answering = replace(self.answering, usage=signal)
            case Asked():
                self._asked.append(signal)
            case Notice(sentence):
                self.notices.append(sentence)

    def facts(self, now: str) -> list[Payload]:
        """What the model was asked, and what it used until now (ISO 8601)."""
        name = self.answering.party.name
        facts: list[Payload] = [model_asked(name, one) for one in self._asked]
        if self.answering.usage != Usage():
            facts.append(usage_received(name, self.answering.usage, self._started, now))
        return facts
