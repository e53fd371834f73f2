"""Which prompts brought which reports.

A report belongs to the prompt of its reviewer in each session that had it. Money and time are what
the reviewer used in these sessions, its answers to other reviewers' reports included.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from xreview.domain.decision import Verdict
from xreview.domain.events.review_events import ModelAsked
from xreview.domain.reply_count import ReplyCount
from xreview.domain.report import Lens, ReviewerKind
from xreview.domain.scorecard.gathering import Counted, ScorecardFacts
from xreview.domain.scorecard.prompt_figures import (
    PromptAccount,
    PromptEffort,
    PromptRecord,
    ScoredPrompt,
)
from xreview.domain.scorecard.proportion import Proportion

_DIGEST = 12
_COMPACT = "-compact"
_LENSES = frozenset(lens.value for lens in Lens)
_ASKED_KINDS = (ReviewerKind.MODEL, ReviewerKind.AGENT)


class _Review(NamedTuple):
    """One reviewer in one session."""

    session: str
    reviewer: str


def prompt_account(
    judged: Iterable[tuple[Counted, Verdict | None]], facts: ScorecardFacts, since: str | None
) -> PromptAccount:
    """The prompts that were asked `since` a time (ISO 8601; None for all), from the reports that
    count and what was decided about each."""
    book = _Book(facts, since)
    verdicts: dict[ScoredPrompt, Counter[Verdict | None]] = {}
    unattributed = 0
    for counted, verdict in judged:
        reviewer = counted.first.reviewer
        if reviewer.name not in book.names:
            unattributed += reviewer.kind in _ASKED_KINDS
            continue
        prompts = book.prompts_of(counted)
        for prompt in prompts:
            verdicts.setdefault(prompt, Counter())[verdict] += 1
        unattributed += not prompts and reviewer.kind in _ASKED_KINDS
    ordered = sorted(book.reviews, key=lambda prompt: prompt.order)
    records = tuple(book.record(one, verdicts.get(one, Counter())) for one in ordered)
    return PromptAccount(records, unattributed, dict(sorted(book.by_model.items())))


class _Book:
    """Which prompt each reviewer got in each session."""

    def __init__(self, facts: ScorecardFacts, since: str | None) -> None:
        self._facts = facts
        self._prompts: dict[tuple[str, str], list[ScoredPrompt]] = {}
        self._replies: dict[ScoredPrompt, ReplyCount] = {}
        self.reviews: dict[ScoredPrompt, set[_Review]] = {}
        self.names: set[str] = set()
        self.by_model: dict[str, ReplyCount] = {}
        for session, at, asked in facts.asked:
            if since is None or at >= since:
                self._take(session, asked)

    def _take(self, session: str, asked: ModelAsked) -> None:
        if asked.replies is not None:
            known = self.by_model.get(asked.model, ReplyCount())
            self.by_model[asked.model] = known + asked.replies
        prompt = ScoredPrompt(asked.prompt, asked.digest[:_DIGEST])
        if _lens_of(prompt) not in _LENSES:
            return  # a question about what was reported brings no reports
        review = _Review(session, asked.reviewer)
        self._prompts.setdefault(review, []).append(prompt)
        self.names.add(asked.reviewer)
        self.reviews.setdefault(prompt, set()).add(review)
        if asked.replies is not None:
            self._replies[prompt] = self._replies.get(prompt, ReplyCount()) + asked.replies

    def prompts_of(self, counted: Counted) -> set[ScoredPrompt]:
        """The prompts that brought a report, one at most in each session."""
        seen = counted.first
        name, found = seen.reviewer.name, set[ScoredPrompt]()
        for session, _ in counted.places:
            if asked := self._prompts.get((session, name)):
                same = [one for one in asked if _lens_of(one) == seen.lens]
                found.update((same or asked)[:1])
        return found

    def record(self, prompt: ScoredPrompt, verdicts: "Counter[Verdict | None]") -> PromptRecord:
        """What a prompt brought."""
        dollars, minutes = PromptEffort(), PromptEffort()
        reviews = self.reviews[prompt]
        for review in sorted(reviews):
            spent = self._facts.spent.get(review)
            seconds = spent.seconds if spent else None
            dollars = dollars.plus(spent.dollars if spent else None)
            minutes = minutes.plus(None if seconds is None else seconds / 60)
        accepted, rejected = verdicts[Verdict.ACCEPT], verdicts[Verdict.REJECT]
        return PromptRecord(
            prompt,
            sessions=len({review.session for review in reviews}),
            reports=verdicts.total(),
            decided=verdicts.total() - verdicts[None],
            precision=Proportion(accepted, accepted + rejected),
            dollars=dollars,
            minutes=minutes,
            replies=self._replies.get(prompt),
        )


def _lens_of(prompt: ScoredPrompt) -> str:
    return prompt.name.removesuffix(_COMPACT)
