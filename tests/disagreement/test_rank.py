from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disagreement.speaking import (
    CLAUDE,
    GEMINI,
    GPT,
    RACE,
    RACE_TOO,
    SECRET,
    TYPO,
    said,
)
from tests.fakes.reports import ECONOMY, RISK, finding, report
from xreview.disagreement.attention import can_be_confirmed_in_bulk
from xreview.disagreement.fold import findings_of
from xreview.disagreement.groups import Group, group_of, is_high_stakes
from xreview.disagreement.rank import chance, ranked
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Category, Direction, Severity
from xreview.domain.stance import Stance, StanceKind

PANEL = [CLAUDE, GPT, GEMINI]
DULL = "The list is built twice with the same elements"
PLAIN = Category.SIMPLIFICATION


def one(*reports, kind=None, panel=PANEL) -> Finding:
    (found,) = findings_of(reports, panel)
    return replace(found, disagreement=kind) if kind else found


def lone(claim=DULL, line=1, **more) -> Finding:
    return one(said(claim, line=line, **{"category": PLAIN, **more}))


def everybody(claim=DULL, **more) -> Finding:
    return one(*(said(claim, who, **{"category": PLAIN, **more}) for who in PANEL))


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        (Disagreement.CONTESTED, Group.CONTESTED),
        (Disagreement.CONFLICT, Group.CONFLICT),
        (Disagreement.TRADE_OFF, Group.TRADE_OFF),
        (Disagreement.CONCEDED, Group.QUICK_CONFIRM),
        (Disagreement.LONE, Group.LONE),
    ],
)
def test_the_kind_decides_the_group(kind, group):
    assert group_of(one(said(DULL), kind=kind)) is group


def test_corroborated_is_split_unless_all_models_agree():
    two = [said(RACE), said(RACE_TOO, GPT)]
    assert group_of(one(*two, panel=[CLAUDE, GPT])) is Group.QUICK_CONFIRM
    assert group_of(one(*two, panel=[CLAUDE, GPT, RISK])) is Group.QUICK_CONFIRM
    assert group_of(one(*two)) is Group.SPLIT
    agreed = one(*two)
    conceded = replace(agreed, stances=(*agreed.stances[:2], Stance(GEMINI, StanceKind.CONCEDES)))
    assert group_of(conceded) is Group.QUICK_CONFIRM


@pytest.mark.parametrize(
    "claim",
    [
        "A refund is issued twice",
        "The password is logged",
        "updateBalance drops cents",
        "Login succeeds without a second factor",
        "The file is truncated before it is read",
        "An access_token never expires",
        "Data loss if the disk is full",
        "OAuth2 state is not checked",
        "Authorization is skipped for admins",
        "Unauthenticated requests reach the handler",
        "An unauthorized caller may read it",
        "It deletes every row",
        "DELETE without WHERE removes what it finds",
        "A migration drops the users table",
        "The job wipes the database",
        "The wallet is debited twice",
        "Customers are overcharged",
        "The API key is printed",
        "The token is never checked",
        "The admin check is missing",
        "The form has no CSRF protection",
        "A comment is an XSS hole",
        "The sign-in is skipped",
        "A crash loses the data",
    ],
)
def test_money_data_and_keys_are_high_stakes(claim):
    found = everybody(claim)
    assert is_high_stakes(found)
    assert group_of(found) is Group.QUICK_CONFIRM
    assert not can_be_confirmed_in_bulk(found, None)


@pytest.mark.parametrize("category", [Category.SECURITY, Category.DATA_INTEGRITY])
def test_the_category_of_one_report_is_enough(category):
    found = one(said(DULL, category=PLAIN), said(DULL, GPT, category=category), said(DULL, GEMINI))
    assert is_high_stakes(found)


@pytest.mark.parametrize("claim", [DULL, TYPO, "The author of the module is unclear", "Repaid"])
def test_the_rest_may_be_confirmed_in_bulk(claim):
    found = everybody(claim, category=Category.DOCUMENTATION)
    assert not is_high_stakes(found)
    assert can_be_confirmed_in_bulk(found, None)
    assert not can_be_confirmed_in_bulk(lone(claim), None)


def test_the_chance_follows_what_was_measured():
    assert [round(chance(n, 3), 2) for n in (1, 2, 3)] == [0.18, 0.5, 0.82]
    assert chance(1, 1) == chance(1, 3)
    assert chance(3, 15) < chance(12, 15)


