import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.strategies import by_kind, payloads
from tests.journal.build import report
from xreview.domain.authorship.author import Author
from xreview.domain.change import ChangeKind
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.codec import to_json
from xreview.domain.events.event import (
    AuthorAttributed,
    ChangeCollected,
    CoverageReceived,
    DecisionMade,
    ModelAsked,
    Payload,
    ReportReceived,
    SessionOpened,
    StanceTaken,
    decode,
)
from xreview.domain.report import Confidence
from xreview.domain.ruling import ChosenReport, Ruling
from xreview.domain.stance import Stance, StanceKind

KINDS = get_args(Payload)


@settings(max_examples=200, deadline=None)
@given(payloads)
def test_every_payload_comes_back_from_its_json_text(payload):
    stored = json.loads(json.dumps(to_json(payload)))
    assert decode(payload.type, payload.version, stored) == payload


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
def test_every_payload_is_generated_and_named_apart(kind):
    assert kind in by_kind
    assert [other.type for other in KINDS].count(kind.type) == 1


@pytest.mark.parametrize(
    ("type", "version"), [("prophecy-made", 1), ("decision-made", 4), ("decision-made", 0), ("", 1)]
)
def test_an_unknown_type_or_version_is_no_mistake(type, version):
    assert decode(type, version, {}) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def broken(value, path, replacement):
    """The value with the part at a path replaced."""
    if not path or not isinstance(value, dict | list) or not value:
        return replacement
    if isinstance(value, dict):
        key = sorted(value)[path[0] % len(value)]
        return {**value, key: broken(value[key], path[1:], replacement)}
    place = path[0] % len(value)
    return [*value[:place], broken(value[place], path[1:], replacement), *value[place + 1 :]]


@settings(max_examples=200, deadline=None)
@given(payloads, st.lists(st.integers(0, 20), max_size=4), json_values)
def test_a_malformed_payload_raises_what_is_promised(payload, path, replacement):
    data = broken(to_json(payload), path, replacement)
    try:
        decoded = decode(payload.type, payload.version, data)
    except (KeyError, ValueError):
        return
    assert isinstance(decoded, type(payload))


@pytest.mark.parametrize("field", ["severity", "confidence", "lens", "suggestion", "anchor"])
@pytest.mark.parametrize("value", [None, 3, ["high"], "terrible"])
def test_a_report_with_a_field_of_the_wrong_kind_is_refused(field, value):
    if (field, value) == ("suggestion", None):
        value = {"description": "without a replacement"}
    with pytest.raises((KeyError, ValueError)):
        decode("report-received", 1, {**to_json(ReportReceived(report())), field: value})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
@pytest.mark.parametrize("data", [{}, [], None, "text", 7])
def test_a_payload_that_is_none_of_its_kind_is_refused(kind, data):
    with pytest.raises((KeyError, ValueError)):
        decode(kind.type, kind.version, data)


WRONG = {str: 7, int: True, float: True, bool: 1, list: {}, dict: []}
"""For each kind of JSON value one that looks like it and is not."""


