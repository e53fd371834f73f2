"""The order of a list that the user reads while findings still come."""

from collections.abc import Callable, Sequence

from xreview.domain.finding import Finding

Sorted = Callable[[Sequence[Finding]], list[Finding]]


class ReadingOrder:
    """The ranking, until the user begins to read; from then on nothing that is shown moves.

    What comes later waits until `renew`. A shown finding that changes stays in its place.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self.waiting: Sequence[Finding] = ()
        self._shown: list[Finding] | None = None
        self._arranged: Sequence[Finding] | None = None

    def begin(self) -> None:
        """The user has begun to read."""
        self.has_begun = True

    def renew(self) -> None:
        """Take in what waits, and sort anew next time, even if that moves what is shown."""
        self._shown = None

    def of(self, findings: Sequence[Finding], sort: Sorted = list) -> list[Finding]:
        """The findings to show, in order; `findings` are ranked.

        After `begin`, the very sequence that was given last is not arranged again.
        """
        if self._shown is None or not self.has_begun:
            self._shown, self.waiting = sort(findings), ()
        elif findings is not self._arranged:
            self._shown, self.waiting = kept_in_place(self._shown, findings)
        self._arranged = findings
        return self._shown


def kept_in_place(
    shown: Sequence[Finding], findings: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """The present versions of what is shown, in the same order, and the findings that are new.

    A finding counts as shown if one of its reports was. What the user wrote meanwhile doesn't wait:
    it comes last. What is no longer among `findings` is dropped.
    """
    from xreview.domain.own_findings import is_own  # knows the events, which a start does without

    places = {name: at for at, finding in enumerate(shown) for name in finding.fingerprints}
    kept: list[tuple[int, Finding]] = []
    new: list[Finding] = []
    for finding in findings:
        known = [places[name] for name in finding.fingerprints if name in places]
        if known:
            kept.append((min(known), finding))
        elif is_own(finding.lead):
            kept.append((len(shown), finding))
        else:
            new.append(finding)
    kept.sort(key=lambda item: item[0])
    return [finding for _, finding in kept], new
