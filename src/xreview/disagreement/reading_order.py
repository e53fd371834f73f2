"""The order of a list that the user reads while findings still come."""

from collections.abc import Mapping, Sequence

from xreview.disagreement.groups import Group, group_of
from xreview.domain.finding import Finding


class ReadingOrder:
    """The ranking, until the user begins to read; from then on nothing that is shown moves.

    What comes later goes where it ranks, but never above the finding being read. A finding that
    changes its group joins the new one in the same way. `renew` takes over the ranking as is.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self._reading: Finding | None = None
        self._arranged: Sequence[Finding] | None = None
        self._groups: Mapping[Group, list[Finding]] = {}

    def begin(self, reading: Finding | None) -> None:
        """The user has begun to read, and is at this finding; None if at none."""
        self.has_begun = True
        self._reading = reading

    def renew(self) -> None:
        """Show the ranking next time, even if that moves the finding being read."""
        self._groups = {}
        self._arranged = None

    def of(self, findings: Sequence[Finding]) -> list[Finding]:
        """The order in which to show ranked findings.

        The very sequence that was given last is not arranged again.
        """
        if findings is not self._arranged:
            members: dict[Group, list[Finding]] = {}
            for finding in findings:
                members.setdefault(group_of(finding), []).append(finding)
            if self.has_begun:
                members = {group: self._merged(group, order) for group, order in members.items()}
            self._groups, self._arranged = members, findings
        return [finding for group in self._groups.values() for finding in group]

    def _merged(self, group: Group, order: Sequence[Finding]) -> list[Finding]:
        shown = self._groups.get(group, [])
        at = set(self._reading.fingerprints) if self._reading else set[str]()
        settled = next(
            (place for place, one in enumerate(shown, 1) if not at.isdisjoint(one.fingerprints)), 0
        )
        return merged_order(shown, order, settled)


def merged_order(
    shown: Sequence[Finding], order: Sequence[Finding], settled: int = 0
) -> list[Finding]:
    """The new order, without moving what is shown; the first `settled` findings are read or above
    the cursor, and nothing new goes among them.

    A finding counts as shown if one of its reports was; its present version is returned. What isn't
    in `order` is dropped. A new finding goes right behind the one before it in `order`.
    """
    places = {name: at for at, finding in enumerate(shown) for name in finding.fingerprints}
    kept: dict[int, list[Finding]] = {}
    behind: dict[int, list[Finding]] = {}
    last = settled - 1
    for finding in order:
        known = [places[name] for name in finding.fingerprints if name in places]
        if known:
            last = min(known)
            kept.setdefault(last, []).append(finding)
        else:
            behind.setdefault(max(last, settled - 1), []).append(finding)
    return [
        finding
        for at in range(-1, len(shown))
        for finding in (*kept.get(at, ()), *behind.get(at, ()))
    ]
