"""Putting a question about a piece of code together, in the order in which it is to be read.

The instructions; then what is shared: what the change is for, what is intended, and the code; then
what is asked. The code stands in the shared part, so that a server that caches prefixes reads it
once for all questions about one file: the next batch, and the one finding asked about by a key.
"""

import json
from collections.abc import Mapping
from typing import Any

from xreview.domain.text import visible_block
from xreview.ports.request import ModelRequest
from xreview.review.asking.answerer import Answerer
from xreview.review.prompt.brief import Background
from xreview.review.prompt.compose import RequestFrame, prompt_digest
from xreview.review.prompt.fence import fenced
from xreview.review.prompt.room import LEAST_ROOM, room_in, too_narrow
from xreview.review.prompt.template import QuestionTemplate
from xreview.review.rebut.excerpts import Excerpt
from xreview.review.reply.schema import SCHEMA_NAME

MOST_CODE = 24_000
"""Tokens of code in one question, as in a request of a review."""

_ASKED_ROOM = 6_000  # tokens of what is asked about the code


def request_about(
    template: QuestionTemplate,
    background: Background,
    excerpt: Excerpt,
    asked: object,
    schema: Mapping[str, Any],
) -> ModelRequest:
    """The question.

    Args:
        asked: what is asked about the code, as JSON values; hostile text and all.
        schema: of the answer.
    """
    frame = template.frame
    change = fenced("change", excerpt.text)
    shared = "\n\n".join((RequestFrame(frame, background).shared, frame.change, change))
    told = visible_block(json.dumps(asked, ensure_ascii=False, indent=1))
    data = fenced("asked", told)
    return ModelRequest(
        instructions=frame.instructions,
        shared=shared,
        question="\n\n".join((template.introduction, data, frame.closing)),
        schema=schema,
        schema_name=SCHEMA_NAME,
        cache_key=prompt_digest(frame.instructions, shared)[:32],
    )


async def fitted(
    answerer: Answerer, template: QuestionTemplate, background: Background
) -> tuple[Answerer, int]:
    """The answerer as it is to be asked, and the tokens of code that fit into one question.

    Raises ReviewerError where too few do.
    """
    window = await answerer.window()
    fixed = RequestFrame(template.frame, background).tokens
    room = room_in(window, fixed)
    asked = min(_ASKED_ROOM, room.code // 2)
    if room.code - asked < LEAST_ROOM:
        raise too_narrow(window, fixed + LEAST_ROOM, answerer.identity.name)
    return answerer.within(room), min(MOST_CODE, room.code - asked)
