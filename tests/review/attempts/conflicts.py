"""A finished trial of three attempts that conflict, and the files after one was taken."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tests.domain.attempt.texts import diff_of
from xreview.domain.attempt.combining import combined
from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, Side
from xreview.domain.events.attempt_events import AttemptTaken, TakenLines
from xreview.domain.report import Report, ReviewerIdentity, ReviewerKind
from xreview.ports.reviewer import Notice, Reviewer, ReviewRequest
from xreview.review.attempts.snapshot import AttemptSnapshot, TrialSnapshot
from xreview.review.session.runner import ReviewerUpdate, run_reviewers

WRITERS = {
    "A": ReviewerIdentity("claude", ReviewerKind.AGENT, "anthropic", "opus"),
    "B": ReviewerIdentity("codex", ReviewerKind.AGENT, "openai", "gpt-5"),
    "C": ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "pro"),
}
BASE = (
    """\
import time


def charge(order):
    return gateway.charge(order.amount)


"""
    + "".join(f"# a comment, number {number}\n" for number in range(30))
    + """\


def refund(order, amount):
    return gateway.refund(order.charge, amount)


def report(orders):
    return [order.total for order in orders]
"""
)
A = BASE.replace(
    "    return gateway.charge(order.amount)\n",
    "    for attempt in range(3):\n        time.sleep(attempt)\n"
    "        return gateway.charge(order.amount)\n",
).replace(
    "    return gateway.refund(order.charge, amount)\n",
    "    with order.lock:\n        return gateway.refund(order.charge, amount)\n",
)
B = BASE.replace(
    "    return gateway.charge(order.amount)\n",
    "    return backoff(gateway.charge, order.amount, tries=5)\n",
).replace(
    "    return gateway.refund(order.charge, amount)\n",
    "    if amount > order.left:\n        raise Overdrawn(amount)\n"
    "    return gateway.refund(order.charge, amount)\n",
)
C = BASE.replace(
    "    return gateway.charge(order.amount)\n",
    "    return queue.later(gateway.charge, order)\n",
)
TEXTS = {"A": A, "B": B, "C": C}
STATEMENTS = {
    "A": AttemptStatement(
        "Retries in a loop.",
        handled=(EdgeCase("A timeout is retried.", "pay.py", "for attempt in range(3):", 5, 5),),
        left_out=("A refund of more than what is left.",),
    ),
    "B": AttemptStatement(
        "Retries with a backoff.",
        handled=(
            EdgeCase(
                "A refund of more than what is left raises Overdrawn.",
                "pay.py",
                "    if amount > order.left:",
                41,
                41,
            ),
        ),
    ),
}


def trial(
    base: str = BASE,
    texts: Mapping[str, str] = TEXTS,
    statements: Mapping[str, AttemptStatement] = STATEMENTS,
) -> TrialSnapshot:
    files = {
        label: (diff_of(base.encode(), text.encode(), "pay.py"),) if text != base else ()
        for label, text in texts.items()
    }
    attempts = tuple(
        AttemptSnapshot(
            Seat(label, WRITERS[label]), files=files[label], statement=statements.get(label)
        )
        for label in texts
    )
    return TrialSnapshot("t1", "Retry.", attempts, comparison=compare_attempts(files))


def take(*labels: str, lines: Sequence[TakenLines] = ()) -> AttemptTaken:
    return AttemptTaken("act", "t1", labels, "", ("pay.py",), tuple(lines), None)


def graft(
    snapshot: TrialSnapshot, labels: Sequence[str], base: str = BASE
) -> tuple[str, AttemptTaken]:
    """The file with piece after piece of these attempts, and the take."""
    assert snapshot.comparison is not None
    pieces = snapshot.comparison.pieces
    choice = {piece.ref: label for piece, label in zip(pieces, labels, strict=True)}
    made = combined(base.encode(), pieces, choice)
    lines = [TakenLines(one.label, "pay.py", one.start, one.end, "") for one in made.lines]
    return made.content.decode(), take(*sorted(set(labels) - {""}), lines=lines)


class BothSides:
    """The contents of a file before and after."""

    def __init__(self, old: str | None, new: str | None) -> None:
        self._texts = {Side.OLD: old, Side.NEW: new}

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        text = self._texts[side]
        return None if text is None else text.encode("utf-8", "surrogateescape")


async def updates_of(
    reviewer: Reviewer, new: str, old: str = BASE, file: FileDiff | None = None
) -> list[ReviewerUpdate]:
    """What a session gets of a reviewer that reads these files."""
    file = file or diff_of(old.encode(), new.encode(), "pay.py")
    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "/r")
    request = ReviewRequest(Change(source, (file,)), BothSides(old, new))
    return [one async for batch in run_reviewers([reviewer], request) for one in batch]


async def reports_of(reviewer: Reviewer, new: str, old: str = BASE) -> list[Report]:
    updates = await updates_of(reviewer, new, old)
    return [one.what for one in updates if isinstance(one.what, Report)]


def notices_in(updates: Sequence[ReviewerUpdate]) -> list[Notice]:
    return [one.what for one in updates if isinstance(one.what, Notice)]


def without_comparison(snapshot: TrialSnapshot) -> TrialSnapshot:
    return replace(snapshot, comparison=None)
