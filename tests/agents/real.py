"""The real agent programs, installed from their packages, and pointed at the loopback double.

They are kept in the user's cache, one folder each. With `CI` set, or with
`XREVIEW_AGENT_PROGRAMS=install`, missing ones are installed (about a minute and a gigabyte for all
four, once); otherwise tests that need them are skipped. `XREVIEW_AGENT_PROGRAMS=off` skips them
even where they are.
"""

import fcntl
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs
import pytest

from tests.fakes.provider_server import anthropic, chat, google, openai
from tests.fakes.provider_server.reply import Answer
from tests.fakes.provider_server.server import ProviderServer
from xreview.agents import codex
from xreview.agents.base.agent import Agent, ReadableFolder, WritableFolder
from xreview.agents.running.model import (
    AgentModel,
    AgentPatience,
    agent_model,
    writing_agent_model,
)
from xreview.ports.model import Model, ModelSignal
from xreview.ports.provider import ReviewerSettings
from xreview.ports.request import ModelRequest

_SWITCH = "XREVIEW_AGENT_PROGRAMS"
_INSTALL_SECONDS = 240
KEY = "key-of-this-vendor-51d2e84b60"
OTHER_KEY = "key-of-another-vendor-3f9a7c"


@dataclass(frozen=True)
class Real:
    """One program.

    Args:
        name: as it is called.
        paths: where at the double it asks.
        says: a turn of the model that says a text.
        calls: a turn that calls a tool, by name and arguments.
        read: the name of its tool that reads a file, and the argument that takes the path.
    """

    provider: str
    package: str
    version: str
    name: str
    model: str
    keys: tuple[str, ...]
    paths: tuple[str, ...]
    says: Callable[[str], Answer]
    calls: Callable[..., Answer]
    read: tuple[str, str]


_ids = itertools.count(1)


def _id() -> str:
    """Of a call: some programs drop a second one of the same id."""
    return f"c{next(_ids)}"


def _chat_call(tool: str, **arguments: str) -> Answer:
    return chat.reply("", calls=[chat.tool_call(_id(), tool, json.dumps(arguments))])


def _gemini_paths(model: str) -> tuple[str, ...]:
    return (f"/v1beta/models/{model}:streamGenerateContent",)


CLAUDE = Real(
    "claude-code",
    "@anthropic-ai/claude-code",
    "2.1.332",
    "claude",
    anthropic.MODEL,
    ("ANTHROPIC_API_KEY",),
    (anthropic.PATH,),
    lambda said: anthropic.message(anthropic.text(said)),
    lambda tool, **given: anthropic.message(
        anthropic.tool_use(_id(), tool, **given), stop_reason="tool_use"
    ),
    ("Read", "file_path"),
)
CODEX = Real(
    "codex",
    "@openai/codex",
    "0.171.0",
    "codex",
    openai.MODEL,
    ("CODEX_API_KEY",),
    (openai.PATH,),
    lambda said: openai.response(openai.message(said)),
    lambda tool, **given: openai.response(openai.function_call(_id(), tool, json.dumps(given))),
    ("exec_command", "cmd"),
)
GEMINI = Real(
    "gemini-cli",
    "@google/gemini-cli",
    "0.61.0",
    "gemini",
    google.MODEL,
    ("GEMINI_API_KEY",),
    _gemini_paths(google.MODEL),
    lambda said: google.reply(google.text(said)),
    lambda tool, **given: google.reply(google.function_call(tool, **given)),
    ("read_file", "file_path"),
)
OPENCODE = Real(
    "opencode",
    "opencode-ai",
    "1.18.33",
    "opencode",
    f"double/{chat.MODEL}",
    ("DOUBLE_API_KEY",),
    (chat.PATH,),
    lambda said: chat.reply(said),
    _chat_call,
    ("read", "filePath"),
)
ALL = (CLAUDE, CODEX, GEMINI, OPENCODE)


