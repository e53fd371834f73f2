"""Lists in pages, as GitHub cuts them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from tests.fakes.forge_server.answers import Answer, ForgeRequest

_DEFAULT, _MOST = 30, 100


def page_of(request: ForgeRequest, origin: str, items: Sequence[Any], most: int = _MOST) -> Answer:
    """One page with its Link header; the items are shaped by the caller afterwards."""
    size = min(max(request.number("per_page", _DEFAULT), 1), most)
    number = max(request.number("page", 1), 1)
    last = max(-(-len(items) // size), 1)
    wanted = {"first": 1, "prev": number - 1, "next": number + 1, "last": last}
    if number == 1:
        del wanted["first"], wanted["prev"]
    if number >= last:
        del wanted["next"], wanted["last"]
    links = (
        f'<{origin}{request.path}?{urlencode(request.query | {"page": str(page)})}>; rel="{name}"'
        for name, page in wanted.items()
    )
    headers = {"Link": ", ".join(links)} if wanted else {}
    return Answer(200, list(items[(number - 1) * size : number * size]), headers)
