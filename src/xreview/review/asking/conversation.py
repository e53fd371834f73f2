"""One request to one model: the question, its tool calls, and the checked answer.

The answer is streamed: a finding is emitted as soon as its JSON is complete and valid. An invalid
answer gets one repair turn; one that was cut off or refused gets none. A call that was cut off is
never carried out.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import StrEnum

from xreview.domain.record import dataclass, replace
from xreview.domain.reply_count import ReplyCount
from xreview.domain.text import count_of
from xreview.hardening.redaction import without_keys
from xreview.ports.model import Doing, Finished, Model, Restarted, Stop, TextDelta, Tokens, Waiting
from xreview.ports.request import ModelRequest, ToolCall
from xreview.review.asking.asked import AskedModel
from xreview.review.asking.growing import GrowingRequest
from xreview.review.asking.money import Terms, TurnUsage
from xreview.review.asking.reply_cache import StoredReply
from xreview.review.asking.turn import RepeatFilter, Turn
from xreview.review.egress.gate import Gate
from xreview.review.prompt.compose import estimated_tokens
from xreview.review.reply.check import Checker, KeylessChecker, StatedFinding
from xreview.review.reply.stream import FindingStream, repair_question
from xreview.review.tools.toolbox import Toolbox

_NO_ROOM_TO_ANSWER = "the tool results left no room for an answer"
_NO_ROOM_TO_REPAIR = "the answer was invalid, and there was no room to ask again"

MOST_TURNS = 30
"""A model that hasn't answered by then is stuck: its tool budget is used up before that."""

_SLICE = 64 * 1024  # characters of an answer to parse before yielding to other tasks


class Ending(StrEnum):
    """How a conversation ended."""

    ANSWERED = "answered"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    INVALID = "invalid"
    NO_MONEY = "no-money"
    UNREAD = "unread"
    """It answered without having read the code: its findings stay, its files count as unread."""


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """The end of a conversation: what is missing (`why`, for the coverage), and the reply to cache,
    None if the model must be asked again next time."""

    ending: Ending
    why: str = ""
    reply: StoredReply | None = None


ConversationSignal = StatedFinding | Doing | Waiting | TurnUsage | ConversationEnded


