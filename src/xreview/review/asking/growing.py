"""A request that grows turn by turn: with what the model said, and what it is told next."""

from collections.abc import Sequence

from xreview.domain.record import replace
from xreview.ports.model import Finished, Tokens
from xreview.ports.request import Exchange, ModelRequest, ToolCall
from xreview.review.prompt.compose import estimated_tokens, fenced, request_tokens
from xreview.review.tools.toolbox import Toolbox


class GrowingRequest:
    """The request of one conversation.

    Args:
        most: the most tokens that a turn can send; None if unknown.

    Attributes:
        current: what the next turn sends. size: its estimated tokens.
    """

    def __init__(self, request: ModelRequest, most: int | None) -> None:
        self.current = request
        self.size = request_tokens(request)
        self._most = most

    @property
    def fits(self) -> bool:
        """Whether the model has room for it."""
        return self._most is None or self.size <= self._most

    def put(self, finished: Finished, question: str, said: str, tokens: Tokens) -> None:
        """Go on with a question, after the model said something with so many tokens."""
        self._add(Exchange(finished.echo, text=question), said, tokens)

    async def answer(
        self,
        finished: Finished,
        calls: Sequence[ToolCall],
        toolbox: Toolbox,
        said: str,
        tokens: Tokens,
    ) -> None:
        """Go on with the results of the model's calls."""
        results = [await toolbox.answer(call) for call in calls]
        told = [replace(one, text=fenced("result", one.text)) for one in results]
        self._add(Exchange(finished.echo, tuple(told)), said, tokens)

    def _add(self, exchange: Exchange, said: str, tokens: Tokens) -> None:
        self.current = replace(self.current, exchanges=(*self.current.exchanges, exchange))
        told = "".join([exchange.text, *(one.text for one in exchange.results)])
        # Thoughts aren't in the text, but are sent back to the server.
        self.size += max(estimated_tokens(said), tokens.output) + estimated_tokens(told)
