"""Replying in the threads of a pull request, and resolving them.

While an account has a pending review, GitHub puts its replies into that, where nobody sees them,
and returns an address as if they were posted. So nothing is replied while one is pending, and each
reply is looked for afterwards.
"""

from collections.abc import Mapping, Sequence

from xreview.domain.decision import Reason
from xreview.domain.errors import UsageError
from xreview.domain.events.event import ReplyPosted, ThreadResolved
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import Discussion, RemoteComment, ReviewThread
from xreview.domain.pull.marker import reply_marker
from xreview.domain.pull.markup import LONGEST_BODY
from xreview.domain.pull.pull import ForgeAccount, Pull
from xreview.domain.record import dataclass, replace
from xreview.export.document import ExportEntry
from xreview.ports.forge import Forge
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.pull_forge import PullForge
from xreview.review.pulls.wording import quiet_lines

_WORDS = {
    Reason.FIX: "Accepted: this will be fixed.",
    Reason.FIX_DIFFERENTLY: "Accepted: this will be fixed in another way.",
    Reason.REVIEWER_WRONG: "Not changed: this doesn't hold here.",
    Reason.INTENDED: "Not changed: this is intended.",
    Reason.TRADE_OFF: "Not changed: this is a deliberate trade-off.",
    Reason.OUT_OF_SCOPE: "Right, but not a part of this change.",
    Reason.DUPLICATE: "The same as another comment.",
    Reason.LATER: "Right, and deferred.",
    Reason.ARBITER: "Not decided yet: another opinion is asked for.",
    Reason.PERSON: "Not decided yet: a colleague is asked.",
    Reason.MEASURE: "Not decided yet: a test or a measurement will settle it.",
}
_READ_AGAIN = "Open the pull request again and read the thread."


@dataclass(frozen=True, slots=True)
class WantedReply:
    """A reply to post; `thread` is as it was when the user read it."""

    finding: Finding
    thread: ReviewThread
    text: str


@dataclass(frozen=True, slots=True)
class ReplyOutcome:
    """What became of it: the comment, or a clause about why there is none, or it isn't seen."""

    wanted: WantedReply
    comment: RemoteComment | None = None
    why: str = ""


def reply_words(entry: ExportEntry) -> str:
    """A reply that says what was decided and why, with the user's own note; "" while it is open."""
    if entry.decided is None:
        return ""
    said = _WORDS[entry.decided.decision.reason]
    if entry.decided.until:
        said = f"Right, and deferred until {entry.decided.until}."
    note = entry.note.strip() if not entry.note_by else ""
    return f"{said}\n\n{note}" if note else said


class ThreadReplies:
    """Replies to threads and resolves them. Raises as `Posting`."""

    def __init__(self, place: PostPlace, there: PullForge) -> None:
        self._place = place
        self._there = there

    def default(self, finding: Finding) -> str:
        """Return the reply to start from."""
        entries = self._place.entries((finding,))
        return reply_words(entries[0]) if entries else ""

    async def threads(self) -> Mapping[str, ReviewThread]:
        """Return the threads as everybody sees them, by id."""
        forge, pull = await self._there.forge(), await self._there.pull()
        said = (await forge.discussion(pull)).published()
        return {thread.id: thread for thread in said.threads}

    async def reply(self, finding: Finding, thread: ReviewThread, text: str) -> RemoteComment:
        """Reply once. Raises UsageError if it wasn't posted, or isn't visible."""
        (outcome,) = await self.reply_each([WantedReply(finding, thread, text)])
        if outcome.comment is None or outcome.why:
            done = "The reply isn't visible" if outcome.comment else "Nothing was posted"
            raise UsageError(f"{done}: {outcome.why}.", _READ_AGAIN)
        return outcome.comment

    async def reply_each(self, wanted: Sequence[WantedReply]) -> tuple[ReplyOutcome, ...]:
        """Reply in several threads, after one look at all and before another."""
        await self._there.require_consent()
        forge, pull = await self._there.forge(), await self._there.pull()
        account = await self._there.account()
        await self._refuse_while_pending(forge, pull)
        said = await forge.discussion(pull)
        outcomes: list[ReplyOutcome] = []
        for one in wanted:
            why = "it has no text" if not one.text.strip() else _changed(one.thread, said, account)
            comment = None if why else await self._send(forge, pull, one)
            outcomes.append(ReplyOutcome(one, comment, why))
        if any(one.comment for one in outcomes):
            seen = await self._visible(forge, pull)
            outcomes = [
                replace(one, why="it is in a pending review, which only you see")
                if one.comment is not None and one.comment.id not in seen
                else one
                for one in outcomes
            ]
        return tuple(outcomes)

    async def resolve(
        self, finding: Finding, thread: ReviewThread, *, resolved: bool = True
    ) -> None:
        """Mark a thread as resolved, or not. Raises UsageError if somebody answered since."""
        await self._there.require_consent()
        forge, pull = await self._there.forge(), await self._there.pull()
        said, account = await forge.discussion(pull), await self._there.account()
        now = next((one for one in said.threads if one.id == thread.id), None)
        if now is not None and now.is_resolved is resolved:
            state = "resolved" if resolved else "open"
            raise UsageError(f"The thread is {state} already.", _READ_AGAIN)
        if now is not None and not now.can_resolve:
            raise UsageError(
                f"{forge.host.kind.label} can't resolve this thread.", "Reply in it instead."
            )
        if why := _changed(thread, said, account):
            raise UsageError(f"Nothing was changed: {why}.", _READ_AGAIN)
        await forge.resolve(pull, thread, resolved=resolved)
        url, names = self._place.address.url, finding.fingerprints
        await self._place.record(ThreadResolved(url, account.login, thread.id, names, resolved))

    async def _send(self, forge: Forge, pull: Pull, one: WantedReply) -> RemoteComment:
        marker = reply_marker(one.finding.fingerprint)
        text = quiet_lines(one.text)
        if len(text) + len(marker) > LONGEST_BODY - 2:
            raise UsageError(
                "The reply is too long.", f"Keep it under {LONGEST_BODY:,} characters."
            )
        comment = await forge.reply(pull, one.thread, f"{text}\n\n{marker}")
        url, login = self._place.address.url, (await self._there.account()).login
        names = one.finding.fingerprints
        await self._place.record(
            ReplyPosted(url, login, one.thread.id, names, comment.id, comment.url)
        )
        return comment

    async def _refuse_while_pending(self, forge: Forge, pull: Pull) -> None:
        if await forge.pending(pull) is not None:
            raise UsageError(
                "You have a pending review, and a reply would vanish into it.",
                "Submit or discard the review first, then reply.",
            )

    async def _visible(self, forge: Forge, pull: Pull) -> frozenset[str]:
        said = (await forge.discussion(pull)).published()
        return frozenset(one.id for thread in said.threads for one in thread.comments)


def _changed(known: ReviewThread, said: Discussion, account: ForgeAccount) -> str:
    """What others did in a thread since it was read, as a clause; "" for nothing."""
    now = next((one for one in said.threads if one.id == known.id), None)
    if now is None:
        return "the thread doesn't exist any more"
    if now.is_resolved and not known.is_resolved:
        return "somebody resolved the thread meanwhile"
    read = {one.id for one in known.comments}
    new = [one.author for one in now.comments if one.id not in read]
    others = dict.fromkeys(one.login for one in new if one.key != account.key)
    return f"{' and '.join(others)} answered meanwhile" if others else ""