def paths_in(value, path=()):
    """The paths to all values inside a payload's JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in inside:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from paths_in(inner, (*path, key))


def with_wrong(value, path):
    if not path:
        return WRONG[type(value)] if value is not None else [3.5]
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = with_wrong(value[path[0]], path[1:])
    return changed


@settings(max_examples=150, deadline=None)
@given(payloads)
def test_a_value_of_another_kind_is_refused_wherever_it_is(payload):
    data = to_json(payload)
    for path in paths_in(data):
        wrong = with_wrong(data, path)
        with pytest.raises((KeyError, ValueError)):
            decode(payload.type, payload.version, wrong)


def test_a_decision_of_version_1_has_no_day():
    data = {"action": "a1", "subjects": ["f1"], "verdict": "reject", "reason": "later"}
    decision = Decision(Verdict.REJECT, Reason.LATER)
    assert decode("decision-made", 1, data) == DecisionMade("a1", ("f1",), decision, None)
    with pytest.raises(KeyError):
        decode("decision-made", 2, data)


@given(by_kind[DecisionMade])
def test_a_decision_of_version_2_takes_no_side(made):
    data = to_json(made)
    del data["ruling"], data["chosen"]
    assert decode("decision-made", 2, data) == replace(made, ruling=None, chosen=())
    with pytest.raises(KeyError):
        decode("decision-made", 3, data)


def test_a_side_belongs_to_its_reason():
    fixed = DecisionMade("a1", ("f1",), Decision(Verdict.ACCEPT, Reason.FIX), None)
    sided = replace(fixed, ruling=Ruling.REVIEWER, chosen=(ChosenReport("f1", "gpt"),))
    assert decode("decision-made", 3, to_json(sided)) == sided
    with pytest.raises(ValueError, match="doesn't imply"):
        replace(fixed, ruling=Ruling.AUTHOR)
    with pytest.raises(ValueError, match="chooses no report"):
        replace(sided, ruling=None, decision=Decision(Verdict.REJECT, Reason.DUPLICATE))


def test_a_session_of_version_1_names_no_reviewers():
    data = {"kind": "commit", "title": "t", "base": "b", "head": None, "program": "p"}
    expected = SessionOpened(ChangeKind.COMMIT, "t", "b", None, "p", (), "")
    assert decode("session-opened", 1, data) == expected


def test_only_what_is_put_off_has_a_day():
    later = DecisionMade("a1", ("f1",), Decision(Verdict.REJECT, Reason.LATER), "2026-01-31")
    assert decode("decision-made", 3, to_json(later)) == later
    with pytest.raises(ValueError, match="no day"):
        replace(later, decision=Decision(Verdict.ACCEPT, Reason.FIX))
    for day in ("", "tomorrow", "2026-02-30", "20260131", "2026-W05-6"):
        with pytest.raises(ValueError):  # noqa: PT011 - the sentence is datetime's own
            replace(later, until=day)


def test_versions_before_something_was_kept_say_nothing_of_it():
    change = {"files": 1, "added": 2, "removed": 3, "paths_digest": "d"}
    assert decode("change-collected", 1, change) == ChangeCollected(1, 2, 3, "d", ())
    author = {"tool": "t", "vendor": "v", "model": "m", "evidence": ["a trailer"]}
    decoded = decode("author-attributed", 1, author)
    assert decoded == AuthorAttributed("t", "v", "m", ("a trailer",), None)
    assert decoded.author == Author("t", "v", "m", ("a trailer",))
    second = {**author, "confidence": "low"}
    told = AuthorAttributed("t", "v", "m", ("a trailer",), Confidence.LOW)
    assert decode("author-attributed", 2, second) == told
    assert told.families == {}
    with pytest.raises(KeyError):
        decode("author-attributed", 3, second)
    assert decode("coverage-received", 1, {"entries": []}) == CoverageReceived((), {})
    stored = to_json(ReportReceived(report()))
    del stored["carried"]
    assert decode("report-received", 2, stored) == ReportReceived(report(), None)
    with pytest.raises(KeyError):
        decode("report-received", 3, stored)


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf"), 10**400])
def test_an_amount_that_is_none_is_refused(amount):
    data = {
        "reviewer": "opus",
        "input_tokens": 1,
        "output_tokens": 1,
        "cost": None,
        "seconds": amount,
    }
    with pytest.raises(ValueError, match=r"amount|too large"):
        decode("usage-received", 1, data)


def test_reports_and_stances_of_older_versions_say_less():
    stored = to_json(ReportReceived(replace(report(), settle="A stress test.")))
    assert decode("report-received", 4, stored).report.settle == "A stress test."
    del stored["settle"]
    assert decode("report-received", 3, stored) == ReportReceived(report())
    with pytest.raises(KeyError):
        decode("report-received", 4, stored)
    taken = StanceTaken(
        ("f1",), Stance(report().reviewer, StanceKind.REBUTS, "It is held.", "lock()")
    )
    stored = to_json(taken)
    for field in ("path", "line", "anchored"):
        del stored["stance"][field]
    assert decode("stance-taken", 1, stored) == taken
    with pytest.raises((KeyError, ValueError)):
        decode("stance-taken", 2, stored)
    with pytest.raises(ValueError, match="object"):
        decode("stance-taken", 1, {**stored, "stance": None})


def test_what_an_older_program_knew_of_replies_is_unknown_not_zero():
    before = {
        "reviewer": "gpt", "host": "h", "model": "m", "served": ["m"], "prompt": "risk/1",
        "digest": "ab", "requests": 1, "remembered": 0, "withheld": 0,
    }  # fmt: skip
    found = decode("model-asked", 1, before)
    assert isinstance(found, ModelAsked)
    assert found.replies is None
    assert to_json(found) == {**before, "replies": None}
