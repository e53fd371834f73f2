"""The state of a model's turn, and of what it has stated in all its turns."""

from typing import TYPE_CHECKING

from xreview.domain.identity.claim import Claims, words_of
from xreview.ports.model import Finished, Tokens, ToolCall
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.stream import CheckedReply, FindingStream

if TYPE_CHECKING:
    from xreview.ports.request import ToolCall


class RepeatFilter:
    """Recognises findings that a model repeats, in one answer or after a repair question.

    Two findings about the same code are one only if they claim the same in nearly the same words:
    two races on one line have the same kind.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, str, str], Claims] = {}

    def take(self, stated: StatedFinding) -> bool:
        """Remember a finding, and return whether it is new."""
        report = stated.report
        key = (report.path, report.quote, report.claim_key)
        claims = self._said.setdefault(key, Claims())
        return claims.earlier(words_of(report.title, report.claim)) is None


class Turn:
    """One turn of the model so far."""

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []
        self.tokens = Tokens()
        self.finished: Finished | None = None
        self._pieces: list[str] = []
        self._stream = FindingStream()
        self._reply: CheckedReply | None = None

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._pieces)

    @property
    def unread(self) -> str:
        """Why the rest of the answer is not read; "" if it is."""
        return self._stream.unread

    def estimate(self, asked: int, said: int) -> None:
        """Set the tokens used, unless the server has reported them."""
        if self.tokens == Tokens():
            self.tokens = Tokens(asked, output=said)

    def begin_anew(self) -> None:
        """Discard the text so far: it wasn't the answer."""
        self._pieces, self._stream = [], FindingStream()

    def feed(self, text: str, checker: Checker) -> list[StatedFinding]:
        """The valid findings that a piece of the answer completes."""
        self._pieces.append(text)
        checked = [checker.check(found) for found in self._stream.feed(text)]
        return [one for one in checked if isinstance(one, StatedFinding)]

    def reply(self, checker: Checker) -> CheckedReply:
        """The whole answer, checked once."""
        if self._reply is None:
            self._reply = self._stream.finish(checker)
        return self._reply
