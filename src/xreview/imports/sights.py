"""How far the bots on a pull request have seen its present head."""

from collections.abc import Iterable, Sequence

from xreview.domain.pull.discussion import Discussion
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.sight import BotSight, Sight
from xreview.domain.record import dataclass, field
from xreview.imports.bots.adapter import BotAdapter, adapter_of
from xreview.imports.bots.standing import BotStanding, is_same_commit, standing_in


def account_name(account: ForgeAccount) -> str:
    """The reviewer that an account is: a bot's accounts are one."""
    adapter = adapter_of(account)
    return adapter.reviewer if adapter else account.key


def sights_of(
    discussion: Discussion, head: str, asked: Iterable[ForgeAccount] = ()
) -> tuple[BotSight, ...]:
    """The sight of each bot that reviewed, said that it couldn't, or was asked; people have none.

    Only a review or thread that is about the head, or a text that says so, counts as `reviewed`:
    nothing found is no proof of reading. A bot that only posts summaries or reports has no sight.

    Args:
        head: the full id of the head commit; "" for unknown, and then a bot can only be blind or
            silent.
        asked: who was asked for a review and hasn't given it.
    """
    traces = _traces(discussion)
    found = [sight for trace in traces.values() if (sight := _sight(trace, head)) is not None]
    seen = {account_name(sight.bot) for sight in found}
    for account in asked:
        is_bot = account.is_bot or adapter_of(account) is not None
        if is_bot and (name := account_name(account)) not in seen:
            seen.add(name)
            found.append(BotSight(account, Sight.SILENT))
    return tuple(found)


_Text = tuple[str, str, BotStanding]
"""The time of a text, the commit that it is about, and what it says of the review."""


@dataclass(slots=True)
class _Trace:
    """What a bot left."""

    account: ForgeAccount
    texts: list[tuple[str, str, BotStanding]] = field(
        default_factory=list[tuple[str, str, BotStanding]]
    )


def _traces(discussion: Discussion) -> dict[str, _Trace]:
    traces: dict[str, _Trace] = {}

    def add(account: ForgeAccount, body: str, at: str, commit: str, *, is_thread: bool) -> None:
        adapter = adapter_of(account)
        if adapter is None and not account.is_bot:
            return
        trace = traces.setdefault(account_name(account), _Trace(account))
        trace.texts.append((at, commit, _standing(body, adapter, is_thread=is_thread)))

    for review in discussion.reviews:
        add(review.author, review.body, review.at, review.commit, is_thread=False)
    for thread in discussion.threads:
        # GitLab, which quotes no diff, moves a thread to each new head in which it finds the lines.
        commit = thread.place.commit if thread.place and thread.place.hunk else ""
        add(thread.author, thread.root.body, thread.root.at, commit, is_thread=True)
    for comment in discussion.comments:
        at = max(comment.at, comment.edited)
        add(comment.author, comment.body, at, "", is_thread=False)
    return traces


def _standing(body: str, adapter: BotAdapter | None, *, is_thread: bool) -> BotStanding:
    """A thread is about code, so its words about limits and errors are too."""
    return BotStanding() if adapter is None or is_thread else standing_in(body, adapter)


def _sight(trace: _Trace, head: str) -> BotSight | None:
    texts: Sequence[_Text] = sorted(trace.texts, key=lambda one: one[0])
    blind, commits = "", list[str]()
    for _, commit, said in texts:
        if said.blind:
            blind = said.blind
            continue
        seen = [one for one in (said.commit, commit) if one]
        if any(is_same_commit(one, head) for one in seen):
            return BotSight(trace.account, Sight.REVIEWED)
        if seen or said.is_clean:
            blind = ""
            commits += seen[:1]
    if blind:
        return BotSight(trace.account, Sight.BLIND, blind)
    has_read = bool(commits) or any(said.is_clean for _, _, said in texts)
    if not head or not has_read:
        return None
    return BotSight(trace.account, Sight.STALE, commits[-1] if commits else "")
