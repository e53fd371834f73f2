"""The account of a session in words, for screens, the terminal and exports.

Texts are raw: they can quote paths and names. A share has its denominator, and what isn't known is
said to be unknown.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from xreview.domain.account import Fate
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.person_events import FoundIn
from xreview.domain.record import dataclass
from xreview.domain.remaining.words import remaining_sentences
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm
from xreview.domain.session_account.account import (
    ArmAccount,
    FateCounts,
    FindingFate,
    ForeseenAs,
    LevelAccount,
    LevelCount,
    SessionAccount,
    SpendingAccount,
)
from xreview.domain.text import count_of

MOST_LISTED = 20
"""How many files or reviewers a section names; the JSON export has all of them."""

_FATE_WORDS = {
    FindingFate.SETTLED: "not asked again",
    FindingFate.PASSED_OVER: "passed over for another report",
}
_FOUND_WORDS = {
    FoundIn.TESTING: "found by you or in testing",
    FoundIn.PRODUCTION: "found in production",
}
_ARM_WORDS = {
    Arm.CROSS_FAMILY: "another family than the author's",
    Arm.SAME_FAMILY: "the author's own family",
    Arm.ANALYSER: "pattern checks",
    Arm.PERSON: "people",
    Arm.UNKNOWN_AUTHOR: "models, author unknown",
}
_AFTERMATH_WORDS = {
    AftermathKind.REVERTED: "taken back",
    AftermathKind.FIXED: "fixed",
}
_FORESEEN_WORDS = {
    ForeseenAs.ACCEPTED: "where a finding was accepted",
    ForeseenAs.NOT_ACCEPTED: "where a finding was not accepted",
    ForeseenAs.NOTHING: "where nothing was reported",
}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AccountSection:
    """A part of the account: a title, and one line for each statement, raw."""

    title: str
    lines: tuple[str, ...]


def account_sections(account: SessionAccount) -> tuple[AccountSection, ...]:
    """Return every part of the account that has anything to say."""
    parts: tuple[tuple[str, Callable[[SessionAccount], Iterator[str]]], ...] = (
        ("Findings", _findings),
        ("Contested", _contested),
        ("Escalated", _escalated),
        ("Fixes", _fixes),
        ("Missed", _missed),
        ("Still in there", _remaining),
        ("Same family and cross-family", _arms),
        ("By reviewer", _reviewers),
        ("Attention", lambda one: _attention(one.attention)),
        ("Not reviewed", _not_reviewed),
        ("Cost", _cost),
    )
    told = (AccountSection(title, tuple(lines(account))) for title, lines in parts)
    return tuple(one for one in told if one.lines)


def _remaining(account: SessionAccount) -> Iterator[str]:
    if account.remaining is not None:
        has_open = account.findings.of(FindingFate.UNDECIDED) > 0
        yield remaining_sentences(account.remaining, has_open=has_open)


def account_headline(account: SessionAccount) -> str:
    """Return the account in one line: `3 caught, 2 rejected, 1 undecided; 2 files not read`."""
    of = account.findings.of
    told = [f"{of(FindingFate.ACCEPTED):,} caught", f"{of(FindingFate.REJECTED):,} rejected"]
    told += [f"{of(FindingFate.ESCALATED):,} escalated"] * bool(of(FindingFate.ESCALATED))
    told.append(f"{of(FindingFate.UNDECIDED):,} undecided")
    if not account.read.entries:
        return f"{', '.join(told)}; what was read is {UNKNOWN}"
    missing = account.read.sums(Fate.NOT_READ)
    return f"{', '.join(told)}; {count_of(missing.files, 'file')} not read"


def share_of(share: Proportion | None) -> str:
    """Return `3 of 5`, or that it is unknown."""
    return UNKNOWN if share is None else f"{share.count:,} of {share.of:,}"


def fate_words(counts: FateCounts) -> str:
    """Return `3 accepted, 1 rejected`; "none" without findings."""
    told = [f"{number:,} {_fate_word(fate)}" for fate, number in counts.by_fate.items() if number]
    return ", ".join(told) or "none"


def dollar_words(spending: SpendingAccount) -> str:
    """Return `$0.41`, with the parties whose price is unknown; "nothing" without parties."""
    if not spending.parties:
        return "nothing"
    missing = _named(spending.unpriced)
    if spending.dollars is None:
        return f"{UNKNOWN} ({missing})"
    # Four digits, since many a review costs less than a cent; but nothing is nothing.
    dollars = f"${spending.dollars:.4f}" if spending.dollars else "$0.00"
    return f"{dollars}{f', and {UNKNOWN} for {missing}' if missing else ''}"


def minute_words(spending: SpendingAccount) -> str:
    """Return `4.5 minutes`, with the parties whose time is unknown."""
    if not spending.parties:
        return "no time"
    missing = _named(spending.untimed)
    if spending.seconds is None:
        return f"{UNKNOWN} ({missing})"
    return f"{_minutes(spending.seconds)}{f', and {UNKNOWN} for {missing}' if missing else ''}"


def _minutes(seconds: float) -> str:
    if seconds >= 60:
        return f"{seconds / 60:.1f} minutes"
    return count_of(round(seconds), "second") if seconds >= 1 else "less than a second"


def _fate_word(fate: FindingFate) -> str:
    return _FATE_WORDS.get(fate, fate.value)


def _named(names: Iterable[str]) -> str:
    return _listed(tuple(dict.fromkeys(names)))


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _by(counts: Iterable[tuple[StrEnum, int]]) -> str:
    return ", ".join(f"{number:,} {word.value}" for word, number in counts)


def _findings(account: SessionAccount) -> Iterator[str]:
    found = account.findings
    yield f"{count_of(found.total, 'finding')}: {fate_words(found)}"
    if account.own:
        caught = found.of(FindingFate.ACCEPTED)
        yield f"Accepted, but raised only by you: {account.own:,} of {caught:,}"
    if account.reasons:
        yield f"Rejected as: {_by(account.reasons.items())}"
    if account.elsewhere:
        yield f"Decided in another session: {account.elsewhere:,}"


def _contested(account: SessionAccount) -> Iterator[str]:
    contests = account.contests
    if not contests.total:
        return
    told = [f"{number:,} {ruling.words}" for ruling, number in contests.rulings.items()]
    told += [f"{contests.sides:,} by taking a side"] * bool(contests.sides)
    told += [f"{contests.otherwise:,} without a ruling"] * bool(contests.otherwise)
    told += [f"{contests.open:,} open"] * bool(contests.open)
    yield f"{count_of(contests.total, 'finding')} on which models disagree: {', '.join(told)}"


def _escalated(account: SessionAccount) -> Iterator[str]:
    asked = account.escalations
    if not asked.asked:
        return
    told = [f"{asked.answered:,} answered", f"{asked.waiting:,} waiting"]
    told += [f"{asked.unknown:,} {UNKNOWN}"] * bool(asked.unknown)
    yield f"{count_of(asked.asked, 'finding')}: {', '.join(told)}"
    yield f"Accepted or rejected since: {asked.settled:,} of {asked.asked:,}"


def _fixes(account: SessionAccount) -> Iterator[str]:
    if judged := sum(account.fixes.values()):
        yield f"Work now: {account.working:,} of {judged:,} judged ({_by(account.fixes.items())})"


def _missed(account: SessionAccount) -> Iterator[str]:
    if (later := account.later) is None:
        yield f"What came to light later is {UNKNOWN}: the journal can't be read"
        return
    recorded = [f"{number:,} {_FOUND_WORDS[found]}" for found, number in later.missed.items()]
    yield f"Recorded: {', '.join(recorded) or 'none so far'}"
    for (kind, foreseen), number in later.aftermath.items():
        files = count_of(number, "file")
        yield f"Later {_AFTERMATH_WORDS[kind]} by a commit: {files} {_FORESEEN_WORDS[foreseen]}"


def _arms(account: SessionAccount) -> Iterator[str]:
    for arm, one in account.arms.items():
        has_read = one.files is None or one.files.count or one.findings.total
        words = _arm_words(one) if has_read else "read nothing"
        yield f"{_ARM_WORDS[arm].capitalize()}: {words}"


def _arm_words(one: ArmAccount) -> str:
    raised, share = one.findings, one.findings.accepted_share
    accepted = f"{share.count:,} accepted of {share.of:,} decided for or against"
    return (
        f"{raised.total:,} raised, {accepted if share.of else 'none decided for or against'};"
        f" {share_of(one.files)} files read ({share_of(one.lines)} lines)"
    )


def _reviewers(account: SessionAccount) -> Iterator[str]:
    for reviewer, counts in list(account.reviewers.items())[:MOST_LISTED]:
        yield f"{reviewer.label}: {_raised_words(counts)}"
    if (more := len(account.reviewers) - MOST_LISTED) > 0:
        yield f"… and {count_of(more, 'more reviewer')}"


def _raised_words(counts: FateCounts) -> str:
    raised = f"{counts.total:,} raised"
    return f"{raised} ({fate_words(counts)})" if counts.total else raised


def _attention(attention: LevelAccount | None) -> Iterator[str]:
    if attention is None:
        yield f"{UNKNOWN.capitalize()}: it was not weighed"
        return
    yield f"The change: {attention.change:d}, {attention.change.word}"
    for one in attention.levels:
        if one.files or one.findings.total:
            yield _level_words(one)


def _level_words(one: LevelCount) -> str:
    files, findings = count_of(one.files, "file"), count_of(one.findings.total, "finding")
    said = f" ({fate_words(one.findings)})" if one.findings.total else ""
    return f"{one.level:d} {one.level.word}: {files}, {findings}{said}"


def _not_reviewed(account: SessionAccount) -> Iterator[str]:
    if not account.is_over:
        yield "The review did not finish."
    if not account.read.entries:
        yield f"What was read is {UNKNOWN}."
    else:
        sums = {fate: account.read.sums(fate) for fate in Fate}
        told = [f"{fate.word}: {one.words}" for fate, one in sums.items()]
        yield f"Of {account.read.total.words}: {'; '.join(told)}"
    for name, why in account.failures.items():
        yield f"{name} failed: {why}"
    missing = account.read.not_read
    for entry in missing[:MOST_LISTED]:
        path = entry.path or "part of the change"
        yield f"Not read: {path}, {count_of(entry.lines, 'line')}: {entry.why}"
    if (more := len(missing) - MOST_LISTED) > 0:
        yield f"… and {count_of(more, 'more file')} not read"
    unread = account.attention.unread if account.attention else ()
    for one in unread[:MOST_LISTED]:
        yield f"Needs a person ({one.level:d} {one.level.word}): {one.path}: {one.why}"
    if (more := len(unread) - MOST_LISTED) > 0:
        yield f"… and {count_of(more, 'more file')} that need a person"


def _cost(account: SessionAccount) -> Iterator[str]:
    yield f"Reviewers: {dollar_words(account.models)}; {minute_words(account.models)} in all"
    if account.fixing is None:
        yield f"Fixes: {UNKNOWN}"
    elif account.fixing.parties:
        fixing = account.fixing
        yield f"Fixes: {dollar_words(fixing)}; {minute_words(fixing)} in all"
    if account.seconds is None:
        yield f"Your time: {UNKNOWN}"
    else:
        took = _minutes(account.seconds)
        yield f"From opening to your last decision: {took}, with breaks and waiting"
