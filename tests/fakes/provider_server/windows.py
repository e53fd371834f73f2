"""Servers whose models hold so many tokens and no more, one for each wire format.

They count what they are sent by pieces, as byte-pair tokenizers cut text, which is another way than
the program's estimate; what does not fit together with the longest answer is refused in the words
of the real servers.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.provider_server import anthropic, chat, google, ollama, openai
from tests.fakes.provider_server.reply import Answer, Reply, Request, json_reply
from tests.fakes.provider_server.server import ProviderServer

Json = dict[str, Any]

# What byte-pair tokenizers cut text into before they merge inside of a piece, after the expression
# of cl100k_base: none of that kind has fewer tokens than pieces. Longer words are often more than
# one token; six bytes are taken as what fits into one.
_PIECES = re.compile(
    r"'(?:[sdmt]|ll|ve|re)|[^\r\n\w]?[^\W\d_]+|\d{1,3}| ?[^\s\w]+_*[\r\n]*|_+|\s*[\r\n]|\s+"
)
_LONG_WORD_BYTES = 6


def pieces_in(text: str) -> int:
    """The pieces of a text, of which a tokenizer makes at least one token each."""
    return sum(-(-len(piece.encode()) // _LONG_WORD_BYTES) for piece in _PIECES.findall(text))


def count(body: object) -> int:
    """The tokens of a request by that."""
    return sum(map(pieces_in, _texts(body)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@dataclass
class Asked:
    """One request as the server saw it."""

    tokens: int
    answer: int
    has_tools: bool
    turns: int


@dataclass
class Holding:
    """Scripts a server whose model holds `window` tokens.

    Args:
        form: a key of `FORMS`.
        says: the answer to the texts of a request.
        call: the arguments of a call of `read_file` in that turn; None where the model answers.
    """

    form: str
    window: int
    says: Callable[[str], str]
    call: Callable[[int], Json | None] = lambda turn: None
    asked: list[Asked] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def script(self, server: ProviderServer) -> None:
        FORMS[self.form].script(server, self.window, self.answer)

    def answer(self, request: Request) -> Reply:
        form, body = FORMS[self.form], request.json
        turns = form.turns(body)
        asked = Asked(count(body), form.longest(body), bool(body.get("tools")), turns)
        self.asked.append(asked)
        if form.is_over(asked, self.window, body):
            said = f"{asked.tokens} + {asked.answer} > {self.window}"
            self.refused.append(said)
            return form.refusal(said)
        arguments = self.call(turns) if asked.has_tools else None
        if arguments is not None:
            return _reply(form.calls(f"c{turns}", "read_file", arguments), request)
        return _reply(form.says(self.says("\n".join(_texts(body)))), request)


def _reply(answer: Answer, request: Request) -> Reply:
    return answer if isinstance(answer, Reply) else answer(request)


@dataclass(frozen=True)
class Form:
    """How one wire format tells a window, refuses and answers."""

    model: str
    script: Callable[[ProviderServer, int, Callable[[Request], Reply]], None]
    longest: Callable[[Json], int]
    turns: Callable[[Json], int]
    refusal: Callable[[str], Reply]
    says: Callable[[str], Answer]
    calls: Callable[[str, str, Json], Answer]
    is_over: Callable[[Asked, int, Json], bool] = lambda asked, window, body: (
        asked.tokens + asked.answer > window
    )
    is_told: bool = True


def _anthropic(server: ProviderServer, window: int, answer: Callable[[Request], Reply]) -> None:
    server.on("/v1/models", anthropic.models((anthropic.MODEL, window, 64_000)))
    server.on(anthropic.PATH, answer)


def _openai(server: ProviderServer, window: int, answer: Callable[[Request], Reply]) -> None:
    server.on(openai.PATH, answer)


def _google(server: ProviderServer, window: int, answer: Callable[[Request], Reply]) -> None:
    server.on(google.STREAM.partition(":")[0], json_reply(google.model(most_input=window)))
    server.on(google.STREAM, answer)


def _compatible(server: ProviderServer, window: int, answer: Callable[[Request], Reply]) -> None:
    server.on(chat.MODELS, chat.models({"id": chat.MODEL, "max_model_len": window}))
    server.on("/props", chat.error(404, "no such page"))
    server.on("/api/v1/models", chat.error(404, "no such page"))
    server.on(chat.PATH, answer)


def _ollama(server: ProviderServer, window: int, answer: Callable[[Request], Reply]) -> None:
    server.on(ollama.SHOW, ollama.show(context=window))
    server.on(ollama.PATH, answer)


def _ollama_is_over(asked: Asked, window: int, body: Json) -> bool:
    context = body["options"]["num_ctx"]
    return context > window or asked.tokens + asked.answer > context


FORMS = {
    "anthropic": Form(
        anthropic.MODEL,
        _anthropic,
        lambda body: body["max_tokens"],
        lambda body: len(body["messages"]) // 2,
        lambda said: anthropic.error(
            400,
            "invalid_request_error",
            f"input length and `max_tokens` exceed context limit: {said}",
        ),
        lambda said: anthropic.message(anthropic.text(said)),
        lambda id, name, arguments: anthropic.message(
            anthropic.tool_use(id, name, **arguments), stop_reason="tool_use"
        ),
    ),
    "openai": Form(
        openai.MODEL,
        _openai,
        lambda body: body["max_output_tokens"],
        lambda body: len(body["input"]) // 2,
        lambda said: openai.error(400, "context_length_exceeded", f"Too long: {said}"),
        lambda said: openai.response(openai.message(said)),
        lambda id, name, arguments: openai.response(
            openai.function_call(id, name, json.dumps(arguments))
        ),
        is_told=False,
    ),
    "google": Form(
        google.MODEL,
        _google,
        lambda body: body["generationConfig"]["maxOutputTokens"],
        lambda body: len(body["contents"]) // 2,
        lambda said: google.error(400, "INVALID_ARGUMENT", f"token count exceeds: {said}"),
        lambda said: google.reply(google.text(said)),
        lambda id, name, arguments: google.reply(google.function_call(name, id, **arguments)),
        # Google counts the answer apart.
        is_over=lambda asked, window, body: asked.tokens > window or asked.answer > 65_536,
    ),
    "compatible": Form(
        chat.MODEL,
        _compatible,
        lambda body: body["max_tokens"],
        lambda body: len(body["messages"]) // 2 - 1,
        lambda said: chat.error(400, f"This model's maximum context length is short: {said}"),
        lambda said: chat.reply(said),
        lambda id, name, arguments: chat.reply(
            calls=[chat.tool_call(id, name, json.dumps(arguments))]
        ),
    ),
    "ollama": Form(
        ollama.MODEL,
        _ollama,
        lambda body: body["options"]["num_predict"],
        lambda body: len(body["messages"]) // 2 - 1,
        lambda said: ollama.error(400, f"the prompt is longer than the context length: {said}"),
        lambda said: ollama.reply(said),
        lambda id, name, arguments: ollama.reply(calls=[ollama.tool_call(name, **arguments)]),
        is_over=_ollama_is_over,
    ),
}
