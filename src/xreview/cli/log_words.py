"""Events in words, one line each."""

from xreview.domain.coverage import summarise
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import (
    AftermathSeen,
    AttemptReturned,
    AttemptReviewed,
    AttemptStated,
    AttemptTaken,
    AttemptWritten,
    AttentionWeighed,
    AuthorAnswered,
    AuthorAttributed,
    AuthorForgotten,
    BriefWritten,
    ChangeCollected,
    CommentDeleted,
    CommentPosted,
    ConventionRemoved,
    ConventionWritten,
    CoverageReceived,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    DescriptionPosted,
    EscalationResolved,
    Exported,
    FileUnviewed,
    FileViewed,
    FindingRemoved,
    FindingWritten,
    FixAnswered,
    FixApplied,
    FixConfirmed,
    FixDiscarded,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
    ModelAsked,
    NoteWritten,
    NoticeGiven,
    OpinionGiven,
    OpponentChosen,
    Payload,
    ProblemMissed,
    ProposalReceived,
    ProposalTaken,
    PullOpened,
    ReplyPosted,
    ReportReceived,
    ReviewBegun,
    ReviewDiscarded,
    ReviewersJoined,
    ReviewSubmitted,
    SessionOpened,
    SessionsPruned,
    StanceTaken,
    ThreadResolved,
    ThreadsSeen,
    TrialDiscarded,
    TrialStarted,
    UsageReceived,
)
from xreview.domain.identity.anchor import short_form
from xreview.domain.report import Report
from xreview.domain.state import decision_words
from xreview.domain.text import count_of

_SHORT_COMMIT = 7


