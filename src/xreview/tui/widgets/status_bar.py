"""The two header lines: change, author, and reviewers; counts, progress, and cost."""

from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content
from textual.widgets import Static

from xreview.domain.authorship.author import MIXED
from xreview.domain.decision import Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.record import replace
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.text import count_of, shorten, visible
from xreview.review.session.snapshot import ReviewerProgress, ReviewerState, ReviewSnapshot
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.widgets.text_pane import TextPart

_SHORTEST_TITLE = 16
_LEAST_TITLE = 8
"""Used if even the shortest rest of the line leaves no more room."""
_SHORTEST_AUTHOR = 24
QUESTION_SIGN = "?"
HEADER_MARKS = {
    "…": "the reviewer waits or reads",
    "✓": "the reviewer is done; in the second line: every changed line was read",
    "✗": "the reviewer failed or was stopped",
    "⚠": "something isn't saved or wasn't read, or evidence of the author disagrees",
    "━┄": "how much the reviewers have read",
    QUESTION_SIGN: "questions of the review that wait for you",
    "fix": "what the fixer does now, or did",
    "attempts": "how many attempts are over",
}
"""For the help page."""


class StatusBar(Static):
    """Shows a snapshot in two lines."""

    def __init__(self, key_map: KeyMap, *, id: str) -> None:
        super().__init__("", id=id, markup=False)
        self.questions: tuple[str, ...] = ()
        self._snapshot: ReviewSnapshot | None = None
        self._told = Content("")
        self.fix = ""
        self.attempts = ""
        self._attempts_key = next(map(key_label, key_map["attempts.open"]), "")
        self._fix_key = next(map(key_label, key_map["fix.accepted"]), "")
        self._answer_key = next(map(key_label, key_map["question.open"]), "")

    def show(self, snapshot: ReviewSnapshot) -> None:
        """Show another snapshot."""
        self._snapshot = snapshot
        self._draw()

    def ask(self, titles: tuple[str, ...]) -> None:
        """Show which questions wait, the oldest first."""
        self.questions = titles
        self._draw()

    def tell_fix(self, words: str) -> None:
        """Show what a fix does now, or did; "" for no fix."""
        if words != self.fix:
            self.fix = words
            self._draw()

    def tell_attempts(self, words: str) -> None:
        """Show how far attempts are; "" for none."""
        if words != self.attempts:
            self.attempts = words
            self._draw()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self._draw()

    def _draw(self) -> None:
        if (snapshot := self._snapshot) is None:
            return
        first = change_line(snapshot, self.size.width)
        asked = question_parts(self.questions, self._answer_key, self.size.width)
        rest = progress_line(snapshot, is_asked=bool(self.questions))
        fix = fix_parts(self.fix, self._fix_key, self.size.width)
        attempts = fix_parts(self.attempts, self._attempts_key, self.size.width)
        told = Content.assemble(*first, "\n", *asked, *fix, *attempts, *rest)
        if not told.is_same(self._told):
            self._told = told
            self.update(told, layout=False)  # always two lines


