"""Which models answer what others reported: the authors' own, and the reviewers each other."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from xreview.domain.errors import XReviewError
from xreview.domain.finding import Finding
from xreview.ports.reviewer import ContentReader
from xreview.review.choosing.reading_plan import READ_CLOSELY
from xreview.review.choosing.selection import ModelSelection
from xreview.review.escalate.positions import families_in
from xreview.review.rebut.selection import between_reviewers, needs_answer
from xreview.review.session.contained import contained
from xreview.review.session.session import ReviewSession
from xreview.review.session.snapshot import ReviewSnapshot

if TYPE_CHECKING:  # for models only, which the first findings do without
    from xreview.review.asking.answerer import Answerer


class AnswerRounds:
    """The one round of answers of a session."""

    def __init__(self, session: ReviewSession, selection: ModelSelection) -> None:
        self._session = session
        self._selection = selection

    async def run(
        self, contents: ContentReader, findings: Sequence[Finding]
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Ask about these findings; yield a snapshot after each signal.

        Models of a file's author answer for that file. Models of different vendors that read the
        change answer what the others alone reported. What nobody answered then in a file at 4 or 5
        is answered by another family, if code may go there already.
        """
        choice = self._session.snapshot.choice
        readers = frozenset(choice.reviewers if choice else ())
        author_of = self._selection.author_of
        # Decided first, because the authors' answers change which findings are lone.
        between = between_reviewers(findings, author_of)
        rounds: list[tuple[str, Sequence[Finding], Collection[str] | None]] = [
            *((vendor, own, None) for vendor, own in self._by_author(findings).items()),
            *((vendor, theirs, readers) for vendor, theirs in between.items()),
        ]
        for vendor, asked, among in rounds:
            async with aclosing(self._round(contents, vendor, asked, among)) as snapshots:
                async for snapshot in snapshots:
                    yield snapshot
        permitted = await self._selection.permitted()
        for vendor, asked in self._by_another(findings, permitted).items():
            async with aclosing(self._round(contents, vendor, asked, permitted)) as snapshots:
                async for snapshot in snapshots:
                    yield snapshot

    async def answers(
        self, answerer: "Answerer", contents: ContentReader, findings: Sequence[Finding]
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Have one model answer; yield a snapshot after each signal."""
        background = await self._selection.background()
        elsewhere = self._selection.elsewhere()
        stream = self._session.rebut(findings, answerer, contents, background, elsewhere)
        async with aclosing(stream) as snapshots:
            async for snapshot in snapshots:
                yield snapshot

    async def _round(
        self,
        contents: ContentReader,
        vendor: str,
        findings: Sequence[Finding],
        among: Collection[str] | None,
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """The answers of one vendor's first usable model, chosen `among` these names or all
        (None)."""
        try:
            with contained("A round of answers"):
                answerer = await self._selection.pick_model(
                    lambda one: one.vendor == vendor and (among is None or one.name in among)
                )
                if answerer is None:
                    return
                async with aclosing(self.answers(answerer, contents, findings)) as snapshots:
                    async for snapshot in snapshots:
                        yield snapshot
        except XReviewError as error:
            self._session.notice(str(error))

    def _by_another(
        self, findings: Iterable[Finding], permitted: Collection[str]
    ) -> dict[str, list[Finding]]:
        """What models reported in files at 4 and 5 and no model answered, by the family of the
        first permitted model that neither reported it nor wrote it."""
        attention = self._session.snapshot.attention
        asked = {name for one in findings for name in one.fingerprints}
        families = dict.fromkeys(
            one.vendor for one in self._selection.candidates if one.name in permitted and one.vendor
        )
        found: dict[str, list[Finding]] = {}
        for finding in self._session.snapshot.findings if attention else ():
            if (
                attention is None
                or attention.of(finding.anchor.path).level < READ_CLOSELY
                or asked.isdisjoint(finding.fingerprints)
                or not needs_answer(finding)
            ):
                continue
            taken = families_in(finding) | {self._selection.author_of(finding)}
            if vendor := next((one for one in families if one not in taken), ""):
                found.setdefault(vendor, []).append(finding)
        return found

    def _by_author(self, findings: Sequence[Finding]) -> dict[str, list[Finding]]:
        """The findings whose file one vendor wrote, by that vendor."""
        found: dict[str, list[Finding]] = {}
        for finding in findings:
            if vendor := self._selection.author_of(finding):
                found.setdefault(vendor, []).append(finding)
        return found
