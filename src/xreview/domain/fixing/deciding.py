"""Deciding what a fix did to each finding, from what the patch, the checks and the verifiers say.

The order is: blocked, tampered, still there (or back: regressed), fixed, regressed, not verified.
What the fixer says only decides whether it is blocked, and where to look.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from xreview.domain.fixing.check_run import CheckChange, got_worse
from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.fixing.tampering import Tampering, tampering_is_certain
from xreview.domain.inside import relative_path
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, shorten

_LONGEST = 240


class Clearance(StrEnum):
    """Whether a verifier still finds a problem."""

    GONE = "gone"
    STILL_PRESENT = "still_present"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class VerifierWord:
    """What a verifier says of one finding: `why` is the reason or what it quotes, raw.

    Args:
        by: who says it: "verifier gpt", "ruff S602"; "" if nobody looked.
    """

    clearance: Clearance
    by: str = ""
    why: str = ""


UNSEEN = VerifierWord(Clearance.CANNOT_TELL, "", "nobody looked at it")


@dataclass(frozen=True, slots=True)
class FixCase:
    """One finding that was handed over.

    Args:
        subjects: the fingerprints of its reports.
        paths: the files that it is about.
        words: what its verifiers say, one for each that was to look.
        is_quote_changed: whether its quote is no longer in its file.
    """

    subjects: tuple[str, ...]
    paths: tuple[str, ...]
    words: tuple[VerifierWord, ...] = ()
    is_quote_changed: bool = False


@dataclass(frozen=True, slots=True)
class FixFacts:
    """What is known of a whole fix.

    Args:
        touched: the paths that the patch changes.
        checks: before and after; `old_tests` the same with the tests as they were.
        earlier: the verdicts of the round before.
    """

    reply: FixerReply
    touched: Collection[str]
    tampering: tuple[Tampering, ...] = ()
    checks: tuple[CheckChange, ...] = ()
    old_tests: tuple[CheckChange, ...] = ()
    earlier: tuple[FixVerdict, ...] = ()

    @property
    def runs(self) -> tuple[CheckChange, ...]:
        """All comparisons of checks."""
        return (*self.checks, *self.old_tests)

    @property
    def worse(self) -> tuple[CheckChange, ...]:
        """Those that got worse; a check that didn't end proves nothing (`CheckRun.trouble`)."""
        ended = (one for one in self.runs if one.after and one.after.code is not None)
        return got_worse(ended)


def decide_outcomes(cases: Sequence[FixCase], facts: FixFacts) -> tuple[FixVerdict, ...]:
    """One verdict for each finding, in their order, with its evidence in one line."""
    tied = _tied(cases, facts)
    return tuple(_verdict(case, facts, tied) for case in cases)


def _verdict(case: FixCase, facts: FixFacts, tied: "_Tied") -> FixVerdict:
    result = facts.reply.about(case.subjects)
    outcome, evidence = (
        _blocked(result, facts)
        or _tampered(facts)
        or _still_there(case, result, facts)
        or _regressed(case, facts, tied)
        or _unverified(case, facts)
        or (FixOutcome.FIXED, _proof(case, facts))
    )
    return FixVerdict(case.subjects, outcome, shorten(" ".join(evidence.split()), _LONGEST))


_Decided = tuple[FixOutcome, str] | None


def _blocked(result: FixerResult | None, facts: FixFacts) -> _Decided:
    if result is None:
        why = facts.reply.trouble or "its answer leaves this finding out"
        return FixOutcome.BLOCKED, f"the fixer gave no result: {why}"
    if result.status is FixerStatus.BLOCKED:
        why = result.reason or result.explanation or "it gives no reason"
        return FixOutcome.BLOCKED, f"the fixer says: {why}"
    return None


def _tampered(facts: FixFacts) -> _Decided:
    found = [one for one in facts.tampering if tampering_is_certain((one,))]
    if not found:
        return None
    first, *others = found
    more = f" (and {len(others):,} more)" if others else ""
    return FixOutcome.TAMPERED, f"{first.kind}: {first.words}{more}"


def _still_there(case: FixCase, result: FixerResult | None, facts: FixFacts) -> _Decided:
    if not facts.touched:
        return FixOutcome.STILL_THERE, "the patch is empty"
    named = _files_for(case, result)
    if not named & set(facts.touched):
        files = ", ".join(sorted(named)) or "its file"
        return FixOutcome.STILL_THERE, f"the patch doesn't change {files}"
    still = [one for one in case.words if one.clearance is Clearance.STILL_PRESENT]
    if not still:
        return None
    evidence = f"{still[0].by} still finds it: {still[0].why}"
    if _was_fixed(case, facts.earlier):
        return FixOutcome.REGRESSED, f"fixed in the round before, and back: {evidence}"
    return FixOutcome.STILL_THERE, evidence


def _files_for(case: FixCase, result: FixerResult | None) -> set[str]:
    """The files that the fixer names for a finding, or else the finding's own."""
    said = (relative_path(one) for one in result.files) if result else ()
    return {one for one in said if one} or set(case.paths)


