"""One request to one model whose answer is read as a whole, with its tool calls and one repair.

For answers that stream findings there is `review.asking.conversation`, which ends in the same ways.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from xreview.domain.record import dataclass
from xreview.ports.model import (
    Doing,
    Finished,
    Model,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
    Waiting,
)
from xreview.ports.request import ModelRequest, ToolCall
from xreview.review.asking.asked import AskedModel
from xreview.review.asking.conversation import MOST_TURNS, Ending
from xreview.review.asking.growing import GrowingRequest
from xreview.review.asking.money import Terms, TurnUsage
from xreview.review.egress.gate import Gate
from xreview.review.tools.toolbox import Toolbox

MOST_ANSWER = 4_000_000
"""Characters of an answer; what is longer isn't waited for."""

Repair = Callable[[str], Awaitable[str]]
"""The question with which to ask again for an answer; "" if there's nothing to repair."""

_NO_MONEY = "the budget is used up"
_NO_ROOM = "the model's window has no room for more"
_CUT_OFF = "the answer was cut off at the maximum length"


@dataclass(frozen=True, slots=True)
class DialogueEnded:
    """The end of a dialogue: the last answer, possibly "", and why it isn't a whole one.

    `refused` is what an agent wasn't permitted to do, raw.
    """

    ending: Ending
    text: str = ""
    why: str = ""
    refused: tuple[str, ...] = ()


DialogueSignal = Doing | Waiting | TurnUsage | DialogueEnded


class _Answer:
    """A turn of the model so far."""

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []
        self.tokens = Tokens()
        self.finished: Finished | None = None
        self._pieces: list[str] = []
        self.size = 0

    @property
    def text(self) -> str:
        """What it says."""
        answer = self.finished.answer if self.finished else ""
        return answer or "".join(self._pieces)

    def say(self, text: str) -> None:
        """Add a piece."""
        self._pieces.append(text)
        self.size += len(text)


class Dialogue:
    """Asks one model one thing.

    Args:
        toolbox: carries out its calls; None for a model without tools.
        gate: clears every turn before it is sent.
        most_input: the most tokens that a turn can send; None if unknown.
    """

    def __init__(
        self,
        model: Model,
        request: ModelRequest,
        terms: Terms,
        gate: Gate,
        toolbox: Toolbox | None = None,
        most_input: int | None = None,
    ) -> None:
        self._model = AskedModel(model, gate)
        self._terms = terms
        self._toolbox = toolbox
        self._request = GrowingRequest(request, most_input)
        self._answer = _Answer()
        self._is_repaired = False

    async def run(self, repair: Repair) -> AsyncGenerator[DialogueSignal, None]:
        """Ask, and stream what happens; `DialogueEnded` comes last. Raises ModelError.

        `repair` is asked about each whole answer; its question is put to the model once.
        """
        for _ in range(MOST_TURNS):
            at_most = self._terms.most_for(self._request.current, self._request.size)
            async with self._terms.money.spending(at_most) as spending:
                if spending is None:
                    yield DialogueEnded(Ending.NO_MONEY, self._answer.text, _NO_MONEY)
                    return
                async with aclosing(self._ask()) as saying:
                    async for said in saying:
                        yield said
                tokens = self._answer.tokens
                used = TurnUsage(tokens, self._terms.cost_of(tokens))
                spending.cost = used.cost or 0.0
            yield used
            ended = await self._went_on(repair)
            if ended is not None:
                yield ended
                return
        raise self._model.stuck(f"called tools for {MOST_TURNS} turns without an answer")

    async def _ask(self) -> AsyncGenerator[Doing | Waiting, None]:
        answer = self._answer = _Answer()
        async with aclosing(self._model.signals(self._request.current)) as signals:
            async for signal in signals:
                match signal:
                    case TextDelta(text):
                        answer.say(text)
                    case Waiting() | Doing():
                        yield signal
                    case ToolCall():
                        answer.calls.append(signal)
                    case Tokens():
                        answer.tokens = signal
                    case Restarted():
                        answer = self._answer = _Answer()
                    case Finished():
                        answer.finished = signal
                if answer.size > MOST_ANSWER:
                    return  # stop paying for what is not read

    async def _went_on(self, repair: Repair) -> DialogueEnded | None:
        """How it ended; None if another turn follows."""
        answer, finished = self._answer, self._answer.finished
        if answer.size > MOST_ANSWER:
            return DialogueEnded(Ending.TRUNCATED, why=f"it said over {MOST_ANSWER:,} characters")
        if finished is None:
            raise self._model.ended_early()
        if finished.stop is Stop.TOOLS and self._toolbox is not None and answer.calls:
            calls, toolbox = answer.calls, self._toolbox
            await self._request.answer(finished, calls, toolbox, answer.text, answer.tokens)
            return None if self._request.fits else DialogueEnded(Ending.TRUNCATED, why=_NO_ROOM)
        if finished.stop is Stop.REFUSED:
            detail = f": {finished.detail}" if finished.detail else ""
            return DialogueEnded(Ending.REFUSED, why=f"the model refused{detail}")
        if finished.stop is Stop.TRUNCATED:
            return DialogueEnded(Ending.TRUNCATED, answer.text, _CUT_OFF)
        if not self._is_repaired and (question := await repair(answer.text)):
            self._is_repaired = True
            self._request.put(finished, question, answer.text, answer.tokens)
            if self._request.fits:
                return None
        if finished.stop is Stop.UNREAD:
            return DialogueEnded(Ending.UNREAD, answer.text, finished.detail, finished.refused)
        return DialogueEnded(Ending.ANSWERED, answer.text, refused=finished.refused)
