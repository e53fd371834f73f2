"""What an event may hold never changes within a version."""

import pytest

from tests.domain.events.stored_forms import changed, form_of, forms, kept
from xreview.domain.decision import Reason
from xreview.domain.events.event import PAYLOADS

HOW = (
    "Raise the event's version, add the upgrade, run `python -m tests.domain.events.stored_forms`."
)


def test_no_form_changed_without_a_new_version():
    assert changed(kept()) == [], HOW


def test_every_form_is_kept():
    known = kept()
    missing = [
        f"{type} {version}"
        for type, versions in forms().items()
        for version in versions
        if version not in known.get(type, {})
    ]
    assert missing == [], HOW


def test_an_enum_with_one_more_value_is_another_form():
    assert form_of(Reason) == "one of: " + ", ".join(Reason)
    known = kept()
    form = known["decision-made"]["3"]
    known["decision-made"]["3"] = {**form, "reason": form["reason"].removesuffix(", measure")}
    assert changed(known) == ["decision-made 3"]


@pytest.mark.parametrize("kind", PAYLOADS.values(), ids=list(PAYLOADS))
def test_each_version_has_the_step_that_upgrades_it(kind):
    assert len(kind.upgrades) == kind.version - 1
