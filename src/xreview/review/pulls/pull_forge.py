"""The forge of one pull request, opened when it is first needed."""

import asyncio
from collections.abc import Collection
from contextlib import aclosing
from pathlib import Path
from typing import get_args

from xreview.domain.change import FileDiff
from xreview.domain.errors import UsageError
from xreview.domain.events.event import Event, PullPayload
from xreview.domain.pull.discussion import Discussion
from xreview.domain.pull.marker import markers_in
from xreview.domain.pull.posting import PendingReview
from xreview.domain.pull.pull import ForgeAccount, Pull
from xreview.domain.pull.record import PostRecord, post_record
from xreview.journal.store import Journal
from xreview.ports.forge import Forge
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.review.pulls.place import PostPlace

_PULL_PAYLOADS: tuple[type[PullPayload], ...] = get_args(PullPayload)


class PullForge:
    """What posting asks the forge and the journal. Every method raises ForgeError."""

    def __init__(self, place: PostPlace) -> None:
        self._place = place
        self._forge: Forge | None = None
        self._account: ForgeAccount | None = None

    async def forge(self) -> Forge:
        """Return the forge, open."""
        if self._forge is None:
            self._forge = await asyncio.to_thread(self._place.open_forge)
        return self._forge

    async def account(self) -> ForgeAccount:
        """Return who posts; raise ForgeError if nobody can."""
        if self._account is None:
            forge = await self.forge()
            if forge.why_no_posting:
                raise ForgeError(
                    ForgeFailure.UNSUPPORTED,
                    forge.why_no_posting,
                    "Press E, or use `xreview-tui export`, and paste the findings there.",
                )
            access = await forge.access(self._place.address.project)
            if access.account is None:
                raise ForgeError(
                    ForgeFailure.NO_TOKEN,
                    f"There is no token for {forge.host.name}.",
                    "`xreview-tui doctor` says where one is looked for.",
                )
            if access.can_comment is False:
                raise ForgeError(
                    ForgeFailure.FORBIDDEN,
                    access.why_not or f"{access.account.login} may not comment here.",
                    "Use a token that may, or `xreview-tui export`.",
                )
            self._account = access.account
        return self._account

    async def pull(self) -> Pull:
        """Return the pull request as it is now."""
        return await (await self.forge()).pull(self._place.address)

    async def diff(self, pull: Pull, paths: Collection[str]) -> tuple[FileDiff, ...]:
        """Return the forge's own diff of these files, new names or old; it reads no further."""
        left, found = set(paths), list[FileDiff]()
        if not left:
            return ()
        async with aclosing((await self.forge()).files(pull)) as batches:
            async for batch in batches:
                for file in batch:
                    names = {file.path, file.old_path}
                    if not left.isdisjoint(names):
                        found.append(file)
                        left.discard(file.path)
                if not left:
                    break
        return tuple(found)

    async def record(self) -> PostRecord:
        """Return what this account posted from here. Raises JournalError."""
        account = await self.account()
        events = await asyncio.to_thread(self._place.earlier)
        return post_record(events, self._place.address.url, account.login)

    async def needs_consent(self) -> bool:
        """Return whether the user must agree first."""
        return not self._place.consents.allows(self._place.address, await self.account())

    async def agree(self) -> None:
        """Save that the user agrees."""
        account = await self.account()
        self._place.consents.allow(self._place.address, account, self._place.now())

    async def require_consent(self) -> None:
        """Raise UsageError unless the user agreed."""
        if await self.needs_consent():
            account, project = await self.account(), self._place.address.project
            raise UsageError(
                f"Nothing was posted to {project} as {account.login} before, and nobody agreed.",
                "Agree first: `xreview-tui post` asks in a terminal, and --yes agrees.",
            )

    async def close(self) -> None:
        """Close the connections."""
        if self._forge is not None:
            await self._forge.close()
            self._forge = None


def posted_there(
    said: Discussion, pending: PendingReview | None, account: ForgeAccount, record: PostRecord
) -> frozenset[str]:
    """The fingerprints of the findings that the account posted, as the forge shows it.

    The journal counts only for what can't be seen there: a pending review's text, a discussion that
    could not be read to its end. Else a review deleted at the forge could never be posted again.
    Markers of other accounts count for nothing: anyone can write one.
    """
    comments = (*said.comments, *(one for thread in said.threads for one in thread.comments))
    bodies = [one.body for one in (*comments, *said.reviews) if one.author.key == account.key]
    found = {name for body in bodies for name in markers_in(body)}
    if pending is not None:
        found.update(one.marker for one in pending.comments if one.marker)
        if (known := record.reviews.get(pending.id)) is not None:
            found.update(name for one in known.posted for name in one.subjects)
    return frozenset(found | record.posted if said.gaps else found)


def pull_events_in(path: Path, url: str) -> tuple[Event, ...]:
    """The journal's events about a pull request, the oldest first. Raises JournalError."""
    with Journal.open(path) as journal:
        events = list(journal.events(types=_PULL_PAYLOADS, about=(url,)))
    return tuple(sorted(events, key=lambda event: event.at))
