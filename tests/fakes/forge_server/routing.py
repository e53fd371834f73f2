"""Finding the handler for a request, for the forges without a description to look it up in."""

import re
from collections.abc import Callable
from typing import Generic, TypeVar
from urllib.parse import unquote

from tests.fakes.forge_server.answers import Answer

_Call = TypeVar("_Call")
_WITH_SLASHES = ("path",)


class Routes(Generic[_Call]):
    """Handlers by method and path: `@routes.on("GET", "/projects/{project}")`."""

    def __init__(self) -> None:
        self._known: list[tuple[str, re.Pattern[str], Callable[[_Call], Answer]]] = []

    def on(
        self, method: str, template: str
    ) -> Callable[[Callable[[_Call], Answer]], Callable[[_Call], Answer]]:
        """Register a handler. `{path}` takes slashes too."""

        def group(found: re.Match[str]) -> str:
            return f"(?P<{found[1]}>{'.+' if found[1] in _WITH_SLASHES else '[^/]+'})"

        def register(handler: Callable[[_Call], Answer]) -> Callable[[_Call], Answer]:
            pattern = re.compile(re.sub(r"\{(\w+)\}", group, template))
            self._known.append((method, pattern, handler))
            return handler

        return register

    def find(
        self, method: str, path: str
    ) -> tuple[Callable[[_Call], Answer], dict[str, str]] | None:
        """The handler, and the values in the path with their escapes undone."""
        for known, pattern, handler in self._known:
            if known == method and (found := pattern.fullmatch(path)):
                values = found.groupdict().items()
                return handler, {name: unquote(value) for name, value in values}
        return None
