"""The order of a list that a person reads while findings still come."""

from collections.abc import Mapping, Sequence

from xreview.disagreement.groups import Group, group_of
from xreview.disagreement.rank import Record, merged_order, ranked
from xreview.domain.finding import Finding

_NO_RECORD: Record = {}


class ReadingOrder:
    """`ranked` until the person begins to read; from then on nothing that is shown moves.

    What comes later goes where it ranks, but never above the finding that is being read, and a
    finding that changes its group comes into the new one like that. `renew` ranks all anew.
    """

    def __init__(self) -> None:
        self._author = ""
        self._record: Record = _NO_RECORD
        self.has_begun = False
        self._reading: Finding | None = None
        self._arranged: Sequence[Finding] | None = None
        self._groups: Mapping[Group, list[Finding]] = {}

    def learn(self, author: str, record: Record) -> None:
        """Take in what `ranked` knows of a person's earlier decisions.

        Args:
            author: the vendor that wrote the change, "" for not known.
        """
        if (author, record) != (self._author, self._record):
            self._author, self._record = author, record
            self._arranged = None

    def begin(self, reading: Finding | None) -> None:
        """The person has begun to read, and is at this finding; None where at none of them."""
        self.has_begun = True
        self._reading = reading

    def renew(self) -> None:
        """Rank everything anew at the next occasion, what is being read too."""
        self._groups = {}
        self._arranged = None

    def of(self, findings: Sequence[Finding]) -> list[Finding]:
        """All of these findings, in the order in which to show them.

        Ranking is left out where they are the very sequence that was given last.
        """
        if findings is not self._arranged:
            members: dict[Group, list[Finding]] = {}
            for finding in ranked(findings, self._author, self._record):
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
