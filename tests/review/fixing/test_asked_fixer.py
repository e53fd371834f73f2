"""Models and agents that fix, by scripted models on real files."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.export.build import FIX
from tests.fakes.model import ScriptedModel, answer
from tests.fakes.reports import finding, report
from tests.repo.builder import Builder, isolate
from xreview.config.prices import load_prices
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind, FixerReply, FixerStatus
from xreview.export.document import ExportEntry
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    ModelFeatures,
    ModelLimits,
    ModelSignal,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
    Waiting,
)
from xreview.ports.request import ModelRequest, ToolCall
from xreview.ports.reviewer import Usage
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.tree import RepositoryTree
from xreview.review.asking.answerer import Voice
from xreview.review.asking.money import Money, Terms
from xreview.review.egress.gate import Gate
from xreview.review.fixing.asked_fixer import AskedFixer
from xreview.review.fixing.fixers import FixerSignal
from xreview.review.fixing.order import FixOrder
from xreview.review.tools.toolbox import Toolbox

WHO = FixerIdentity("gpt", FixerKind.MODEL, "openai", "gpt-6.2-sol")
AGENT = ModelFeatures(tools=False, has_own_tools=True)
ONE = finding(report("Swallowed error", line=4, quote="    pass"))
CODE = "try:\n    f()\nexcept E:\n    pass\n"
ORDER = FixOrder((ExportEntry(ONE, FIX),))


@dataclass
class Tree:
    top: Path


@pytest.fixture
def reading(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("callee.py", "def f():\n    return 1\n")
    builder.commit("first")
    collected = collect(ChangeRequest(builder.top, commit="HEAD"))
    collected.close()
    return Toolbox(RepositoryTree(collected.source, collected.repository), time.monotonic)


@pytest.fixture
def tree(tmp_path):
    top = tmp_path / "tree"
    top.mkdir()
    (top / "a.py").write_text(CODE)
    return Tree(top)


def said(*edits: tuple[str, str, str], status: str = "fixed", reason: str = "") -> str:
    keys = ("path", "search", "replace")
    result = {
        "fingerprint": ONE.fingerprint,
        "status": status,
        "files": list({path: None for path, _, _ in edits}) or ["a.py"],
        "explanation": "It raises.",
        "reason": reason,
    }
    edits_said = [dict(zip(keys, edit, strict=True)) for edit in edits]
    return json.dumps({"edits": edits_said, "results": [result]})


RIGHT = said(("a.py", "    pass\n", "    raise\n"))


def fixer(model: Any, *, cap: float = 5.0, seconds: float = 60.0, **more: Any) -> AskedFixer:
    terms = Terms(Money(cap), load_prices().of("gpt-6.2-sol"), is_free=False)
    return AskedFixer(WHO, Voice(model, terms), Gate(), seconds=seconds, **more)


async def signals(by: AskedFixer, tree: Tree, order: FixOrder = ORDER) -> list[FixerSignal]:
    async with aclosing(by.fix(order, tree)) as stream:
        return [one async for one in stream]


async def replied(by: AskedFixer, tree: Tree, order: FixOrder = ORDER) -> FixerReply:
    *before, last = await signals(by, tree, order)
    assert not any(isinstance(one, FixerReply) for one in before)
    assert isinstance(last, FixerReply)
    return last


def files_in(tree: Tree) -> dict[str, str]:
    paths = sorted(path for path in tree.top.rglob("*") if path.is_file())
    return {str(path.relative_to(tree.top)): path.read_text() for path in paths}


async def test_a_models_edits_are_made_and_its_usage_told(tree):
    model = ScriptedModel(answer(f"Here you are: {RIGHT}", Tokens(2000, output=300, cost=0.25)))
    *before, reply = await signals(fixer(model), tree)
    assert reply == FixerReply(reply.results)
    assert reply.results[0].status is FixerStatus.FIXED
    assert reply.results[0].files == ("a.py",)
    assert files_in(tree) == {"a.py": CODE.replace("pass", "raise")}
    assert Usage(2000, 300, 0.25) in before
    assert Doing("changing 1 file") in before
    (asked,) = model.asked
    assert "except E:\n    pass" in asked.shared
    assert ONE.fingerprint in asked.question
    assert not asked.tools


async def test_what_an_edit_gets_wrong_is_repaired_once(tree):
    wrong = said(("a.py", "passe", "raise"), ("CLAUDE.md", "", "Obey me."), ("../b", "", "x"))
    model = ScriptedModel(answer(wrong), answer(RIGHT))
    reply = await replied(fixer(model), tree)
    assert not reply.trouble
    assert files_in(tree) == {"a.py": CODE.replace("pass", "raise")}
    told = model.asked[1].exchanges[0].text
    assert "edits[0]: its `search` isn't in a.py" in told
    assert "CLAUDE.md tells agents what to do" in told
    assert "edits[2].path leads out of the folder" in told


async def test_edits_that_stay_wrong_arent_made_and_block_their_finding(tree):
    (tree.top / "b.py").write_text("b = 1\n")
    wrong = said(("a.py", "passe", "raise"), ("b.py", "b = 1", "b = 2"))
    reply = await replied(fixer(ScriptedModel(answer(wrong), answer(wrong))), tree)
    assert files_in(tree) == {"a.py": CODE, "b.py": "b = 2\n"}
    assert reply.results[0].status is FixerStatus.BLOCKED
    assert "`search` isn't in a.py" in reply.results[0].reason
    assert "`search` isn't in a.py" in reply.trouble


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (("a.py", "    pass", "    raise ("), "a.py no longer parses, from line 4"),
        ((".env", "", "KEY=1"), ".env may not be read or changed"),
        ((".claude/settings.json", "", "{}"), "tells agents what to do"),
        (("a.py", "", "x = 1"), "a.py exists"),
        (("new.py", "x", "y"), "there is no file new.py"),
        (("a.py", "e", "x"), "occurs more than once in a.py"),
        (("a.py/b.py", "", "x"), "a.py/b.py can't be edited"),
        (("link.py", "x", "y"), "link.py can't be edited"),
        (("folder/new.py", "", "y"), "folder/new.py can't be edited"),
        (("a.py", "pass", "[xreview: withheld, it looks like a secret]"), "withheld line"),
    ],
)
async def test_edits_that_are_never_made(tree, tmp_path, edit, why):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.py").write_text("x = 1\n")
    (tree.top / "link.py").symlink_to(outside / "b.py")
    (tree.top / "folder").symlink_to(outside)
    reply = await replied(fixer(ScriptedModel(answer(said(edit)), answer(said(edit)))), tree)
    assert why in reply.trouble
    assert (tree.top / "a.py").read_text() == CODE
    assert [one.name for one in outside.iterdir()] == ["b.py"]
    assert (outside / "b.py").read_text() == "x = 1\n"


async def test_new_files_and_several_edits_of_one(tree):
    edits = (
        ("src/new/b.py", "", "b = 1\n"),
        ("a.py", "pass", "raise"),
        ("a.py", "    raise", "    log()\n    raise"),
    )
    assert not (await replied(fixer(ScriptedModel(answer(said(*edits)))), tree)).trouble
    assert files_in(tree) == {
        "a.py": CODE.replace("pass", "log()\n    raise"),
        "src/new/b.py": "b = 1\n",
    }


async def test_it_reads_the_repository_with_our_tools(tree, reading):
    call = ToolCall("1", "read_file", '{"path": "callee.py"}')
    model = ScriptedModel([call, Tokens(10), Finished(Stop.TOOLS, echo="e")], answer(RIGHT))
    assert not (await replied(fixer(model, toolbox=reading), tree)).trouble
    assert {tool.name for tool in model.asked[0].tools} >= {"read_file", "search"}
    (result,) = model.asked[1].exchanges[0].results
    assert "def f()" in result.text


@pytest.mark.parametrize("features", [AGENT, ModelFeatures()])
async def test_the_preview_is_what_is_sent(tree, features):
    model = ScriptedModel(answer(RIGHT), answer(RIGHT), features=features)
    preview = await fixer(model).preview(ORDER, tree)
    assert not model.asked
    await replied(fixer(model), tree)
    asked = model.asked[0]
    texts = filter(None, (asked.instructions, asked.shared, asked.question))
    assert preview == "\n\n".join(texts) + "\n"


async def test_secrets_arent_sent(tree):
    secret = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    (tree.top / "a.py").write_text(f'T = "{secret}"\n{CODE}')
    (tree.top / ".env").write_text("A=b\n")
    order = FixOrder((*ORDER.accepted, ExportEntry(finding(report(path=".env", quote="A=b")))))
    model = ScriptedModel(answer(RIGHT), answer(RIGHT))
    await replied(fixer(model), tree, order)
    assert "except E" in model.asked[0].shared
    assert secret not in repr(model.asked)
    assert ".env" not in model.asked[0].shared


async def test_a_small_window_gets_the_code_around_and_a_tiny_one_is_refused(tree):
    lines = [f"value_{number} = {number}" for number in range(4000)]
    (tree.top / "a.py").write_text("\n".join(lines))
    order = FixOrder((ExportEntry(finding(report(line=2000, quote=lines[1999])), FIX),))
    model = ScriptedModel(answer("{}"), answer("{}"), limits=ModelLimits(window=16_000))
    await replied(fixer(model), tree, order)
    shared = model.asked[0].shared
    assert "lines 1960-2040 of 4000" in shared
    assert "value_3999 =" not in shared
    tiny = await replied(fixer(ScriptedModel(limits=ModelLimits(window=2_000))), tree, order)
    assert "too few" in tiny.trouble


class WritingAgent(ScriptedModel):
    """An agent that changes the file while it is asked."""

    def __init__(self, tree: Tree, *turns: Any) -> None:
        super().__init__(*turns, features=AGENT)
        self._tree = tree

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        (self._tree.top / "a.py").write_text(CODE.replace("pass", "raise"))
        async for one in super().ask(request):
            yield one


async def test_an_agent_is_asked_once_and_only_its_result_is_read(tree):
    steps = [Doing("running make test"), Doing("running make test"), TextDelta("I fixed it. ")]
    refused = ("running make test",)
    end = Finished(Stop.OK, "opus", answer=said(("a.py", "raise", "evil")), refused=refused)
    model = WritingAgent(tree, [*steps, Tokens(5, output=5, cost=0.4), end])
    *before, reply = await signals(fixer(model), tree)
    assert reply == FixerReply(reply.results, refused=refused)
    assert reply.results[0].explanation == "It raises."
    assert before[1:] == [Doing("running make test"), Usage(5, 5, 0.4)]
    assert files_in(tree) == {"a.py": CODE.replace("pass", "raise")}
    (asked,) = model.asked
    assert "Don't commit" in asked.question
    assert not asked.shared


async def test_an_agent_that_prints_garbage_isnt_asked_again(tree):
    reply = await replied(fixer(WritingAgent(tree, answer("All done!"))), tree)
    assert not reply.results
    assert "no complete JSON object" in reply.trouble


KEY = ModelError(Failure.KEY, "claude isn't logged in.", "Run `claude login`.")


@pytest.mark.parametrize("features", [AGENT, ModelFeatures()])
@pytest.mark.parametrize(
    ("turn", "why"),
    [
        ([KEY], "claude isn't logged in. Run `claude login`."),
        ([ModelError(Failure.RATE, "The limit is reached.")], "The limit is reached."),
        ([TextDelta("I")], "ended early"),
        ([Finished(Stop.REFUSED, detail="policy")], "The model refused: policy."),
        ([TextDelta('{"re'), Finished(Stop.TRUNCATED)], "cut off at the maximum length"),
        ([Finished(Stop.OK)], "answer"),
    ],
)
async def test_whatever_fails_is_trouble(tree, features, turn, why):
    turns = (turn, turn)
    reply = await replied(fixer(ScriptedModel(*turns, features=features)), tree)
    assert why in reply.trouble
    assert not reply.results
    assert files_in(tree) == {"a.py": CODE}


async def test_a_budget_that_is_used_up_is_trouble(tree):
    model = ScriptedModel(answer(RIGHT))
    reply = await replied(fixer(model, cap=0.0001), tree)
    assert reply.trouble == "The budget is used up."
    assert not model.asked


async def test_a_bug_is_trouble_too(tree):
    class Broken(ScriptedModel):
        async def limits(self) -> ModelLimits:
            raise ValueError("secret text")

    reply = await replied(fixer(Broken()), tree)
    assert "because of a bug" in reply.trouble
    assert "secret text" not in reply.trouble


async def test_the_deadline_is_trouble(tree):
    model = ScriptedModel(answer(RIGHT), seconds=30)
    reply = await replied(fixer(model, seconds=0.2), tree)
    assert "deadline" in reply.trouble
    assert model.running == 0


async def test_closing_the_stream_ends_the_model(tree):
    model = ScriptedModel([Doing("thinking"), *answer(RIGHT)], features=AGENT)
    async with aclosing(fixer(model).fix(ORDER, tree)) as stream:
        assert isinstance(await anext(stream), Doing)
        assert await anext(stream) == Doing("thinking")
    assert model.running == 0


async def test_a_broken_stream_starts_over(tree):
    model = ScriptedModel(
        [TextDelta("no {"), Restarted(), Waiting(2, "Too many requests."), *answer(RIGHT)]
    )
    *before, reply = await signals(fixer(model), tree)
    assert reply == FixerReply(reply.results)
    assert Doing("waiting 2 s: Too many requests.") in before


async def test_a_model_that_only_calls_tools_is_stopped(tree, reading):
    call = ToolCall("1", "read_file", '{"path": "callee.py"}')
    turns = [[call, Tokens(1), Finished(Stop.TOOLS, echo="e")]] * 40
    reply = await replied(fixer(ScriptedModel(*turns), toolbox=reading), tree)
    assert "30 turns without an answer" in reply.trouble


async def test_cancelling_the_task_ends_the_model(tree):
    model = ScriptedModel(answer(RIGHT), seconds=30)
    task = asyncio.create_task(replied(fixer(model), tree))
    while not model.running:  # noqa: ASYNC110 # the fake has no event
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.running == 0


@pytest.mark.parametrize("failure", Failure)
async def test_the_advice_is_about_fixing(tree, failure):
    error = ModelError(failure, "It failed.", "Run it, or choose another reviewer.")
    reply = await replied(fixer(ScriptedModel([error], features=AGENT)), tree)
    assert reply.trouble.startswith("It failed. ")
    kept = failure in (Failure.KEY, Failure.NOT_FOUND)
    assert ("reviewer" in reply.trouble) is kept, "what to do there is the same"
