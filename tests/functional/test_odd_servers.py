"""Servers that accept and never answer, or answer 200 with something else: each ends in a gap."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.provider_server import chat, ollama
from tests.fakes.provider_server.reply import (
    Ending,
    Reply,
    event_stream,
    frame,
    html_reply,
    json_reply,
)
from tests.fakes.provider_server.server import ProviderServer
from tests.fakes.provider_server.windows import FORMS
from tests.functional.test_windows import options
from tests.repo.builder import Builder, isolate
from xreview.http.patience import Patience
from xreview.models.http import client
from xreview.models.local_servers import FoundServer
from xreview.ports.model import ServedModel
from xreview.repo.change.request import ChangeRequest
from xreview.review.asking.models import ModelMaker
from xreview.review.asking.server_check import check_servers
from xreview.review.assembly.headless import review_once
from xreview.review.choosing.panel import Panel
from xreview.review.session.snapshot import ReviewSnapshot

SILENT = Reply(is_headless=True, ending=Ending.STALL)
PLAIN = {"content-type": "application/json"}
OTHER = {"id": 7, "user": {"name": "somebody"}}
NO_ANSWERS = {
    "html": html_reply(200),
    "another object": json_reply(OTHER),
    "an array of numbers": json_reply([1, 2, 3]),
    "a text": json_reply("ok"),
    "null": json_reply(None),
    "an empty body": Reply(200, PLAIN),
    "an empty stream": event_stream([]),
    "events of another program": event_stream([frame(OTHER), frame(OTHER)]),
    "half of a document": Reply(200, PLAIN, (b'{"choices": [',)),
    "silence": SILENT,
    "a head and silence": event_stream([], ending=Ending.STALL),
}
LOCAL = ("compatible", "ollama")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bounds in a fraction of the time."""
    soon = Patience(first_byte=0.6, read=0.6, overall=10.0, retries=0)
    monkeypatch.setattr(client, "BRIEF", soon)
    monkeypatch.setattr(client, "local_patience", lambda question, answer: soon)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hurried) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    found_here(monkeypatch)
    builder = Builder(tmp_path / "project")
    builder.write("README.md", "# Shop\n")
    builder.commit("first")
    for number in range(3):
        builder.write(f"folder{number}/cart.py", f"total = {number}\n")
    builder.commit("add the cart")
    return builder


def found_here(monkeypatch: pytest.MonkeyPatch, *servers: FoundServer) -> None:
    async def found(ports: object) -> tuple[FoundServer, ...]:
        return servers

    monkeypatch.setattr("xreview.review.choosing.panel.find_local_servers", found)


@pytest.fixture
async def server():
    async with ProviderServer() as running:
        yield running


async def reviewed(repository, tmp_path, server, provider) -> ReviewSnapshot:
    given = options(tmp_path, server.url, provider, 32_768)
    return (await review_once(ChangeRequest(repository.top, commit="HEAD"), given)).snapshot


def check_gaps(snapshot: ReviewSnapshot, server: ProviderServer, name: str = "it") -> None:
    """Every file of the change is a gap of that reviewer, with a sentence that names the server."""
    assert not snapshot.is_complete
    gaps = [one for one in snapshot.coverage if one.reviewer == name and one.is_gap]
    assert {one.path for one in gaps} == {f"folder{number}/cart.py" for number in range(3)}
    for one in gaps:
        assert f"127.0.0.1:{server.port}" in one.why, one.why
    (reader,) = [one for one in snapshot.reviewers if one.identity.name == name]
    assert reader.error


@pytest.mark.parametrize("name", NO_ANSWERS)
@pytest.mark.parametrize("provider", LOCAL)
async def test_what_is_no_answer_is_a_gap_with_a_sentence(
    repository, server, tmp_path, provider, name
):
    FORMS[provider].script(server, 32_768, lambda request: NO_ANSWERS[name])
    snapshot = await reviewed(repository, tmp_path, server, provider)
    check_gaps(snapshot, server)
    why = next(one.why for one in snapshot.coverage if one.reviewer == "it")
    if "instead of application/x-ndjson" in why:
        return  # Ollama sends no events at all
    if name in ("another object", "an array of numbers", "events of another program"):
        assert "something other than" in why
    if "silence" in name:
        assert "sent nothing for" in why
        path = chat.PATH if provider == "compatible" else ollama.PATH
        # Nobody waits for the second question as long as for the first.
        assert len(server.bodies(path)) == 1


@pytest.mark.parametrize("name", NO_ANSWERS)
@pytest.mark.parametrize(
    ("provider", "path"), [("compatible", chat.MODELS), ("ollama", ollama.SHOW)]
)
async def test_what_is_no_list_of_models_never_hangs_and_never_counts_as_read(
    repository, server, tmp_path, provider, path, name
):
    FORMS[provider].script(server, 32_768, lambda request: SILENT)
    server.on(path, NO_ANSWERS[name])
    snapshot = await reviewed(repository, tmp_path, server, provider)
    check_gaps(snapshot, server)


async def test_a_found_server_that_falls_silent_is_a_gap(repository, server, tmp_path, monkeypatch):
    kind, model = "llama.cpp", ServedModel(chat.MODEL)
    found_here(monkeypatch, FoundServer(kind, "compatible", f"{server.url}/v1", (model,)))
    for path in (chat.MODELS, "/props", "/api/v1/models", chat.PATH):
        server.on(path, SILENT)
    given = options(tmp_path, server.url, "compatible", 32_768)
    settings = replace(given.settings, reviewers={}, review_with=("llama.cpp",))
    given = replace(given, settings=settings, allows_egress=True)
    done = await review_once(ChangeRequest(repository.top, commit="HEAD"), given)
    check_gaps(done.snapshot, server, "llama.cpp")
    # The question whether it is there at all was not answered, so that it got no code.
    assert server.bodies(chat.PATH) == []


@pytest.mark.parametrize("name", NO_ANSWERS)
@pytest.mark.parametrize(
    ("provider", "path"), [("compatible", chat.MODELS), ("ollama", ollama.TAGS)]
)
async def test_checking_such_a_server_says_what_is_wrong(
    hurried, server, tmp_path, monkeypatch, provider, path, name
):
    isolate(monkeypatch, tmp_path / "home")
    found_here(monkeypatch)
    server.on(path, NO_ANSWERS[name])
    given = options(tmp_path, server.url, provider, 32_768)
    panel = Panel(given.settings, given.folders, given.environ, None, tmp_path)
    await panel.find()
    maker = ModelMaker(panel._made.prices)
    try:
        checks = await check_servers(
            [one for one in panel.prospects if one.settings.name == "it"], maker
        )
    finally:
        await maker.close()
    trouble = checks["it"].trouble
    assert f"127.0.0.1:{server.port}" in trouble, json.dumps(trouble)
