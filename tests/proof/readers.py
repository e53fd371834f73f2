"""Models of two families that read a change, as two servers on this machine play them."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from tests.fakes.provider_server import anthropic, openai
from tests.fakes.provider_server.reply import Reply, Request
from tests.fakes.provider_server.server import ProviderServer
from tests.proof.api_writers import KEY, quoted, spoken

DEEP, FAST = "claude-opus-5-5", "claude-haiku-5-5"
GPT = "gpt-6.2-sol"
_CONFIG = """
[reviewers.opus]
provider = "anthropic"
model = "{deep}"
lighter = "{fast}"
base_url = "{opus}"
key_variable = "MY_KEY"

[reviewers.gpt]
provider = "openai"
model = "{model}"
base_url = "{gpt}/v1"
key_variable = "MY_KEY"
"""


class ApiReaders:
    """What they report, whoever asks: only what is quoted from the code that a request shows."""

    def __init__(self, opus: ProviderServer, gpt: ProviderServer) -> None:
        self.config = _CONFIG.format(deep=DEEP, fast=FAST, opus=opus.url, model=GPT, gpt=gpt.url)
        self.environ = {"MY_KEY": KEY}
        self._servers = {"opus": (opus, anthropic.PATH), "gpt": (gpt, openai.PATH)}
        for name in self._servers:
            self.knows(name)

    def knows(self, name: str, *findings: dict[str, Any], stance: str = "concedes") -> None:
        """What a model reports where it is shown the code, and its stance if another one did."""
        server, path = self._servers[name]

        def answer(request: Request) -> Reply:
            asked = json.dumps(request.json)
            shown = [one for one in findings if quoted(one["quote"]) in asked]
            if is_answer(request.json):
                shown = [_stance(stance, one) for one in shown[:1]]
            said = {"findings": shown}
            made = spoken(name, json.dumps(said))
            return made if isinstance(made, Reply) else made(request)

        server.on(path, answer)

    def bodies(self, name: str) -> list[dict[str, Any]]:
        server, path = self._servers[name]
        return server.bodies(path)

    def asked(self, name: str) -> list[tuple[Any, str]]:
        """The model and the purpose (a lens, or `answer`) of each of its requests."""
        return sorted((one["model"], _purpose(one)) for one in self.bodies(name))

    def forget(self) -> None:
        """Start counting requests anew."""
        for server, _ in self._servers.values():
            server.requests.clear()


def is_answer(body: dict[str, Any]) -> bool:
    """Whether a request asks what a model says of somebody else's report."""
    asked = json.dumps(body)
    return '"stance"' in asked or 'stance\\"' in asked


def _purpose(body: dict[str, Any]) -> str:
    if is_answer(body):
        return "answer"
    return "risk" if "- Security" in json.dumps(body) else "economy"


def _stance(stance: str, finding: dict[str, Any]) -> dict[str, Any]:
    place = {name: finding[name] for name in ("path", "side", "start_line", "quote")}
    return {**place, "claim": 1, "argument": "So it is.", "stance": stance, "settle": ""}


@asynccontextmanager
async def api_readers() -> AsyncGenerator[ApiReaders, None]:
    async with ProviderServer() as opus, ProviderServer() as gpt:
        yield ApiReaders(opus, gpt)
