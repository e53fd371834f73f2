"""Who can be asked, from keys, addresses and what runs here; and the models made of that."""

import asyncio
import traceback
from collections.abc import Mapping

import httpx
import pytest

from xreview.config.prices import load_prices
from xreview.config.reviewers import shipped_reviewers
from xreview.models.http.format import wire_formats
from xreview.models.http.socket_owner import SocketOwner, Whose
from xreview.models.local_servers import FoundServer
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Finished, Model, ServedModel
from xreview.ports.provider import ReviewerSettings
from xreview.ports.request import ModelRequest
from xreview.review.asking.models import AT_ONCE, ModelMaker
from xreview.review.asking.prospects import Prospect, local_prospects, prospect_of

KEY = "sk-test-Zq3R8vXk1LmT0pWd"
FORMATS = [one.name for one in wire_formats()]
API = [one for one in shipped_reviewers().values() if one.provider in FORMATS]


def of(name: str, environ: Mapping[str, str], **given: bool) -> Prospect:
    return prospect_of(shipped_reviewers()[name], environ, **given)


def test_one_exported_key_is_enough() -> None:
    environ = {"OPENAI_API_KEY": KEY}

    usable = [one.name for one in API if not prospect_of(one, environ).why_not]

    assert usable == ["gpt"]
    assert of("gpt", environ).candidate.vendor == "openai"
    assert of("claude", environ).why_not == "no key in $ANTHROPIC_API_KEY or $ANTHROPIC_AUTH_TOKEN"


def test_a_router_serves_families_by_their_models() -> None:
    environ = {"OPENROUTER_API_KEY": KEY}

    vendors = {
        one.name: prospect_of(one, environ).identity.vendor
        for one in API
        if not prospect_of(one, environ).why_not
    }

    assert vendors == {
        "openrouter-claude": "anthropic",
        "openrouter-gpt": "openai",
        "openrouter-gemini": "google",
    }


def test_offline_leaves_what_runs_here() -> None:
    here = ReviewerSettings("mine", "compatible", "qwen3", base_url="http://127.0.0.1:9/v1")

    assert of("gpt", {"OPENAI_API_KEY": KEY}, is_offline=True).why_not == "--offline"
    assert prospect_of(here, {}, is_offline=True).candidate.is_usable
    assert prospect_of(here, {}).candidate.is_local


def found(owner: SocketOwner) -> Prospect:
    models = (ServedModel("qwen3:30b"),)
    server = FoundServer("llama.cpp", "compatible", "http://127.0.0.1:8080/v1", models, owner)
    (one,) = local_prospects([server])
    return one


def test_a_server_that_was_found_gets_code_only_after_a_yes() -> None:
    mine = found(SocketOwner(Whose.MINE))
    assert mine.needs_consent
    assert mine.candidate.is_usable
    unknown = found(SocketOwner(Whose.UNKNOWN))
    assert unknown.needs_consent
    assert unknown.candidate.is_usable


def test_a_server_of_another_user_is_refused_with_a_sentence() -> None:
    other = found(SocketOwner(Whose.OTHER, "eve"))
    assert not other.candidate.is_usable
    assert other.why_not.startswith("it belongs to another user of this machine (eve)")


@pytest.mark.parametrize(
    ("owner", "needs_consent"),
    [
        (SocketOwner(Whose.MINE), False),
        (SocketOwner(Whose.UNKNOWN), False),
        (SocketOwner(Whose.OTHER, "ollama"), True),
    ],
)
def test_a_server_that_the_user_named_is_asked_about_if_it_is_anothers(
    monkeypatch, owner, needs_consent
) -> None:
    monkeypatch.setattr("xreview.review.asking.prospects.owner_of", lambda *_: owner)
    mine = ReviewerSettings("mine", "ollama", "qwen3")
    prospect = prospect_of(mine, {})
    assert prospect.candidate.is_usable
    assert prospect.needs_consent is needs_consent


def test_a_proxy_is_part_of_where_code_goes() -> None:
    proxied = {"OPENAI_API_KEY": KEY, "HTTPS_PROXY": "http://proxy.example:3128"}
    assert of("gpt", proxied).through == "proxy.example:3128"
    assert of("gpt", {**proxied, "no_proxy": ".openai.com"}).through == ""
    assert of("gpt", {**proxied, "NO_PROXY": "example.org"}).through == "proxy.example:3128"
    here = ReviewerSettings("mine", "compatible", "qwen3", base_url="http://127.0.0.1:9/v1")
    assert prospect_of(here, proxied).through == ""


def test_a_base_url_that_can_not_be_used_is_said() -> None:
    plain = ReviewerSettings("x", "openai", "m", base_url="http://proxy.example/v1")

    assert "plain http" in prospect_of(plain, {"OPENAI_API_KEY": KEY}).why_not


def test_what_runs_here_is_a_prospect_by_itself() -> None:
    models = (ServedModel("qwen3:30b"), ServedModel("llama4:8b"))
    found = local_prospects([FoundServer("ollama", "ollama", "http://127.0.0.1:11434", models)])

    assert [(one.settings.name, one.identity.vendor) for one in found] == [
        ("ollama", "qwen"),
        ("ollama:llama4:8b", "meta"),
    ]
    assert all(one.candidate.is_usable and one.candidate.is_local for one in found)


@pytest.mark.parametrize("settings", API, ids=lambda one: one.name)
async def test_each_shipped_reviewer_makes_a_model_that_sends_its_key_to_its_host(
    settings: ReviewerSettings,
) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(401, json={"error": {"message": f"bad key {KEY}"}})

    variables = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY")
    prospect = prospect_of(settings, dict.fromkeys(variables, KEY))
    maker = ModelMaker(load_prices(), lambda: httpx.MockTransport(answer))
    model = maker.model(prospect)

    with pytest.raises(ModelError) as caught:
        await _ask(model)
    await maker.close()

    assert {request.url.host for request in seen} == {prospect.identity.host}
    assert KEY in str(seen[-1].headers.raw)
    shown = "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )
    assert KEY not in shown
    assert model.identity.model == settings.model


async def _ask(model: Model) -> None:
    async for signal in model.ask(ModelRequest("be brief", "hello")):
        assert not isinstance(signal, Finished)


def test_a_key_that_no_header_may_hold_is_refused_without_showing_it() -> None:
    maker = ModelMaker(load_prices())
    with pytest.raises(ModelError) as caught:
        maker.model(of("gpt", {"OPENAI_API_KEY": f"{KEY}\u200bx"}))
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert caught.value.failure is Failure.KEY
    assert KEY not in "".join(trace.format())


async def test_models_of_one_host_share_its_bounds() -> None:
    environ = {"OPENROUTER_API_KEY": KEY}
    maker = ModelMaker(load_prices())
    one, other = of("openrouter-gpt", environ), of("openrouter-claude", environ)

    assert maker.slots(one) is maker.slots(other)
    taken = 0
    while not maker.slots(one).locked():
        await asyncio.wait_for(maker.slots(one).acquire(), 1)
        taken += 1
    assert taken == AT_ONCE


@pytest.mark.parametrize("provider", FORMATS)
async def test_each_wire_format_makes_a_model_that_can_be_asked_what_it_has(
    provider: str,
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"data": [], "models": []})

    settings = ReviewerSettings("mine", provider, "m", base_url="http://127.0.0.1:9", effort="low")
    maker = ModelMaker(load_prices(), lambda: httpx.MockTransport(answer))
    model = maker.model(prospect_of(settings, {}), "other")

    assert await model.check() == ()
    assert len(asked) == 1
    assert (model.identity.model, model.identity.is_local) == ("other", True)
    await maker.close()
