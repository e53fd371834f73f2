"""Six tasks, each by four writers, through the command: right, careless, wrong and dishonest."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.proof.api_writers import KEY, api_writers
from tests.proof.stage import Stage
from tests.proof.tasks import ALL_TASKS, SOLUTIONS, SmallTask

AGENTS = ("claude", "codex", "gemini", "opencode")
FAMILIES = {"claude-code": "anthropic", "opus": "anthropic", "codex": "openai", "gpt": "openai"}
NAMES = (*FAMILIES, *FAMILIES.values(), *AGENTS, "google", "xai", "grok", "gpt")


def findings(task: SmallTask) -> dict[str, list[Any]]:
    """What a good reviewer says of each solution but the right one, by the code that it sees."""
    return {task.quote(kind): [task.finding(kind)] for kind in ("forgets", "wrong")}


def holds(task: SmallTask, trial: dict[str, Any], by_kind: dict[str, dict[str, Any]]) -> None:
    """What must be so after a trial, whoever wrote which solution."""
    assert [one["label"] for one in trial["attempts"]] == ["A", "B", "C", "D"]
    assert trial["hidden"] is True
    assert {one["writer"] for one in trial["attempts"]} == {None}
    own = json.dumps({**trial, "attempts": [{**one, "folder": ""} for one in trial["attempts"]]})
    assert not [name for name in NAMES if name in own.lower()]
    for kind, one in by_kind.items():
        assert (one["why"], one["reviewed"], one["unread"]) == ("", True, []), (kind, one)
        writer, reviewers = one["writer"], one["reviewers"]
        assert reviewers, kind
        assert writer["family"] not in {who["family"] for who in reviewers}
        (suite,) = [check for check in one["checks"] if "unittest" in check["command"]]
        assert (suite["before"] == 0, suite["after"] == 0) == (False, kind != "wrong")
        assert bool(one["tampering"]) is (kind == "weakens")
        usual, unusual = one["statement"]["handled"]
        assert (usual["path"], usual["line"] > 0, unusual["line"]) == (task.module, True, 0)
        assert one["statement"]["approach"] == f"It is the {kind} one."
        assert one["facts"]["open"]["high"] == (0 if kind == "right" else 1), kind
    kinds = {piece["kind"] for piece in trial["pieces"] if piece["path"] == task.module}
    assert "conflicting" in kinds or "shared by some" in kinds
    (suite,) = [one for one in trial["pieces"] if one["path"] == f"test_{task.name}.py"][:1]
    assert (suite["kind"], suite["versions"][0]["labels"]) == (
        "only",
        [by_kind["weakens"]["label"]],
    )
    assert trial["code"] == 0


def by_kind(stage: Stage, trial: dict[str, Any]) -> dict[str, dict[str, Any]]:
    told = stage.as_json("attempt", "--reveal", trial["id"])["attempts"]
    return {one["statement"]["approach"].split()[3]: one for one in told}


def some(*tasks: SmallTask) -> pytest.MarkDecorator:
    """The first of these tasks, and all of them in the endurance tests."""
    first, *others = tasks
    marked = (pytest.param(one, marks=pytest.mark.endurance) for one in others)
    return pytest.mark.parametrize("task", [first, *marked], ids=lambda task: task.name)


@some(*ALL_TASKS[:3])
def test_four_agents(task: SmallTask, tmp_path: Path) -> None:
    stage = Stage(tmp_path, task.repository(tmp_path / "project"), *AGENTS)
    turn = ALL_TASKS.index(task)
    for agent, kind in zip(AGENTS, SOLUTIONS[turn:] + SOLUTIONS[:turn], strict=True):
        said, found = task.statement(kind), findings(task)
        stage.script(agent, plan=task.writing(kind), statement=said, findings=found)
    before = stage.checkout()
    trial = stage.trial(task.text, "--with", "claude-code,codex,gemini-cli,opencode")
    assert stage.checkout() == before
    holds(task, trial, by_kind(stage, trial))
    asked = [one["prompt"] for agent in AGENTS for one in stage.asked(agent, "review")]
    assert len(asked) >= len(SOLUTIONS)
    # Who reviews gets the task as the brief, and not what the writer says of the attempt.
    assert all(task.text.split("\n")[0] in one for one in asked)
    assert not any("It is the" in one or "Huge input." in one for one in asked)
    assert len([one for agent in AGENTS for one in stage.asked(agent, "write")]) == 4


@some(*ALL_TASKS[3:])
async def test_two_agents_and_two_models_over_their_apis(task: SmallTask, tmp_path: Path) -> None:
    stage = Stage(tmp_path, task.repository(tmp_path / "project"), "claude", "codex")
    stage.program.environ["MY_KEY"] = KEY
    turn = ALL_TASKS.index(task)
    kinds = dict(
        zip(("claude", "codex", "opus", "gpt"), SOLUTIONS[turn % 4 :] + SOLUTIONS, strict=False)
    )
    for agent in ("claude", "codex"):
        said, found = task.statement(kinds[agent]), findings(task)
        stage.script(agent, plan=task.writing(kinds[agent]), statement=said, findings=found)
    before = stage.checkout()
    async with api_writers() as models:
        stage.configure(models.config)
        for name in ("opus", "gpt"):
            said = task.statement(kinds[name])
            written = {"edits": task.edits(kinds[name]), "removed": [], "statement": said}
            models.script(name, written, findings(task))
        words = task.text, "--with", "claude-code,codex,opus,gpt"
        trial = await asyncio.to_thread(stage.trial, *words)
        found = await asyncio.to_thread(by_kind, stage, trial)
        everything = "".join(models.asked("opus") + models.asked("gpt"))
    assert stage.checkout() == before
    holds(task, trial, found)
    assert KEY not in everything
    written = {kind: one["writer"]["name"].removesuffix("-code") for kind, one in found.items()}
    assert written == {kind: name for name, kind in kinds.items()}


def test_from_a_take_to_the_account(tmp_path: Path) -> None:
    """Take one, give it back, graft two, review it, and read the account."""
    task = ALL_TASKS[4]
    stage = Stage(tmp_path, task.repository(tmp_path / "project"), "claude", "codex", "gemini")
    more = f"cat > test_more.py <<'END'\n{task.edge()}END"
    stage.script("claude", plan=task.writing("right"), statement=task.statement("right"))
    careless = f"{task.writing('forgets')}\n{more}"
    stage.script("codex", plan=careless, statement=task.statement("forgets"))
    stage.script("gemini", plan="", statement=None)
    before = stage.checkout()
    trial = stage.trial(task.text, "--with", "claude-code,codex")
    found = by_kind(stage, trial)
    right, careless = found["right"]["label"], found["forgets"]["label"]
    taken = stage.attempt("--take", f"{trial['id']}:{right}", "--reason", "It is right.")
    assert taken.code == 0, taken.err
    assert stage.repository.path(task.module).read_text() == task.files("right")[task.module]
    assert stage.attempt("--undo").code == 0
    assert stage.checkout() == before
    chosen = f"{task.module}={right}", f"test_more.py={careless}"
    words = "--graft", trial["id"], *chosen, "--reason", "The code of one, the tests of another."
    grafted = stage.as_json("attempt", *words, "--yes-egress")
    assert (grafted["sound"], grafted["problems"]) == (True, [])
    assert grafted["took"]["taken"]["labels"] == sorted([right, careless])
    assert stage.repository.path("test_more.py").read_text() == task.edge()
    who: dict[str, tuple[str, Any]] = {}
    for one in stage.as_json("who")["evidence"]:
        who |= {lines["path"]: (one["vendor"], lines["ranges"]) for lines in one["lines"]}
    assert {path: vendor for path, (vendor, _) in who.items()} == {
        task.module: "anthropic",
        "test_more.py": "openai",
    }
    assert who["test_more.py"][1] == [[1, len(task.edge().splitlines())]]
    review = stage.run("review", "--format", "json", "--yes-egress", "--quiet")
    opened = json.loads(review.out)
    models = {one["family"] for one in opened["reviewers"] if one["kind"] == "agent"}
    assert models == {"google"}, "neither of those who wrote it"
    (session,) = opened["sessions"]
    assert session["author"]["vendor"] == "mixed"
    authors = {one["path"]: one["author_family"] for one in session["change"]["files"]}
    assert authors == {task.module: "anthropic", "test_more.py": "openai"}
    account = stage.as_json("log", "stats")["attempts"]
    assert (account["trials"], account["attempts"]) == (1, 2)
    by_name = {one["writer"]["name"]: one for one in account["writers"]}
    assert {name: one["grafted"] for name, one in by_name.items()} == {"claude-code": 1, "codex": 1}
    first = {name: one["first_try"]["count"] for name, one in by_name.items()}
    assert first == {"claude-code": 1, "codex": 0}
    (arm,) = account["arms"]
    assert (arm["arm"], arm["attempts"], arm["working"]) == ("cross-family", 2, 1)
    assert stage.attempt("--undo").code == 0
    assert stage.checkout() == before
    assert stage.attempt("--clean").code == 0
    assert list(stage.shelf.iterdir()) == []
