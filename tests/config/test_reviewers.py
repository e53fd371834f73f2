"""Reviewers that are models: what a table may say, and where keys come from."""

import jsonschema
import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from xreview.config.kinds import Unfit
from xreview.config.reviewers import (
    KEYRING_USER,
    ReviewerTables,
    all_reviewers,
    find_key,
    shipped_reviewers,
    variables_of,
)
from xreview.ports.provider import ReviewerSettings

KIND = ReviewerTables()
KEY = "sk-test-Zq3R8vXk1LmT0pWd"


def test_the_shipped_reviewers_cover_the_vendors_and_the_agents() -> None:
    shipped = shipped_reviewers()

    assert {one.provider for one in shipped.values()} >= {
        "anthropic",
        "openai",
        "google",
        "claude-code",
        "codex",
    }
    jsonschema.validate(KIND.to_plain(shipped), KIND.schema())
    assert KIND.parse(KIND.to_plain(shipped)) == shipped


def test_every_vendor_has_two_tiers() -> None:
    over_http = [one for one in shipped_reviewers().values() if one.model]

    assert over_http
    assert all(one.lighter and one.lighter != one.model for one in over_http)


def test_an_agent_can_have_a_fast_model() -> None:
    found = KIND.parse({"claude-code": {"provider": "claude-code", "lighter": "haiku"}})

    assert found["claude-code"].lighter == "haiku"


def test_a_compatible_host_is_configuration_only() -> None:
    table = {"provider": "compatible", "base_url": "http://127.0.0.1:8080/v1", "model": "qwen3"}

    (mine,) = KIND.parse({"mine": table}).values()

    assert mine == ReviewerSettings(
        "mine", "compatible", "qwen3", base_url="http://127.0.0.1:8080/v1"
    )


def test_the_users_reviewers_come_first_and_replace() -> None:
    own = KIND.parse({"gpt": {"provider": "openai", "model": "gpt-6-luna"}})

    joined = all_reviewers(own)

    assert next(iter(joined)) == "gpt"
    assert joined["gpt"].model == "gpt-6-luna"
    assert "claude" in joined


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ("claude", "must consist of tables"),
        ({"a b": {"provider": "openai", "model": "x"}}, "isn't a valid name"),
        ({"risk": {"provider": "openai", "model": "x"}}, "embedded analyser"),
        ({"x": "openai"}, "must be a table"),
        ({"x": {"model": "y"}}, "needs a `provider`"),
        ({"x": {"provider": "smtp", "model": "y"}}, "needs a `provider`"),
        ({"x": {"provider": ["openai"], "model": "y"}}, "must be one line"),
        ({"x": {"provider": "openai"}}, "needs a `model`"),
        ({"x": {"provider": "compatible", "model": "y"}}, "needs a `base_url`"),
        ({"x": {"provider": "openai", "model": "y", "key": KEY}}, "never belong in a file"),
        ({"x": {"provider": "openai", "model": "y", "key_variable": KEY}}, "not a key"),
        ({"x": {"provider": "openai", "model": "y", "temperature": 1}}, "it can have provider"),
        ({"x": {"provider": "openai", "model": "y", "context": -1}}, "whole number"),
        ({"x": {"provider": "openai", "model": "y", "effort": "huge"}}, "must be one of low"),
        (
            {"x": {"provider": "openai", "model": "y", "command": "z"}},
            "openai doesn.t accept",
        ),
        (
            {"x": {"provider": "codex", "base_url": "https://x.example"}},
            "codex doesn.t accept",
        ),
        ({"x": {"provider": "openai", "model": "y\n"}}, "one line of text"),
    ],
)
def test_a_wrong_table_is_a_sentence(tables: object, words: str) -> None:
    with pytest.raises(Unfit, match=words) as caught:
        KIND.parse(tables)
    assert KEY not in str(caught.value)


def reviewer(**values: str) -> ReviewerSettings:
    table = {"provider": "openai", "model": "m", **values}
    return KIND.parse({"x": table})["x"]


def test_the_usual_variable_is_looked_at() -> None:
    found = find_key(reviewer(), {"OPENAI_API_KEY": f" {KEY}\n"})

    assert found is not None
    assert found.reveal() == KEY
    assert found.words == "$OPENAI_API_KEY"
    assert KEY not in repr(found)


def test_a_variable_of_ones_own_replaces_the_usual_one() -> None:
    mine = reviewer(key_variable="WORK_KEY")

    assert find_key(mine, {"OPENAI_API_KEY": KEY}) is None
    assert find_key(mine, {"WORK_KEY": KEY}) is not None


def test_a_vendors_key_does_not_go_to_another_host() -> None:
    assert variables_of(reviewer(base_url="https://proxy.example/v1")) == ()
    router = reviewer(provider="compatible", base_url="https://openrouter.ai/api/v1")
    assert variables_of(router) == ("OPENROUTER_API_KEY",)
    disguised = reviewer(provider="compatible", base_url="https://openrouter.ai.example/v1")
    assert variables_of(disguised) == ()


class _Ring(KeyringBackend):
    priority = 1  # type: ignore[assignment] # as keyring's documentation shows

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise KeyringError("locked")
        return KEY if (service, username) == ("work", KEYRING_USER) else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


def test_the_keyring_is_asked_where_it_is_named() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(_Ring())
    try:
        found = find_key(reviewer(keyring="work"), {})
        assert found is not None
        assert found.reveal() == KEY
        assert find_key(reviewer(keyring="other"), {}) is None
        assert find_key(reviewer(keyring="locked"), {}) is None
        assert find_key(reviewer(), {}) is None
    finally:
        keyring.set_keyring(before)
