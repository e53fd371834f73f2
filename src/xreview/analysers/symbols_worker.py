"""The worker process that reads definitions and calls: hostile code can crash or hang a parser.

A request is `{"language", "names", "sizes": [content]}` (see `worker` for the form), the answer
`FileSymbols` in its JSON form.
"""

import resource
from typing import Any, BinaryIO

from xreview.analysers.source import Source
from xreview.analysers.symbols import symbols_in
from xreview.analysers.worker import MOST_MEMORY, serve
from xreview.domain.events.codec import to_json


def main() -> None:
    """Run the worker."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    serve(_answer)


def _answer(request: dict[str, Any], payloads: BinaryIO) -> dict[str, Any]:
    (content,) = (payloads.read(size) for size in request["sizes"])
    source = Source.of(request["language"], content, b"", is_test=False, is_aside=False)
    return to_json(symbols_in(source.clean, source.language, request["names"]))
