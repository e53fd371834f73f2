"""What asking a model used so far, and what is told of it at the end."""

from dataclasses import dataclass, field

from xreview.ports.model import ModelIdentity
from xreview.ports.reviewer import Asked, Usage
from xreview.review.asking.conversation import Used
from xreview.review.asking.reply_cache import StoredReply
from xreview.review.prompt.template import Template


@dataclass(slots=True)
class Spent:
    """The requests to one model, added up: sent ones, remembered ones, and who served them."""

    usage: Usage = field(default_factory=Usage)
    _requests: int = 0
    _remembered: int = 0
    _served: dict[str, None] = field(default_factory=dict[str, None])

    def add(self, used: Used) -> Usage:
        """One more turn was answered; gives back what all of them used."""
        self._requests += 1
        before, tokens = self.usage, used.tokens
        is_known = before.cost is not None and used.cost is not None
        self.usage = Usage(
            before.input_tokens + tokens.input,
            before.output_tokens + tokens.output,
            (before.cost or 0.0) + (used.cost or 0.0) if is_known else None,
        )
        return self.usage

    def answered(self, reply: StoredReply) -> None:
        """A request came to its end."""
        self._served[reply.model] = None

    def remembered(self, reply: StoredReply) -> None:
        """A request was not sent, since its answer was known."""
        self._remembered += 1
        self.answered(reply)

    def asked(self, who: ModelIdentity, template: Template, withheld: int) -> Asked:
        """All of it, for the journal; `withheld` counts the lines that were not sent."""
        return Asked(
            who.host if self._requests else "",
            who.model,
            tuple(filter(None, self._served)),
            f"{template.name}/{template.version}",
            template.digest,
            self._requests,
            self._remembered,
            withheld,
        )
