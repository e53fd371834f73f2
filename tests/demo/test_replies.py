"""The written replies, looked at one by one: each stands on the code, and each has its claim."""

import pytest

from tests.demo.test_sample import files
from tests.demo.test_scene import attempted
from xreview.analysers.rules import rules_for
from xreview.demo.panel import scripts
from xreview.domain.report import Category, Confidence, Severity
from xreview.domain.stance import StanceKind

REPLIES = [(script.name, reply) for script in scripts() for reply in script.replies]
WRITTEN = [files(), *(attempted(script.name) for script in scripts())]
"""The sample as it is, and as each attempt leaves it."""

FINDINGS = [(name, reply) for name, reply in REPLIES if "to" not in reply]
ANSWERS = [(name, reply) for name, reply in REPLIES if "to" in reply]


def named(pair) -> str:
    name, reply = pair
    return f"{name}-{reply.get('title') or reply['to']}"


def test_both_vendors_review_and_answer():
    assert {one.vendor for one in scripts() if one.replies} == {"anthropic", "openai"}
    assert all("(scripted)" in script.name for script in scripts())
    for some in (FINDINGS, ANSWERS):
        assert {name for name, _ in some} == {one.name for one in scripts() if one.replies}


@pytest.mark.parametrize("pair", REPLIES, ids=named)
def test_each_quotes_the_code_of_its_file_once(pair):
    _, reply = pair
    quote = reply["quote"].split("\n")
    assert 1 <= len(quote) <= 6

    def count(text: str) -> int:
        lines = text.split("\n")
        return sum(lines[n : n + len(quote)] == quote for n in range(len(lines)))

    counts = {count(one.get(reply["path"], "")) for one in WRITTEN}
    assert counts - {0} == {1}, reply["quote"]


@pytest.mark.parametrize("pair", REPLIES, ids=named)
def test_what_takes_a_reply_away_is_in_an_attempt_and_not_in_the_sample(pair):
    _, reply = pair
    for line in reply.get("unless", ()):
        found = [line in one.get(reply["path"], "").split("\n") for one in WRITTEN]
        assert not found[0]
        assert any(found), line


@pytest.mark.parametrize("pair", FINDINGS, ids=named)
def test_each_finding_is_complete_and_brief(pair):
    _, reply = pair
    assert len(reply["title"]) <= 80
    assert reply["category"] in set(Category)
    assert reply["severity"] in {one.word for one in Severity}
    assert reply["confidence"] in {one.word for one in Confidence}
    for field in ("claim", "scenario", "settle"):
        assert 20 < len(reply[field]) < 500


@pytest.mark.parametrize("pair", ANSWERS, ids=named)
def test_each_answer_is_to_something_that_is_said_by_somebody_else(pair):
    name, reply = pair
    titles = {one["title"] for other, one in FINDINGS if other != name}
    assert reply["to"] in titles | {rule.title for rule in rules_for("python")}
    assert StanceKind(reply["stance"])
    assert 20 < len(reply["argument"]) < 500


def test_every_finding_is_answered_but_those_whose_author_has_nothing_to_say():
    answered = {(reply["to"], reply["path"]) for _, reply in ANSWERS}
    left = [one["title"] for _, one in FINDINGS if (one["title"], one["path"]) not in answered]
    assert left == [
        "Two equal bookings are silently dropped, and old duplicates stop the start",
        "`unittest` never runs this test",
        "“Both or neither” doesn't say that callers never learn which",
    ]
