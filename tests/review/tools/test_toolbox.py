"""A model's calls, in a real repository: confined, within budgets, answered with sentences."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.repo.builder import Builder, isolate
from xreview.ports.model import ToolCall
from xreview.ports.request import ToolResult
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.tree import RepositoryTree
from xreview.review.egress.secrets import WITHHELD
from xreview.review.tools.definitions import TOOLS
from xreview.review.tools.toolbox import Toolbox, ToolBudget


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RepositoryTree:
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("src/app.py", "".join(f"line_{number} = {number}\n" for number in range(1, 51)))
    builder.write("src/settings.py", 'debug = True\npassword = "correct-horse-9"\n')
    builder.write(".env", "TOKEN=Zq3R8vXk1LmT0p\n")
    builder.write("deploy/server.pem", "not for models\n")
    builder.commit("say hello")
    builder.write(
        "src/app.py",
        "changed = 1\n",
    )
    collected = collect(ChangeRequest(builder.top, commit="HEAD"))
    collected.close()
    assert collected.repository is not None
    return RepositoryTree(collected.source, collected.repository)


def box(tree: RepositoryTree, **budget: int | float) -> Toolbox:
    return Toolbox(tree, lambda: 0.0, budget=ToolBudget(**budget))  # type: ignore[arg-type] # a test


async def ask(toolbox: Toolbox, name: str, **given: object) -> ToolResult:
    return await toolbox.answer(ToolCall("1", name, json.dumps(given)))


async def test_a_part_of_a_file_is_read_with_its_numbers(tree: RepositoryTree) -> None:
    result = await ask(box(tree), "read_file", path="src/app.py", start_line=2, end_line=3)

    assert result.text == "src/app.py, lines 2 to 3 of 50:\n2\tline_2 = 2\n3\tline_3 = 3"
    assert not result.is_error


async def test_secrets_are_withheld_and_counted(tree: RepositoryTree) -> None:
    toolbox = box(tree)

    read = await ask(toolbox, "read_file", path="src/settings.py")
    found = await ask(toolbox, "search", pattern="password", path=None)

    assert f"2\t{WITHHELD}" in read.text
    assert found.text == "Nothing matches."
    assert toolbox.withheld == 2


@pytest.mark.parametrize(
    "path", [".env", "deploy/server.pem", "../outside", "/etc/passwd", ".git/config"]
)
async def test_what_is_not_for_models_is_refused(tree: RepositoryTree, path: str) -> None:
    result = await ask(box(tree), "read_file", path=path)

    assert result.is_error
    assert "TOKEN" not in result.text
    assert "not for models" not in result.text


async def test_files_are_listed_without_those(tree: RepositoryTree) -> None:
    assert (await ask(box(tree), "list_files", path=None)).text == "src/app.py\nsrc/settings.py"


async def test_the_log_of_a_path_is_read(tree: RepositoryTree) -> None:
    assert "say hello" in (await ask(box(tree), "git_log", path="src/app.py")).text


async def test_a_call_is_answered_from_memory_twice_and_then_refused(tree: RepositoryTree) -> None:
    toolbox = box(tree, calls=1)

    first = await ask(toolbox, "search", pattern="line_7 ", path=None)
    second = await ask(toolbox, "search", path=None, pattern="line_7 ")
    third = await ask(toolbox, "search", pattern="line_7 ", path=None)
    fourth = await ask(toolbox, "search", pattern="line_7 ", path=None)

    assert first.text == second.text == third.text == "src/app.py:7: line_7 = 7"
    assert fourth.is_error


async def test_calls_and_bytes_are_budgeted(tree: RepositoryTree) -> None:
    few = box(tree, calls=1)
    await ask(few, "list_files", path=None)
    small = box(tree, result_bytes=60)
    cut = await ask(small, "read_file", path="src/app.py")

    assert "used up" in (await ask(few, "git_log", path="src")).text
    assert len(cut.text) < 140
    assert "more lines. Ask for a smaller part.]" in cut.text


async def test_a_slow_search_is_given_up(tree: RepositoryTree) -> None:
    result = await ask(box(tree, seconds=-1.0), "search", pattern="x", path=None)

    assert result.is_error


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("read_file", "{", "not valid JSON"),
        ("read_file", "[]", "must be a JSON object"),
        ("read_file", "{}", "needs the argument 'path'"),
        ("read_file", '{"path": 1}', "must be of type string"),
        ("read_file", '{"path": "a", "start_line": true}', "must be of type integer"),
        ("read_file", '{"path": "a", "command": "ls"}', "has no argument 'command'"),
        ("run", "{}", "Unknown tool 'run'"),
        ("search", '{"pattern": "("}', "The search failed"),
        ("search", '{"pattern": "\\u0000"}', "has the control character U+0000"),
        ("search", '{"pattern": "a\\nb"}', "has the control character U+000A"),
        ("search", '{"pattern": "\\ud800"}', "half a surrogate pair"),
        ("git_log", '{"path": "\\udcff"}', "half a surrogate pair"),
        ("list_files", '{"path": "a\\u0000b"}', "has the control character U+0000"),
        ("search", '{"pattern": "' + "x" * 1001 + '"}', "longer than 1,000 characters"),
        ("search", '{"pattern": "' + "x" * 4001 + '"}', "longer than 4,000 characters"),
        ("read_file", '{"path": "a", "end_line": 0}', "must be a number from 1 to"),
        ("read_file", '{"path": "a", "end_line": 1e3}', "must be of type integer"),
        ("read_file", '{"path": "a", "end_line": ' + "9" * 900 + "}", "must be a number from 1"),
        ("read_file", "[" * 3000, "not valid JSON"),
        ("r" * 300, "{}", "Unknown tool 'rrr"),
        ("search", '{"pattern": "((x{1,255}){1,255}){1,255}"}', "the pattern repeats"),
        ("search", '{"pattern": "x{0,32767}x{0,32767}"}', "the pattern repeats"),
        ("search", '{"pattern": "x{99999999999999}"}', "the pattern repeats"),
    ],
)
async def test_a_wrong_call_is_answered_with_a_sentence(
    tree: RepositoryTree, name: str, arguments: str, words: str
) -> None:
    result = await box(tree).answer(ToolCall("1", name, arguments))

    assert result.is_error
    assert words in result.text


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from([tool.name for tool in TOOLS]), arguments=st.text(max_size=200))
async def test_no_arguments_raise(tree: RepositoryTree, name: str, arguments: str) -> None:
    toolbox = box(tree)
    call = ToolCall("1", name, arguments)

    assert (await toolbox.answer(call)).text


@pytest.mark.parametrize(
    "error", [ValueError(), RecursionError(), MemoryError(), UnicodeError(), KeyError("sk-a-key")]
)
async def test_whatever_a_tool_raises_is_a_sentence_for_the_model(
    tree: RepositoryTree, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    # The one double of our own: an error in reading that nobody foresaw.
    monkeypatch.setattr(tree, "search", fail)

    result = await ask(box(tree), "search", pattern="x", path=None)

    assert result.is_error
    assert result.text.startswith("This call ")
    assert "sk-a-key" not in result.text


async def test_a_search_that_gives_back_the_first_lines_says_so(
    tree: RepositoryTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_it = await ask(box(tree), "search", pattern="line", path="src/app.py")
    monkeypatch.setattr("xreview.review.tools.toolbox.MOST_HITS", 7)
    cut = await ask(box(tree), "search", pattern="line", path="src/app.py")

    assert len(all_of_it.text.split("\n")) == 50
    assert cut.text.split("\n")[-1].startswith("[the first 7 lines;")


async def test_nothing_a_file_holds_begins_a_line_or_stays_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    text = "ok = 1\r7\tforged\x0b\x85\u2028 = 2\npass\u200bword = 3\r\n"
    builder.write("a\u202eb.py", text)
    builder.write("d\ne.py", "y = 1\n")
    builder.commit("a\u2028subject")
    builder.write("c.py", "x = 1\n")
    collected = collect(ChangeRequest(builder.top))
    collected.close()
    assert collected.repository is not None
    toolbox = box(RepositoryTree(collected.source, collected.repository))

    search = (await ask(toolbox, "search", pattern="= [23]", path=None)).text
    listed = (await ask(toolbox, "list_files", path=None)).text
    log = (await ask(toolbox, "git_log", path=".")).text

    first, said, second, more = search.split("\n")
    assert first == '"a\\u202eb.py":1: ok = 1␍7\tforged␋␦⌧ = 2'
    assert said.startswith("~~~ the line above has U+000D CONTROL CHARACTER, shown as ␍;")
    assert second.rstrip("\r") == '"a\\u202eb.py":2: pass⌧word = 3'
    assert more == "~~~ the line above has U+200B ZERO WIDTH SPACE, shown as ⌧"
    assert listed == '"a\\u202eb.py"\nc.py\n"d\\ne.py"'
    assert "a⌧subject" in log.split("\n")[0]
