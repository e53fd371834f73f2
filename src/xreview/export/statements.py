"""What was said about a finding besides its reports, raw: each format escapes it itself."""

from collections.abc import Iterator

from xreview.domain.escalation import Opinion
from xreview.domain.record import dataclass
from xreview.domain.stance import Stance, StanceKind
from xreview.export import phrases
from xreview.export.document import ExportEntry

OPINION = "Opinion, no verdict"
ANSWER = "Answer"
PROPOSAL = "Proposed, not decided"
NOT_TAKEN_UP = "No allowed signer signed it: it counts for nothing."
NOT_COUNTED = "Its quote isn't in the code: it doesn't count as an answer."
NOT_FOUND = "Its quote isn't in the code."


@dataclass(frozen=True, slots=True)
class Statement:
    """What one party said.

    Args:
        kind: `Rebuts`, `Concedes`, `Opinion, no verdict`, `Answer`.
        who: the model, marked if its family wrote the code, or the person.
        at: UTC, ISO 8601; "" if unknown.
        gist: its conclusion; "" if `kind` says it.
        quote, place: the code it rests on and its place, or "".
        doubt: a warning about the quote, or "".
    """

    kind: str
    who: str
    at: str = ""
    gist: str = ""
    argument: str = ""
    quote: str = ""
    place: str = ""
    doubt: str = ""
    settles: str = ""

    @property
    def moment(self) -> str:
        """The time to the minute."""
        return phrases.minute_of(self.at) if self.at else ""

    @property
    def heading(self) -> str:
        """`Answer, Bob, 2026-01-31 09:30 UTC`."""
        return ", ".join(filter(None, (self.kind, self.who, self.moment)))

    @property
    def text(self) -> str:
        """Its gist and argument."""
        return "\n\n".join(part for part in (self.gist, self.argument) if part.strip())

    @property
    def quotes(self) -> str:
        """The line before the quote."""
        return f"It quotes {self.place}:" if self.place else "It quotes:"

    @property
    def plain(self) -> str:
        """All of it as plain lines, for formats without markup."""
        quoted = f"{self.quotes}\n{self.quote}" if self.quote else ""
        settles = f"What would settle it: {self.settles}" if self.settles.strip() else ""
        return "\n".join(
            filter(None, (f"{self.heading}: {self.text}".strip(), quoted, self.doubt, settles))
        )


def said_of(entry: ExportEntry) -> Iterator[Statement]:
    """All of it: models' answers, opinions, colleagues' answers, and proposals."""
    yield from answers(entry)
    yield from opinions(entry)
    yield from outcomes(entry)
    yield from proposals(entry)


def answers(entry: ExportEntry) -> Iterator[Statement]:
    """The answers of models that were asked.

    A model that was asked and is silent says why, so that its silence isn't taken for agreement.
    """
    for stance in entry.finding.stances:
        if stance.kind is StanceKind.SILENT:
            if stance.argument.strip():
                why = f"It was asked, and {stance.argument.strip()}"
                yield Statement(
                    "Silent", phrases.party(stance.party, entry.author_family), gist=why
                )
        elif stance.kind is not StanceKind.RAISES:
            yield _answer(stance, entry.author_family)


def opinions(entry: ExportEntry) -> Iterator[Statement]:
    """The opinions of third vendors' models."""
    return (_opinion(one, entry.author_family) for one in entry.opinions)


def outcomes(entry: ExportEntry) -> Iterator[Statement]:
    """Colleagues' answers."""
    for one in entry.outcomes:
        who = phrases.person(one.resolved.by).strip() or "unknown"
        yield Statement(ANSWER, who, one.at, one.resolved.outcome)


def proposals(entry: ExportEntry) -> Iterator[Statement]:
    """Others' proposals, which count only once the user adopts them."""
    for one in entry.proposals:
        who = phrases.person(one.by).strip() or "unknown"
        yield Statement(PROPOSAL, who, one.at, f"{one.words.capitalize()}.", doubt=NOT_TAKEN_UP)


def _answer(stance: Stance, family: str) -> Statement:
    return Statement(
        stance.kind.capitalize(),
        phrases.party(stance.party, family),
        argument=stance.argument,
        quote=stance.quote,
        place=_place(stance.path, stance.line),
        doubt="" if stance.anchored else NOT_COUNTED,
        settles=stance.settles,
    )


def _opinion(opinion: Opinion, family: str) -> Statement:
    given = opinion.given
    return Statement(
        OPINION,
        phrases.party(given.party, family),
        opinion.at,
        f"It {given.favours.meaning}.",
        given.argument,
        given.quote,
        _place(given.path, given.line),
        "" if given.anchored else NOT_FOUND,
        given.settles,
    )


def _place(path: str, line: int) -> str:
    return f"{path}:{line}" if path and line else path
