"""The worker process that counts paths: hostile code can crash or hang a parser.

A request is `{"language", "sizes": [old, new]}` (see `worker` for the form), the answer
`{"paths": [old, new]}`.
"""

import resource
from typing import Any, BinaryIO

from xreview.analysers.complexity import total_paths
from xreview.analysers.source import Source
from xreview.analysers.worker import MOST_MEMORY, serve


def main() -> None:
    """Run the worker."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    serve(_answer)


def _answer(request: dict[str, Any], payloads: BinaryIO) -> dict[str, Any]:
    language = request["language"]
    contents = [payloads.read(size) for size in request["sizes"]]
    sources = (Source.of(language, one, b"", is_test=False, is_aside=False) for one in contents)
    return {"paths": [total_paths(one.clean, language) for one in sources]}
