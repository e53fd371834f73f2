"""What a model said in one turn, as far as it came."""

from typing import TYPE_CHECKING

from xreview.ports.model import Doing, Finished, Tokens
from xreview.review.reply.check import Checker, Stated
from xreview.review.reply.stream import CheckedReply, FindingStream

if TYPE_CHECKING:
    from xreview.ports.request import ToolCall


class Turn:
    """One turn of the model, as far as it came."""

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []
        self.tokens = Tokens()
        self.finished: Finished | None = None
        self.doing: Doing | None = None
        self._pieces: list[str] = []
        self._stream = FindingStream()
        self._reply: CheckedReply | None = None

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._pieces)

    @property
    def unread(self) -> str:
        """What is said of an answer that is not read further; "" while it is."""
        return self._stream.unread

    def estimate(self, asked: int, said: int) -> None:
        """Count what was used, where the server did not come to say it."""
        if self.tokens == Tokens():
            self.tokens = Tokens(asked, output=said)

    def begin_anew(self) -> None:
        """What was said so far was not the answer."""
        self._pieces, self._stream = [], FindingStream()

    def feed(self, text: str, checker: Checker) -> list[Stated]:
        """What a piece of the answer completes, as far as it is as asked for."""
        self._pieces.append(text)
        checked = [checker.check(found) for found in self._stream.feed(text)]
        return [one for one in checked if isinstance(one, Stated)]

    def reply(self, checker: Checker) -> CheckedReply:
        """The whole answer, checked once."""
        if self._reply is None:
            self._reply = self._stream.finish(checker)
        return self._reply
