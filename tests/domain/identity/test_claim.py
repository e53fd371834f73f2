import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given

from tests.domain.strategies import texts
from tests.fakes.reports import report
from xreview.domain.identity import claim as claims
from xreview.domain.identity.claim import (
    MOST_BY_WORDS,
    Claims,
    claim_key,
    claim_key_of,
    claims_agree,
    overlap,
    plain,
    stems,
    words_agree,
)
from xreview.domain.report import Category

FIXTURES = Path(__file__).parents[4] / "shared" / "data" / "crb" / "fixtures"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Race condition when two workers claim one job", "The update is not atomic: two may win"),
        ("Possible None dereference of user", "user can be null here and raises AttributeError"),
        ("Error is silently swallowed", "The exception is caught and ignored"),
        ("SQL injection through the name", "Unsanitised input reaches the query"),
    ],
)
def test_one_kind_of_failure_in_other_words_has_one_key(one, other):
    assert claim_key_of(one, "", Category.EDGE_CASE) == claim_key_of(other, "", Category.TIMING)


def test_kinds_of_failure_are_told_apart_and_words_inside_words_are_none():
    claims = ("a race between writers", "never closed handle", "N+1 query", "trace the index block")
    keys = [claim_key_of(claim, "", Category.CONSISTENCY) for claim in claims]
    assert len(set(keys)) == len(keys)
    assert claim_key_of("bracelet updated", "", Category.SECURITY) == "model/security"


def test_the_title_is_asked_before_the_claim():
    assert claim_key_of("Stale cache", "The race loses.", Category.TIMING) == "model/cache"
    assert claim_key_of("Odd", "The race loses.", Category.TIMING) == "model/race"


def test_a_rule_is_its_own_claim_whatever_the_words():
    left, right = report("one", rule="x/1"), report("another thing", rule="x/1")
    assert claim_key(left) == "x/1"
    assert claims_agree(left, right)
    assert not claims_agree(left, report("one", rule="x/2"))
    assert not claims_agree(left, report("one"))


@given(texts, texts)
def test_agreement_is_symmetric(one, other):
    left, right = report(one, claim=other), report(other, claim=one)
    assert claims_agree(left, right) == claims_agree(right, left)
    assert claims_agree(left, left)


def test_real_rewordings_agree_far_more_often_than_real_differences():
    """Pairs of different tools' wordings, labelled by three judges: the same issue, or another of
    the same pull request, which rarely stands in the same code and so is an upper bound."""
    if not FIXTURES.is_dir():
        pytest.skip(f"no labelled pairs at {FIXTURES}")
    agreed = {True: 0, False: 0}
    asked = {True: 0, False: 0}
    for path in FIXTURES.glob("*.json"):
        for same, left, right in _pairs(json.loads(path.read_text())):
            asked[same] += 1
            agreed[same] += overlap(stems(left), stems(right)) >= 0.2 or _key(left) == _key(right)
    assert agreed[True] / asked[True] > 0.8
    assert agreed[False] / asked[False] < 0.2


def _key(text):
    return claim_key_of(text, "", Category.EDGE_CASE)


def _pairs(data):
    said = [
        (tool, data["labels"][one["id"]]["issue"], one["text"])
        for tool, ones in data["reviewers"].items()
        for one in ones
        if data["labels"][one["id"]]["issue"]
    ]
    for (tool, issue, text), (other_tool, other_issue, other_text) in combinations(said, 2):
        if tool != other_tool:
            yield issue == other_issue, text, other_text


def is_said_again(one, other):
    known = Claims()
    known.earlier(one)
    return known.earlier(other) is not None


@given(texts, texts)
def test_what_is_said_again_is_so_both_ways_and_by_everybody(one, other):
    assert is_said_again(one, one)
    assert is_said_again(one, other) is is_said_again(other, one)


def test_two_failures_of_one_kind_are_not_said_again():
    lost = "Race\nTwo requests both pass the balance check and one payment is lost."
    assert not is_said_again(lost, "Race\nThe lock is released before the commit.")
    assert is_said_again(lost, "RACE\nTwo  requests both pass the balance check: a payment is lost")


def test_what_is_said_again_is_known_by_the_words_that_came_first():
    known = Claims()
    assert known.earlier("The Lock is late") is None
    assert known.earlier("The lock is late, really") == plain("The Lock is late")
    assert known.earlier("A queue never ends") is None
    assert known.is_first(plain("The Lock is late"))
    assert not known.is_first(plain("A queue never ends"))


def test_each_claim_is_taken_apart_once_however_many_there_are(monkeypatch):
    asked = []
    monkeypatch.setattr(claims, "stems", lambda text: asked.append(text) or stems(text))
    said = [f"alpha{one} beta{one} gamma{one}" for one in range(3 * MOST_BY_WORDS)]
    known = Claims()
    assert [known.earlier(one) for one in said] == [None] * len(said)
    assert asked == said


def test_beyond_many_claims_a_literal_repeat_is_still_known():
    known = Claims()
    said = [f"alpha{one} beta{one} gamma{one}" for one in range(2 * MOST_BY_WORDS)]
    for one in said:
        known.earlier(one)
    assert [known.earlier(one.upper()) for one in said] == said
    assert known.earlier(f"{said[0]} again") == said[0]
    assert known.earlier(f"{said[-1]} again") is None


def test_the_same_words_agree_in_any_script():
    left = report("竞态", claim="两个请求同时通过检查。")
    assert words_agree(left, left)
    assert not words_agree(left, report("竞态", claim="锁释放得太早。"))
