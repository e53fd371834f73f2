"""Putting a request to a model together, in the order in which it is to be read.

The instructions, then what all requests of a review share (what the change is for, what is
intended), then the change with the code around it, then the questions of the lens.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from xreview.domain.text import visible, visible_block
from xreview.ports.request import ModelRequest
from xreview.review.prompt.brief import Background
from xreview.review.prompt.fence import fenced, without_mark
from xreview.review.prompt.template import Template
from xreview.review.prompt.tokens import estimated_tokens
from xreview.review.reply.schema import SCHEMA_NAME

_NO_PURPOSE = "Nobody said what the change is meant to do."


@dataclass(frozen=True)
class RequestFrame:
    """What the requests of one review have in common."""

    template: Template
    background: Background

    @cached_property
    def shared(self) -> str:
        """The first part of the user's turn, the same in all requests."""
        purpose = visible_block(self.background.purpose)
        told = [_NO_PURPOSE]
        if purpose:
            told = [self.template.purpose, fenced("purpose", purpose)]
        if self.background.conventions:
            sentences = "\n".join(f"- {visible(one)}" for one in self.background.conventions)
            told += [self.template.conventions]
            told += [fenced("conventions", sentences)]
        return "\n\n".join(told)

    def request(self, texts: Sequence[str]) -> ModelRequest:
        """The request about files as `review.prompt.rows` draws them."""
        change = fenced("change", "\n\n".join(texts))
        return ModelRequest(
            instructions=self.template.instructions,
            shared=self.shared,
            question="\n\n".join((self.template.change, change, self.template.closing)),
            schema=self.template.schema,
            schema_name=SCHEMA_NAME,
            cache_key=self._cache_key,
        )

    @cached_property
    def tokens(self) -> int:
        """What a request takes before any file is in it."""
        return request_tokens(self.request(()))

    @cached_property
    def _cache_key(self) -> str:
        return prompt_digest(self.template.instructions, self.shared)[:32]


def request_tokens(request: ModelRequest) -> int:
    """The estimated input tokens of a request, its schema included."""
    schema = json.dumps(request.schema, ensure_ascii=False) if request.schema else ""
    return sum(
        map(estimated_tokens, (request.instructions, request.shared, request.question, schema))
    )


def request_digest(request: ModelRequest) -> str:
    """SHA-256 in hexadecimal over all that a request says: equal for equal prompts only."""
    schema = json.dumps(request.schema, sort_keys=True)
    return prompt_digest(request.instructions, request.shared, request.question, schema)


def prompt_digest(*texts: str) -> str:
    """SHA-256 in hexadecimal over texts of a prompt, the same in every run of the program."""
    found = hashlib.sha256()
    for text in texts:
        content = without_mark(text).encode("utf-8", "surrogatepass")
        found.update(len(content).to_bytes(8, "big") + content)
    return found.hexdigest()
