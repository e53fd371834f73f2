"""Where the findings of people stand among those of reviewers."""

from collections.abc import Sequence

from xreview.disagreement.align import ReportGroup, led
from xreview.domain.events.event import Payload
from xreview.domain.own_findings import OwnFindings, is_same_problem
from xreview.domain.report import Report


class OwnGroups:
    """The own findings of one session, kept apart from the alignment: they can be edited and
    removed, and nothing else moves when they are."""

    def __init__(self) -> None:
        self._own = OwnFindings()
        self._paths: dict[str, str] = {}

    def put(self, report: Report) -> frozenset[str]:
        """Add a report of an earlier session; return the paths whose groups may have changed."""
        self._own.put(report)
        return self._changed({report.fingerprint})

    def take(self, payload: Payload) -> frozenset[str]:
        """Fold in an event (`OWN_EVENTS`); return the paths whose groups may have changed."""
        return self._changed(self._own.take(payload))

    def joined(self, path: str, groups: Sequence[ReportGroup]) -> list[ReportGroup]:
        """The groups of a file with its own findings: each in the group that is about its problem,
        or in one of its own."""
        found = list(groups)
        for own in self._own.holding.values():
            if own.anchor.path != path:
                continue
            home = _home(own, found)
            if home is None:
                found.append((own,))
            else:
                found[home] = led((*found[home], own))
        return found

    def alike(self, own: Report, groups: Sequence[ReportGroup]) -> tuple[str, ...]:
        """The identities of the group that an own finding joins; () if it joins none."""
        home = _home(own, groups)
        return () if home is None else tuple(one.fingerprint for one in groups[home])

    def _changed(self, fingerprints: frozenset[str] | set[str]) -> frozenset[str]:
        for name in fingerprints:
            if (report := self._own.get(name)) is not None:
                self._paths[name] = report.anchor.path
        return frozenset(self._paths[name] for name in fingerprints if name in self._paths)


def _home(own: Report, groups: Sequence[ReportGroup]) -> int | None:
    """The index of the group that an own finding joins, None if it joins none."""
    for index, group in enumerate(groups):
        if any(is_same_problem(own, report) for report in group):
            return index
    return None
