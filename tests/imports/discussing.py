"""Discussions on a pull request for tests, and reviewing changes with what they say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.analysers.changes import diff_body, request
from xreview.domain.change import FileDiff, Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.errors import ReviewerError
from xreview.domain.pull.discussion import (
    CommentPlace,
    Discussion,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
    SubmittedReview,
)
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.report import Report
from xreview.imports.thread_quotes import ContentAt
from xreview.imports.thread_reviewer import ThreadReviewer
from xreview.imports.threads import reviewers_from
from xreview.ports.reviewer import Notice, RawReport
from xreview.review.session.ground import Grounding

_NUMBERS = count(1)
HEAD = "a" * 40
OLD = "b" * 40
AUTHOR = ForgeAccount("eve")
ADA = ForgeAccount("ada")
RABBIT = ForgeAccount("coderabbitai[bot]", is_bot=True)
CODEX = ForgeAccount("chatgpt-codex-connector[bot]", is_bot=True)
BUGBOT = ForgeAccount("cursor[bot]", is_bot=True)
BEFORE = "def total(cart):\n    return 0\n\n\ndef other():\n    return 1\n"
AFTER = "def total(cart):\n    return sum(cart)\n\n\ndef other():\n    return 1\n"


def thread(
    body: str,
    author: ForgeAccount = ADA,
    line: int = 2,
    path: str = "cart.py",
    **changed: Any,
) -> ReviewThread:
    """A thread on a line, quoted by the diff up to it."""
    number = changed.pop("id", f"T{next(_NUMBERS)}")
    at = changed.pop("at", "2026-11-30T10:00:00Z")
    place = CommentPlace(
        path,
        changed.pop("side", Side.NEW),
        changed.pop("start", line),
        line,
        changed.pop("commit", HEAD),
        changed.pop("hunk", hunk_to(line)),
        changed.pop("line_now", line),
    )
    return ReviewThread(number, (RemoteComment(f"c{number}", author, body, at),), place, **changed)


def hunk_to(line: int, before: str = BEFORE, after: str = AFTER) -> str:
    """The diff as GitHub quotes it: from its header to this line of the new side."""
    rows = diff_body(before, after).decode().split("\n")
    number, kept = 0, [rows[0]]
    for row in rows[1:]:
        kept.append(row)
        number += not row.startswith("-")
        if number == line:
            return "\n".join(kept)
    return "\n".join(kept)


def review(
    author: ForgeAccount, body: str = "", commit: str = HEAD, at: str = "2026-11-30T10:00:00Z"
) -> SubmittedReview:
    return SubmittedReview(f"R{author.key}{at}{commit[:4]}", author, body, VERDICT, commit, at)


VERDICT = ReviewVerdict.COMMENT


def comment(author: ForgeAccount, body: str, at: str = "2026-11-30T10:00:00Z") -> RemoteComment:
    return RemoteComment(f"I{author.key}{at}", author, body, at)


def discussion(*said: ReviewThread | SubmittedReview | RemoteComment) -> Discussion:
    return Discussion(
        tuple(one for one in said if isinstance(one, ReviewThread)),
        tuple(one for one in said if isinstance(one, SubmittedReview)),
        tuple(one for one in said if isinstance(one, RemoteComment)),
    )


@dataclass
class Voice:
    """What one reviewer from a discussion came to."""

    reviewer: ThreadReviewer
    raw: list[RawReport]
    reports: list[Report]
    coverage: list[CoverageEntry]
    notices: list[Notice]
    failure: str = ""


async def voices(
    said: Discussion,
    new: Mapping[str, str] | None = None,
    old: Mapping[str, str] | None = None,
    *extra: FileDiff,
    head: str = HEAD,
    asked: Iterable[ForgeAccount] = (),
    taken: Iterable[str] = (),
    content_at: ContentAt | None = None,
) -> list[Voice]:
    """Each account, having reviewed a change of `cart.py`."""
    wanted = request(new or {"cart.py": AFTER}, old or {"cart.py": BEFORE}, *extra)
    found: list[Voice] = []
    for reviewer in reviewers_from(
        said, AUTHOR, head, taken=taken, asked=asked, content_at=content_at
    ):
        grounding = Grounding(wanted.change, wanted.contents)
        voice = Voice(reviewer, [], [], [], [])
        try:
            async for signal in reviewer.review(wanted):
                if isinstance(signal, RawReport):
                    voice.raw.append(signal)
                    voice.reports.append(await grounding.check(signal, reviewer.lens))
                elif isinstance(signal, CoverageEntry):
                    voice.coverage.append(signal)
                elif isinstance(signal, Notice):
                    voice.notices.append(signal)
        except ReviewerError as error:
            voice.failure = error.message
        found.append(voice)
    return found


async def one_voice(said: Discussion, *given: Any, **more: Any) -> Voice:
    (voice,) = await voices(said, *given, **more)
    return voice
