"""Recognising known problems in new reports.

A problem is looked for in all places where its code occurs, reported or not, so that the result
doesn't depend on the order or the batches of reports.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from xreview.domain.change import Side
from xreview.domain.identity.anchor import Anchor, another, base_of, beside
from xreview.domain.identity.claim import Claim, claim_key
from xreview.domain.identity.file_text import FileText
from xreview.domain.identity.history import CodeKey, History, code_key
from xreview.domain.identity.pairing import common_words, is_edited, pairs
from xreview.domain.report import Report

_Place = tuple[str, int]  # a path and a first line

Distance = tuple[bool, bool, float]
"""The distance of a report from a known problem (`Claim.distance`)."""

FAR: Distance = (True, True, 0.0)

Kind = tuple[str, str, str]
"""A kind of claim by one reviewer about one piece of code: name, path, base of the identity."""


def kind_of(report: Report) -> Kind:
    """The kind of a report that still has its own fingerprint."""
    return report.reviewer.name, report.anchor.path, base_of(report.fingerprint)


def is_told_apart(report: Report) -> bool:
    """Whether its own fingerprint marks it as not the first of its kind."""
    return report.fingerprint != base_of(report.fingerprint)


class Recognition:
    """Assigns known problems to the reports of one session.

    It remembers the identities it gave: two places never share one, nor do two problems that a
    reviewer distinguished.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._texts: dict[str, FileText | None] = {}
        self._found: dict[tuple[str, Side, CodeKey], Mapping[int, tuple[str, ...]]] = {}
        self._claims: dict[str, Claim] = {}
        self._places: dict[str, _Place] = {}
        self._holders: dict[tuple[str, str], str] = {}
        self._bases: dict[Kind, str] = {}
        self._told_apart: set[Kind] = set()

    def needs(self, reports: Iterable[Report]) -> tuple[str, ...]:
        """The files whose new side is needed to recognise these reports."""
        wanted: dict[str, None] = {}
        for report in reports:
            identities = self._history.by_code.get(code_key(report), ())
            if identities or report.anchor.path in self._history.by_path:
                wanted[report.anchor.path] = None
            wanted |= {self.last(identity).anchor.path: None for identity in identities}
        return tuple(path for path in wanted if not self.is_given(path))

    def is_given(self, path: str) -> bool:
        """Whether the new side of a file was passed, even as None."""
        return path in self._texts

    def give(self, path: str, text: str | None) -> None:
        """Pass the new side of a file; None if it doesn't exist (any more)."""
        self._texts[path] = None if text is None else FileText(text)

    def has_text(self, path: str) -> bool:
        """Whether the file exists and its text was passed."""
        return self._texts.get(path) is not None

    def tell_apart(self, reports: Iterable[Report]) -> frozenset[Kind]:
        """Note the kinds with several claims in reports that are about to be recognised; return
        those that seemed to have only one so far."""
        kinds = {kind_of(report) for report in reports if is_told_apart(report)} - self._told_apart
        self._told_apart |= kinds
        return frozenset(kinds)

    def is_told_apart(self, kind: Kind) -> bool:
        """Whether the reviewer made several claims of the kind."""
        return kind in self._told_apart

    def distance(self, report: Report) -> Distance:
        """The distance of a report from the nearest known problem; the nearest report gets that
        problem's identity."""
        claim = Claim(report)
        known = self._candidates(report, claim)
        return min((self._claim(one).distance(claim) for one in known), default=FAR)

    def recognise(self, report: Report) -> tuple[str, bool]:
        """The identity of the report's problem, and whether it is known."""
        known = self._known_identity(report)
        identity = known or self._fresh_identity(report)
        self._places.setdefault(identity, _place(report))
        self._holders.setdefault((identity, report.reviewer.name), report.fingerprint)
        self._bases.setdefault(kind_of(report), base_of(identity))
        return identity, known is not None

    def is_seen(self, identity: str) -> bool:
        """Whether a report of this session is about that problem."""
        return identity in self._places

    def last(self, identity: str) -> Report:
        """The latest earlier report of a known problem."""
        return self._history.known[identity].report

    def _claim(self, identity: str) -> Claim:
        """The claim of the latest earlier report of a known problem."""
        return self._claims.setdefault(identity, Claim(self.last(identity)))

    def _known_identity(self, report: Report) -> str | None:
        claim = Claim(report)
        return min(
            (one for one in self._candidates(report, claim) if self._is_free(one, report)),
            key=lambda identity: (self._claim(identity).distance(claim), identity),
            default=None,
        )

    def _candidates(self, report: Report, claim: Claim) -> list[str]:
        """The known problems that a report may be about.

        If there are several claims of its kind, now or before, words must decide.
        """
        if not report.anchored:
            return [report.fingerprint] if report.fingerprint in self._history.known else []
        here = self._identities_at(report)
        many = Counter(map(base_of, here))
        is_told_apart = self.is_told_apart(kind_of(report))
        return [
            identity
            for identity in here
            if self._claim(identity).agrees(claim)
            and (
                not (is_told_apart or many[base_of(identity)] > 1)
                or self._claim(identity).agrees_in_words(claim)
            )
        ]

    def _is_free(self, identity: str, report: Report) -> bool:
        """Whether neither another place nor another problem of this reviewer has the identity."""
        own = report.fingerprint
        holder = self._holders.get((identity, report.reviewer.name), own)
        return holder == own and not self._is_elsewhere(identity, report)

    def _is_elsewhere(self, identity: str, report: Report) -> bool:
        return self._places.get(identity, _place(report)) != _place(report)

    def _fresh_identity(self, report: Report) -> str:
        """The report's own fingerprint or, if that is taken, one derived from it."""
        return next(
            identity
            for identity in self._names(report)
            if identity not in self._history.known and self._is_free(identity, report)
        )

    def _names(self, report: Report) -> Iterator[str]:
        """Possible identities of the report's problem, the best first, endlessly."""
        own, base = report.fingerprint, self._base_at(report)
        if base in ("", base_of(own)):
            yield own
        for number in count():
            if base:
                said = Claim(report).plain
                yield beside(base, f"{said}\x1f{number}" if number else said)
            else:
                yield another(own, report.anchor.context, number)

    def _base_at(self, report: Report) -> str:
        """The base of the identities of this kind at this place, or ""."""
        if report.rule or not report.anchored:
            return ""
        if base := self._bases.get(kind_of(report)):
            return base
        key = claim_key(report)
        here = [one for one in self._identities_at(report) if not self._is_elsewhere(one, report)]
        return next((base_of(one) for one in here if claim_key(self.last(one)) == key), "")

    def _identities_at(self, report: Report) -> tuple[str, ...]:
        anchor = report.anchor
        if code_key(report) not in self._history.by_code:
            return ()
        if self._texts.get(anchor.path) is None:
            return self._paired(code_key(report), [anchor]).get(anchor.start_line, ())
        return self._places_of(anchor.path, anchor.side, report).get(anchor.start_line, ())

    def _places_of(self, path: str, side: Side, report: Report) -> Mapping[int, tuple[str, ...]]:
        """The known problems with this report's code in a file, by first line."""
        key = (path, side, code_key(report))
        if key not in self._found:
            text = self._texts.get(path)
            anchors: list[Anchor] = []
            if text is not None:
                length = report.anchor.end_line - report.anchor.start_line
                anchors = [
                    Anchor(
                        path,
                        side,
                        line,
                        line + length,
                        report.anchor.quote,
                        text.context(line, line + length),
                    )
                    for line in text.occurrences(report.anchor.quote)
                ]
            self._found[key] = self._paired(code_key(report), anchors)
        return self._found[key]

    def _paired(self, key: CodeKey, places: Sequence[Anchor]) -> dict[int, tuple[str, ...]]:
        by_claim: dict[str, dict[str, list[str]]] = {}
        for identity in self._history.by_code.get(key, ()):
            last = self.last(identity)
            if places and self._can_be_in(places[0].path, last):
                problems = by_claim.setdefault(claim_key(last), {})
                problems.setdefault(self._apart_by(identity), []).append(identity)
        found: dict[int, tuple[str, ...]] = {}
        for problems in by_claim.values():
            # Several claims of one kind or rule about one place move together.
            together = list(problems.values())
            olds = [self.last(self._latest(identities)).anchor for identities in together]
            for new, old in pairs(olds, places).items():
                line = places[new].start_line
                found[line] = (*found.get(line, ()), *together[old])
        return found

    def _apart_by(self, identity: str) -> str:
        """A key that problems with the same code in one place share.

        Those of a rule share no base: one session saw them in one place.
        """
        last = self.last(identity)
        if not last.rule:
            return base_of(identity)
        session = self._history.known[identity].last
        return f"{last.anchor.path}\0{last.anchor.start_line}\0{session}"

    def _latest(self, identities: Sequence[str]) -> str:
        return max(identities, key=lambda identity: self._history.known[identity].last)

    def _can_be_in(self, path: str, last: Report) -> bool:
        """Whether a known problem can be in this file: it is its own, or it left its own."""
        home = last.anchor.path
        if home == path:
            return True
        if home not in self._texts:
            return False
        text = self._texts[home]
        return text is None or not text.occurrences(last.anchor.quote)

    def edited(self, report: Report) -> Report | None:
        """The known problem whose code was edited into this report's, if any."""
        path = report.anchor.path
        if self._texts.get(path) is None or not report.anchored:
            return None
        candidates = [
            self.last(identity)
            for identity in self._history.by_path.get(path, ())
            if not self._history.known[identity].is_fixed
            and is_edited(self.last(identity), report)
            and not self.stands(identity)
        ]
        return max(
            candidates,
            key=lambda old: (common_words(old.anchor.quote, report.anchor.quote), old.fingerprint),
            default=None,
        )

    def stands(self, identity: str) -> int | None:
        """The line of a known problem's code in its file now, if any."""
        last = self.last(identity)
        places = self._places_of(last.anchor.path, last.anchor.side, last)
        return next((line for line, found in places.items() if identity in found), None)


def _place(report: Report) -> _Place:
    return report.anchor.path, report.anchor.start_line
