"""A request as one text, for programs that take one prompt on standard input."""

from xreview.ports.request import ModelRequest, Structure, instructions_for


def prompt_of(request: ModelRequest, structure: Structure, *, with_instructions: bool) -> bytes:
    """The whole conversation so far; an agent keeps nothing from one run to the next.

    Args:
        structure: whether the program holds the answer to the schema by itself.
        with_instructions: whether the system prompt is part of it.
    """
    parts = [instructions_for(request, structure)] if with_instructions else []
    parts += [request.shared, request.question]
    for exchange in request.exchanges:
        parts += [f"You have answered:\n\n{exchange.echo}", exchange.text]
    return "\n\n".join(part for part in parts if part).encode("utf-8", "replace")
