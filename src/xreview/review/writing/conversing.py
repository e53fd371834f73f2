"""What is said with one model or agent on an errand.

An agent changes the files itself, and only its result is read. Any other model reads the repository
with our tools and answers with edits, which are checked mechanically, repaired once, and written.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Generic

from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.ports.failure import ModelError
from xreview.ports.model import Doing, Waiting
from xreview.ports.request import ModelRequest
from xreview.ports.reviewer import Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.conversation import Ending
from xreview.review.asking.dialogue import Dialogue, DialogueEnded, Repair
from xreview.review.asking.money import TurnUsage, UsageTotal
from xreview.review.prompt.compose import request_tokens
from xreview.review.prompt.room import room_in, too_narrow
from xreview.review.reply.stream import MOST_ERRORS
from xreview.review.writing.edits import CheckedEdits, EditCheck
from xreview.review.writing.errand import Errand, ErrandWords, ReadAnswer, Reply, Scene, trouble_in
from xreview.review.writing.sent_text import sent_text
from xreview.review.writing.tree_files import TreeFiles

MOST_CODE = 24_000
"""Tokens of code that are sent along, as in a request of a review."""


@dataclass(frozen=True)
class _Checked(Generic[Reply]):
    """An answer as read, and its edits as checked."""

    text: str
    read: ReadAnswer[Reply]
    edits: CheckedEdits

    @property
    def errors(self) -> tuple[str, ...]:
        """What is wrong with it."""
        of_files = (why for whys in self.edits.errors.values() for why in whys)
        return (*self.read.errors, *of_files)

    @property
    def is_usable(self) -> bool:
        """Whether all its edits can be made, whatever else is wrong with it."""
        return self.read.is_usable and self.changes_something and not self.edits.errors

    @property
    def changes_something(self) -> bool:
        """Whether any file would be another one."""
        return bool(self.edits.contents or self.edits.removed)


class ErrandConversation(Generic[Reply]):
    """One errand and its answer; `tell` gets what happens meanwhile."""

    def __init__(
        self,
        answerer: Answerer,
        errand: Errand[Reply],
        top: Path,
        tell: Callable[[Doing | Usage], None],
        ignores: Callable[[str], bool],
    ) -> None:
        self._answerer = answerer
        self._errand = errand
        self._files = TreeFiles(top)
        self._tell = tell
        self._ignores = ignores
        self._usage = UsageTotal()
        self._checked: _Checked[Reply] | None = None
        self._fallback: _Checked[Reply] | None = None

    async def reply(self) -> Reply:
        """Ask, and return the reply. Raises XReviewError."""
        answerer, request = await self._request()
        if self._is_agent:
            return await self._read_only(await self._ended(answerer, request, _no_repair))
        try:
            ended = await self._ended(answerer, request, self._repair)
        except ModelError as error:
            if self._fallback is None:
                raise
            return await self._written(self._fallback, str(error))
        if not self._errand.changes_files:
            return await self._read_only(ended)
        fallback = self._fallback
        if ended.ending is not Ending.ANSWERED:
            # Edits that were cut off, or not repaired for want of money, aren't half made.
            why = _sentence(ended.why)
            return await self._written(fallback, why) if fallback else self._errand.reply(None, why)
        checked = await self._check(ended.text)
        is_worse = bool(checked.edits.errors) or not checked.changes_something
        return await self._written(fallback if fallback and is_worse else checked)

    async def preview(self) -> str:
        """What would be sent, word by word, before any answer. Raises XReviewError."""
        _, request = await self._request()
        return await asyncio.to_thread(sent_text, request, self._answerer.gate)

    @property
    def _is_agent(self) -> bool:
        return self._answerer.voice.model.features.has_own_tools

    @property
    def _writes_edits(self) -> bool:
        return self._errand.changes_files and not self._is_agent

    async def _request(self) -> tuple[Answerer, ModelRequest]:
        """The question; to a model, with as much code as its window has room for."""
        self._tell(Doing(self._errand.words.doing))
        answerer = self._answerer
        scene = Scene(self._files, answerer.gate, self._ignores, self._writes_edits)
        bare = await self._errand.request(scene, 0)
        if self._is_agent and self._errand.changes_files:
            return answerer, answerer.request(bare)
        fixed, window = request_tokens(bare), await answerer.window()
        room = room_in(window, fixed)
        if not room.is_enough:
            raise too_narrow(window, fixed, answerer.identity.name)
        whole = await self._errand.request(scene, min(room.code, MOST_CODE))
        answerer = answerer.within(room)
        return answerer, answerer.request(whole)

    async def _read_only(self, ended: DialogueEnded) -> Reply:
        """The reply of who changed the files itself, or was only asked to say something."""
        why = _sentence(ended.why)
        if not ended.text:
            return self._errand.reply(None, why or "It gave no answer.", ended.refused)
        read = await asyncio.to_thread(self._errand.read, ended.text, needs_edits=False)
        trouble = " ".join(filter(None, (why, trouble_in((*read.errors, *read.remarks)))))
        return self._errand.reply(read.reply, trouble, ended.refused)

    async def _written(self, checked: _Checked[Reply], why: str = "") -> Reply:
        changed, removed = checked.edits.contents, checked.edits.removed
        if checked.changes_something:
            self._tell(Doing(f"changing {count_of(len(changed) + len(removed), 'file')}"))
        for path in removed:  # first: a new file can need a folder in its place
            await asyncio.to_thread(self._files.remove, path)
        for path, content in changed.items():
            await asyncio.to_thread(self._files.write, path, content)
        trouble = trouble_in((*checked.errors, *checked.read.remarks))
        trouble = " ".join(filter(None, (why, trouble)))
        return self._errand.reply(checked.read.reply, trouble, failed=checked.edits.errors)

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
        checked = await self._check(text)
        if not checked.errors:
            return ""
        if checked.is_usable:
            self._fallback = checked
        return _repair_question(self._errand.words, checked.errors)

    async def _check(self, text: str) -> _Checked[Reply]:
        if self._checked is None or self._checked.text != text:
            edits, needs_edits = CheckedEdits({}, {}), self._writes_edits
            if needs_edits:
                self._tell(Doing("checking the edits"))
            read = await asyncio.to_thread(self._errand.read, text, needs_edits=needs_edits)
            if needs_edits:
                edits = await EditCheck(self._files, self._ignores).check(read.edits, read.removed)
            self._checked = _Checked(text, read, edits)
        return self._checked


async def _no_repair(_: str) -> str:
    """Asking an agent again would start a second run."""
    return ""


def _repair_question(words: ErrandWords, errors: tuple[str, ...]) -> str:
    told = [f"- {error}" for error in errors[:MOST_ERRORS]]
    if len(errors) > MOST_ERRORS:
        told.append(f"- and {len(errors) - MOST_ERRORS:,} more of the same kinds.")
    return "\n".join((words.wrong, *told, "", words.again))


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}." if why else ""
