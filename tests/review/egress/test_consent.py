"""Code goes where a person said it may, and nowhere else."""

import stat
from pathlib import Path

import pytest

from xreview.domain.errors import UsageError
from xreview.review.egress.consent import Consents, Egress

OPENAI = Egress("openai", "api.openai.com", ("gpt",))
PROXY = Egress("openai", "proxy.example", ("gpt",))


def test_a_yes_holds_for_one_repository_vendor_and_host(tmp_path: Path) -> None:
    path = tmp_path / "state" / "egress.json"
    Consents(path).allow("/src/one/.git", OPENAI, "2026-11-21T10:00:00")

    again = Consents(path)
    assert again.allows("/src/one/.git", OPENAI)
    assert not again.allows("/src/two/.git", OPENAI)
    assert not again.allows("/src/one/.git", PROXY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("always", ["openai", "api.openai.com", "all"])
def test_settings_may_allow_for_all_repositories(tmp_path: Path, always: str) -> None:
    assert Consents(tmp_path / "none.json", [always]).allows("/src", OPENAI)


@pytest.mark.parametrize(
    ("vendor", "host", "through", "always", "is_allowed"),
    [
        ("openai", "Codex", "", ["openai"], True),
        ("anthropic", "opencode", "", ["anthropic"], True),
        ("deepseek", "api.deepseek.com", "", ["deepseek"], True),
        # A vendor's model at somebody else's host is not that vendor.
        ("anthropic", "openrouter.ai", "", ["anthropic"], False),
        ("anthropic", "openrouter.ai", "", ["openrouter.ai"], True),
        ("anthropic", "Claude Code at gateway.example", "", ["anthropic"], False),
        ("anthropic", "anthropic.com.evil.example", "", ["anthropic"], False),
        ("anthropic", "notanthropic.com", "", ["anthropic"], False),
        ("deepseek", "deepseek.evil.example", "", ["deepseek"], False),
        ("qwen", "127.0.0.1:8080", "", ["qwen"], False),
        ("qwen", "127.0.0.1:8080", "", ["127.0.0.1:8080"], True),
        # Whoever sees it on the way must be named too.
        ("openai", "api.openai.com", "proxy.example:3128", ["openai"], False),
        ("openai", "api.openai.com", "proxy.example:3128", ["proxy.example:3128"], False),
        ("openai", "Codex", "proxy.example:3128", ["openai", "proxy.example:3128"], True),
        ("openai", "api.openai.com", "proxy.example:3128", ["all"], True),
    ],
)
def test_settings_allow_what_they_name(tmp_path, vendor, host, through, always, is_allowed):
    egress = Egress(vendor, host, ("x",), through=through)
    assert Consents(tmp_path / "none.json", always).allows("/src", egress) is is_allowed


def test_a_yes_is_given_to_the_place_where_code_really_goes(tmp_path: Path) -> None:
    consents = Consents(tmp_path / "egress.json")
    consents.allow("/src", Egress("anthropic", "Claude Code", ("x",)), "2026-11-29")

    assert consents.allows("/src", Egress("anthropic", "Claude Code", ("y",)))
    for other in (
        Egress("anthropic", "Claude Code at gateway.example", ("x",)),
        Egress("anthropic", "Claude Code", ("x",), through="proxy.example:3128"),
    ):
        assert not consents.allows("/src", other)
    proxied = Egress("openai", "api.openai.com", ("x",), through="proxy.example:3128")
    consents.allow("/src", proxied, "2026-11-29")
    assert "openai@api.openai.com through proxy.example:3128" in consents.given("/src")


def test_a_family_that_is_not_known_is_not_everyones(tmp_path: Path) -> None:
    assert not Consents(tmp_path / "x", [""]).allows("/src", OPENAI)
    assert not Consents(tmp_path / "x", ["openai"]).allows("/src", Egress("", "host", ("x",)))


def test_consent_can_be_taken_back(tmp_path: Path) -> None:
    consents = Consents(tmp_path / "egress.json")
    consents.allow("/src", OPENAI, "2026-11-21")
    consents.allow("/src", PROXY, "2026-11-21")

    assert consents.given("/src") == {OPENAI.key: "2026-11-21", PROXY.key: "2026-11-21"}
    assert set(consents.forget("/src")) == {OPENAI.key, PROXY.key}
    assert consents.forget("/src") == ()
    assert not consents.allows("/src", OPENAI)


@pytest.mark.parametrize("where", ["api.openai.com", "openai@api.openai.com"])
def test_consent_can_be_taken_back_for_one_place(tmp_path: Path, where: str) -> None:
    consents = Consents(tmp_path / "egress.json")
    for repository in ("/src", "/other"):
        consents.allow(repository, OPENAI, "2026-11-21")
        consents.allow(repository, PROXY, "2026-11-21")

    assert consents.forget("/src", where) == (OPENAI.key,)
    assert not consents.allows("/src", OPENAI)
    assert consents.allows("/src", PROXY)
    assert consents.allows("/other", OPENAI)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "allowed": {"/src": {"openai@api.openai.com": "x"}}}',
        '{"version": 1, "allowed": {"/src": 3}}',
    ],
)
def test_a_damaged_file_allows_nothing(tmp_path: Path, content: str) -> None:
    path = tmp_path / "egress.json"
    path.write_text(content)

    assert not Consents(path).allows("/src", OPENAI)


def test_an_answer_that_can_not_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="can't be saved"):
        Consents(tmp_path / "file" / "egress.json").allow("/src", OPENAI, "2026-11-21")
