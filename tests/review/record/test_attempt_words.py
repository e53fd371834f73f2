"""The account of attempts in words, on both pages, and as JSON."""

import pytest

from tests.domain.scorecard.test_attempting import FIRST, GRAFT, SECOND
from tests.domain.scorecard.trials import reviewed, started
from tests.journal.build import decided, reported
from xreview.cli.scorecard_text import scorecard_text
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.attempt_figures import SolutionSpending
from xreview.domain.scorecard.scoring import score
from xreview.review.record.attempt_words import DOLLARS, MINUTES, solution_words
from xreview.review.record.scorecard_json import scorecard_json
from xreview.tui.screens.scorecard import scorecard_content

EVIL = ReviewerIdentity("\x1b[2Jevil", ReviewerKind.MODEL, "x\u202e", "m" * 200)


@pytest.mark.parametrize(
    ("spending", "words"),
    [
        (SolutionSpending(0, 0.0, 0, 3), "unknown"),
        (SolutionSpending(0, 2.0, 3, 3), "–"),
        (SolutionSpending(1, 2.0, 2, 3), "$2.00* (2/3)"),
        (SolutionSpending(10, 4.0, 12, 12), "$0.40"),
    ],
)
def test_an_amount_is_never_said_where_it_is_unknown(spending, words):
    assert solution_words(spending, DOLLARS) == words


def test_minutes_have_a_form_of_their_own():
    assert solution_words(SolutionSpending(10, 45.0, 9, 9), MINUTES) == "4.5"


def test_the_table_by_hand():
    lines = scorecard_text(score([*FIRST, *SECOND])).split("\n")
    at = lines.index("Attempts by writer")
    assert lines[at : at + 8] == [
        "Attempts by writer",
        "TRIED  PICKED  GRAFTED  GREEN  AGAINST  ROUNDS  WORKS  DOLLARS  MINUTES",
        "claude-code (anthropic, deep)",
        "    2       1        0   2/2*        0       0      1   $1.75*     3.0*",
        "codex (openai, deep)",
        "    1       0        0   0/1*        0       0      0        –        –",
        "gemini (google gemini-3, deep)",
        "    1       0        0      –        0       0      0  unknown        –",
    ]
    assert lines[lines.index("Attempts by who reviewed them") + 2] == "another family"
    assert "the writer's family" in lines


@pytest.mark.parametrize("reports", [[], [reported("r"), decided("d", "f1")]])
def test_the_pages_show_it_and_hostile_names_take_no_effect(reports):
    card = score([*reports, *GRAFT, started("t9", EVIL), reviewed("t9", "A", EVIL)])
    for page in (scorecard_text(card), scorecard_content(card, 100).plain):
        assert "4 attempts at 2 tasks" in page
        assert "by kind of task" in page
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert max(map(len, scorecard_text(card).split("\n"))) <= 80
    assert "1 tried, 1 picked (1 in a graft), 1/1* green" in scorecard_content(card, 100).plain


def test_without_trials_nothing_is_said_of_attempts():
    card = score([reported("r"), decided("d", "f1")])
    assert "ttempt" not in scorecard_text(card)
    assert "ttempt" not in scorecard_content(card, 100).plain


def test_json_has_the_documented_shape():
    document = scorecard_json(score([*FIRST, *SECOND]))["attempts"]
    assert (document["trials"], document["attempts"]) == (2, 4)
    claude = document["writers"][0]
    assert claude.pop("writer") == {
        "name": "claude-code", "kind": "agent", "vendor": "anthropic", "model": None,
        "tier": "deep",
    }  # fmt: skip
    assert claude.pop("first_try")["is_thin"]
    assert claude == {
        "attempts": 2, "picked": 1, "grafted": 0, "accepted": 0, "rounds": 0, "working": 1,
        "dollars": {
            "working": 1, "known": 2, "attempts": 2, "amount": 1.75, "per_working": 1.75,
        },
        "minutes": {"working": 1, "known": 2, "attempts": 2, "amount": 3.0, "per_working": 3.0},
    }  # fmt: skip
    gemini = document["writers"][2]
    assert gemini["dollars"]["amount"] is None
    assert [one["arm"] for one in document["arms"]] == ["cross-family", "same-family", "analyser"]
    assert [one["kind"] for one in document["kinds"]] == ["concurrency", "money"]
    assert document["reviewers"][0]["reviewer"]["name"] == "claude-code"
