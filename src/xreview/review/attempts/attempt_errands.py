"""Writing an attempt, and saying what one is, as what a model or an agent is sent to do."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from xreview.domain.attempt.statement import EdgeCase
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, Side
from xreview.domain.record import dataclass, field, replace
from xreview.domain.text import count_of
from xreview.ports.failure import Failure
from xreview.ports.request import ModelRequest
from xreview.repo.files.tree import RepositoryTree
from xreview.repo.repository import find_repository
from xreview.review.attempts.likely_files import ranked_files
from xreview.review.attempts.statement_reply import read_statement
from xreview.review.attempts.task_request import (
    NO_CODE,
    SentCode,
    overview_of,
    reading_request,
    task_request,
)
from xreview.review.attempts.writers import TaskOrder, WriterReply
from xreview.review.egress.secret_files import is_readable
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.fixing.verify_code import code_to_verify
from xreview.review.prompt.compose import estimated_tokens
from xreview.review.reply.quote import ShownCode
from xreview.review.writing.errand import ErrandWords, ReadAnswer, Scene
from xreview.review.writing.sent_files import SentFile, files_to_send

MOST_READ_FILES = 300
"""Of a patch that a reader is shown."""

_OVERVIEW_SHARE = 4
"""The list of files gets one part in 4 of what is sent."""

_MOST_LIKELY = 40  # files that are looked at, to send their code

_OTHER = {
    Failure.MONEY: "Add credit, or choose another writer.",
    Failure.RATE: "Wait until the limit resets, or choose another writer.",
    Failure.REQUEST: "Update it, or choose another writer.",
    Failure.TOO_LARGE: "Shorten the task, or choose another writer.",
    Failure.SERVER: "Try again later, or choose another writer.",
    Failure.CONNECTION: "Check the network, then try again.",
    Failure.TIMEOUT: "Divide the task, or choose another writer.",
    Failure.PROTOCOL: "Try again, or choose another writer.",
}
_WRITING = ErrandWords(
    "reading the repository",
    "Your answer can't be used as it is; nothing was changed yet:",
    "Answer once more with the whole JSON object: all edits, those that were right too, and the"
    " whole statement.",
    _OTHER,
)
_READING = ErrandWords(
    "reading the change",
    "Your answer can't be used as it is:",
    "Answer once more with the whole JSON object.",
)


@dataclass(frozen=True)
class TaskErrand:
    """Doing a task (`review.writing.errand.Errand`).

    Args:
        by: the writer's name.
        can_read: whether it can open files that aren't sent along.
    """

    order: TaskOrder
    by: str
    can_read: bool
    changes_files: bool = True

    @property
    def words(self) -> ErrandWords:
        """What is said around it."""
        return _WRITING

    async def request(self, scene: Scene, tokens: int) -> ModelRequest:
        """The task, with a list of the files and the code of the likeliest ones."""
        return await asyncio.to_thread(self._request, scene, tokens)

    def read(self, text: str, *, needs_edits: bool) -> ReadAnswer[WriterReply]:
        """The statement, and the edits."""
        return read_statement(text, self.by, is_writers=True, needs_edits=needs_edits)

    def reply(
        self,
        said: WriterReply | None,
        trouble: str,
        refused: tuple[str, ...] = (),
        failed: Mapping[str, tuple[str, ...]] | None = None,
    ) -> WriterReply:
        """The reply; the other files are written if the edits of one couldn't be made."""
        is_cut_short = said is None or bool(failed)
        return replace(
            said or WriterReply(), trouble=trouble, refused=refused, is_cut_short=is_cut_short
        )

    def _request(self, scene: Scene, tokens: int) -> ModelRequest:
        sent = self._code(scene, tokens) if tokens else NO_CODE
        return task_request(self.order, sent, writes_edits=scene.writes_edits, gate=scene.gate)

    def _code(self, scene: Scene, tokens: int) -> SentCode:
        paths = _readable(scene.files.top, scene.ignores)
        ranked = ranked_files(self.order.task, paths)
        ordered = (*ranked.likely, *ranked.others)
        overview = overview_of(ordered, tokens // _OVERVIEW_SHARE)
        files = self._files(scene, ranked.likely, ranked.others, tokens - tokens // _OVERVIEW_SHARE)
        return SentCode(overview, len(paths), files)

    def _files(
        self, scene: Scene, likely: Sequence[str], others: Sequence[str], tokens: int
    ) -> tuple[SentFile, ...]:
        """The likeliest files, and the others if all fit or the model can open none."""
        wanted: Mapping[str, Sequence[tuple[int, int]]] = dict.fromkeys(likely[:_MOST_LIKELY], ())
        sent = files_to_send(wanted, scene.files, scene.gate, tokens, scene.ignores)
        left = tokens - sum(estimated_tokens(one.text) for one in sent)
        count = len(likely) + len(others)
        if self.can_read and count > _MOST_LIKELY:
            return sent
        more = others[: max(0, _MOST_LIKELY - len(wanted))]
        rest = files_to_send(dict.fromkeys(more, ()), scene.files, scene.gate, left, scene.ignores)
        is_whole = len(sent) + len(rest) == count
        return (*sent, *rest) if is_whole or not self.can_read else sent


@dataclass
class ReadingErrand:
    """Saying what an attempt is, from its code alone (`review.writing.errand.Errand`).

    Args:
        by: the reader's name.
        files: the patch. contents: both sides of its files.
    """

    order: TaskOrder
    by: str
    files: Sequence[FileDiff]
    contents: FixedFiles
    changes_files: bool = False
    _shown: ShownCode = field(default_factory=lambda: ShownCode({}))

    @property
    def words(self) -> ErrandWords:
        """What is said around it."""
        return _READING

    async def request(self, scene: Scene, tokens: int) -> ModelRequest:
        """The task and the patch, as much of it as there is room for."""
        if not tokens:
            return reading_request(self.order, "")
        first, more = self.files[:MOST_READ_FILES], len(self.files) - MOST_READ_FILES
        code = await code_to_verify((), first, self.contents, scene.gate, tokens, scene.ignores)
        self._shown = code.shown
        hidden = sum(map(scene.ignores, (file.path for file in first)))
        unshown = max(0, more) + hidden
        told = f"\n\n~~~ {count_of(unshown, 'more file')} changed, not shown here"
        return reading_request(self.order, code.text + (told if unshown else ""))

    def read(self, text: str, *, needs_edits: bool) -> ReadAnswer[WriterReply]:
        """The statement, with its quotes as they are in the code."""
        read = read_statement(text, self.by, is_writers=False)
        statement = read.reply.statement
        if statement is None:
            return read
        handled = tuple(map(self._verbatim, statement.handled))
        return replace(
            read, reply=replace(read.reply, statement=replace(statement, handled=handled))
        )

    def reply(
        self,
        said: WriterReply | None,
        trouble: str,
        refused: tuple[str, ...] = (),
        failed: Mapping[str, tuple[str, ...]] | None = None,
    ) -> WriterReply:
        """The reply."""
        return replace(said or WriterReply(), trouble=trouble, refused=refused)

    def _verbatim(self, case: EdgeCase) -> EdgeCase:
        path = self._shown.path_of(case.path)
        quote = self._shown.verbatim(case.quote, path, Side.NEW)
        return replace(case, path=path, quote=quote)


def _readable(top: Path, ignores: Callable[[str], bool]) -> tuple[str, ...]:
    """The sorted paths that a model may be shown. Raises ChangeError."""
    source = ChangeSource(ChangeKind.WORKTREE, "the files", str(top))
    tree = RepositoryTree(source, find_repository(top))
    try:
        paths: Iterable[str] = tree.files
        return tuple(path for path in paths if is_readable(path, ignores))
    finally:
        tree.close()
