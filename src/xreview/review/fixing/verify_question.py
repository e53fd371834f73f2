"""The question to a model that verifies fixes: the code now, and what was reported of it.

Nothing that the fixer says is in it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xreview.domain.change import FileDiff
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.conversation import Conversation
from xreview.review.egress.gate import Gate
from xreview.review.egress.secrets import PROSE
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.fixing.verdict_schema import VerdictChecker, verify_template
from xreview.review.fixing.verify_code import code_to_verify
from xreview.review.prompt.brief import NO_BACKGROUND
from xreview.review.prompt.compose import RequestFrame
from xreview.review.prompt.room import LEAST_ROOM, room_in, too_narrow
from xreview.review.rebut.question import MOST_CODE

_ASKED_ROOM = 6_000  # tokens for what is asked about the code


@dataclass(frozen=True)
class VerifiedCode:
    """The code to look at; `ignores` says which files the settings keep from models."""

    patch: Sequence[FileDiff]
    files: FixedFiles
    ignores: Callable[[str], bool] = lambda _: False


async def verify_conversation(
    answerer: Answerer, reports: Sequence[Report], given: VerifiedCode, notes: Mapping[str, str]
) -> tuple[Conversation, VerdictChecker]:
    """The conversation that asks about some reports, and the checker of its answer.

    Raises ReviewerError if the answerer's window is too small.

    Args:
        notes: what the user says about reports, by fingerprint.
    """
    frame = RequestFrame(verify_template(answerer.prompts), NO_BACKGROUND)
    window = await answerer.window()
    room = room_in(window, frame.tokens)
    asked = min(_ASKED_ROOM, room.code // 2)
    if room.code - asked < LEAST_ROOM:
        raise too_narrow(window, frame.tokens + LEAST_ROOM, answerer.identity.name)
    most = min(MOST_CODE, room.code - asked)
    gate = answerer.gate
    code = await code_to_verify(reports, given.patch, given.files, gate, most, given.ignores)
    claims = [await _claim(one, notes.get(one.fingerprint, ""), gate) for one in reports]
    subjects = {one.fingerprint: one for one in reports}
    checker = VerdictChecker(answerer.identity, code.shown, subjects)
    within = answerer.within(room)
    conversation = Conversation(
        within.voice.model,
        within.request(frame.question(code.text, claims)),
        checker,
        within.voice.terms,
        within.new_toolbox() if within.new_toolbox else None,
        gate,
        within.most_input,
    )
    return conversation, checker


async def _claim(report: Report, note: str, gate: Gate) -> dict[str, Any]:
    """A report as it is sent: what is claimed and where, and nothing of the fixer's."""
    anchor = report.anchor
    said: dict[str, Any] = {
        "fingerprint": report.fingerprint,
        "path": anchor.path,
        "line": anchor.start_line,
        "quote": await _cleaned(gate, anchor.quote, anchor.path),
        "title": await _cleaned(gate, report.title),
        "says": await _cleaned(gate, report.claim),
    }
    for name, text in (("goes_wrong", report.scenario), ("note_of_the_user", note)):
        if text:
            said[name] = await _cleaned(gate, text)
    return said


async def _cleaned(gate: Gate, text: str, path: str = PROSE) -> str:
    return (await asyncio.to_thread(gate.text, text, path)).text
