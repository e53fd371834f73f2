"""Lists of Gitea's API, page by page.

Not all of them have links to the next page, some aren't divided at all, and a server can allow
fewer entries on a page than asked for. So a list ends with the number in `X-Total-Count`, an empty
page, or one that repeats what is known.
"""

from collections.abc import AsyncGenerator
from typing import cast

from xreview.discussion.gitea import gitea_identifier
from xreview.forge.client import MOST_PAGES, ForgeClient
from xreview.ports.forge_failure import ForgeError
from xreview.ports.json_value import text_in

PAGE_ENTRIES = 50
"""What servers allow by default (`MAX_RESPONSE_ITEMS`)."""


async def gitea_pages(
    client: ForgeClient,
    path: str,
    params: dict[str, str | int] | None = None,
    *,
    about: str,
    most_pages: int = MOST_PAGES,
) -> AsyncGenerator[list[object], None]:
    """The entries of a list, up to `most_pages`. Raises ForgeError, also for a broken-off list."""
    seen: set[str] = set()
    for page in range(1, most_pages + 1):
        try:
            query = {**(params or {}), "page": page, "limit": PAGE_ENTRIES}
            reply = await client.get(path, query, about=about)
            if reply.value is not None and not isinstance(reply.value, list):
                raise client.faults.unreadable("something other than a list")
        except ForgeError as error:
            raise (client.faults.broken_off(error, len(seen)) if seen else error) from None
        # Go prints an empty list as null.
        values = cast("list[object]", reply.value or [])
        new = [one for one in values if _name(one) not in seen]
        seen.update(map(_name, new))
        if not new:
            return
        yield new
        total = reply.headers.get("x-total-count", "")
        if total.isascii() and total.isdigit() and len(seen) >= int(total[:9]):
            return
    if most_pages == MOST_PAGES:
        raise client.faults.unreadable("a list without an end")


def _name(value: object) -> str:
    """What tells entries apart: their id, or a file's name."""
    return gitea_identifier(value) or text_in(value, "filename")