def _was_fixed(case: FixCase, earlier: Iterable[FixVerdict]) -> bool:
    return any(
        one.outcome is FixOutcome.FIXED and set(one.subjects) & set(case.subjects)
        for one in earlier
    )


def _regressed(case: FixCase, facts: FixFacts, tied: "_Tied") -> _Decided:
    worse = facts.worse
    if not worse:
        return None
    if tied.is_complete and case.subjects not in tied.tests:
        return None
    own = tied.tests.get(case.subjects) if tied.is_complete else None
    return FixOutcome.REGRESSED, _worse_words(worse[0], own, worse[0] in facts.old_tests)


def _worse_words(change: CheckChange, own: Sequence[str] | None, is_old: bool) -> str:
    tests = list(own or change.newly_failed)
    after = change.after
    with_old = ", with the tests as they were" if is_old else ""
    command = f"`{after.command}`" if after else "a check"
    if tests:
        more = f" and {len(tests) - 1:,} more" if len(tests) > 1 else ""
        return f"{tests[0]}{more} failed in {command}{with_old}, and didn't before"
    code = f" (exit code {after.code})" if after and after.code is not None else ""
    return f"{command} failed{code}{with_old}, and didn't before"


def _unverified(case: FixCase, facts: FixFacts) -> _Decided:
    why = ""
    unread = facts.tampering[0] if facts.tampering else None
    if unread is not None:
        why = f"the patch wasn't judged whole: {unread.words}"
    for change in facts.runs if not why else ():
        why = why or _inconclusive(change)
    words = case.words or (UNSEEN,)
    unsure = [one for one in words if one.clearance is not Clearance.GONE]
    if not why and unsure:
        said = f"{unsure[0].by}: " if unsure[0].by else ""
        why = f"{said}{unsure[0].why or 'it gives no reason'}"
    return (FixOutcome.NOT_VERIFIED, why) if why else None


def _inconclusive(change: CheckChange) -> str:
    """Why a check that isn't worse proves nothing; "" if it does."""
    before, after = change.before, change.after
    command = next((one.command for one in (after, before) if one), "a check")
    if after is None or after.code is None:
        why = after.trouble if after else ""
        return f"`{command}` didn't finish{f': {why}' if why else ''}"
    if before is None or before.code is None:
        return "" if after.is_green else f"`{command}` fails, and there is no run before the fix"
    is_less = after.passed is not None and before.passed is not None
    if is_less and (after.passed or 0) < (before.passed or 0) and not change.is_worse:
        return f"`{command}`: only {after.passed:,} of {before.passed:,} tests passed again"
    if before.is_green or after.is_green or after.failed or before.code == after.code:
        return ""
    return f"`{command}` failed before and fails in another way now"


def _proof(case: FixCase, facts: FixFacts) -> str:
    quote = "quote changed" if case.is_quote_changed else "quote unchanged"
    said = ", ".join(f"{one.by}: gone" for one in case.words)
    return ", ".join((quote, said, checks_words(facts.checks)))


def checks_words(changes: Sequence[CheckChange]) -> str:
    """`212 checks as before`, `no checks`, `1 check still fails, as before`."""
    if not changes:
        return "no checks"
    passed = [one.after.passed for one in changes if one.after and one.after.passed is not None]
    red = [one for one in changes if one.after is None or not one.after.is_green]
    count = sum(passed) if passed else len(changes) - len(red)
    if not red:
        return f"{count_of(count, 'check')} as before"
    failing = f"{count_of(len(red), 'check command')} red as before"
    return f"{failing}, {count_of(count, 'check')} green" if count else failing


@dataclass(frozen=True, slots=True)
class _Tied:
    """The newly failed tests by the finding whose fix broke them; complete if all are known."""

    tests: dict[tuple[str, ...], tuple[str, ...]]
    is_complete: bool


_WORD = re.compile(r"[A-Za-z0-9]+")
_COMMON = frozenset(("test", "tests", "spec", "src", "index", "main", "init", "mod", "lib", "app"))


def _tied(cases: Sequence[FixCase], facts: FixFacts) -> _Tied:
    """Tie each newly failed test to the one finding whose changed files' names are in its name."""
    worse = facts.worse
    names = dict.fromkeys(name for one in worse for name in one.newly_failed)
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    if len(cases) < 2 or not names or any(not one.newly_failed for one in worse):
        return _Tied(known, is_complete=False)
    stems = {case.subjects: _stems(case, facts) for case in cases}
    for name in names:
        words = {one.lower() for one in _WORD.findall(name)} - _COMMON
        owners = [subjects for subjects, own in stems.items() if own & words]
        if len(owners) != 1:
            return _Tied({}, is_complete=False)
        known[owners[0]] = (*known.get(owners[0], ()), name)
    return _Tied(known, is_complete=True)


def _stems(case: FixCase, facts: FixFacts) -> set[str]:
    named = _files_for(case, facts.reply.about(case.subjects)) & set(facts.touched)
    names = (path.rpartition("/")[2].partition(".")[0] for path in named)
    return {word.lower() for name in names for word in _WORD.findall(name)} - _COMMON
