"""Asking servers for their models (`xreview-tui models --check`), without sending code.

All servers are asked at once, each once per key.
"""

import asyncio
import difflib
import re
from collections.abc import Iterable, Sequence

from xreview.domain.errors import XReviewError
from xreview.domain.record import dataclass, field
from xreview.models.http.model import HttpModel
from xreview.ports.model import ModelLimits, ServedModel
from xreview.review.asking.models import ModelMaker
from xreview.review.asking.prospects import Prospect

SECONDS = 10.0
"""The time limit for one server."""

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """A server's answer about one reviewer's model; `trouble` is "" if the model can be asked."""

    trouble: str = ""
    limits: ModelLimits = field(default_factory=ModelLimits)


async def check_servers(
    prospects: Iterable[Prospect], maker: ModelMaker, seconds: float = SECONDS
) -> dict[str, ServerCheck]:
    """Return the servers' answers about usable prospects, by the reviewer's name.

    Agents are skipped, since only they have the login to ask their vendors.
    """
    by_server: dict[tuple[str, str, str], list[Prospect]] = {}
    for one in prospects:
        if not one.why_not and one.detected is None:
            by_server.setdefault(one.server, []).append(one)
    asked = await asyncio.gather(*(_ask(behind, maker, seconds) for behind in by_server.values()))
    return {name: check for found in asked for name, check in found.items()}


async def _ask(
    prospects: Sequence[Prospect], maker: ModelMaker, seconds: float
) -> dict[str, ServerCheck]:
    """Check all models on one server."""
    try:
        async with asyncio.timeout(seconds):
            models = {one.settings.name: maker.model(one) for one in prospects}
            served = await next(iter(models.values())).check()
            checks = (_check(one, models[one.settings.name], served) for one in prospects)
            return dict(zip(models, await asyncio.gather(*checks), strict=True))
    except TimeoutError:
        trouble = f"{prospects[0].identity.host} did not answer within {seconds:g} seconds."
    except XReviewError as error:
        trouble = str(error)
    return {one.settings.name: ServerCheck(trouble) for one in prospects}


async def _check(
    prospect: Prospect, model: HttpModel, served: Sequence[ServedModel]
) -> ServerCheck:
    wanted = [prospect.settings.model, *filter(None, [prospect.settings.lighter])]
    missing = [id for id in wanted if _find(id, served) is None]
    if missing:
        return ServerCheck(_not_listed(prospect.identity.host, missing, served))
    found = _find(prospect.settings.model, served)
    if found is not None and found.notice:
        return ServerCheck(f"{prospect.identity.host} says about {found.id}: {found.notice}.")
    try:
        return ServerCheck(limits=await model.limits())
    except XReviewError as error:
        return ServerCheck(str(error))


def _find(id: str, served: Iterable[ServedModel]) -> ServedModel | None:
    """Return the model of that id, or its dated snapshot, or its `:latest`."""
    form = re.compile(re.escape(id) + r"(?:-\d{8}|-\d{4}-\d\d-\d\d|:latest)?", re.IGNORECASE)
    return next((one for one in served if form.fullmatch(one.id)), None)


def _not_listed(host: str, missing: Sequence[str], served: Sequence[ServedModel]) -> str:
    named = " and ".join(missing)
    if not served:
        return f"{host} doesn't list {named}; its list is empty."
    ids = [one.id for one in served]
    near = [close for id in missing for close in difflib.get_close_matches(id, ids, _MOST_NAMED)]
    others = list(dict.fromkeys([*near, *ids]))[:_MOST_NAMED]
    return f"{host} doesn't list {named}; it lists {', '.join(others)}{_more(len(ids))}."


def _more(count: int) -> str:
    left = count - _MOST_NAMED
    return f" and {left} more" if left > 0 else ""
