"""Models that write over their APIs, as two servers on this machine play them."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.fakes.provider_server import anthropic, openai
from tests.fakes.provider_server.reply import Answer, Reply, Request
from tests.fakes.provider_server.server import ProviderServer

KEY = "sk-test-Zq3R8vXk1LmT0pWd"
_CONFIG = """
[reviewers.opus]
provider = "anthropic"
model = "claude-opus-5-5"
base_url = "{opus}"
key_variable = "MY_KEY"

[reviewers.gpt]
provider = "openai"
model = "gpt-6.2-sol"
base_url = "{gpt}/v1"
key_variable = "MY_KEY"
"""


class ApiWriters:
    """What the models say: `written` to a task, and of a review by a text that it must contain."""

    def __init__(self, opus: ProviderServer, gpt: ProviderServer) -> None:
        self.config = _CONFIG.format(opus=opus.url, gpt=gpt.url)
        self._servers = {"opus": (opus, anthropic.PATH), "gpt": (gpt, openai.PATH)}

    def asked(self, name: str) -> list[str]:
        """What a model was asked, as JSON."""
        server, path = self._servers[name]
        return [json.dumps(body) for body in server.bodies(path)]

    def script(
        self, name: str, written: Mapping[str, Any], findings: Mapping[str, list[Any]]
    ) -> None:
        server, path = self._servers[name]

        def answer(request: Request) -> Reply:
            asked = json.dumps(request.json)
            if "left_out" in asked:
                said: object = written
            elif '"stance"' in asked or "stance\\" in asked:
                said = {"findings": []}
            else:
                known = (found for words, found in findings.items() if quoted(words) in asked)
                said = {"findings": [one for found in known for one in found]}
            made = spoken(name, json.dumps(said))
            return made if isinstance(made, Reply) else made(request)

        server.on(path, answer)


def quoted(words: str) -> str:
    """A text as it is inside of JSON."""
    return json.dumps(words)[1:-1]


def spoken(name: str, said: str) -> Answer:
    if name == "opus":
        return anthropic.message(anthropic.text(said))
    return openai.response(openai.message(said))


@asynccontextmanager
async def api_writers() -> AsyncGenerator[ApiWriters, None]:
    async with ProviderServer() as opus, ProviderServer() as gpt:
        yield ApiWriters(opus, gpt)
