"""A repository with a disposable tree, and models that write in it."""

import json
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from tests.fakes.attempts import GPT_WRITER
from xreview.config.prices import load_prices
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.files.tree import RepositoryTree
from xreview.review.asking.answerer import Voice
from xreview.review.asking.money import Money, Terms
from xreview.review.attempts.asked_writer import AskedWriter
from xreview.review.attempts.writers import TaskOrder, WriterReply, WriterSignal
from xreview.review.egress.gate import Gate
from xreview.review.tools.toolbox import Toolbox

ORDER = TaskOrder("Limit the retries in retry.py.", ("make test",), ("Names are nouns.",))
CODE = "def retry(f):\n    while True:\n        f()\n"
LIMITED = "    for _ in range(3):\n"
STATED: dict[str, Any] = {
    "approach": "It counts.",
    "assumptions": [],
    "handled": [{"text": "No end.", "path": "retry.py", "quote": LIMITED}],
    "left_out": [],
    "questions": [],
}


def said(*edits: tuple[str, str, str], **statement: Any) -> str:
    keys = ("path", "search", "replace")
    told = [dict(zip(keys, edit, strict=True)) for edit in edits]
    return json.dumps({"edits": told, "statement": {**STATED, **statement}})


EDIT = ("retry.py", "    while True:\n", LIMITED)
RIGHT = said(EDIT)


def voice_of(model: Any, cap: float = 5.0) -> Voice:
    return Voice(model, Terms(Money(cap), load_prices().of("gpt-6.2-sol"), is_free=False))


def writer(model: Any, *, cap: float = 5.0, seconds: float = 60.0, **more: Any) -> AskedWriter:
    return AskedWriter(GPT_WRITER, voice_of(model, cap), Gate(), seconds=seconds, **more)


def toolbox(tree: DisposableTree) -> Toolbox:
    source = ChangeSource(ChangeKind.WORKTREE, "the attempt", str(tree.top))
    return Toolbox(RepositoryTree(source, tree.repository), time.monotonic)


async def all_of(stream: AsyncGenerator[WriterSignal, None]) -> Sequence[WriterSignal]:
    async with aclosing(stream) as signals:
        return [one async for one in signals]


async def replied(stream: AsyncGenerator[WriterSignal, None]) -> WriterReply:
    *before, last = await all_of(stream)
    assert not any(isinstance(one, WriterReply) for one in before)
    assert isinstance(last, WriterReply)
    return last
