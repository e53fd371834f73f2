"""Reviewers whose family nobody knows, such as bots on a pull request."""

from dataclasses import replace

import pytest

from tests.fakes.reports import RISK, report
from xreview.disagreement.stances import classify
from xreview.domain.finding import Disagreement
from xreview.domain.report import ReviewerIdentity, ReviewerKind

RABBIT = ReviewerIdentity("coderabbit", ReviewerKind.AGENT, "")
COPILOT = ReviewerIdentity("copilot", ReviewerKind.AGENT, "")
CODEX = ReviewerIdentity("codex", ReviewerKind.AGENT, "openai")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.AGENT, "google")
BOB = ReviewerIdentity("bob", ReviewerKind.PERSON, "person")


@pytest.mark.parametrize(
    ("reviewers", "kind"),
    [
        ((RABBIT, COPILOT), Disagreement.LONE),
        ((RABBIT, CODEX), Disagreement.LONE),
        ((RABBIT, CODEX, GEMINI), Disagreement.CORROBORATED),
        ((CODEX, GEMINI), Disagreement.CORROBORATED),
        ((RABBIT, RISK), Disagreement.CORROBORATED),
        ((RABBIT, BOB), Disagreement.CORROBORATED),
        ((RABBIT,), Disagreement.LONE),
    ],
)
def test_an_unknown_family_can_be_that_of_another_model(reviewers, kind):
    reports = [replace(report("Lost update"), reviewer=one) for one in reviewers]
    assert classify(reports, ()) is kind