def program_folder(real: Real) -> Path:
    """The folder that holds the program; skips the test where it can't be had."""
    wanted = os.environ.get(_SWITCH, "")
    if wanted == "off":
        pytest.skip(f"{_SWITCH} is off")
    prefix = Path(platformdirs.user_cache_dir("xreview-tui-tests"), f"{real.name}-{real.version}")
    folder = prefix / "node_modules" / ".bin"
    if not (prefix / "complete").exists():
        if wanted != "install" and not os.environ.get("CI"):
            pytest.skip(f"{real.name} is not installed; {_SWITCH}=install installs it")
        _install(real, prefix)
    return folder


def _install(real: Real, prefix: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    prefix.mkdir(parents=True, exist_ok=True)
    with (prefix.parent / f"{prefix.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (prefix / "complete").exists():
            return
        (prefix / "package.json").write_text('{"private": true}')
        wanted = f"{real.package}@{real.version}"
        try:
            done = subprocess.run(
                [npm, "install", "--no-audit", "--no-fund", "--prefix", prefix, wanted],
                capture_output=True,
                timeout=_INSTALL_SECONDS,
            )
        except subprocess.TimeoutExpired:
            pytest.skip(f"{wanted} could not be installed within {_INSTALL_SECONDS} seconds")
        if done.returncode:
            pytest.skip(f"{wanted} could not be installed: {done.stderr.decode()[-200:]}")
        (prefix / "complete").touch()


def environment(real: Real, server: ProviderServer, home: Path) -> dict[str, str]:
    """A user's environment: a fresh home, the keys of all vendors, the double as every server."""
    keys = {name: OTHER_KEY for one in ALL for name in one.keys} | dict.fromkeys(real.keys, KEY)
    _configure_opencode(home, server.url)
    (home / ".gemini").mkdir(parents=True, exist_ok=True)
    auth = {"security": {"auth": {"selectedType": "gemini-api-key"}}}
    (home / ".gemini" / "settings.json").write_text(json.dumps(auth))
    (home / ".codex").mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.pathsep.join([str(program_folder(real)), os.environ["PATH"]]),
        "HOME": str(home),
        "ANTHROPIC_BASE_URL": server.url,
        "GOOGLE_GEMINI_BASE_URL": server.url,
        "OPENAI_API_KEY": OTHER_KEY,
        "AWS_SECRET_ACCESS_KEY": OTHER_KEY,
        **keys,
    }


def _configure_opencode(home: Path, url: str) -> None:
    options = {"baseURL": f"{url}/v1", "apiKey": "{env:DOUBLE_API_KEY}"}
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "options": options,
        "models": {chat.MODEL: {}},
    }
    folder = home / ".config" / "opencode"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opencode.json").write_text(json.dumps({"provider": {"double": provider}}))


def codex_at(url: str) -> tuple[str, ...]:
    """Codex's settings for another server, one that speaks no WebSocket."""
    given = {"name": "double", "base_url": f"{url}/v1", "env_key": "CODEX_API_KEY"}
    table = ",".join(f'{key}="{value}"' for key, value in given.items())
    return (
        f'model_providers.double={{{table},wire_api="responses"}}',
        'model_provider="double"',
    )


def model_of(
    real: Real,
    server: ProviderServer,
    readable: ReadableFolder,
    home: Path,
    *,
    patience: AgentPatience | None = None,
    **more: str,
) -> AgentModel:
    """The program as the product runs it."""
    return agent_model(
        ReviewerSettings(real.name, real.provider, model=real.model),
        readable,
        {**environment(real, server, home), **more},
        agent=_agent_at(real, server),
        patience=patience or AgentPatience(overall=60.0),
    )


def writing_model_of(
    real: Real,
    server: ProviderServer,
    writable: WritableFolder,
    home: Path,
    *,
    patience: AgentPatience | None = None,
    **more: str,
) -> AgentModel:
    """The program in its write mode."""
    return writing_agent_model(
        ReviewerSettings(real.name, real.provider, model=real.model),
        writable,
        {**environment(real, server, home), **more},
        agent=_agent_at(real, server),
        patience=patience or AgentPatience(overall=60.0),
        budget=2.0,
    )


def _agent_at(real: Real, server: ProviderServer) -> Agent | None:
    return replace(codex.PROVIDER, further=codex_at(server.url)) if real is CODEX else None


async def signals_of(model: Model, request: ModelRequest) -> list[ModelSignal]:
    async with aclosing(model.ask(request)) as signals:
        return [signal async for signal in signals]
