"""Trials as events, for the tests of their account."""

from dataclasses import replace

from tests.domain.scorecard.test_scorecard import said
from tests.journal.build import event
from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.seat import Seat
from xreview.domain.change import ChangeKind
from xreview.domain.events.attempt_events import TakenLines
from xreview.domain.events.event import (
    AttemptReturned,
    AttemptReviewed,
    AttemptTaken,
    AttemptWritten,
    Event,
    ReportReceived,
    SessionOpened,
    TrialStarted,
)
from xreview.domain.report import ReviewerIdentity, ReviewerKind, Severity
from xreview.domain.stakes.tier import Tier

CLAUDE = ReviewerIdentity("claude-code", ReviewerKind.AGENT, "anthropic")
CODEX = ReviewerIdentity("codex", ReviewerKind.AGENT, "openai")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-3")
GREEN, RED, NONE = (3, 3, 0), (2, 3, 1), (0, 0, 0)


def started(trial: str, *writers: ReviewerIdentity, kind: str = "money", **given) -> Event:
    seats = tuple(
        Seat(label, writer, Tier.DEEP) for label, writer in zip("ABC", writers, strict=False)
    )
    payload = TrialStarted(trial, "Limit it", kind, "t" * 40, "", (), "", seats, "")
    return event(f"{trial}/started", payload, session=trial, **given)


def written(trial: str, label: str, cost: float | None = 0.5, seconds: float = 60.0, **given):
    payload = AttemptWritten(trial, label, "t" * 40, cost, seconds)
    return event(f"{trial}{label}/written", payload, session=trial, **given)


def reviewed(
    trial: str, label: str, *by: ReviewerIdentity, checks=GREEN, cost: float | None = 0.75,
    session: str | None = None, **given,
) -> Event:  # fmt: skip
    passed, run, broken = checks
    review = f"{trial}{label}/review" if session is None else session
    facts = AttemptFacts(passed, run, broken, cost=cost)
    payload = AttemptReviewed(trial, label, review, by, facts, 0.25)
    return event(f"{trial}{label}/reviewed", payload, session=trial, **given)


def taken(trial: str, *labels: str, is_green: bool | None = True, paths=("a.py",), **given):
    """By one attempt all of `paths`; by several, a file each in their order."""
    owners = labels if len(labels) > 1 else labels * len(paths)
    lines = tuple(
        TakenLines(label, path, 1, 2, "d") for label, path in zip(owners, paths, strict=True)
    )
    action = f"{trial}{''.join(labels)}"
    payload = AttemptTaken(action, trial, labels, "", tuple(paths), lines, is_green)
    return event(f"{action}/taken", payload, session=trial, **given)


def returned(trial: str, *labels: str, **given) -> Event:
    action = f"{trial}{''.join(labels)}"
    return event(f"{action}/returned", AttemptReturned(action, trial), session=trial, **given)


def opens(session: str, kind: ChangeKind = ChangeKind.WORKTREE, base: str = "b", **given) -> Event:
    return event(
        f"{session}/opened", SessionOpened(kind, "t", base, None, "p"), session=session, **given
    )


def problem(
    name: str, session: str, path: str = "a.py", severity: Severity = Severity.HIGH, **given
) -> Event:
    """A report in a session."""
    seen = said(f"{name}/{session}", name, session=session, **given)
    report = seen.payload.report
    anchor = replace(report.anchor, path=path)
    return replace(seen, payload=ReportReceived(replace(report, anchor=anchor, severity=severity)))
