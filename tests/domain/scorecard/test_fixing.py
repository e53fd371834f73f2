"""What fixers made of accepted findings, from events."""

import pytest

from tests.domain.scorecard.test_scorecard import WRONG, said
from tests.journal.build import decided, event, undone
from xreview.cli.scorecard_text import scorecard_text
from xreview.domain.events.event import (
    FixApplied,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
)
from xreview.domain.fixing.fixer import MECHANICAL, FixerIdentity, FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.scorecard.figures import FixSpending
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import ScoredFixer
from xreview.domain.scorecard.scoring import score
from xreview.journal.facts import scorecard_facts
from xreview.journal.store import Journal
from xreview.review.record.scorecard_json import scorecard_json
from xreview.review.record.scorecard_words import (
    fix_cost_words,
    fix_outcome_words,
    refuted_words,
)
from xreview.tui.screens.scorecard import scorecard_content

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")
CODEX = FixerIdentity("codex", FixerKind.AGENT, "openai")
FIXED, BLOCKED, TAMPERED = FixOutcome.FIXED, FixOutcome.BLOCKED, FixOutcome.TAMPERED


def started(fix, by=CLAUDE, **given):
    return event(f"{fix}/s", FixStarted(fix, by, "t", ()), **given)


def judged(fix, outcome, *names, **given):
    return event(f"{fix}/{names[0]}/j", FixJudged(fix, names, outcome, "why"), **given)


def ended(fix, cost, **given):
    return event(f"{fix}/e", FixEnded(fix, "t", cost, 1.0), **given)


def applied(fix, *names, is_whole=True, **given):
    payload = FixApplied(f"{fix}/a", fix, names, ("a.py",), is_whole)
    return event(f"{fix}/a{is_whole}", payload, **given)


def reverted(fix, **given):
    return event(f"{fix}/r", FixReverted(f"{fix}/a", fix), **given)


ONE = [
    started("x1"),
    judged("x1", FIXED, "f1", "f1b"),
    judged("x1", FIXED, "f2"),
    judged("x1", TAMPERED, "f3"),
    ended("x1", 0.9),
    applied("x1", "f1b", "f3"),
]


def record_of(facts, **options):
    (record,) = score(facts, **options).fixers
    return record


def test_success_is_what_was_judged_fixed_and_works_what_is_in_the_files_too():
    record = record_of(ONE)
    assert record.fixer == ScoredFixer("claude-code", FixerKind.AGENT, "anthropic")
    assert record.success == Proportion(2, 3)
    assert record.outcomes == {TAMPERED: 1, FIXED: 2}
    assert record.working == 1  # f2 isn't applied, f3 is tampered
    assert record.spending == FixSpending(1, 0.9, 1, 1)
    assert record.spending.per_working == 0.9


@pytest.mark.parametrize(
    "later",
    [[reverted("x1")], [judged("x1", FixOutcome.NOT_VERIFIED, "f1", "f1b")]],
)
def test_what_was_undone_or_judged_otherwise_does_not_work(later):
    assert record_of([*ONE, *later]).working == 0


def test_a_part_of_a_fix_does_not_work():
    facts = [started("x1"), judged("x1", FIXED, "f1"), applied("x1", "f1", is_whole=False)]
    assert record_of(facts).working == 0
    assert record_of([*facts, applied("x1", "f1")]).working == 1


def test_a_fix_that_failed_makes_those_that_work_dearer():
    facts = [*ONE, started("x2"), judged("x2", BLOCKED, "f9"), ended("x2", 0.6)]
    record = record_of(facts)
    assert record.fixes == 2
    assert record.success == Proportion(2, 4)
    assert record.spending.per_working == pytest.approx(1.5)


def test_a_fix_of_unknown_cost_and_what_it_made_do_not_count_for_the_cost():
    facts = [
        *ONE, started("x2"), judged("x2", FIXED, "f9"), applied("x2", "f9"), ended("x2", None),
    ]  # fmt: skip
    record = record_of(facts)
    assert record.working == 2
    assert record.spending == FixSpending(1, 0.9, 1, 2)
    assert fix_cost_words(record.spending) == "$0.90* (1/2)"


def test_the_mechanical_fixer_is_free():
    facts = [started("x1", MECHANICAL), judged("x1", FIXED, "f1"), applied("x1", "f1")]
    record = record_of(facts)
    assert record.fixer.label == "suggestions (mechanical)"
    assert fix_cost_words(record.spending) == "$0.00*"


