"""Reports of models, as the tests of alignment and ranking need them."""

from tests.fakes.reports import report
from xreview.domain.report import Report, ReviewerIdentity, ReviewerKind

CLAUDE = ReviewerIdentity("claude", ReviewerKind.MODEL, "anthropic", "c")
OTHER_CLAUDE = ReviewerIdentity("claude-2", ReviewerKind.MODEL, "anthropic", "c2")
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "g")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "f")


def said(claim: str, reviewer: ReviewerIdentity = CLAUDE, **more: object) -> Report:
    """One model's report: `more` as in `report`."""
    return report(claim[:40], claim=claim, reviewer=reviewer, **more)  # pyright: ignore[reportArgumentType]


RACE = "Two requests may debit the same balance at once: read and write of balance are not atomic"
RACE_TOO = "debit reads the balance and writes it back without a lock, so concurrent requests race"
RACE_PERHAPS = "The account balance may be debited twice by callers that race"
SECRET = "The webhook secret is compared with ==, which leaks its length by timing"
TYPO = "The parameter recieved_at is misspelled"
