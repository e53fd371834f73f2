"""The test that would settle a finding: asked for, written down, never run."""

import ast
import os
import re
import stat
import subprocess
import sys
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from tests.domain.strategies import texts
from tests.fakes.model import ScriptedModel, answer
from tests.fakes.reports import report as made
from tests.review.escalate.test_arbiter import CONTESTED
from tests.review.rebut.building import CHANGE, CRITIC, RACE, answerer, finding, turn
from xreview.domain.errors import UsageError
from xreview.domain.finding import Finding
from xreview.ports.model import Finished, Stop
from xreview.ports.request import ToolCall
from xreview.ports.reviewer import Asked, Notice
from xreview.review.escalate.measure import (
    MEASURE_SCHEMA,
    PYTHON,
    Measure,
    ask_measure,
    measure_language,
)
from xreview.review.escalate.measure_file import (
    measure_file_name,
    rendered_test,
    skeleton,
    write_measure,
)

CODE = "import pytest\n\n\ndef test_two_charges():\n    assert True  # the answer holds\n"
WRITTEN = {
    "settles": "Whether two charges can run at once.",
    "limits": "One process.",
    "code": CODE,
}
MEASURE = Measure(PYTHON, CODE, WRITTEN["settles"], WRITTEN["limits"], "opus (model: anthropic)")


async def measured(model: ScriptedModel, about: Finding = CONTESTED, **given: Any) -> list[Any]:
    stream = ask_measure(
        about, CHANGE.change, CHANGE.contents, answerer(model, identity=CRITIC, **given)
    )
    async with aclosing(stream) as signals:
        return [signal async for signal in signals]


async def test_a_model_writes_the_file_from_both_sides_and_what_would_settle_it() -> None:
    model = ScriptedModel(turn(WRITTEN))

    signals = await measured(model)

    (measure,) = [one for one in signals if isinstance(one, Measure)]
    assert (measure.code, measure.settles) == (CODE, WRITTEN["settles"])
    assert measure.by == CRITIC.label
    (sent,) = model.asked
    for part in ("Nothing keeps two requests apart.", "lock of the order", "two threads"):
        assert part in sent.question
    assert "with locks.of(order):" in sent.shared
    assert "Use Python and pytest." in sent.instructions
    assert next(one for one in signals if isinstance(one, Asked)).prompt == "measure/2"


async def test_it_may_look_the_code_up_first() -> None:
    class Tools:
        withheld = 2
        calls: list[str]

        def __init__(self) -> None:
            self.calls = []

        def doing(self, call: ToolCall) -> str:
            return "reading"

        def limited(self, most_bytes: int):
            return self

        async def answer(self, call: ToolCall):
            from xreview.ports.request import ToolResult

            self.calls.append(call.name)
            return ToolResult(call, "def of(order): ...")

    tools = Tools()
    call = ToolCall("1", "read_file", '{"path": "locks.py"}')
    model = ScriptedModel([call, Finished(Stop.TOOLS)], turn(WRITTEN))

    signals = await measured(model, new_toolbox=lambda: tools)

    assert tools.calls == ["read_file"]
    assert any(isinstance(one, Measure) for one in signals)
    assert next(one for one in signals if isinstance(one, Asked)).withheld == 2


@pytest.mark.parametrize(
    ("turns", "why"),
    [
        ([[Finished(Stop.REFUSED)]], "the model refused"),
        ([turn()], "its answer was empty"),
        ([turn({**WRITTEN, "code": " "}), turn({**WRITTEN, "code": 7})], "malformed"),
        ([answer("no"), answer("no")], "the answer was invalid"),
    ],
)
async def test_no_file_is_a_notice(turns, why: str) -> None:
    signals = await measured(ScriptedModel(*turns))
    assert not any(isinstance(one, Measure) for one in signals)
    (notice,) = [one for one in signals if isinstance(one, Notice)]
    assert why in notice.sentence


def test_the_file_says_what_it_settles_who_wrote_it_and_that_nobody_ran_it() -> None:
    text = rendered_test(MEASURE, CONTESTED)
    for part in (
        "# What it settles: Whether two charges can run at once.",
        "# What it doesn't show: One process.",
        "Written by opus (model: anthropic), not run or checked",
        "# At: shop/pay.py:8",
        "# Claimed: Nothing keeps two requests apart.",
        "# Answered: The lock of the order is held.",
        "python -m pytest this file",
    ):
        assert part in text
    assert text.endswith(CODE)
    ast.parse(text)


