"""Writing a description into a pull request, below what its author wrote."""

from collections.abc import Callable
from pathlib import Path

from xreview.domain.briefing.markers import (
    brief_digest,
    joined_description,
    split_description,
    without_brief_markers,
)
from xreview.domain.errors import UsageError
from xreview.domain.events.event import DescriptionPosted
from xreview.domain.pull.pull import ForgeAccount, Pull, PullState
from xreview.domain.record import dataclass
from xreview.ports.forge_failure import ForgeError
from xreview.review.pulls.original import posted_digests
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.pull_forge import PullForge

LONGEST_DESCRIPTION = 60_000
"""Characters. GitHub takes 65,536, and counts some twice."""
_LOOK_AGAIN = "Nothing was written. Look at the preview again."


@dataclass(frozen=True, slots=True)
class DescriptionPreview:
    """Exactly what would be written.

    Args:
        pull: as the forge described it just now.
        account: who it would be written as.
        title: the new title; "" if it stays.
        original: what its author wrote, which stays above ours. before: our part until now, "" for
            none. ours: our new part.
        needs_consent: nothing was posted to this project with this account yet: ask, then `agree`.
        notices: sentences to read before.
    """

    pull: Pull
    account: ForgeAccount
    title: str
    original: str
    before: str
    ours: str
    needs_consent: bool = False
    notices: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The whole description as it would be."""
        return joined_description(self.original, self.ours)

    @property
    def is_unchanged(self) -> bool:
        """Whether all of it is there already."""
        return not self.title and self.before == self.ours


class PullDescribing:
    """Writes the description of one pull request. Close it.

    Every method raises ForgeError, JournalError, or UsageError where nothing was written.

    Args:
        commit_named: the head that the text is about; "" for any.

    Attributes:
        notices: sentences about the last thing done, for the user.
    """

    def __init__(self, place: PostPlace, journal: Path) -> None:
        self._place = place
        self._journal = journal
        self._there = PullForge(place)
        self.notices: tuple[str, ...] = ()

    async def preview(self, title: str, text: str) -> DescriptionPreview:
        """Return what would be written; sends nothing.

        Args:
            title: used only where the present one was made of the branch's name.
            text: our part, as Markdown.
        """
        account, pull = await self._there.account(), await self._there.pull()
        split = split_description(pull.body, self._digests())
        if split.has_foreign:
            raise UsageError(
                "The description has a part marked as written by xreview-tui that isn't what was "
                "written from this machine: it was edited, or someone else wrote it.",
                f"Remove that part, or its markers, at {pull.address.url}; then try again.",
            )
        ours = without_brief_markers(text).strip()
        preview = DescriptionPreview(
            pull,
            account,
            title if _is_of_branch(pull) and title != pull.title else "",
            split.original,
            split.ours,
            ours,
            await self._there.needs_consent(),
            tuple(_circumstances(pull, self._place.is_other)),
        )
        if len(preview.body) > LONGEST_DESCRIPTION:
            raise UsageError(
                f"The description would have {len(preview.body):,} characters; "
                f"{LONGEST_DESCRIPTION:,} fit.",
                "Write it to a file with --output, and shorten it.",
            )
        return preview

    async def needs_consent(self) -> bool:
        """Return whether the user must agree before anything is posted to this project."""
        return await self._there.needs_consent()

    async def agree(self) -> None:
        """Remember that the user agrees to post to this project with this account."""
        await self._there.agree()

    async def write(self, preview: DescriptionPreview) -> None:
        """Write a preview, if the pull request is still as the preview shows it."""
        self.notices = ()
        if preview.is_unchanged:
            raise UsageError("The pull request has this description already.", "")
        await self._there.require_consent()
        pull, forge = await self._there.pull(), await self._there.forge()
        seen = preview.pull
        if (pull.title, pull.body) != (seen.title, seen.body):
            raise UsageError(
                "Someone changed the title or description since the preview.", _LOOK_AGAIN
            )
        if pull.head.commit != seen.head.commit:
            raise UsageError("The pull request has new commits since the preview.", _LOOK_AGAIN)
        try:
            await forge.describe(pull, preview.body, preview.title)
        except ForgeError:
            # An answer that was lost isn't a description that wasn't written.
            await self._keep_if_there(preview)
            raise
        await self._keep(preview, await self._there.pull())

    async def close(self) -> None:
        """Close the connections."""
        await self._there.close()

    def _digests(self) -> frozenset[str]:
        return posted_digests(self._journal, self._place.address.url)

    async def _keep_if_there(self, preview: DescriptionPreview) -> None:
        try:
            pull = await self._there.pull()
        except ForgeError:
            return  # the error that is raised says it
        if split_description(pull.body, {brief_digest(preview.ours)}).ours:
            await self._keep(preview, pull)

    async def _keep(self, preview: DescriptionPreview, pull: Pull) -> None:
        """Record what was written, and say whether the forge has it so."""
        digest = brief_digest(preview.ours)
        there = split_description(pull.body, {digest})
        original = there.original if there.ours else preview.original
        if not there.ours:
            self.notices = ("The forge shows another description than what was sent: look at it.",)
        url, login = preview.pull.address.url, preview.account.login
        await self._place.record(DescriptionPosted(url, login, digest, original, preview.title))


def _is_of_branch(pull: Pull) -> bool:
    """Whether the title only repeats the branch's name, as a forge proposes it."""
    if pull.is_draft:
        return False  # at GitLab, the title says so
    plain = [_plain(one) for one in (pull.title, pull.head.branch)]
    return not plain[0] or plain[0] in (plain[1], _plain(pull.head.branch.rpartition("/")[2]))


def _plain(text: str) -> str:
    return "".join(one for one in text.lower() if one.isalnum())


def _circumstances(pull: Pull, is_other: Callable[[str], bool]) -> list[str]:
    told: list[str] = []
    if pull.state is PullState.MERGED:
        told.append("This pull request is merged.")
    elif pull.state is PullState.CLOSED:
        told.append("This pull request is closed without being merged.")
    if is_other(pull.head.commit):
        told.append("It has other commits than those that this text is about.")
    return told
