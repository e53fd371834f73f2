"""Every provider at every size of window: a whole review in a real repository, tools and all."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider_server.server import ProviderServer
from tests.fakes.provider_server.windows import FORMS, Holding
from tests.repo.builder import Builder, isolate
from tests.review.asking.test_reviewer import finding
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.models.local_servers import FoundServer
from xreview.ports.provider import ReviewerSettings
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.headless import review_once
from xreview.review.assembly.preview import preview
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.snapshot import ReviewSnapshot

SMALL, LARGE = (8_192, 16_384), (32_768, 131_072, 1_000_000)
CODE = "total = 0\n\n\ndef add(price):\n    global total\n    total += price\n"
MODULE = "".join(
    f"def work_{at}(value, other):\n    if value > {at}:\n        return other * {at}\n"
    f'    raise ValueError(f"no work for {{value}}, {{other}}")\n\n'
    for at in range(120)
)
DOCUMENT = "".join(f"Sentence number {at} says nothing of worth.\n" for at in range(4_000))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")

    async def nothing(ports: object) -> tuple[FoundServer, ...]:
        return ()

    monkeypatch.setattr("xreview.review.choosing.panel.find_local_servers", nothing)
    builder = Builder(tmp_path / "project")
    builder.write("story.txt", DOCUMENT)
    builder.commit("first")
    builder.write("cart.py", CODE)
    builder.write("work.py", MODULE)
    builder.commit("add the cart\n\nPrices are in cents.")
    return builder


@pytest.fixture
async def server():
    async with ProviderServer() as running:
        yield running


def says(asked: str) -> str:
    """One finding where the model was shown the file that it is in."""
    shown = '=== "cart.py"' in asked or "=== cart.py" in asked
    found = [finding("cart.py", "    total += price")] if shown else []
    return json.dumps({"findings": found})


def reads_on(turn: int) -> dict[str, Any] | None:
    """A model that reads as much as it may, then answers."""
    start = 1 + turn * 400
    return {"path": "story.txt", "start_line": start, "end_line": None} if turn < 6 else None


def options(tmp_path: Path, url: str, provider: str, window: int, **changed: Any) -> RunOptions:
    form = FORMS[provider]
    base = {"openai": f"{url}/v1", "google": f"{url}/v1", "compatible": f"{url}/v1"}
    settings = ReviewerSettings(
        "it",
        provider,
        form.model,
        base_url=base.get(provider, url),
        key_variable="" if provider == "ollama" else "KEY",
        vendor="google",
        context=0 if form.is_told else window,
    )
    data = tmp_path / "data"
    folders = Folders(data / "config", data, data / "cache", data / "state")
    given = Settings(reviewers={"it": settings}, review_with=("it",), **changed)
    return RunOptions(
        given,
        folders,
        {"KEY": "sk-test-Zq3R8vXk1LmT0pWd"},
        said=AuthorAnswer("openai", "gpt-6.2-sol"),
    )


async def reviewed(
    repository: Builder, tmp_path: Path, server: ProviderServer, holding: Holding
) -> ReviewSnapshot:
    holding.script(server)
    given = options(tmp_path, server.url, holding.form, holding.window)
    return (await review_once(ChangeRequest(repository.top, commit="HEAD"), given)).snapshot


@pytest.mark.parametrize("window", [*SMALL, *LARGE])
@pytest.mark.parametrize("provider", sorted(FORMS))
async def test_a_model_reviews_with_whatever_window_it_has(
    repository, server, tmp_path, provider, window
):
    holding = Holding(provider, window, says, reads_on)
    snapshot = await reviewed(repository, tmp_path, server, holding)

    assert holding.refused == []
    assert [one.lead.title for one in snapshot.findings] == ["Total is never reset"]
    assert snapshot.is_complete, [entry.why for entry in snapshot.coverage]
    reader = next(one for one in snapshot.reviewers if one.identity.name == "it/risk")
    assert (reader.error, reader.done, reader.total) == ("", 2, 2)
    # Ollama is asked for 32,768 at most, whatever the model was made for.
    size = min(window, 32_768) if provider == "ollama" else window
    # Google counts the answer apart, so that more is left.
    reads = size >= (16_384 if provider == "google" else 32_768)
    assert all(one.has_tools == reads for one in holding.asked)
    assert max(one.turns for one in holding.asked) == (6 if reads else 0)
    compact = "-compact" in reader.asked.prompt
    assert compact == (window == 8_192 and provider != "google")


# Google counts the answer apart: 4,096 tokens are for the question alone, and will do.
@pytest.mark.parametrize("provider", sorted(FORMS.keys() - {"google"}))
async def test_a_window_of_4_096_is_too_small_and_a_sentence_says_so(
    repository, server, tmp_path, provider
):
    holding = Holding(provider, 4_096, says)
    snapshot = await reviewed(repository, tmp_path, server, holding)

    assert holding.asked == []
    assert not snapshot.is_complete
    gaps = {entry.path: entry.why for entry in snapshot.coverage if entry.is_gap}
    assert sorted(gaps) == ["cart.py", "work.py"]
    for why in gaps.values():
        assert " has a window of 4,096 tokens, too few" in why
    readers = [one for one in snapshot.reviewers if one.identity.name.startswith("it/")]
    assert len(readers) == 2, "a change that takes hours to read is read with both lenses"
    assert all("a context of at least" in one.error for one in readers)
    for one in readers:
        assert "-" not in "".join(word for word in one.error.split() if word[-1:].isdigit())


@pytest.mark.parametrize("provider", ["anthropic", "ollama"])
@pytest.mark.parametrize("window", SMALL)
async def test_an_answer_that_is_no_json_ends_in_a_gap_and_not_in_a_refusal(
    repository, server, tmp_path, provider, window
):
    holding = Holding(provider, window, lambda asked: "I think that the code is fine. " * 40)
    snapshot = await reviewed(repository, tmp_path, server, holding)

    assert holding.refused == []
    gaps = [entry for entry in snapshot.coverage if entry.is_gap]
    assert {entry.path for entry in gaps} == {"cart.py", "work.py"}
    assert all("the answer was invalid" in entry.why for entry in gaps)


async def test_a_preview_divides_the_window_as_a_review_does(repository, server, tmp_path):
    holding = Holding("compatible", 8_192, says)
    holding.script(server)
    given = options(tmp_path, server.url, "compatible", 8_192)
    told = await asyncio.to_thread(
        preview, ChangeRequest(repository.top, commit="HEAD"), given, None
    )
    assert len(told.previews) == 2
    for shown in told.previews:
        assert shown.tools == ()
        assert shown.plan.template.name.endswith("-compact")
        assert len(shown.requests) > 1