class Conversation:
    """Asks one model one thing.

    Args:
        toolbox: carries out its calls; None for a model without tools.
        gate: clears every turn before it is sent.
        most_input: the most tokens that a turn can send; None if unknown.

    Afterwards, `replies` says whether the answer followed the schema.
    """

    def __init__(
        self,
        model: Model,
        request: ModelRequest,
        checker: Checker,
        terms: Terms,
        toolbox: Toolbox | None = None,
        gate: Gate | None = None,
        most_input: int | None = None,
    ) -> None:
        self._model = AskedModel(model, gate or Gate())
        self._checker = KeylessChecker(checker.reviewer, checker.shown, checker)
        self._terms = terms
        self._toolbox = toolbox
        self._repeats = RepeatFilter()
        self._texts: list[str] = []
        self._malformed = 0
        self.replies = ReplyCount()
        self._tokens = Tokens()
        self._turn = Turn()
        self._request = GrowingRequest(request, most_input)

    @property
    def withheld(self) -> int:
        """The number of places that the gate masked in the last turn."""
        return self._model.withheld

    async def run(self) -> AsyncGenerator[ConversationSignal, None]:
        """Ask, and stream the answer; `ConversationEnded` comes last. Raises ModelError."""
        for _ in range(MOST_TURNS):
            at_most = self._terms.most_for(self._request.current, self._request.size)
            async with self._terms.money.spending(at_most) as spending:
                if spending is None:
                    yield ConversationEnded(Ending.NO_MONEY, "the budget is used up")
                    return
                async with aclosing(self._ask()) as saying:
                    async for said in saying:
                        yield said
                used = self._used()
                spending.cost = used.cost or 0.0
            yield used
            ended = await self._went_on()
            if ended is not None:
                for stated in self._turn.reply(self._checker).stated:
                    if self._repeats.take(stated):
                        yield stated
                yield ended
                return
        raise self._model.stuck(f"called tools for {MOST_TURNS} turns without an answer")

    async def _ask(self) -> AsyncGenerator[StatedFinding | Doing | Waiting, None]:
        turn = self._turn = Turn()
        async with aclosing(self._model.signals(self._request.current)) as signals:
            async for signal in signals:
                match signal:
                    case TextDelta(text):
                        async for stated in self._new(turn, text):
                            yield stated
                    case Waiting() | Doing():
                        yield signal
                    case ToolCall():
                        turn.calls.append(signal)
                    case Tokens():
                        turn.tokens = signal
                    case Restarted():
                        turn = self._turn = Turn()
                    case Finished():
                        turn.finished = signal
                        if signal.answer:
                            turn.begin_anew()
                            async for stated in self._new(turn, signal.answer):
                                yield stated
                if turn.unread:
                    said = estimated_tokens(turn.text)
                    most = self._request.current.max_output_tokens
                    turn.estimate(self._request.size, min(said, most))
                    return  # stop paying for what is not read

    async def _new(self, turn: Turn, text: str) -> AsyncGenerator[StatedFinding, None]:
        """The new findings that a piece of the answer completes."""
        for at in range(0, len(text), _SLICE):
            for stated in turn.feed(text[at : at + _SLICE], self._checker):
                if self._repeats.take(stated):
                    yield stated
            if turn.unread:
                return
            if at:
                await asyncio.sleep(0)

    async def _went_on(self) -> ConversationEnded | None:
        """How it ended; None if another turn follows, after calls or to repair the answer."""
        if unread := self._turn.unread:
            return ConversationEnded(Ending.TRUNCATED, unread)
        finished = self._turn.finished
        if finished is None:
            raise self._model.ended_early()
        if finished.stop is Stop.TOOLS and self._toolbox is not None and self._turn.calls:
            turn, request = self._turn, self._request
            await request.answer(finished, turn.calls, self._toolbox, turn.text, turn.tokens)
            return None if request.fits else ConversationEnded(Ending.TRUNCATED, _NO_ROOM_TO_ANSWER)
        if finished.stop is Stop.REFUSED:
            detail = f": {finished.detail}" if finished.detail else ""
            return ConversationEnded(Ending.REFUSED, f"the model refused{detail}")
        self._texts.append(self._turn.text)
        reply = self._turn.reply(self._checker)
        if finished.stop is Stop.UNREAD:
            return ConversationEnded(Ending.UNREAD, finished.detail)
        if finished.stop is Stop.TRUNCATED:
            return ConversationEnded(
                Ending.TRUNCATED, "the answer was cut off at the maximum length"
            )
        # Malformed findings that a repair didn't fix are left out, and reported.
        self._malformed = max(self._malformed - len(reply.stated), reply.kept_out)
        self._judge(is_valid=not reply.errors and not self._malformed)
        if reply.errors and len(self._texts) == 1:
            question = repair_question(reply.errors)
            self._request.put(finished, question, self._turn.text, self._turn.tokens)
            if self._request.fits:
                return None
            if not reply.is_whole:
                return ConversationEnded(Ending.INVALID, _NO_ROOM_TO_REPAIR)
        if not reply.is_whole:
            return ConversationEnded(Ending.INVALID, "the answer was invalid twice")
        stored: StoredReply | None = StoredReply(tuple(self._texts), finished.model, self._tokens)
        if tuple(map(without_keys, self._texts)) != tuple(self._texts):
            stored = None  # a cached reply must not contain a key, and a mask could break the JSON
        why = f"{count_of(self._malformed, 'finding')} left out as malformed"
        return ConversationEnded(Ending.ANSWERED, why if self._malformed else "", stored)

    def _judge(self, *, is_valid: bool) -> None:
        """Count the answer, or the second one to the repair question."""
        if len(self._texts) == 1:
            self.replies = ReplyCount(1, malformed=0 if is_valid else 1)
        elif is_valid:
            self.replies = replace(self.replies, repaired=1)

    def _used(self) -> TurnUsage:
        tokens = self._turn.tokens
        self._tokens = self._tokens.plus(tokens)
        return TurnUsage(tokens, self._terms.cost_of(tokens))


def replayed(reply: StoredReply, checker: Checker) -> list[StatedFinding]:
    """The findings of a cached reply."""
    repeats = RepeatFilter()
    checker = KeylessChecker(checker.reviewer, checker.shown, checker)
    stated: list[StatedFinding] = []
    for text in reply.texts:
        stream = FindingStream()
        stream.feed(text)
        stated += filter(repeats.take, stream.finish(checker).stated)
    return stated
