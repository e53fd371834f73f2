"""What resolvers of GitHub's GraphQL API share: connections, refusals."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

_MOST = 100


class GraphRefusedError(Exception):
    """An error in GraphQL's answer, with GitHub's name for its kind."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def connection(
    name: str, items: Sequence[Any], shaped: Callable[[Any], dict[str, Any]]
) -> Callable[..., dict[str, Any]]:
    """A resolver for a list with cursors; items are shaped only where they're on the page."""

    def resolve(
        _: Any,
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
        **__: Any,
    ) -> dict[str, Any]:
        size = first if first is not None else last
        if size is None:
            raise GraphRefusedError(
                "MISSING_PAGINATION_BOUNDARIES",
                f"You must provide a `first` or `last` value to properly paginate the `{name}`"
                " connection.",
            )
        if not 0 <= size <= _MOST:
            raise GraphRefusedError(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{name}` connection exceeds the `first` limit of"
                f" {_MOST} records.",
            )
        start = _index(after) + 1 if after else 0
        end = _index(before) if before else len(items)
        if first is not None:
            end = min(end, start + first)
        else:
            start = max(start, end - size)
        nodes = [shaped(one) for one in items[start:end]]
        cursors = [_cursor(start + number) for number in range(len(nodes))]
        return {
            "nodes": nodes,
            "edges": [
                {"node": node, "cursor": cursor}
                for node, cursor in zip(nodes, cursors, strict=True)
            ],
            "totalCount": len(items),
            "pageInfo": {
                "hasNextPage": end < len(items),
                "hasPreviousPage": start > 0,
                "startCursor": cursors[0] if cursors else None,
                "endCursor": cursors[-1] if cursors else None,
            },
        }

    return resolve


def _cursor(index: int) -> str:
    return base64.b64encode(f"cursor:v2:{index}".encode()).decode()


def _index(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("cursor:v2:"))
    except ValueError:
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise GraphRefusedError("INVALID_CURSOR_ARGUMENTS", message) from None
