"""Keys of the environment: which variables hold one, and that git and what it starts get none."""

import os
from dataclasses import replace

import pytest

from tests.repo.builder import Builder
from xreview.config.reviewers import ReviewerSettings, all_reviewers, variables_of
from xreview.ports.provider import providers
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.git import ObjectReader
from xreview.repo.hardened.environment import hardened_environment
from xreview.repo.hardened.secret_variables import is_key, keep_private
from xreview.repo.repository import find_repository
from xreview.repo.shared_journal.annex import annex_of

KEYS = [
    "OPENAI_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SESSION_TOKEN",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "AZURE_CLIENT_SECRET",
    "NPM_TOKEN",
    "DB_PASSWORD",
    "PGPASSWORD",
    "MYSQL_PWD",
    "MY_PASS",
    "SONARTOKEN",
    "openai_api_key",
    "DATABASE_URL",
    "SENTRY_DSN",
    "DOCKER_AUTH_CONFIG",
    "MONGODB_URI",
    "AZURE_DEVOPS_EXT_PAT",
]
NEEDED = [
    "PATH",
    "HOME",
    "PWD",
    "USER",
    "LANG",
    "TERM",
    "SSH_AUTH_SOCK",
    "SSH_ASKPASS",
    "GIT_ASKPASS",
    "GIT_SSH_COMMAND",
    "GNUPGHOME",
    "GPG_TTY",
    "DISPLAY",
    "XDG_CONFIG_HOME",
    "HTTPS_PROXY",
    "SSL_CERT_FILE",
    "KEYBOARD",
    "COMPASS",
    "DBUS_SESSION_BUS_ADDRESS",
]


@pytest.mark.parametrize("name", KEYS)
def test_a_key(name):
    assert is_key(name)


@pytest.mark.parametrize("name", NEEDED)
def test_what_git_and_ssh_need(name):
    assert not is_key(name)


def test_the_keys_of_all_reviewers_that_are_shipped():
    reviewers = [
        *all_reviewers({}).values(),
        *(ReviewerSettings("x", one.name) for one in providers()),
    ]
    variables = {variable for one in reviewers for variable in variables_of(one)}
    assert variables
    assert all(map(is_key, variables))
    hosts = ("https://openrouter.ai/api/v1", "https://api.deepseek.com")
    for host in hosts:
        assert all(map(is_key, variables_of(replace(reviewers[0], base_url=host))))


@pytest.fixture
def secrets(tmp_path, monkeypatch, home):
    """Keys in the environment, and a filter of the user that writes down what it sees."""
    for name in (*KEYS, "TOLD"):
        monkeypatch.setenv(name, f"canary-{name}")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "http.extraHeader")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "Authorization: canary-header")
    monkeypatch.setattr("xreview.repo.hardened.secret_variables._private", set())
    seen = tmp_path / "seen"
    seen.mkdir()
    tool = tmp_path / "own" / "git"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nenv > "{seen}/$$"\nexec /usr/bin/git "$@"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    return seen


def all_seen(seen) -> str:
    texts = [path.read_text() for path in seen.iterdir()]
    assert texts
    assert all("PATH=" in text for text in texts)
    return "".join(texts)


@pytest.fixture
def blob(project: Builder) -> str:
    return project.rev("HEAD:a.txt")


def test_git_gets_none(project: Builder, blob, secrets):
    keep_private(["TOLD", ""])
    project.write("a.txt", "changed\n")
    collected = collect(ChangeRequest(project.top))
    assert [file.path for batch in collected.batches for file in batch] == ["a.txt"]
    reader = ObjectReader(collected.repository)
    assert reader.read(blob, "blob", 1000) == b"one\ntwo\nthree\n"
    reader.close()
    assert "canary-" not in all_seen(secrets)


def test_the_git_that_pushes_gets_those_of_forges_alone(project: Builder, secrets):
    keep_private(["TOLD"])
    repository = find_repository(project.top)
    with annex_of(repository) as annex:
        annex.run("rev-parse", "--git-dir")
        for path in secrets.iterdir():
            # The header is what the user configured for git itself.
            assert "canary-" not in path.read_text().replace("canary-header", "")
            path.unlink()
        annex.start("ls-remote", str(project.top), protocol="file").finish()
    text = all_seen(secrets)
    assert "canary-GITHUB_TOKEN" in text
    assert "canary-OPENAI_API_KEY" not in text
    assert "canary-AWS" not in text


def test_libraries_of_the_repository_are_not_loaded_into_git(project: Builder, tmp_path):
    inside = f"{project.top}/lib"
    given = {
        "PATH": "/usr/bin",
        "LD_LIBRARY_PATH": f":lib:{inside}:{tmp_path}",
        "DYLD_LIBRARY_PATH": inside,
        "LD_PRELOAD": "./evil.so",
        "GIT_EXEC_PATH": "libexec",
    }
    environment = hardened_environment(given, project.top)
    assert environment["LD_LIBRARY_PATH"] == str(tmp_path)
    assert not {"DYLD_LIBRARY_PATH", "LD_PRELOAD", "GIT_EXEC_PATH"} & set(environment)
