"""What is said with one model or agent to have it fix findings.

An agent changes the files itself, and only its result is read. Any other model reads the repository
with our tools and answers with edits, which are checked mechanically, repaired once, and written.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.text import count_of
from xreview.ports.model import Doing, Waiting
from xreview.ports.request import ModelRequest
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.conversation import Ending
from xreview.review.asking.dialogue import Dialogue, DialogueEnded, Repair
from xreview.review.asking.money import TurnUsage, UsageTotal
from xreview.review.fixing.edits import CheckedEdits, EditCheck
from xreview.review.fixing.fixers import FixerSignal, FixTree
from xreview.review.fixing.handover import handover, sent_text
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.reply import ReadReply, read_answer, read_reply, trouble_in
from xreview.review.fixing.sent_files import SentFile, files_to_send
from xreview.review.fixing.tree_files import TreeFiles
from xreview.review.prompt.compose import request_tokens
from xreview.review.prompt.room import room_in, too_narrow
from xreview.review.reply.stream import MOST_ERRORS

MOST_CODE = 24_000
"""Tokens of code that are sent along, as in a request of a review."""


@dataclass(frozen=True)
class _Checked:
    """An answer with edits, as read and as checked."""

    text: str
    read: ReadReply
    edits: CheckedEdits

    @property
    def errors(self) -> tuple[str, ...]:
        """What is wrong with it."""
        of_files = (why for whys in self.edits.errors.values() for why in whys)
        return (*self.read.errors, *of_files)


class FixConversation:
    """One hand-over and its answer; `tell` gets what happens meanwhile."""

    def __init__(
        self,
        answerer: Answerer,
        order: FixOrder,
        tree: FixTree,
        tell: Callable[[FixerSignal], None],
        ignores: Callable[[str], bool],
    ) -> None:
        self._answerer = answerer
        self._order = order
        self._files = TreeFiles(tree.top)
        self._tell = tell
        self._ignores = ignores
        self._usage = UsageTotal()
        self._checked: _Checked | None = None

    async def reply(self) -> FixerReply:
        """Ask, and return the reply. Raises XReviewError."""
        answerer, request = await self._request()
        if self._is_agent:
            ended = await self._ended(answerer, request, _no_repair)
            if not ended.text:
                why = _sentence(ended.why) or "It gave no answer."
                return FixerReply(trouble=why, refused=ended.refused)
            said = read_reply(ended.text, self._order.accepted)
            trouble = _joined(_sentence(ended.why), said.trouble)
            return replace(said, trouble=trouble, refused=ended.refused)
        ended = await self._ended(answerer, request, self._repair)
        if ended.ending is not Ending.ANSWERED:
            # Edits that were cut off, or not repaired for want of money, aren't half made.
            return FixerReply(trouble=_sentence(ended.why))
        return await self._written(await self._check(ended.text))

    async def preview(self) -> str:
        """What would be sent, word by word, before any answer. Raises XReviewError."""
        _, request = await self._request()
        return await asyncio.to_thread(sent_text, request, self._answerer.gate)

    @property
    def _is_agent(self) -> bool:
        return self._answerer.voice.model.features.has_own_tools

    async def _request(self) -> tuple[Answerer, ModelRequest]:
        """The hand-over; to a model, with as much code as its window has room for."""
        self._tell(Doing("reading the findings"))
        answerer = self._answerer
        bare = await self._handover()
        if self._is_agent:
            return answerer, answerer.request(bare)
        fixed, window = request_tokens(bare), await answerer.window()
        room = room_in(window, fixed)
        if not room.is_enough:
            raise too_narrow(window, fixed, answerer.identity.name)
        sent = await asyncio.to_thread(
            files_to_send,
            self._order.by_file,
            self._files,
            answerer.gate,
            min(room.code, MOST_CODE),
            self._ignores,
        )
        answerer = answerer.within(room)
        return answerer, answerer.request(await self._handover(sent))

    async def _handover(self, sent: Sequence[SentFile] = ()) -> ModelRequest:
        return await asyncio.to_thread(
            handover,
            self._order,
            sent,
            writes_edits=not self._is_agent,
            gate=self._answerer.gate,
        )

    async def _written(self, checked: _Checked) -> FixerReply:
        changed = checked.edits.contents
        if changed:
            self._tell(Doing(f"changing {count_of(len(changed), 'file')}"))
        for path, content in changed.items():
            await asyncio.to_thread(self._files.write, path, content)
        failed = checked.edits.errors
        results = tuple(_as_written(one, failed) for one in checked.read.reply.results)
        return FixerReply(results, trouble_in(checked.errors))

    async def _ended(
        self, answerer: Answerer, request: ModelRequest, repair: Repair
    ) -> DialogueEnded:
        toolbox = answerer.new_toolbox() if answerer.new_toolbox else None
        voice = answerer.voice
        dialogue = Dialogue(
            voice.model, request, voice.terms, answerer.gate, toolbox, answerer.most_input
        )
        ended = DialogueEnded(Ending.INVALID)
        async with aclosing(dialogue.run(repair)) as saying:
            async for said in saying:
                match said:
                    case Doing():
                        self._tell(said)
                    case Waiting(seconds, why):
                        self._tell(Doing(f"waiting {seconds:.0f} s: {why}"))
                    case TurnUsage():
                        self._tell(self._usage.add(said))
                    case DialogueEnded():
                        ended = said
        return ended

    async def _repair(self, text: str) -> str:
        errors = (await self._check(text)).errors
        return _repair_question(errors) if errors else ""

    async def _check(self, text: str) -> _Checked:
        if self._checked is None or self._checked.text != text:
            self._tell(Doing("checking the edits"))
            entries = self._order.accepted
            read = await asyncio.to_thread(read_answer, text, entries, needs_edits=True)
            check = EditCheck(self._files, self._ignores)
            self._checked = _Checked(text, read, await check.check(read.edits))
        return self._checked


async def _no_repair(_: str) -> str:
    """Asking an agent again would start a second run."""
    return ""


def _repair_question(errors: tuple[str, ...]) -> str:
    told = [f"- {error}" for error in errors[:MOST_ERRORS]]
    if len(errors) > MOST_ERRORS:
        told.append(f"- and {len(errors) - MOST_ERRORS:,} more of the same kinds.")
    return "\n".join(
        (
            "Your edits can't be made as they are; nothing was changed yet:",
            *told,
            "",
            "Answer once more with the whole JSON object: all edits, those that were right too, and"
            " all results.",
        )
    )


def _as_written(result: FixerResult, failed: Mapping[str, tuple[str, ...]]) -> FixerResult:
    """The result, blocked if edits of a file that it names couldn't be made."""
    errors = next((failed[path] for path in result.files if path in failed), ())
    if not errors or result.status is FixerStatus.BLOCKED:
        return result
    return FixerResult(
        result.fingerprint, FixerStatus.BLOCKED, reason=f"Its edits can't be made: {errors[0]}"
    )


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}." if why else ""


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
