"""Gathering what each account says from threads, reviews and comments."""

from collections.abc import Iterable, Sequence

from xreview.domain.authorship.family import family_of
from xreview.domain.own_findings import FAMILY as PERSON_FAMILY
from xreview.domain.pull.discussion import (
    CommentPlace,
    RemoteComment,
    ReviewThread,
    SubmittedReview,
)
from xreview.domain.pull.marker import REVIEW_MARKER, markers_in
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.sight import BotSight
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.imports.bots.adapter import BotAdapter, adapter_marked, adapter_of
from xreview.imports.bots.body import ListedFinding, listed_findings
from xreview.imports.bots.comment import read_comment
from xreview.imports.bots.standing import standing_in
from xreview.imports.describing import analyser
from xreview.imports.said import SaidByAccount, SaidProblem


@dataclass(slots=True)
class _Voice:
    """What one account says, while it is gathered."""

    start: SaidByAccount
    problems: list[SaidProblem] = field(default_factory=list[SaidProblem])
    whole: list[str] = field(default_factory=list[str])
    ours: int = 0
    own: int = 0
    sight: BotSight | None = None


class PullVoices:
    """The accounts on a pull request, in the order in which they first appear."""

    def __init__(self, pull_author: ForgeAccount) -> None:
        self._author = pull_author.key
        self._voices: dict[str, _Voice] = {}

    def take_thread(self, thread: ReviewThread) -> None:
        """Take in a thread; the first comment is its problem."""
        body = thread.root.body
        adapter = adapter_of(thread.author) or adapter_marked(body)
        if _is_ours(body):
            self._of(thread.author, None).ours += 1
        elif adapter is None and self._is_author(thread.author):
            self._of(thread.author, None).own += 1
        elif (said := read_comment(body, adapter)) is not None:
            voice = self._of(thread.author, adapter, said.model)
            if thread.place is None:
                voice.whole.append(said.title)
            else:
                voice.problems.append(SaidProblem(said, thread.place, thread.id))

    def take_body(self, text: SubmittedReview | RemoteComment) -> None:
        """Take in the text of a review, or a comment on the change as a whole."""
        body = text.body
        if not body.strip() or _is_ours(body):
            return
        adapter = adapter_of(text.author) or adapter_marked(body)
        commit = text.commit if isinstance(text, SubmittedReview) else ""
        if adapter is not None and (listed := listed_findings(body, adapter)):
            problems = self._of(text.author, adapter).problems
            problems += [_listed(one, commit) for one in listed]
        elif self._is_about_the_change(text.author, body, adapter):
            said = read_comment(body, adapter)
            if said is not None:
                self._of(text.author, adapter, said.model).whole.append(said.title)

    def take_sight(self, sight: BotSight) -> None:
        """Take in how far a bot has seen the head."""
        self._of(sight.bot, adapter_of(sight.bot)).sight = sight

    def said(self) -> tuple[SaidByAccount, ...]:
        """What each account says; one that says nothing of use isn't there."""
        found = (
            replace(
                voice.start,
                problems=_once(voice.problems),
                whole=tuple(voice.whole),
                sight=voice.sight,
                ours=voice.ours,
                own=voice.own,
            )
            for voice in self._voices.values()
        )
        return tuple(said for said in found if not said.is_silent)

    def _is_author(self, account: ForgeAccount) -> bool:
        return bool(self._author) and account.key == self._author

    def _is_about_the_change(
        self, author: ForgeAccount, body: str, adapter: BotAdapter | None
    ) -> bool:
        """Whether a text says something on the change: a summary, a report of a bot that isn't
        known, and the author's words don't."""
        if adapter is None:
            return not author.is_bot and not self._is_author(author)
        standing = standing_in(body, adapter)
        return not (standing.blind or standing.is_clean or standing.is_summary)

    def _of(self, account: ForgeAccount, adapter: BotAdapter | None, model: str = "") -> _Voice:
        # A tool that posts from people's accounts runs any model.
        name = f"{adapter.reviewer} {model}".strip() if adapter else account.key
        if name not in self._voices:
            identity = _identity(account, adapter, model)
            label = adapter.label if adapter else account.login
            self._voices[name] = _Voice(SaidByAccount(identity, label, account))
        return self._voices[name]


def _is_ours(body: str) -> bool:
    """Whether this program posted it; a quotation of what it posted doesn't count."""
    return bool(markers_in(body)) or body.rstrip().endswith(REVIEW_MARKER)


def _identity(account: ForgeAccount, adapter: BotAdapter | None, model: str) -> ReviewerIdentity:
    if adapter is not None:
        family = (family_of(model) if model else "") or adapter.family
        return ReviewerIdentity(adapter.reviewer, ReviewerKind.AGENT, family, model)
    if account.is_bot:
        return ReviewerIdentity(analyser(account.key).name, ReviewerKind.AGENT, "")
    return ReviewerIdentity(account.login or "unknown", ReviewerKind.PERSON, PERSON_FAMILY)


def _listed(one: ListedFinding, commit: str) -> SaidProblem:
    place = CommentPlace(one.path, start_line=one.start_line, end_line=one.end_line, commit=commit)
    said = one.said
    if one.confidence is not None and said.confidence is None:
        said = replace(said, confidence=one.confidence)
    return SaidProblem(said, place, "", one.quote, is_listed=True, is_repeated=one.is_repeated)


def _once(problems: Sequence[SaidProblem]) -> tuple[SaidProblem, ...]:
    """Each problem once: the last with the same id, or listed with the same file and title.

    A listed one that is also a thread counts as the thread.
    """
    threads = _last_by_id([one for one in problems if not one.is_listed])
    titles = {_key(one) for one in threads}
    places: dict[str, list[SaidProblem]] = {}
    for one in threads:
        places.setdefault(one.place.path, []).append(one)
    listed: dict[tuple[str, str], SaidProblem] = {}
    for one in problems:
        if not one.is_listed or _key(one) in titles:
            continue
        if one.is_repeated and any(
            _overlap(one, other) for other in places.get(one.place.path, ())
        ):
            continue
        listed[_key(one)] = one
    return (*threads, *listed.values())


def _last_by_id(problems: Iterable[SaidProblem]) -> list[SaidProblem]:
    kept: dict[str, SaidProblem] = {}
    for number, one in enumerate(problems):
        name = one.comment.id or f"#{number}"
        times = kept.pop(name).times + 1 if name in kept else 1
        kept[name] = replace(one, times=times)
    return list(kept.values())


def _key(one: SaidProblem) -> tuple[str, str]:
    return one.place.path, " ".join(one.comment.title.casefold().split())


def _overlap(one: SaidProblem, other: SaidProblem) -> bool:
    left, right = one.place, other.place
    first = right.start_line or right.end_line
    return left.start_line <= right.end_line and first <= left.end_line
