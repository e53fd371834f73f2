"""Counting the account of a session from its facts, in one pass over findings and files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from xreview.domain.account import NOBODY, AccountEntry, Fate
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.coverage import Reading
from xreview.domain.decision import Reason, Verdict
from xreview.domain.events.outcome_events import AftermathSeen
from xreview.domain.events.person_events import FoundIn
from xreview.domain.finding import Disagreement
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.report import ReviewerKind
from xreview.domain.ruling import Ruling, chosen_among
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, ScoredReviewer, arm_of, reviewer_order, scored
from xreview.domain.session_account.account import (
    ArmAccount,
    ContestCount,
    EscalationCount,
    FateCounts,
    FindingFate,
    ForeseenAs,
    LaterCount,
    LevelAccount,
    LevelCount,
    SessionAccount,
    SpendingAccount,
    UnreadFile,
)
from xreview.domain.session_account.facts import AccountedFinding, PartySpending, SessionFacts

_FATES = {
    Verdict.ACCEPT: FindingFate.ACCEPTED,
    Verdict.REJECT: FindingFate.REJECTED,
    Verdict.ESCALATE: FindingFate.ESCALATED,
}
_DISPUTED = (Disagreement.CONTESTED, Disagreement.CONFLICT, Disagreement.TRADE_OFF)
NEEDS_READING = AttentionLevel.STUDY
"""From this level on, reading by pattern checks alone counts as not read."""


def session_account(facts: SessionFacts) -> SessionAccount:
    """Return the account of a session. The order of its facts doesn't matter."""
    fates = [(one, fate_of(one)) for one in facts.findings]
    decided = [one for one, fate in fates if fate in _FATES.values()]
    accepted = [one for one, fate in fates if fate is FindingFate.ACCEPTED]
    rejected = [one for one, fate in fates if fate is FindingFate.REJECTED]
    fixes = Counter(one.fix for one in facts.findings if one.fix is not None)
    return SessionAccount(
        session=facts.session,
        findings=_counts(fate for _, fate in fates),
        reasons=_ordered(
            Reason, Counter(one.decided.decision.reason for one in rejected if one.decided)
        ),
        own=sum(all(_is_person(r) for r in _raisers(one)) for one in accepted),
        elsewhere=sum(
            one.decided is not None and one.decided.session != facts.session for one in decided
        ),
        reviewers=_by_reviewer(fates),
        contests=_contests(fates),
        escalations=_escalations(fates),
        fixes=_ordered(FixOutcome, fixes),
        working=sum(one.is_working for one in facts.findings),
        later=_later(facts, fates),
        arms=_arms(facts, fates),
        attention=_attention(facts, fates),
        read=facts.read,
        failures=facts.failures,
        is_over=facts.is_over,
        models=_spending(facts.used),
        fixing=None if facts.fixing is None else _spending(facts.fixing),
        seconds=_seconds(facts, decided),
    )


def fate_of(one: AccountedFinding) -> FindingFate:
    """What came of a finding."""
    if one.is_settled:
        return FindingFate.SETTLED
    if one.decided is not None:
        return _FATES[one.decided.decision.verdict]
    return FindingFate.UNDECIDED if one.finding.is_anchored else FindingFate.UNANCHORED


_Fates = list[tuple[AccountedFinding, FindingFate]]
_Key = TypeVar("_Key")


def _counts(fates: Iterable[FindingFate]) -> FateCounts:
    return FateCounts(_ordered(FindingFate, Counter(fates)))


def _ordered(order: Iterable[_Key], counted: Mapping[_Key, int]) -> dict[_Key, int]:
    return {key: counted[key] for key in order if counted.get(key)}


def _raisers(one: AccountedFinding) -> frozenset[ScoredReviewer]:
    return frozenset(scored(report.reviewer) for report in one.finding.reports)


def _is_person(reviewer: ScoredReviewer) -> bool:
    return reviewer.kind is ReviewerKind.PERSON


def _sided(
    one: AccountedFinding, fate: FindingFate
) -> Iterator[tuple[ScoredReviewer, FindingFate]]:
    """What came of a finding for each reviewer that raised it: the side that another one's was
    preferred to is passed over."""
    chosen = one.decided.chosen if one.decided and fate is FindingFate.ACCEPTED else ()
    kept = {scored(report.reviewer) for report in chosen_among(one.finding.reports, chosen)}
    for reviewer in _raisers(one):
        is_kept = reviewer in kept or not kept
        yield reviewer, fate if is_kept else FindingFate.PASSED_OVER


def _by_reviewer(fates: _Fates) -> dict[ScoredReviewer, FateCounts]:
    found: dict[ScoredReviewer, list[FindingFate]] = {}
    for one, fate in fates:
        for reviewer, own in _sided(one, fate):
            found.setdefault(reviewer, []).append(own)
    return {reviewer: _counts(found[reviewer]) for reviewer in sorted(found, key=reviewer_order)}


def _contests(fates: _Fates) -> ContestCount:
    rulings: Counter[Ruling] = Counter()
    sides = otherwise = unsettled = total = 0
    for one, fate in fates:
        if one.finding.disagreement not in _DISPUTED:
            continue
        total += 1
        if one.decided is None or fate in (FindingFate.ESCALATED, FindingFate.UNDECIDED):
            unsettled += 1
        elif one.decided.ruling is not None:
            rulings[one.decided.ruling] += 1
        elif one.decided.chosen:
            sides += 1
        else:
            otherwise += 1
    return ContestCount(total, _ordered(Ruling, rulings), sides, otherwise, unsettled)