@pytest.mark.parametrize(
    ("spending", "words"),
    [
        (FixSpending(0, 0.0, 0, 3), "unknown"),
        (FixSpending(0, 2.0, 3, 3), "–"),
        (FixSpending(0, 2.0, 1, 3), "– (1/3)"),
        (FixSpending(10, 4.0, 3, 3), "$0.40"),
    ],
)
def test_the_cost_is_never_said_where_it_is_unknown(spending, words):
    assert fix_cost_words(spending) == words


def test_fixers_are_apart_and_so_are_repositories():
    facts = [
        *ONE,
        started("x1", CODEX, repository="/other"),
        judged("x1", FIXED, "f1", repository="/other"),
    ]
    assert [(one.fixer.name, one.success.of) for one in score(facts).fixers] == [
        ("claude-code", 3),
        ("codex", 1),
    ]


def test_a_judgement_without_its_start_is_skipped():
    assert score([judged("x1", FIXED, "f1"), ended("x1", 1.0), reverted("x1")]).fixers == ()


def test_since_a_time_only_later_fixes_count():
    facts = [*ONE, started("x2", second=30), judged("x2", FIXED, "f9", second=31)]
    since = started("x2", second=30).at
    assert record_of(facts, since=since).success == Proportion(1, 1)


BLOCKED_ONE = [
    decided("d1", "f1", second=1),
    started("x1", second=2),
    judged("x1", BLOCKED, "f1", second=3),
    judged("x1", FIXED, "f2", second=3),
]


@pytest.mark.parametrize(
    ("later", "count"),
    [
        ([], 0),
        ([decided("d2", "f1", decision=WRONG, second=4)], 1),
        ([decided("d2", "f2", decision=WRONG, second=4)], 0),  # it was no blocked one
        ([decided("d2", "f1", decision=WRONG, second=2)], 0),  # before the fixer said so
        ([decided("d2", "f1", decision=WRONG, second=4), undone("u", "d2", second=5)], 0),
        ([decided("d2", "f1", decision=WRONG, second=4), decided("d3", "f1", second=5)], 0),
    ],
)
def test_an_accepted_finding_is_refuted_if_the_user_agrees_with_the_fixer(later, count):
    assert score([*BLOCKED_ONE, *later]).refuted == Proportion(count, 2)


def test_few_are_not_enough():
    assert refuted_words(Proportion(0, 0)) == ""
    assert refuted_words(Proportion(1, 5)).endswith("1/5*, not enough")
    assert refuted_words(Proportion(2, 31)).endswith("2/31, 6% (2–21%)")


def test_the_words_name_what_is_worst_first():
    assert fix_outcome_words(record_of(ONE)) == "1 tampered, 2 fixed"
    assert fix_outcome_words(record_of([started("x1")])) == "nothing judged"


def test_the_journal_gives_the_same_figures(tmp_path):
    facts = [said("r", "f1"), *ONE, *BLOCKED_ONE[2:3]]
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append([said("r", "f1"), decided("d1", "f1"), *ONE])
    card = score(scorecard_facts(path, None))
    assert card.fixers == score([*facts[:-1]]).fixers
    assert card.refuted == Proportion(0, 3)


def test_json_has_the_documented_shape():
    document = scorecard_json(score([*ONE, started("x2"), ended("x2", None)]))
    (one,) = document["fixers"]
    assert one["fixer"] == {"name": "claude-code", "kind": "agent", "vendor": "anthropic"}
    assert (one["fixes"], one["judged"], one["working"]) == (2, 3, 1)
    assert one["outcomes"] == {"tampered": 1, "fixed": 2}
    assert one["success"]["is_thin"]
    assert one["spending"] == {
        "working": 1, "dollars": 0.9, "known": 1, "fixes": 2, "per_working": 0.9,
    }  # fmt: skip
    assert document["refuted"]["of"] == 3


EVIL = FixerIdentity("\x1b[2Jevil", FixerKind.AGENT, "x\u202e")


@pytest.mark.parametrize("reports", [[], [said("r", "f1"), decided("d", "f1")]])
def test_the_pages_show_it_and_hostile_names_take_no_effect(reports):
    card = score([*reports, *ONE, started("x2", EVIL), judged("x2", BLOCKED, "f1")])
    for page in (scorecard_text(card), scorecard_content(card, 100).plain):
        assert "What fixers made of accepted findings" in page
        assert "not enough" in page
        assert "$0.90*" in page
        assert "1 tampered, 2 fixed" in page
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert max(map(len, scorecard_text(card).split("\n"))) <= 80


def test_without_fixes_nothing_is_said_of_them():
    card = score([said("r", "f1"), decided("d", "f1")])
    assert "fixers" not in scorecard_text(card)
    assert "fixers" not in scorecard_content(card, 100).plain