def fix_parts(words: str, key: str, width: int) -> list[TextPart]:
    """Return what a fix does, or attempts, in at most half of `width` columns, and the key that
    shows it."""
    if not words:
        return []
    end = f" ({key}) " if key else " "
    room = max(_LEAST_TITLE, width // 2 - len(end) - 1)
    return [(f" {shorten(words, room)}{end}", "bold $text-accent")]


def change_line(snapshot: ReviewSnapshot, width: int) -> list[TextPart]:
    """Return the change, its author, and the reviewers, in at most `width` columns.

    The title is cut first, then the rest becomes shorter.
    """
    program = " xreview "
    room = width - len(program) - 2
    rests = list(_rests(snapshot, width))
    fitting = (rest for rest in rests if _length(rest) + _SHORTEST_TITLE <= room)
    rest = next(fitting, rests[-1])
    title = shorten(visible(snapshot.source.title), max(_LEAST_TITLE, room - _length(rest)))
    return [(program, "bold reverse"), (f" {title}", "bold"), *rest]


def _rests(snapshot: ReviewSnapshot, width: int) -> Iterator[list[TextPart]]:
    """Yield what follows the title, the longest form first."""
    more = "" if snapshot.is_collected else " and counting"
    files = f" · {count_of(len(snapshot.files), 'file')}{more}"
    readers, few_readers = _readers(snapshot), _readers(snapshot, is_short=True)
    authors = _authors(snapshot, width)
    for author in authors:
        yield [files, *_people("author", author, readers)]
    yield _people("author", authors[-1], few_readers)
    yield _people("by", _shortest_author(snapshot), few_readers)


def _shortest_author(snapshot: ReviewSnapshot) -> str:
    if snapshot.attribution is not None and snapshot.attribution.is_mostly_unknown:
        return "mostly unknown"
    if snapshot.author.vendor == MIXED:
        return "several"
    return snapshot.author.vendor or ("a person" if snapshot.author.is_person else "unknown")


def _people(label: str, author: str, readers: list[TextPart]) -> list[TextPart]:
    muted = "$text-muted"
    return [(f" · {label} ", muted), visible(author), (" · read by ", muted), *readers]


def _length(parts: Iterable[TextPart]) -> int:
    return sum(len(part if isinstance(part, str) else part[0]) for part in parts)


def _authors(snapshot: ReviewSnapshot, width: int) -> list[str]:
    """Return who wrote it, the longest form first: with the evidence, without it, and cut."""
    if snapshot.attribution is None:
        return ["…"]
    warning = " ⚠" if snapshot.attribution.contradictions else ""
    from xreview.review.choosing.author_words import author_line, whole_words

    line, words = author_line(snapshot.attribution), whole_words(snapshot.attribution)
    return [line + warning, words + warning, shorten(words, max(_SHORTEST_AUTHOR, width // 3))]


def _readers(snapshot: ReviewSnapshot, *, is_short: bool = False) -> list[TextPart]:
    """Return the reviewers and their states; models of the author's family are marked.

    A model that reads with both lenses is named once. If `is_short`, name models only; without
    models, sum up the analysers. People who commented on a
    pull request don't say what they read, so they are named apart, or not at all if `is_short`.
    """
    same = frozenset(snapshot.choice.same_family if snapshot.choice else ())
    by_identity: dict[ReviewerIdentity, list[ReviewerProgress]] = {}
    for reviewer in snapshot.reviewers:
        by_identity.setdefault(_without_lens(reviewer), []).append(reviewer)
    people = [one for one in by_identity if one.kind is ReviewerKind.PERSON]
    for one in people:
        del by_identity[one]
    models = [one for one in by_identity if one.kind is not ReviewerKind.ANALYSER]
    analysers = [one for one in by_identity if one.kind is ReviewerKind.ANALYSER]
    shown = models if is_short and models else [*models, *analysers]
    if is_short and analysers and not models:
        return ["analysers ", _sign(snapshot.reviewers)]
    parts: list[TextPart] = []
    for identity in shown:
        sign, style = _sign(by_identity[identity])
        parts += [f"{' + ' if parts else ''}{visible(identity.name)} ", (sign, style)]
        if identity.name in same:
            mark = "same family" if is_short else "same family as the author"
            parts.append((f" ({mark})", "bold $text-warning"))
    if len(shown) < len(by_identity):
        parts.append(f" +{len(by_identity) - len(shown)}")
    elif shown and not models:
        parts.append(" (analysers)")
    if people and not is_short:
        named = ", ".join(visible(one.name) for one in people)
        return [*(parts or ["nobody"]), (" · comments by ", "$text-muted"), named]
    return parts or ["nobody"]


def _without_lens(reviewer: ReviewerProgress) -> ReviewerIdentity:
    """The identity of a model, by the name that the user knows it by."""
    who = reviewer.identity
    if who.kind is ReviewerKind.ANALYSER or not who.name.endswith(f"/{reviewer.lens}"):
        return who
    return replace(who, name=who.name.removesuffix(f"/{reviewer.lens}"))


def _sign(progress: Sequence[ReviewerProgress]) -> tuple[str, str]:
    """Return the sign and style for the state of a reviewer, over all its parts."""
    states = {one.state for one in progress}
    if states & {ReviewerState.FAILED, ReviewerState.CANCELLED}:
        return "✗", "bold $text-error"
    return ("✓", "$text-success") if states == {ReviewerState.DONE} else ("…", "$text-muted")


def question_parts(titles: Sequence[str], key: str, width: int) -> list[TextPart]:
    """Return how many questions wait, the key that opens them, and the first one in words.

    They take at most `width` columns.
    """
    if not titles:
        return []
    count = f" {QUESTION_SIGN} {count_of(len(titles), 'question')}{f' · {key}' if key else ''} "
    room = max(_LEAST_TITLE, width - len(count) - 2)
    first = shorten(visible(titles[0]), room)
    return [(count, "bold reverse $text-warning"), (f" {first} ", "bold $text-warning")]


def progress_line(snapshot: ReviewSnapshot, *, is_asked: bool = False) -> list[TextPart]:
    """Return what is unsaved, what is decided, the progress of the reviewers, and the cost.

    `is_asked` says that a question waits for the user.
    """
    parts = [*_counts(snapshot), *_progress(snapshot, is_asked=is_asked), *_cost(snapshot)]
    if not snapshot.unsaved:
        return parts
    return [(f" ⚠ {snapshot.unsaved} not saved ", "bold $text-error"), *parts]


def _counts(snapshot: ReviewSnapshot) -> list[TextPart]:
    apart = _apart(snapshot)
    anchored = [finding for finding in snapshot.findings if finding.is_anchored]
    verdicts = [snapshot.triage.verdict(finding) for finding in anchored]
    if not verdicts:
        return [" ", *apart]
    # The scorecard counts reports; these are findings.
    parts: list[TextPart] = [(f" {count_of(verdicts.count(None), 'finding')} open", "bold")]
    parts += [
        f" · {verdicts.count(verdict)} {verdict.done}" for verdict in Verdict if verdict in verdicts
    ]
    shown = (
        CarriedState.STILL_THERE, CarriedState.BACK, CarriedState.REGRESSED, CarriedState.FIXED,
    )  # fmt: skip
    counts = snapshot.carried_counts
    parts += [f" · {counts[state]} {state.value}" for state in shown if counts.get(state)]
    return [*parts, *apart, "  "]


def _apart(snapshot: ReviewSnapshot) -> list[TextPart]:
    """Return what was reported but isn't among the open findings."""
    parts: list[TextPart] = []
    if unanchored := len(snapshot.unanchored):
        parts.append(f" · {unanchored} unanchored")
    if left_out := snapshot.left_out:
        parts.append(f" · {left_out:,} imported results left out (d)")
    if places := len(snapshot.related.places):
        parts.append(f" · {count_of(places, 'related place')} not in the change (T)")
    return parts


def _progress(snapshot: ReviewSnapshot, *, is_asked: bool) -> list[TextPart]:
    if not snapshot.reviewers:
        return []
    if snapshot.is_collected and not snapshot.files:
        return ["nothing to review"]
    reading = [r for r in snapshot.reviewers if not r.is_over]
    if reading:
        # Includes finished reviewers, so that progress never goes backwards.
        done = sum(r.done for r in snapshot.reviewers)
        total = sum(r.total for r in snapshot.reviewers)
        if not total:
            return [("starting the review …", "$text-muted")]
        return [
            f"{_bar(done, total)} {done}/{total} ",
            (visible(snapshot.doing), "$text-muted"),
        ]
    if (answering := snapshot.answering) is not None:
        doing = f": {visible(answering.doing)}" if answering.doing else ""
        return [
            f"{_bar(answering.done, answering.total or 1)} {visible(answering.party.name)} ",
            (f"is answering{doing}", "$text-muted"),
        ]
    if snapshot.is_joining and is_asked:
        return [("the models wait for your answer", "$text-warning")]
    if snapshot.is_joining:
        return [("choosing reviewers …", "$text-muted")]
    if snapshot.is_counting:
        return [("counting changed lines …", "$text-muted")]
    return _read(snapshot)


def _read(snapshot: ReviewSnapshot) -> list[TextPart]:
    """Return how much of the change was read, once the review is over."""
    from xreview.domain.account import Fate

    failed = [r for r in snapshot.reviewers if r.state is not ReviewerState.DONE]
    account, gaps = snapshot.account, snapshot.coverage_summary.gaps
    if snapshot.is_complete:
        files = account.sums(Fate.READ)
        read = f"✓ all read ({files.words})"
        left_out = account.sums(Fate.LEFT_OUT).files
        return [
            (read, "$text-success"),
            (f" · {count_of(left_out, 'file')} left out by your settings" if left_out else ""),
        ]
    # Short enough for 70 columns: cut off, the screen would look clean.
    reasons = [f"{r.identity.name} {r.state}" for r in failed]
    label = "incomplete"
    if account.not_read:
        label, reasons = "not read", [account.sums(Fate.NOT_READ).words, *reasons]
    elif gaps:
        label, reasons = "not read", [count_of(gaps, "gap"), *reasons]
    return [(f"⚠ {label}: ", "bold $text-warning"), "; ".join(reasons), " (d)"]


def _bar(done: int, total: int, width: int = 10) -> str:
    filled = round(width * min(done, total) / total)
    return "━" * filled + "┄" * (width - filled)


def _cost(snapshot: ReviewSnapshot) -> list[TextPart]:
    if not snapshot.reviewers:
        return []
    answers = snapshot.answered or snapshot.answering
    if not answers and {r.identity.kind for r in snapshot.reviewers} == {ReviewerKind.ANALYSER}:
        return [("  no cost", "$text-muted")]
    return [f"  {dollars(snapshot.cost)}"]


def dollars(cost: float | None) -> str:
    """Return US dollars in a few characters; "$?" for an unknown price."""
    if cost is None:
        return "$?"
    return "<$0.01" if 0 < cost < 0.01 else f"${cost:.2f}"