class Telling:
    """Words for the events of a session in their order; later ones name what earlier ones defined.

    The words are raw: they quote text from outside.
    """

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._actions: dict[str, str] = {}
        self._writers: dict[str, str] = {}

    def words(self, payload: Payload) -> str:
        """What happened, in one line."""
        match payload:
            case SessionOpened():
                return f"opened: {payload.title}"
            case ReviewersJoined(reviewers):
                return f"more reviewers: {', '.join(one.name for one in reviewers)}"
            case OpponentChosen():
                return f"reviewers: {payload.why}"
            case ChangeCollected(files, added, removed):
                return f"read {count_of(files, 'file')}, +{added:,} −{removed:,} lines"
            case AuthorAttributed(tool, vendor, model):
                return f"written by {' '.join(filter(None, (vendor, model, tool))) or 'unknown'}"
            case AttentionWeighed(level):
                why = f": {'; '.join(payload.why)}" if payload.why else ""
                return f"attention {level.value}, {level.word}{why}"
            case NoticeGiven(sentence):
                return f"notice: {sentence}"
            case ModelAsked(reviewer, host, model, _, prompt, _, requests, remembered):
                asked = count_of(requests, "request")
                cached = f", {count_of(remembered, 'answer')} from the cache" if remembered else ""
                where = f"{model} at {host or 'no host'}"
                broke = payload.replies.words if payload.replies else ""
                told = f"{asked}{cached}{f', {broke}' if broke else ''}"
                return f"asked {reviewer} ({where}) by {prompt}: {told}"
            case UsageReceived(reviewer, read, written, cost, seconds):
                paid = "cost unknown" if cost is None else f"${cost:.4f}"
                return (
                    f"{reviewer} took {seconds:.1f} s, {read:,} tokens in, {written:,} out, {paid}"
                )
            case CoverageReceived(entries):
                summary = summarise(entries)
                return (
                    f"coverage: {summary.read} read, {summary.skipped} skipped, {summary.gaps} not"
                )
            case ReportReceived(report, carried):
                is_regressed = carried is not None and carried.state is CarriedState.REGRESSED
                return f"{'regressed: ' * is_regressed}{self._titled(report)}"
            case StanceTaken(subjects, stance):
                return f"{stance.kind}: {self._named(subjects)}"
            case FixConfirmed(subjects, evidence):
                return f"fixed: {self._named(subjects)} ({evidence})"
            case DecisionMade():
                return self._decided(payload)
            case DecisionUndone(action):
                return f"undid: {self._actions.get(action, action)}"
            case DecisionRedone(action):
                return f"redid: {self._actions.get(action, action)}"
            case NoteWritten(subjects, ""):
                return f"removed the note on {self._named(subjects)}"
            case NoteWritten(subjects, text):
                return f"noted “{text}” on {self._named(subjects)}"
            case FindingWritten(action, report):
                return self._did(action, f"own finding: {self._titled(report)}")
            case FindingRemoved(action, subjects):
                return self._did(action, f"removed own finding: {self._named(subjects)}")
            case ProblemMissed(action):
                return self._did(action, missed_words(payload))
            case OpinionGiven(_, subjects):
                return f"{payload.party.name} {payload.favours.meaning}: {self._named(subjects)}"
            case EscalationResolved(_, subjects, outcome, by):
                return f"{by} answered about {self._named(subjects)}: {outcome}"
            case ConventionWritten():
                return f"convention: {payload.sentence}"
            case ConventionRemoved(id):
                return f"convention removed: {id}"
            case AuthorAnswered(branch, vendor, model):
                by = " ".join(filter(None, (vendor, model))) or "unknown"
                return f"author of {branch or 'this checkout'}: {by}"
            case AuthorForgotten(branch):
                return f"author of {branch or 'this checkout'}: forgotten"
            case ProposalReceived():
                return f"proposal received: {payload.about or payload.source}"
            case ProposalTaken(_, proposals):
                return f"adopted {count_of(len(proposals), 'proposal')}"
            case FixStarted():
                who, count = payload.fixer.name, len(payload.findings)
                return f"handed {count_of(count, 'finding')} to {who} to fix"
            case FixAnswered(_, subjects, status):
                return f"the fixer says {status.words}: {self._named(subjects)}"
            case FixJudged(_, subjects, outcome, evidence):
                return f"fix judged {outcome}: {self._named(subjects)} ({evidence})"
            case FixEnded(_, tree, cost, seconds):
                paid = "cost unknown" if cost is None else f"${cost:.4f}"
                nothing = "" if tree else ", which changed nothing"
                told = f"the fix ended after {seconds:.0f} s{nothing}, {paid}"
                return "; ".join(filter(None, (told, payload.checks, payload.why)))
            case FixApplied(action, _, _, paths, is_whole):
                what = "the fix" if is_whole else "a part of the fix"
                return self._did(action, f"applied {what} to {count_of(len(paths), 'file')}")
            case FixReverted(action):
                return f"undid: {self._actions.get(action, action)}"
            case FixDiscarded():
                return "discarded the fix"
            case PullOpened():
                return f"pull request of {payload.author}: {payload.title} ({payload.url})"
            case ThreadsSeen(_, threads):
                return f"read {count_of(len(threads), 'thread')} of the pull request"
            case ReviewBegun(_, account):
                return f"began a pending review as {account}: {payload.link or payload.url}"
            case CommentPosted(_, _, _, subjects):
                where = payload.link or "in the text of the review"
                return f"posted {self._named(subjects)}: {where}"
            case ReviewSubmitted(_, account):
                link = payload.link or payload.url
                return f"submitted the review as {account} ({payload.verdict}): {link}"
            case ReviewDiscarded(_, account):
                return f"discarded the pending review of {account}"
            case ReplyPosted(_, account):
                return f"replied as {account} about {self._named(payload.subjects)}: {payload.link}"
            case ThreadResolved(_, account):
                how = "resolved" if payload.is_resolved else "reopened"
                return f"{how} a thread as {account}: {self._named(payload.subjects)}"
            case CommentDeleted(_, _, comment):
                return f"deleted the comment {comment}"
            case DescriptionPosted(url, account):
                return f"wrote the description of {url} as {account}"
            case TrialStarted(_, task, seats=seats):
                self._writers |= {one.label: one.writer.name for one in seats}
                return f"gave a task to {count_of(len(seats), 'writer')}: {_first_line(task)}"
            case AttemptStated(_, label, statement):
                by = "its writer" if statement.is_writers else "a fresh reader"
                return f"{by} said what attempt {label} is"  # its words can tell who it is
            case AttemptWritten(_, label, tree, cost, seconds):
                paid = "cost unknown" if cost is None else f"${cost:.4f}"
                nothing = "" if tree else ", which changed nothing"
                told = f"attempt {label} ended after {seconds:.0f} s{nothing}, {paid}"
                return "; ".join(filter(None, (told, payload.why)))
            case AttemptReviewed():
                return "; ".join(filter(None, (_reviewed(payload), payload.why)))
            case AttemptTaken(action):
                return self._did(action, self._took(payload))
            case AttemptReturned(action):
                return f"undid: {self._actions.get(action, action)}"
            case TrialDiscarded():
                return "discarded the attempts"
            case AftermathSeen(_, kind, commit, _, path):
                return f"{kind} later by {commit[:_SHORT_COMMIT]}: {path} ({payload.evidence})"
            case BriefWritten(target):
                return f"wrote the brief to {target}" if target else "answered for the brief"
            case FileViewed(path):
                return f"viewed {path}"
            case FileUnviewed(path):
                return f"not viewed any more: {path}"
            case Exported(format, target, _, count):
                return f"exported {count_of(count, 'finding')} as {format} to {target}"
            case SessionsPruned(archive, _, sessions):
                return f"pruned {count_of(len(sessions), 'session')} to {archive}"

    def _took(self, taken: AttemptTaken) -> str:
        """What was taken, with the names of the writers: they aren't secret any more."""
        named = [
            f"{label} ({self._writers[label]})" if label in self._writers else label
            for label in taken.labels
        ]
        what = f"attempt {named[0]}" if len(named) == 1 else f"pieces of {' and '.join(named)}"
        reason = f": {_first_line(taken.reason)}" if taken.reason else ""
        return f"took {what} into {count_of(len(taken.paths), 'file')}{reason}"

    def _decided(self, made: DecisionMade) -> str:
        words = f"{decision_words(made)}: {self._named(made.subjects)}"
        return self._did(made.action, words)

    def _did(self, action: str, words: str) -> str:
        earlier = self._actions.get(action)
        self._actions[action] = f"{earlier}; {words}" if earlier else words
        return words

    def _titled(self, report: Report) -> str:
        place = f"{report.anchor.path}:{report.anchor.start_line}"
        self._titles[report.fingerprint] = f"{place} {report.title}"
        return f"{report.severity.word} {place} {report.title}"

    def _named(self, subjects: tuple[str, ...]) -> str:
        for subject in subjects:
            if title := self._titles.get(subject):
                return title
        return " ".join(map(short_form, subjects[:1]))


def _reviewed(reviewed: AttemptReviewed) -> str:
    """How an attempt fared; who reviewed it stays unsaid, since that tells who wrote it."""
    facts = reviewed.facts
    checks = f"checks {facts.checks_passed}/{facts.checks_run}" if facts.checks_run else ""
    if not reviewed.session:
        how = "wasn't reviewed"
    else:
        how = f"was reviewed: {count_of(sum(facts.open), 'finding')}"
    return ", ".join(filter(None, (f"attempt {reviewed.label} {how}", checks)))


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


def missed_words(missed: ProblemMissed) -> str:
    """What the review missed: `missed, found in testing: high app.py:12 Lost update`."""
    place = f"{missed.path}:{missed.line}" if missed.line else missed.path
    text = " ".join(missed.text.split())
    return f"missed, found in {missed.found}: {missed.severity.word} {place} {text}"
