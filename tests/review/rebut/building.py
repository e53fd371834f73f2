"""Reports on a small change, answers to them, and a round of asking, in few words."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

from tests.analysers.changes import request
from tests.fakes.model import ScriptedModel, answer
from tests.fakes.reports import report as made
from xreview.config.prices import load_prices
from xreview.disagreement.fold import findings_of
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity, ReviewerKind
from xreview.domain.stance import Stance
from xreview.ports.reviewer import ReviewRequest
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.money import Money, Terms
from xreview.review.rebut.rebut import Rebuttal, rebut

AUTHOR = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
CRITIC = ReviewerIdentity("opus-critic", ReviewerKind.MODEL, "anthropic", "claude-opus-5-5")
PAY = """\
import locks


def pay(order, amount):
    if amount <= 0:
        raise ValueError("nothing to pay")
    with locks.of(order):
        charge(order, amount)


def refund(order):
    try:
        credit(order)
    except Exception:
        pass
"""
TOTAL = "def total(items):\n    return sum(items) / len(items)\n"
CHANGE = request({"shop/pay.py": PAY, "shop/total.py": TOTAL})
RACE = made(
    "Two charges at once",
    path="shop/pay.py",
    line=8,
    quote="        charge(order, amount)",
    reviewer=CRITIC,
    claim="Nothing keeps two requests apart.",
)
SWALLOWED = made(
    "Failed refunds are swallowed",
    path="shop/pay.py",
    line=14,
    quote="    except Exception:\n        pass",
    end=15,
    reviewer=CRITIC,
)
EMPTY = made(
    "No items",
    path="shop/total.py",
    line=2,
    quote="    return sum(items) / len(items)",
    reviewer=CRITIC,
)


def finding(*reports: Report) -> Finding:
    (only,) = findings_of(reports)
    return only


def says(number: int, stance: str = "rebuts", **changed: Any) -> dict[str, Any]:
    """An answer about the claim of that number; by default a rebuttal by the lock."""
    return {
        "claim": number,
        "path": "shop/pay.py",
        "side": "new",
        "start_line": 7,
        "quote": "    with locks.of(order):",
        "argument": "The lock of the order is held.",
        "stance": stance,
        "settle": "A test with two threads.",
        **changed,
    }


def turn(*answers: Any, **given: Any) -> Sequence[Any]:
    return answer(json.dumps({"findings": list(answers)}), **given)


def answerer(
    model: ScriptedModel, cap: float = 10.0, identity: ReviewerIdentity = AUTHOR, **given: Any
) -> Answerer:
    terms = Terms(Money(cap), load_prices().of("gpt-6.2-sol"), False)
    return Answerer(identity, Voice(model, terms), asyncio.Semaphore(4), **given)


async def asked(
    answerer: Answerer, *findings: Finding, change: ReviewRequest = CHANGE, **given: Any
) -> list[Rebuttal]:
    """Everything that a round says."""
    stream = rebut(findings, change.change, change.contents, answerer, **given)
    async with aclosing(stream) as signals:
        return [signal async for signal in signals]


def taken(signals: Sequence[Rebuttal]) -> dict[str, Stance]:
    """The stances by subject, of which there is one each."""
    found = [one for one in signals if isinstance(one, StanceTaken)]
    by_subject = {subject: one.stance for one in found for subject in one.subjects}
    assert len(by_subject) == len(found)
    return by_subject