def test_groups_come_first_and_nothing_is_dropped():
    findings = [
        lone("worst of all", severity=Severity.CRITICAL),
        everybody("agreed by all", path="b.py"),
        one(said(RACE, path="c.py"), said(RACE_TOO, GPT, path="c.py")),
        one(said(TYPO, path="d.py"), kind=Disagreement.CONTESTED),
        one(said(SECRET, path="e.py"), kind=Disagreement.TRADE_OFF),
    ]
    order = ranked(findings)
    assert [group_of(f) for f in order] == [
        Group.CONTESTED, Group.TRADE_OFF, Group.SPLIT, Group.QUICK_CONFIRM, Group.LONE
    ]  # fmt: skip
    assert sorted(map(id, order)) == sorted(map(id, findings))


def test_in_a_group_severity_stakes_and_category_count():
    high = lone("Alpha beta gamma", 1, severity=Severity.HIGH)
    payment = lone("The payment delta", 2)
    medium = lone("Epsilon zeta eta", 3)
    words = lone("Theta iota kappa", 4, category=Category.DOCUMENTATION)
    low = lone("Lambda mu nu", 5, severity=Severity.LOW)
    assert ranked([low, words, medium, payment, high]) == [high, payment, medium, words, low]


def test_the_record_of_the_pair_in_the_category_counts_and_is_smoothed():
    claude, gpt = lone("Alpha beta gamma"), one(said("Delta zeta eta", GPT, line=9, category=PLAIN))
    key = ("google", "openai", PLAIN)
    assert ranked([claude, gpt], "google") == [claude, gpt]
    assert ranked([claude, gpt], "google", {key: (9, 10)}) == [gpt, claude]
    assert ranked([gpt, claude], "google", {key: (0, 1)}) == [claude, gpt]
    assert ranked([claude, gpt], "mistral", {key: (9, 10)}) == [claude, gpt]
    always, seldom = {key: (1, 1)}, {key: (1, 1), ("google", "anthropic", PLAIN): (90, 100)}
    assert ranked([claude, gpt], "google", always) == [gpt, claude]
    assert ranked([claude, gpt], "google", seldom) == [claude, gpt]


def test_what_resembles_something_read_before_sinks():
    first, again = lone(RACE, 1, path="a.py"), lone(RACE, 1, path="b.py")
    other = lone(TYPO, 1, path="c.py")
    assert ranked([first, again, other]) == [first, other, again]


@given(st.permutations(range(7)))
def test_the_order_does_not_depend_on_the_order_of_arrival(places):
    findings = [lone(f"Thing {at} is wrong", 1 + at) for at in range(7)]
    assert ranked([findings[at] for at in places]) == ranked(findings)


def test_a_group_larger_than_anybody_reads_ahead_is_ranked_whole():
    findings = [lone(f"Thing{at} fails", 1 + at) for at in range(120)]
    assert sorted(map(id, ranked(findings))) == sorted(map(id, findings))


def test_disputed_findings_come_before_worse_lone_ones_and_unanchored_ones_last():
    conflict = finding(
        report("a", request=(Direction.ADD, "locking")),
        report("b", reviewer=ECONOMY, request=(Direction.REMOVE, "locking")),
    )
    alone = finding(report("c", severity=Severity.CRITICAL, path="z.py"))
    minor = finding(report("d", severity=Severity.LOW))
    unanchored = finding(report("e", severity=Severity.CRITICAL, anchored=False))
    ordered = ranked([minor, unanchored, alone, conflict])
    assert ordered == [conflict, alone, minor, unanchored]
    assert group_of(minor) is Group.MINOR
    assert group_of(alone) is Group.LONE


def test_of_two_that_are_alike_the_one_that_deserves_more_attention_comes_first() -> None:
    first = one(said(DULL, path="a.py", category=PLAIN))
    second = one(said("The loop opens one file for each of the rows", path="b.py", category=PLAIN))

    def order(a: int, b: int) -> list[str]:
        each = {"a.py": Attention(AttentionLevel(a)), "b.py": Attention(AttentionLevel(b))}
        attention = ChangeAttention(Attention(AttentionLevel.READ), each)
        return [found.anchor.path for found in ranked([first, second], attention=attention)]

    assert order(3, 4) == ["b.py", "a.py"]
    assert order(4, 3) == order(3, 2) == ["a.py", "b.py"]


def test_what_only_names_the_same_things_as_something_read_before_keeps_its_place():
    first = lone("parse_header reads the length before it skips the blanks", 1, path="a.py")
    about_it = lone("parse_header drops the length of the comment", 1, path="b.py")
    other = lone(TYPO, 1, path="c.py")
    assert ranked([other, about_it, first]) == [first, about_it, other]
