"""Reviews in a row, as the program runs them, without its disk and its screen."""

from collections.abc import Iterable
from dataclasses import replace

from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.events.event import Event, ReportReceived
from xreview.domain.identity.anchor import NO_CONTEXT, Context
from xreview.domain.identity.carry_over import Carried
from xreview.domain.identity.history import history_of
from xreview.domain.report import Report
from xreview.review.past.carry import CarryOver, fixes_confirmed


class Sessions:
    """One review after the other over whole trees, each carrying over from those before."""

    def __init__(self, *, with_context: bool) -> None:
        self.events: list[Event] = []
        self.number = 0
        self.with_context = with_context

    def review(self, files: dict[str, bytes], reports: Iterable[Report]) -> list[Carried]:
        self.number += 1
        history = history_of(self.events)
        carry = CarryOver(history, session=str(self.number), today="2026-01-01")
        reports = list(reports)
        self._give(carry, carry.needs(reports), files)
        taken = list(carry.take(reports))
        coverage = [
            CoverageEntry(name, path, Reading.READ)
            for name in ("risk", "economy")
            for path in files
        ]
        self._give(carry, carry.needs_at_end(coverage), files)
        fixed = carry.settle(coverage, lambda path: (range(1, 10**9),))
        self.events += [self._event(ReportReceived(self._stored(one.report))) for one in taken]
        self.events += map(self._event, fixes_confirmed(fixed))
        return taken

    def _give(self, carry: CarryOver, paths: Iterable[str], files: dict[str, bytes]) -> None:
        for path in paths:
            content = files.get(path)
            text = None if content is None else content.decode("utf-8", "surrogateescape")
            carry.give(path, text)

    def _stored(self, report: Report) -> Report:
        context: Context = report.anchor.context if self.with_context else NO_CONTEXT
        return replace(report, anchor=replace(report.anchor, context=context))

    def _event(self, payload) -> Event:
        return Event(str(len(self.events)), str(self.number), "", "", "", payload)
