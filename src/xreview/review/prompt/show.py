"""Showing exactly what would be sent: `xreview-tui prompt show`."""

import json
from collections.abc import Iterator

from xreview.domain.text import count_of, visible, visible_block
from xreview.review.prompt.plan import Part, Plan


def rendered_plan(plan: Plan, *, for_terminal: bool = False) -> str:
    """All requests of a plan, in sending order: the exact bytes, or with control characters made
    visible for a terminal."""
    text = "\n".join(_told(plan))
    return visible_block(text) if for_terminal else text


def _told(plan: Plan) -> Iterator[str]:
    requests = count_of(len(plan.requests), "request")
    yield f"##### {plan.template.label}: {requests}, about {plan.tokens:,} tokens"
    for entry in plan.skipped:
        yield f"##### left out: {visible(entry.path)}: {visible(entry.why)}"
    for number, part in enumerate(plan.requests, start=1):
        yield from _request(part, f"request {number} of {len(plan.requests)}")


def _request(part: Part, title: str) -> Iterator[str]:
    hard = ", hard" if part.is_hard else ""
    risk = f"risk {part.score}{hard}" + (f": {', '.join(part.reasons)}" if part.reasons else "")
    about = f"about {part.tokens:,} tokens, {risk}, prompt {part.digest[:12]}"
    yield f"##### {title}: {visible(part.label)} ({about})"
    request = part.request
    schema = json.dumps(request.schema, ensure_ascii=False, indent=1)
    texts = (
        ("system prompt", request.instructions),
        ("user, the part that all requests share", request.shared),
        ("user, this request's own part", request.question),
        (f"schema of the answer: {request.schema_name}", schema),
    )
    for name, text in texts:
        yield f"##### {title}, {name}"
        yield text