def test_control_characters_in_the_code_are_shown() -> None:
    hostile = replace(MEASURE, code="x = 1  # \u202e\x1b[2J\r\ny = 2\n")
    text = rendered_test(hostile, CONTESTED)
    assert not re.search("[\u202e\x1b\r]", text)
    assert "␛[2J" in text


def test_a_skeleton_says_that_it_is_one_and_skips(tmp_path: Path) -> None:
    path = write_measure(tmp_path, CONTESTED, skeleton(CONTESTED), None)
    text = path.read_text("utf-8")
    assert "A skeleton that checks nothing yet: no model" in text
    assert "# - A test with two threads." in text
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            tmp_path,
            path,
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        check=False,
    )
    assert "1 skipped" in done.stdout, done.stdout + done.stderr


def test_a_skeleton_for_another_language_is_a_comment() -> None:
    about = finding(made("Swallowed", path="cart.go", reviewer=CRITIC))
    text = skeleton(about)
    assert "No suggestions." in text
    assert all(not line or line.startswith("//") for line in text.split("\n"))
    assert measure_file_name(about).endswith("_test.go")
    assert measure_file_name(about, 2).endswith("_2_test.go")


@pytest.mark.parametrize("path", ["a.py", "a.java", "a.c", "a.js", "a.unknown"])
@settings(max_examples=60, deadline=None)
@given(texts, texts)
def test_nothing_that_was_said_gets_out_of_the_comment(path: str, said: str, answered: str) -> None:
    lead = replace(made(path=path, reviewer=CRITIC), title=said, claim=answered, settle=said)
    about = Finding((lead,), CONTESTED.stances, CONTESTED.disagreement)
    measure = replace(
        MEASURE, language=measure_language(path) or PYTHON, settles=said, limits=answered
    )
    sign = measure.language.comment
    header = rendered_test(measure, about).removesuffix(CODE)
    for line in header.splitlines():  # at whatever ends a line
        assert not line or line.startswith(sign)
        assert "\\" not in line
        assert "??/" not in line
    for line in skeleton(about).split("\n\n")[0].splitlines():
        assert line.startswith(sign)


def test_the_first_two_lines_are_ours_so_that_nobody_chooses_the_encoding() -> None:
    measure = replace(MEASURE, by="coding: utf-7", settles="coding: utf-7")
    lead = replace(RACE, title="-*- coding: utf-7 -*-")
    text = rendered_test(measure, Finding((lead,), (), CONTESTED.disagreement))
    assert not any("coding" in line for line in text.split("\n")[:2])


def test_the_file_is_private_not_executable_and_never_overwritten(tmp_path: Path) -> None:
    first = write_measure(tmp_path / "new", CONTESTED, "one\n", None)
    second = write_measure(tmp_path / "new", CONTESTED, "two\n", None)
    assert (first.read_text(), second.read_text()) == ("one\n", "two\n")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert first.name.startswith("test_settle_")


def test_files_about_two_claims_on_one_piece_of_code_tell_by_their_names_which_is_which() -> None:
    names = {
        measure_file_name(replace(CONTESTED, reports=(replace(RACE, fingerprint=whole),)))
        for whole in ("3d8903858e221de01760", "3d8903858e221de01760-bd16c733")
    }
    assert names == {"test_settle_3d8903858e22.py", "test_settle_3d8903858e22_bd16.py"}


def test_it_is_not_written_into_the_checkout(tmp_path: Path) -> None:
    checkout, aside = tmp_path / "shop", tmp_path / "aside"
    (checkout / "tests").mkdir(parents=True)
    aside.symlink_to(checkout / "tests")
    for folder in (checkout, checkout / "tests", aside, checkout / "new", aside / ".." / "x"):
        with pytest.raises(UsageError, match="inside the reviewed checkout"):
            write_measure(folder, CONTESTED, "x", checkout)
    assert not list(checkout.rglob("*.py"))


def test_a_link_in_its_place_is_not_written_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / measure_file_name(CONTESTED)).symlink_to(victim)
    write_measure(tmp_path / "out", CONTESTED, "x", None)
    assert victim.read_text() == "mine"


def test_a_folder_that_can_not_be_had_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be written"):
        write_measure(tmp_path / "file", CONTESTED, "x", None)


def test_the_schema_takes_what_is_asked_for() -> None:
    jsonschema.Draft202012Validator.check_schema(MEASURE_SCHEMA)
    jsonschema.validate({"findings": [WRITTEN]}, MEASURE_SCHEMA)
