"""The scorecard as JSON, for other programs.

The shape of `schema` 1 (new keys don't raise it; keys never change their meaning):

    {"schema": 1, "since": str | null, "sessions": int, "repositories": int,
     "total": TALLY,
     "rows": [{"author": str | null, "reviewer": REVIEWER, "category": str, …TALLY}],
     "arms": [{"arm": "cross-family" | "same-family" | "analyser" | "person" | "unknown-author",
               …TALLY}],
     "catches": CATCHES, "catches_by": [{"reviewer": REVIEWER, …CATCHES}],
     "sight": [{"reviewer": REVIEWER, "category": str, …SHARE}],
     "yields": [{"reviewer": REVIEWER, "dollars": RATE, "minutes": RATE, "delay": DELAY}],
     "contests": {"by_reviewer": [{"reviewer": REVIEWER, "rulings": RULINGS}],
                  "by_author": [{"author": str | null, "rulings": RULINGS}]},
     "fixers": [{"fixer": FIXER, "fixes", "judged", "working": int, "outcomes": {outcome: int},
                 "success": SHARE, "spending": SPENDING}],
     "refuted": SHARE, "delay": DELAY,
     "attempts": {"trials", "attempts": int, "writers": [{"writer": WRITER, …ATTEMPTS}],
                  "reviewers": [{"reviewer": REVIEWER, …ATTEMPTS}],
                  "kinds": [{"kind": str, …ATTEMPTS}], "arms": [{"arm": str, …ATTEMPTS}]},
     "prompts": PROMPTS (see `prompt_json`),
     "calibration": {"agreement": "unknown" | "holds" | "doubtful" | "broken",
                     "levels": [{"level": int, "word": str, "wrong": SHARE,
                                 "by_sign": {"missed", "shipped", "reverted", "fixed later": int}}],
                     "confidences": [{"confidence": str, "accepted": SHARE, "working": int}]}}

    REVIEWER {"name": str, "kind": "analyser" | "model" | "agent" | "person" | null,
              "vendor": str | null}
    TALLY    {"raised", "accepted", "escalated", "open", "fixed", "resolved": int,
              "passed_over": int, "rejected": {reason: int}, "rulings": RULINGS,
              "accepted_share": SHARE}
    RULINGS  {"reviewer", "author", "trade-off": int}
    CATCHES  {"caught", "missed", "shipped": int}
    SHARE    {"count": int, "of": int, "fraction", "low", "high": float | null, "is_thin": bool}
    RATE     {"accepted": int, "effort": float | null, "sessions": int, "of_sessions": int,
              "per_unit": float | null}
    FIXER    {"name": str, "kind": "mechanical" | "agent" | "model", "vendor": str | null}
    SPENDING {"working": int, "dollars": float | null, "known", "fixes": int,
              "per_working": float | null}
    WRITER   {"name": str, "kind": "agent" | "model", "vendor", "model": str | null,
              "tier": "fast" | "deep"}
    ATTEMPTS {"attempts", "picked", "grafted", "accepted", "rounds", "working": int,
              "first_try": SHARE, "dollars": SOLUTION, "minutes": SOLUTION}
    SOLUTION {"working", "known", "attempts": int, "amount", "per_working": float | null}
    DELAY    {"decided": int, "median_seconds": float | null, "p90_seconds": float | null}

A finding is `working` if it was judged fixed, all of it was applied, and that wasn't undone.
`per_working` is what the fixes of known cost cost, failed ones included, for each of these.
`refuted` are the findings that a fixer was blocked on and the user then rejected, of those judged.
A task of `attempts` is solved (`working`) by what was taken and not given back, if all checks
passed on it and no high or critical finding that was accepted against it is open. Its `per_working`
is what all attempts of the group with a known amount took, for each solved task.
Unknown values are null, never 0. `low` to `high` is the 95 % interval of a share.
"""

from collections.abc import Mapping
from typing import Any

from xreview.domain.calibration.figures import Calibration
from xreview.domain.ruling import Ruling
from xreview.domain.scorecard.attempt_figures import (
    AttemptAccount,
    AttemptTally,
    ScoredWriter,
    SolutionSpending,
)
from xreview.domain.scorecard.figures import (
    CatchCount,
    Delay,
    FixerRecord,
    OutcomeTally,
    Rate,
    Scorecard,
)
from xreview.domain.scorecard.scored import ScoredReviewer
from xreview.review.record.prompt_json import prompt_account_json
from xreview.review.record.share_json import share_json

SCHEMA = 1


