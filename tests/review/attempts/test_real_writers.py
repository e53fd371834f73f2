"""The real agents, in their write modes, as writers of attempts, with a server on this machine."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.agents.real import ALL, CLAUDE, Real, program_folder, writing_model_of
from tests.agents.test_writing_real import Workshop, edits
from tests.fakes.attempts import CLAUDE_WRITER
from tests.fakes.provider_server import anthropic
from tests.fakes.provider_server.reply import Answer
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder
from tests.review.attempts.writing_here import ORDER, STATED, replied, voice_of
from xreview.agents.base.agent import WritableFolder
from xreview.domain.attempt.linking import link_cases
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.attempts.asked_writer import AskedWriter
from xreview.review.egress.gate import Gate

pytestmark = pytest.mark.endurance

CASE = {"text": "Three.", "path": "src/x.py", "quote": "x = 3"}
SAID: dict[str, Any] = {"statement": {**STATED, "handled": [CASE]}}


@pytest.fixture(params=ALL, ids=lambda real: real.name)
def real(request) -> Real:
    program_folder(request.param)
    return request.param


def statement(real: Real) -> Answer:
    if real is CLAUDE:
        block = anthropic.tool_use("t9", "StructuredOutput", **SAID)
        return anthropic.message(block, stop_reason="tool_use")
    return real.says(json.dumps(SAID))


async def test_it_changes_the_tree_and_says_what_it_made(real: Real, tmp_path: Path) -> None:
    project = Builder(tmp_path / "project")
    project.write("src/x.py", "x = 1\ny = 2\n")
    project.commit("first")
    tree = DisposableTree.create(find_repository(project.top), tmp_path / "attempts" / "1-A")
    workshop = Workshop(tmp_path / "home", project.top, tree.folder)
    workshop.home.mkdir()
    async with ProviderServer() as server:
        for path in real.paths:
            server.on(path, *edits(real, workshop), statement(real), real.says("done"))
        folder = WritableFolder(project.top, tree.top)
        model = writing_model_of(real, server, folder, workshop.home)
        writer = AskedWriter(CLAUDE_WRITER, voice_of(model), Gate(), seconds=60.0)
        reply = await replied(writer.write(ORDER, tree))
    assert reply.trouble == ""
    assert reply.statement is not None
    patch = tree.patch()
    assert [one.path for one in patch.files] == ["src/x.py"]
    linked = link_cases(reply.statement, patch.files, lambda path: (tree.top / path).read_text())
    assert [one.start_line for one in linked.handled] == [1]
    assert project.path("src/x.py").read_text() == "x = 1\ny = 2\n"
