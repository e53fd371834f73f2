"""Fixing findings, as what a writer is sent to do (`review.writing`)."""

import asyncio
from collections.abc import Iterable, Mapping

from xreview.domain.change import Side
from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.record import dataclass, replace
from xreview.export.document import ExportEntry
from xreview.ports.failure import Failure
from xreview.ports.request import ModelRequest
from xreview.review.fixing.handover import handover
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.reply import read_answer
from xreview.review.writing.errand import ErrandWords, ReadAnswer, Scene
from xreview.review.writing.sent_files import files_to_send

_WORDS = ErrandWords(
    "reading the findings",
    "Your edits can't be made as they are; nothing was changed yet:",
    "Answer once more with the whole JSON object: all edits, those that were right too, and all"
    " results.",
    {
        Failure.MONEY: "Add credit, or choose another fixer.",
        Failure.RATE: "Wait until the limit resets, or choose another fixer.",
        Failure.REQUEST: "Update it, or choose another fixer.",
        Failure.TOO_LARGE: "Hand over fewer findings, or choose another fixer.",
        Failure.SERVER: "Try again later, or choose another fixer.",
        Failure.CONNECTION: "Check the network, then try again.",
        Failure.TIMEOUT: "Hand over fewer findings, or choose another fixer.",
        Failure.PROTOCOL: "Try again, or choose another fixer.",
    },
)
"""What to do about a key or a model's name is the same as in a review."""


@dataclass(frozen=True)
class FixErrand:
    """Fixing the findings of an order (`review.writing.errand.Errand`)."""

    order: FixOrder
    changes_files: bool = True

    @property
    def words(self) -> ErrandWords:
        """What is said around it."""
        return _WORDS

    async def request(self, scene: Scene, tokens: int) -> ModelRequest:
        """The hand-over, with the files of the findings, or the parts around them."""
        return await asyncio.to_thread(self._request, scene, tokens)

    def read(self, text: str, *, needs_edits: bool) -> ReadAnswer[FixerReply]:
        """What an answer says about the findings."""
        return read_answer(text, self.order.accepted, needs_edits=needs_edits)

    def reply(
        self,
        said: FixerReply | None,
        trouble: str,
        refused: tuple[str, ...] = (),
        failed: Mapping[str, tuple[str, ...]] | None = None,
    ) -> FixerReply:
        """The reply; a result is blocked if edits of a file that it names couldn't be made."""
        said = said or FixerReply()
        results = tuple(_as_written(one, failed or {}) for one in said.results)
        return replace(said, results=results, trouble=trouble, refused=refused)

    def _request(self, scene: Scene, tokens: int) -> ModelRequest:
        places = _places(self.order.by_file) if tokens else {}
        sent = files_to_send(places, scene.files, scene.gate, tokens, scene.ignores)
        return handover(self.order, sent, writes_edits=scene.writes_edits, gate=scene.gate)


def _places(entries: Iterable[ExportEntry]) -> dict[str, list[tuple[int, int]]]:
    """The lines of findings by path."""
    places: dict[str, list[tuple[int, int]]] = {}
    for entry in entries:
        for anchor in entry.finding.places:
            known = places.setdefault(anchor.path, [])
            if anchor.side is Side.NEW:
                known.append((anchor.start_line, anchor.end_line))
    return places


def _as_written(result: FixerResult, failed: Mapping[str, tuple[str, ...]]) -> FixerResult:
    errors = next((failed[path] for path in result.files if path in failed), ())
    if not errors or result.status is FixerStatus.BLOCKED:
        return result
    return FixerResult(
        result.fingerprint, FixerStatus.BLOCKED, reason=f"Its edits can't be made: {errors[0]}"
    )
