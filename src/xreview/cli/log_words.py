"""Events in words, a line each."""

from xreview.domain.coverage import summarise
from xreview.domain.events.event import (
    AuthorAttributed,
    ChangeCollected,
    ConventionRemoved,
    ConventionWritten,
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    EscalationResolved,
    Exported,
    FixConfirmed,
    ModelAsked,
    NoteWritten,
    OpinionGiven,
    OpponentChosen,
    Payload,
    ReportReceived,
    SessionOpened,
    SessionsPruned,
    StanceTaken,
    UsageReceived,
)
from xreview.domain.identity.anchor import short_form
from xreview.domain.text import count_of


class Telling:
    """Tells the events of a session in their order; it remembers what the earlier ones named.

    The words are raw: they quote what others wrote.
    """

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._actions: dict[str, str] = {}

    def words(self, payload: Payload) -> str:
        """What happened, in one line."""
        match payload:
            case SessionOpened():
                return f"opened: {payload.title}"
            case ReportReceived(report):
                place = f"{report.anchor.path}:{report.anchor.start_line}"
                self._titles[report.fingerprint] = f"{place} {report.title}"
                return f"{report.severity.word} {place} {report.title}"
            case DecisionMade():
                return self._decided(payload)
            case DecisionUndone(action):
                return f"undid: {self._actions.get(action, action)}"
            case DecisionRedone(action):
                return f"redid: {self._actions.get(action, action)}"
            case NoteWritten(subjects, ""):
                return f"took the note away from {self._named(subjects)}"
            case NoteWritten(subjects, text):
                return f"noted “{text}” on {self._named(subjects)}"
            case StanceTaken(subjects, stance):
                return f"{stance.kind}: {self._named(subjects)}"
            case OpinionGiven(_, subjects):
                return f"{payload.party.name} {payload.favours.meaning}: {self._named(subjects)}"
            case EscalationResolved(_, subjects, outcome, by):
                return f"{by} answered about {self._named(subjects)}: {outcome}"
            case FixConfirmed(subjects, evidence):
                return f"fixed: {self._named(subjects)} ({evidence})"
            case _:
                return _words_alone(payload)

    def _decided(self, made: DecisionMade) -> str:
        until = f" until {made.until}" if made.until else ""
        words = f"{made.decision.label}{until}: {self._named(made.subjects)}"
        earlier = self._actions.get(made.action)
        self._actions[made.action] = f"{earlier}; {words}" if earlier else words
        return words

    def _named(self, subjects: tuple[str, ...]) -> str:
        for subject in subjects:
            if title := self._titles.get(subject):
                return title
        return " ".join(map(short_form, subjects[:1]))


def _words_alone(payload: Payload) -> str:
    """The words of what names no finding."""
    match payload:
        case ChangeCollected(files, added, removed, _):
            return f"read {count_of(files, 'file')}, +{added:,} −{removed:,} lines"
        case AuthorAttributed(tool, vendor, model, _):
            return f"written by {' '.join(filter(None, (vendor, model, tool))) or 'unknown'}"
        case CoverageReceived(entries):
            summary = summarise(entries)
            return f"coverage: {summary.read} read, {summary.skipped} skipped, {summary.gaps} not"
        case ModelAsked(reviewer, host, model, _, prompt, _, requests, remembered):
            asked = count_of(requests, "request")
            known = f", {count_of(remembered, 'answer')} known from before" if remembered else ""
            return f"asked {reviewer} ({model} at {host or 'nobody'}) by {prompt}: {asked}{known}"
        case UsageReceived(reviewer, read, written, cost, seconds):
            paid = "cost unknown" if cost is None else f"${cost:.4f}"
            return f"{reviewer} took {seconds:.1f} s, {read:,} tokens in, {written:,} out, {paid}"
        case OpponentChosen():
            return f"readers: {payload.why}"
        case Exported(format, target, _, count):
            return f"exported {count_of(count, 'finding')} as {format} to {target}"
        case ConventionWritten():
            return f"convention: {payload.sentence}"
        case ConventionRemoved(id):
            return f"convention removed: {id}"
        case SessionsPruned(archive, _, sessions, _):
            return f"pruned {count_of(len(sessions), 'session')} to {archive}"
        case _:
            return payload.type
