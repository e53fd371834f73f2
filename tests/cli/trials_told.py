"""Trials as snapshots, for the tests of their words."""

from tests.fakes.reports import finding, report
from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceRef, PieceVersion
from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.domain.report import ReviewerIdentity, ReviewerKind, Severity
from xreview.domain.stakes.tier import Tier
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage, TrialSnapshot

CLAUDE = ReviewerIdentity("claude-code", ReviewerKind.AGENT, "anthropic", "opus-5")
CODEX = ReviewerIdentity("codex", ReviewerKind.AGENT, "openai")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-3-flash")
CHECK = CheckChange(CheckRun("make test", 0, 1.0), CheckRun("make test", 0, 1.0))
FILES = finding().reports  # stands for a patch: only whether there is one is asked here


def piece(number: int, *versions: PieceVersion, untouched: tuple[str, ...] = ()) -> AttemptPiece:
    return AttemptPiece(PieceRef("limits.py", number), 1, 2, ("x",), versions, untouched)


def trial(**given) -> TrialSnapshot:
    """Three attempts: one reviewed in full, one partly, one that its writer didn't finish."""
    good = AttemptSnapshot(
        Seat("A", CLAUDE),
        AttemptStage.OVER,
        cost=0.91,
        most=1.67,
        seconds=252,
        files=FILES,
        statement=AttemptStatement(
            "A token bucket per account, kept in the session store. Retries count once.",
            ("A retry of the same request counts once.",),
            (EdgeCase("The clock goes back.", "limits.py", "max(0, now - then)", 12, 12),),
            by="claude-code",
        ),
        checks=(CHECK,),
        findings=(finding(report("Unbounded dictionary", severity=Severity.MEDIUM)),),
        reviewers=(CODEX,),
        session="s1",
        facts=AttemptFacts(214, 214, 0, (0, 1, 0, 0), 1, 120, 4, 3, (), 3, 0.91, 252),
    )
    partly = AttemptSnapshot(
        Seat("B", CODEX),
        AttemptStage.OVER,
        cost=1.2,
        seconds=401,
        files=FILES,
        statement=AttemptStatement(
            "A fixed window in memory.",
            ("Every retry counts.",),
            (),
            ("The clock goes back.",),
            is_writers=False,
        ),
        checks=(CHECK,),
        tampering=(Tampering(TamperingKind.TESTS, "test_limits.py", 3, "a test was removed"),),
        reviewers=(CLAUDE,),
        session="s2",
        unread=("claude-code didn't read limits.py: over its budget.",),
        facts=AttemptFacts(
            *(213, 214, 1, (0, 0, 0, 0), 0, 48, 0, 1, ("redis (pyproject.toml)",), None, 1.2, 401)
        ),
    )
    stopped = AttemptSnapshot(
        Seat("C", GEMINI, Tier.FAST),
        AttemptStage.OVER,
        seconds=12,
        why="gemini-3-flash gave no answer.",
        is_stopped=True,
    )
    compared = AttemptComparison(
        ("A", "B"),
        (
            piece(0, PieceVersion(("A",), ("a",)), PieceVersion(("B",), ("b",))),
            piece(1, PieceVersion(("A", "B"), ("c",))),
            piece(2, PieceVersion(("B",), ("d",)), untouched=("A",)),
        ),
    )
    return TrialSnapshot(
        **{
            "id": "3f2a9c1b77aa",
            "task": "Limit sign-in attempts per account\n\nFive in a minute.",
            "attempts": (good, partly, stopped),
            "kind": "authentication",
            "why": "deep: it touches authentication (limits.py).",
            "started": "2026-12-01T10:00:00+00:00",
            "most": 5.0,
            "comparison": compared,
        }
        | given
    )
