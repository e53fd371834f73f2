"""Requests to a model, put together in reading order, with untrusted text inside fences.

The instructions come first, then what all requests of a review share (the purpose of the change and
the conventions), then the code, then the questions.

The mark of a fence is random, new in each run of the program, and sent only to the models. No code,
commit message, file name or convention written earlier can contain it.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from functools import cached_property

from xreview.domain.record import dataclass
from xreview.domain.text import visible, visible_block
from xreview.ports.request import ModelRequest
from xreview.review.prompt.brief import Background
from xreview.review.prompt.template import Template
from xreview.review.reply.schema import SCHEMA_NAME

RUN_MARK = secrets.token_hex(12)
"""The mark of fences in this run; tests pass their own."""

_SAME_IN_EVERY_RUN = "0" * len(RUN_MARK)
_NO_PURPOSE = "The purpose of the change is not known."


def fenced(kind: str, text: str, mark: str = RUN_MARK) -> str:
    """The text between a line that opens a fence and one that closes it; `kind` is one word. If the
    text contains the mark (a model repeated it), another mark is derived from it."""
    while mark in text:
        mark = hashlib.sha256(mark.encode()).hexdigest()[: len(mark)]
    return f"<<<BEGIN {kind} {mark}\n{text}\n<<<END {kind} {mark}"


def without_mark(text: str, mark: str = RUN_MARK) -> str:
    """The text as in any other run, so that its hash can be a cache key."""
    return text.replace(mark, _SAME_IN_EVERY_RUN)


def estimated_tokens(text: str) -> int:
    """An estimate without any model's tokenizer, too high rather than too low.

    Five bytes of UTF-8 count as two tokens. With byte-pair tokenizers, code with line numbers takes
    about 3 bytes a token, prose 4, Chinese and Japanese 3 (one character), tables of numbers 2.3;
    only base64 and hexadecimal digits are denser. Lone surrogates count as the character that is
    sent in their place.
    """
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return -(-size * 2 // 5)


@dataclass(frozen=True)
class RequestFrame:
    """What the requests of one review have in common."""

    template: Template
    background: Background

    @cached_property
    def shared(self) -> str:
        """The first part of the user's turn, the same in all requests."""
        purpose = visible_block(self.background.purpose)
        parts = [self.template.purpose, fenced("purpose", purpose)] if purpose else [_NO_PURPOSE]
        if self.background.conventions:
            sentences = "\n".join(f"- {visible(one)}" for one in self.background.conventions)
            parts += [self.template.conventions, fenced("conventions", sentences)]
        return "\n\n".join(parts)

    def request(self, texts: Sequence[str]) -> ModelRequest:
        """The request to review files, drawn as text by `review.prompt.pieces`."""
        change = fenced("change", "\n\n".join(texts))
        return self._request(self.shared, self.template.change, change)

    def question(self, code: str, asked: object) -> ModelRequest:
        """A question about a piece of code; `asked` holds JSON values and may contain hostile text.

        The code is part of the shared text, so that a server that caches prefixes reads it once for
        all questions about a file.
        """
        shared = "\n\n".join((self.shared, self.template.change, fenced("change", code)))
        data = visible_block(json.dumps(asked, ensure_ascii=False, indent=1))
        return self._request(shared, self.template.introduction, fenced("asked", data))

    @cached_property
    def tokens(self) -> int:
        """The estimated tokens of a request without any files."""
        return request_tokens(self.request(()))

    def _request(self, shared: str, introduction: str, data: str) -> ModelRequest:
        return ModelRequest(
            instructions=self.template.instructions,
            shared=shared,
            question="\n\n".join((introduction, data, self.template.closing)),
            schema=self.template.schema,
            schema_name=SCHEMA_NAME,
            cache_key=prompt_digest(self.template.instructions, shared)[:32],
        )


def request_tokens(request: ModelRequest) -> int:
    """The estimated input tokens of a request, with its schema, tools and earlier turns."""
    texts = [request.instructions, request.shared, request.question]
    if request.schema is not None:
        texts.append(json.dumps(request.schema, ensure_ascii=False))
    for exchange in request.exchanges:
        texts += (exchange.text, *(result.text for result in exchange.results))
    texts += (json.dumps([one.name, one.description, one.parameters]) for one in request.tools)
    return sum(map(estimated_tokens, texts))


def request_digest(request: ModelRequest) -> str:
    """SHA-256 in hexadecimal over the text of a request: equal for equal prompts only."""
    schema = json.dumps(request.schema, sort_keys=True)
    return prompt_digest(request.instructions, request.shared, request.question, schema)


def prompt_digest(*texts: str) -> str:
    """SHA-256 in hexadecimal over the texts of a prompt, the same in every run of the program."""
    found = hashlib.sha256()
    for text in texts:
        content = without_mark(text).encode("utf-8", "surrogatepass")
        found.update(len(content).to_bytes(8, "big") + content)
    return found.hexdigest()
