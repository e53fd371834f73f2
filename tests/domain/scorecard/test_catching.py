"""What the reviewers caught, missed and shipped."""

from dataclasses import replace

from tests.domain.scorecard.test_scorecard import (
    ADA,
    AS_GPT,
    AS_OPUS,
    GPT,
    OPUS,
    WRONG,
    read,
    said,
)
from tests.journal.build import decided, event, report, undone
from xreview.domain.events.event import FindingRemoved, FindingWritten, ProblemMissed
from xreview.domain.events.person_events import FoundIn
from xreview.domain.report import Category, Lens, Severity
from xreview.domain.scorecard.figures import CatchCount
from xreview.domain.scorecard.scoring import score

PATH = "shop/cart.py"
SEEN = [said("1", "f1"), said("2", "f2", by=GPT), read("opus", "gpt")]


def wrote(id, fingerprint, action="w1", lens=Lens.RISK):
    own = replace(report(fingerprint), reviewer=ADA, lens=lens)
    return event(id, FindingWritten(action, own))


def later(id, found, path=PATH, category=None, action="m1", **given):
    missed = ProblemMissed(action, path, 3, "It looped", found, Severity.HIGH, category)
    return event(id, missed, **given)


def test_what_a_reviewer_raised_and_you_accepted_is_caught():
    card = score([*SEEN, decided("d1", "f1"), decided("d2", "f2", decision=WRONG)])
    assert card.catches == CatchCount(caught=1)
    assert card.catches_by == {AS_OPUS: CatchCount(caught=1)}


def test_what_only_you_found_was_missed_by_all_who_read_the_file():
    facts = [*SEEN, wrote("3", "f3"), decided("d1", "f3")]
    card = score(facts)
    assert card.catches == CatchCount(missed=1)
    assert card.catches_by == {AS_GPT: CatchCount(missed=1), AS_OPUS: CatchCount(missed=1)}
    withdrawn = event("x", FindingRemoved("r1", ("f3",)))
    assert score([*facts, withdrawn]).catches == CatchCount()
    assert score([*facts, withdrawn, undone("u", "r1")]).catches == CatchCount(missed=1)
    assert score([*facts, undone("u", "w1")]).catches == CatchCount()


def test_a_reviewer_that_raised_it_too_did_not_miss_it():
    facts = [*SEEN, wrote("3", "f3"), decided("d1", "f1", "f3")]
    card = score(facts)
    assert card.catches == CatchCount(caught=1)
    assert card.catches_by == {AS_OPUS: CatchCount(caught=1)}


def test_nobody_is_charged_with_what_it_did_not_read_or_look_for():
    unread = [said("1", "f1"), read("opus", path="other.py"), later("2", FoundIn.TESTING)]
    assert score(unread).catches == CatchCount(missed=1)
    assert score(unread).catches_by == {}
    facts = [*SEEN, wrote("3", "f3", lens=Lens.ECONOMY), decided("d1", "f3")]
    assert score(facts).catches == CatchCount(missed=1)
    assert score(facts).catches_by == {}  # both looked for risks only
    documented = later("4", FoundIn.PRODUCTION, category=Category.DOCUMENTATION)
    assert score([*SEEN, documented]).catches_by == {}


def test_what_is_found_in_production_has_shipped():
    card = score([*SEEN, later("3", FoundIn.PRODUCTION), later("4", FoundIn.TESTING, action="m2")])
    assert card.catches == CatchCount(missed=1, shipped=1)
    assert card.catches_by[AS_OPUS] == CatchCount(missed=1, shipped=1)
    undone_card = score([*SEEN, later("3", FoundIn.PRODUCTION), undone("u", "m1")])
    assert undone_card.catches == CatchCount()


def test_only_the_session_it_is_charged_to_counts():
    facts = [*SEEN, later("3", FoundIn.TESTING, session="s2")]
    assert score(facts).catches == CatchCount(missed=1)
    assert score(facts).catches_by == {}


def test_it_counts_from_when_it_came_to_light():
    late = later("3", FoundIn.TESTING, second=50)
    assert score([*SEEN, late], since=late.at).catches == CatchCount(missed=1)
    assert score([*SEEN, later("3", FoundIn.TESTING)], since=late.at).catches == CatchCount()


def test_a_person_costs_nothing_and_is_in_no_comparison_of_models():
    card = score([*SEEN, wrote("3", "f3"), decided("d1", "f3")])
    assert [one.name for one in card.yields] == ["gpt", "opus"]
    assert OPUS.is_model
    assert not ADA.is_model
    assert not ADA.is_model_of("person")
