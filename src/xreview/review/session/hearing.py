"""Following a model that is asked beside the review: how far it is, and what to record of it."""

from dataclasses import replace

from xreview.domain.events.event import Payload
from xreview.domain.report import ReviewerIdentity
from xreview.ports.reviewer import Asked, Notice, Progress, Usage
from xreview.review.session.session_events import model_asked, usage_received
from xreview.review.session.snapshot import Answering


class Hearing:
    """What one model has said besides its answers.

    Args:
        party: the model. started: when it was asked, ISO 8601.
        total: how many answers are expected, as far as that is known.
    """

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
