"""What the user took from attempts is told with the session that it is part of."""

import json
from dataclasses import replace

import pytest

from tests.export.build import DOCUMENT, SESSION
from tests.review.attempts.trials_at_hand import CODEX, GEMINI
from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.takes import HeldTake
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.export.format import export_formats

HOSTILE = "limit \x1b[2J<b>retries</b> | now"
TAKE = HeldTake(
    AttemptTaken("0001-aa", "t1", ("A", "B"), f"B's {HOSTILE}", ("shop/cart.py",), (), True),
    "2025-11-21T08:00:00.000000+00:00",
    f"Task: {HOSTILE}\nand more of it",
    {"A": Seat("A", CODEX), "B": Seat("B", GEMINI)},
)
TAKEN = replace(DOCUMENT, sessions=(replace(SESSION, taken=(TAKE,)),))


def render(name: str) -> str:
    return export_formats()[name].render(TAKEN)


def writer(name: str, kind: str, family: str, model: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "family": family, "model": model}


def test_json_has_it_field_by_field():
    (session,) = json.loads(render("json"))["sessions"]
    (taken,) = session["taken"]
    assert taken == {
        "trial": "t1",
        "task": f"Task: {HOSTILE}",
        "attempts": [
            {"label": "A", "writer": writer("codex", "agent", "openai", "gpt-6.2-sol")},
            {"label": "B", "writer": writer("gemini", "model", "google", "gemini-4-pro")},
        ],
        "reason": f"B's {HOSTILE}",
        "paths": ["shop/cart.py"],
        "is_green": True,
        "at": "2025-11-21T08:00:00.000000+00:00",
    }
    assert json.loads(render("jsonl").splitlines()[0])["sessions"][0]["taken"] == [taken]


@pytest.mark.parametrize("name", ["markdown", "html", "sarif"])
def test_the_others_have_a_sentence_in_which_nothing_takes_effect(name):
    text = render(name)
    assert "pieces of attempts A (codex) and B (gemini) of" in text
    assert "2025-11-21 08:00 UTC" in text
    assert "\x1b" not in text
    if name != "sarif":
        assert "<b>retries" not in text