def scorecard_json(scorecard: Scorecard) -> dict[str, Any]:
    """The scorecard as JSON values."""
    nothing = Delay(0, None, None)
    return {
        "schema": SCHEMA,
        "since": scorecard.since,
        "sessions": scorecard.sessions,
        "repositories": scorecard.repositories,
        "total": _tally(scorecard.total),
        "rows": [
            {
                "author": row.author or None,
                "reviewer": _reviewer(row.reviewer),
                "category": row.category.value,
                **_tally(row.tally),
            }
            for row in scorecard.rows
        ],
        "arms": [{"arm": arm.value, **_tally(tally)} for arm, tally in scorecard.arms.items()],
        "catches": _catches(scorecard.catches),
        "catches_by": [
            {"reviewer": _reviewer(reviewer), **_catches(count)}
            for reviewer, count in scorecard.catches_by.items()
        ],
        "sight": [
            {"reviewer": _reviewer(reviewer), "category": category.value, **share_json(share)}
            for (reviewer, category), share in scorecard.sight.items()
        ],
        "yields": [
            {
                "reviewer": _reviewer(reviewer),
                "dollars": _rate(brought.dollars),
                "minutes": _rate(brought.minutes),
                "delay": _delay(scorecard.delays.get(reviewer, nothing)),
            }
            for reviewer, brought in scorecard.yields.items()
        ],
        "contests": {
            "by_reviewer": [
                {"reviewer": _reviewer(reviewer), "rulings": _rulings(rulings)}
                for reviewer, rulings in scorecard.rulings_by_reviewer().items()
            ],
            "by_author": [
                {"author": author or None, "rulings": _rulings(rulings)}
                for author, rulings in scorecard.rulings_by_author().items()
            ],
        },
        "fixers": [_fixer(record) for record in scorecard.fixers],
        "refuted": share_json(scorecard.refuted),
        "delay": _delay(scorecard.delay),
        "attempts": _attempts(scorecard.attempts),
        "prompts": prompt_account_json(scorecard.prompts),
        "calibration": _calibration(scorecard.calibration),
    }


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "agreement": calibration.agreement.value,
        "levels": [
            {
                "level": int(one.level),
                "word": one.level.word,
                "wrong": share_json(one.wrong),
                "by_sign": {sign.value: count for sign, count in one.by_sign.items()},
            }
            for one in calibration.levels
        ],
        "confidences": [
            {
                "confidence": one.confidence.word,
                "accepted": share_json(one.accepted),
                "working": one.working,
            }
            for one in calibration.confidences
        ],
    }


def _fixer(record: FixerRecord) -> dict[str, Any]:
    fixer, spending = record.fixer, record.spending
    return {
        "fixer": {"name": fixer.name, "kind": fixer.kind.value, "vendor": fixer.vendor or None},
        "fixes": record.fixes,
        "judged": record.success.of,
        "working": record.working,
        "outcomes": {outcome.value: count for outcome, count in record.outcomes.items()},
        "success": share_json(record.success),
        "spending": {
            "working": spending.working,
            "dollars": spending.dollars if spending.known else None,
            "known": spending.known,
            "fixes": spending.fixes,
            "per_working": spending.per_working,
        },
    }


def _attempts(account: AttemptAccount) -> dict[str, Any]:
    writers, reviewers = account.writers.items(), account.reviewers.items()
    return {
        "trials": account.trials,
        "attempts": account.attempts,
        "writers": [{"writer": _writer(one), **_attempt_tally(tally)} for one, tally in writers],
        "reviewers": [
            {"reviewer": _reviewer(one), **_attempt_tally(tally)} for one, tally in reviewers
        ],
        "kinds": [{"kind": one, **_attempt_tally(tally)} for one, tally in account.kinds.items()],
        "arms": [{"arm": arm.value, **_attempt_tally(one)} for arm, one in account.arms.items()],
    }


def _writer(writer: ScoredWriter) -> dict[str, Any]:
    return {
        "name": writer.name,
        "kind": writer.kind.value,
        "vendor": writer.vendor or None,
        "model": writer.model or None,
        "tier": writer.tier.value,
    }


def _attempt_tally(tally: AttemptTally) -> dict[str, Any]:
    return {
        "attempts": tally.attempts,
        "picked": tally.picked,
        "grafted": tally.grafted,
        "first_try": share_json(tally.first_try),
        "accepted": tally.accepted,
        "rounds": tally.rounds,
        "working": tally.working,
        "dollars": _solution(tally.dollars),
        "minutes": _solution(tally.minutes),
    }


def _solution(spending: SolutionSpending) -> dict[str, Any]:
    return {
        "working": spending.working,
        "known": spending.known,
        "attempts": spending.attempts,
        "amount": spending.amount if spending.known else None,
        "per_working": spending.per_working,
    }


def _reviewer(reviewer: ScoredReviewer) -> dict[str, Any]:
    kind = reviewer.kind.value if reviewer.kind else None
    return {"name": reviewer.name, "kind": kind, "vendor": reviewer.vendor or None}


def _tally(tally: OutcomeTally) -> dict[str, Any]:
    return {
        "raised": tally.raised,
        "accepted": tally.accepted,
        "rejected": {reason.value: count for reason, count in tally.rejected.items()},
        "escalated": tally.escalated,
        "open": tally.open,
        "fixed": tally.fixed,
        "resolved": tally.resolved,
        "passed_over": tally.passed_over,
        "rulings": _rulings(tally.rulings),
        "accepted_share": share_json(tally.accepted_share),
    }


def _rulings(rulings: Mapping[Ruling, int]) -> dict[str, int]:
    return {ruling.value: rulings.get(ruling, 0) for ruling in Ruling}


def _catches(count: CatchCount) -> dict[str, Any]:
    return {"caught": count.caught, "missed": count.missed, "shipped": count.shipped}


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "accepted": rate.accepted,
        "effort": rate.effort if rate.is_known else None,
        "sessions": rate.sessions,
        "of_sessions": rate.of_sessions,
        "per_unit": rate.per_unit if rate.is_known else None,
    }


def _delay(delay: Delay) -> dict[str, Any]:
    return {"decided": delay.decided, "median_seconds": delay.median, "p90_seconds": delay.p90}
