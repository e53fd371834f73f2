"""The gate: no text of a request leaves with a secret in it, wherever that came from."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.http.asking import FULL
from xreview.domain.report import Lens
from xreview.ports.request import (
    Exchange,
    ModelRequest,
    ToolCall,
    ToolResult,
)
from xreview.review.egress import secrets
from xreview.review.egress.gate import MASK, Gate
from xreview.review.escalate.arbiter import arbiter_template
from xreview.review.escalate.measure import PYTHON, measure_template
from xreview.review.prompt.template import template_for
from xreview.review.rebut.rebut import rebut_template

TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0" * 2
PASSWORD = "tr0ub4dor-3x"
CALL = ToolCall("1", "search", "{}")


def texts_of(request: ModelRequest) -> str:
    return json.dumps(
        [request.instructions, request.shared, request.question]
        + [[one.text, *(result.text for result in one.results)] for one in request.exchanges]
    )


@pytest.mark.parametrize("place", ["instructions", "shared", "question", "text", "result"])
def test_a_token_is_masked_in_every_text_of_a_request(place: str) -> None:
    said = dict.fromkeys(("instructions", "shared", "question", "text", "result"), "nothing")
    said[place] = f"docs/{TOKEN}.py:1: x"
    exchange = Exchange(None, (ToolResult(CALL, said["result"]),), said["text"])
    request = ModelRequest(
        said["instructions"], said["question"], said["shared"], exchanges=(exchange,)
    )

    shown, withheld = Gate().request(request)

    assert withheld == 1
    assert f"docs/{MASK}.py:1: x" in texts_of(shown)
    assert TOKEN not in texts_of(shown)


def test_what_holds_no_secret_stays_as_it_is() -> None:
    shown, withheld = Gate().request(FULL)

    assert withheld == 0
    assert texts_of(shown) == texts_of(FULL)
    assert (shown.schema, shown.tools, shown.effort) == (FULL.schema, FULL.tools, FULL.effort)


@pytest.mark.parametrize(
    "template",
    [
        *(template_for(lens) for lens in Lens),
        rebut_template(),
        arbiter_template(),
        measure_template(PYTHON),
    ],
)
def test_our_own_words_are_no_secret(template) -> None:
    request = ModelRequest(template.instructions, template.closing, template.purpose)

    assert Gate().request(request)[1] == 0


def test_a_secret_that_a_file_gave_away_is_masked_where_nothing_tells_it() -> None:
    gate = Gate()
    assert gate.file(f'x = 1\npassword = "{PASSWORD}"\n', "settings.py").lines == {2}

    said = gate.text(f"The value {PASSWORD} is hard-coded.")
    shown, _ = gate.request(ModelRequest("", f"   12|check(“{PASSWORD}”)"))

    assert said.text == f"The value {MASK} is hard-coded."
    assert shown.question == f"   12|check(“{MASK}”)"


def test_a_common_word_that_is_a_password_somewhere_is_no_secret_elsewhere() -> None:
    gate = Gate()
    gate.file('password = "development"\n', "settings.py")

    assert gate.text("It runs in development.").text == "It runs in development."


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_it_lets_nothing_through_twice(before: str, after: str) -> None:
    gate = Gate()
    first, _ = gate.request(ModelRequest("", f"{before} {TOKEN} {after}"))
    again, withheld = gate.request(ModelRequest("", first.question))

    assert TOKEN not in first.question
    assert (again.question, withheld) == (first.question, 0)


def test_a_request_waits_for_the_detectors_that_are_being_loaded(monkeypatch) -> None:
    started, go = threading.Event(), threading.Event()
    load = secrets._scanner

    def slow_scanner():
        started.set()
        go.wait(30)
        return load()

    monkeypatch.setattr(secrets, "_scanner", slow_scanner)
    gate = Gate()
    gate.get_ready()
    assert started.wait(30)
    with ThreadPoolExecutor(1) as pool:
        clearing = pool.submit(gate.request, ModelRequest(f"say {TOKEN}", "what?", ""))
        assert not wait([clearing], timeout=0.05).done
        go.set()
        shown, withheld = clearing.result(30)

    assert withheld == 1
    assert TOKEN not in texts_of(shown)


def test_detectors_that_cannot_be_loaded_are_told_where_they_are_needed(monkeypatch) -> None:
    asked = threading.Semaphore(0)

    def broken_scanner():
        asked.release()
        raise OSError("no rules")

    monkeypatch.setattr(secrets, "_scanner", broken_scanner)
    gate = Gate()
    gate.get_ready()
    assert asked.acquire(timeout=30)

    with pytest.raises(OSError, match="no rules"):
        gate.request(ModelRequest("say", "what?", ""))