def _escalations(fates: _Fates) -> EscalationCount:
    asked = [(one, fate) for one, fate in fates if one.escalations]
    return EscalationCount(
        len(asked),
        sum(bool(one.answers) for one, _ in asked),
        sum(one.answers is None for one, _ in asked),
        sum(fate in (FindingFate.ACCEPTED, FindingFate.REJECTED) for _, fate in asked),
    )


def _later(facts: SessionFacts, fates: _Fates) -> LaterCount | None:
    if facts.missed is None:
        return None
    accepted = {
        name
        for one, fate in fates
        if fate is FindingFate.ACCEPTED
        for name in one.finding.fingerprints
    }

    def foreseen(seen: AftermathSeen) -> ForeseenAs:
        if not accepted.isdisjoint(seen.subjects):
            return ForeseenAs.ACCEPTED
        return ForeseenAs.NOT_ACCEPTED if seen.subjects else ForeseenAs.NOTHING

    distinct = {(one.kind, one.commit, one.path): one for one in facts.aftermath}
    counted = Counter((one.kind, foreseen(one)) for one in distinct.values())
    return LaterCount(
        _ordered(FoundIn, Counter(one.found for one in facts.missed)),
        {key: counted[key] for key in sorted(counted)},
    )


def _arms(facts: SessionFacts, fates: _Fates) -> dict[Arm, ArmAccount]:
    raised: dict[Arm, dict[int, FindingFate]] = {}
    for number, (one, fate) in enumerate(fates):
        for reviewer, own in _sided(one, fate):
            of_arm = raised.setdefault(arm_of(one.wrote, reviewer), {})
            # The finding counts once for an arm: passed over only if all its reviewers were.
            if of_arm.get(number) in (None, FindingFate.PASSED_OVER):
                of_arm[number] = own
    lines = {file.path: file.added + file.removed for file in facts.files}
    read = _read_by_arm(facts)
    asked = {
        arm_of(wrote, scored(reviewer))
        for reviewer in facts.reviewers
        for wrote in {facts.wrote(file.path) for file in facts.files} or {facts.author}
    }
    return {
        arm: ArmAccount(
            _counts(raised.get(arm, {}).values()),
            _share(len(read.get(arm, ())), len(lines), facts),
            _share(sum(lines[path] for path in read.get(arm, ())), sum(lines.values()), facts),
        )
        for arm in Arm
        if arm in raised or arm in read or arm in asked
    }


def _share(count: int, of: int, facts: SessionFacts) -> Proportion | None:
    return Proportion(count, of) if facts.files and facts.is_over else None


def _read_by_arm(facts: SessionFacts) -> dict[Arm, set[str]]:
    """The changed files that a reviewer of each arm read in full."""
    changed = {file.path for file in facts.files}
    known = {reviewer.name: scored(reviewer) for reviewer in facts.reviewers}
    read: dict[Arm, set[str]] = {}
    for entry in facts.coverage:
        if entry.reading is Reading.READ and entry.path in changed:
            reader = known.get(entry.reviewer, ScoredReviewer(entry.reviewer, None, ""))
            read.setdefault(arm_of(facts.wrote(entry.path), reader), set()).add(entry.path)
    return read


def _attention(facts: SessionFacts, fates: _Fates) -> LevelAccount | None:
    if (weighed := facts.weighed) is None:
        return None
    levels = {file.path: file.level for file in weighed.files}
    files = Counter(levels.values())
    of_level = {
        level: _counts(fate for one, fate in fates if one.level is level)
        for level in AttentionLevel
    }
    return LevelAccount(
        weighed.level,
        tuple(
            LevelCount(level, files[level], of_level[level]) for level in reversed(AttentionLevel)
        ),
        tuple(_unread(facts, levels)),
    )


def _unread(facts: SessionFacts, levels: Mapping[str, AttentionLevel]) -> Iterator[UnreadFile]:
    checks = {r.name for r in facts.reviewers if r.kind is ReviewerKind.ANALYSER}
    read = {
        entry.path
        for entry in facts.coverage
        if entry.reading is Reading.READ and entry.reviewer not in checks
    }
    reasons = {entry.path: _why_unread(entry) for entry in facts.read.entries}
    for path, level in sorted(levels.items(), key=lambda one: (-one[1], one[0])):
        if level >= NEEDS_READING and path not in read and path not in facts.viewed:
            yield UnreadFile(path, level, reasons.get(path, NOBODY))


def _why_unread(entry: AccountEntry) -> str:
    if entry.fate is Fate.READ:
        return "only pattern checks read it"
    return entry.fate.word if entry.fate is Fate.LEFT_OUT else entry.why


def _spending(parties: Iterable[PartySpending]) -> SpendingAccount:
    def key(one: PartySpending) -> tuple[str, float, float]:
        unknown = -1.0
        return (
            one.name,
            unknown if one.dollars is None else one.dollars,
            unknown if one.seconds is None else one.seconds,
        )

    return SpendingAccount(tuple(sorted(parties, key=key)))


def _seconds(facts: SessionFacts, decided: Iterable[AccountedFinding]) -> float | None:
    """The time to the last decision; a clock that was set back tells none."""
    made = [one.decided for one in decided if one.decided is not None]
    times = [one.at for one in made if one.session == facts.session]
    try:
        opened = datetime.fromisoformat(facts.opened_at)
        passed = max((datetime.fromisoformat(at) - opened).total_seconds() for at in times)
    except (ValueError, TypeError):  # none was made, or a time isn't one
        return None
    return passed if passed >= 0 else None
