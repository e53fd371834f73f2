"""Which threads of a recorded pull request are replied to, and with what."""

from collections.abc import Sequence

from xreview.domain.errors import UsageError
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import ReviewThread
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.record import replace
from xreview.review.assembly.pulls_headless import RecordedPull
from xreview.review.pulls.replying import ReplyOutcome, WantedReply


async def wanted_replies(
    recorded: RecordedPull, named: Sequence[str], text: str | None, *, is_all: bool = False
) -> tuple[list[WantedReply], list[ReplyOutcome]]:
    """The replies for the named findings, or all decided ones; and those left out, with why.

    Args:
        text: to say in each; None for each finding's decision.

    Raises UsageError if a name names no finding that was read from a thread, ForgeError.
    """
    findings = _from_threads(recorded, named, is_all=is_all)
    if not findings:
        return [], []
    threads, account = await recorded.posting.threads(), await recorded.posting.account()
    wanted: list[WantedReply] = []
    left: list[ReplyOutcome] = []
    for finding in findings:
        sources = dict.fromkeys(report.source for report in finding.reports if report.source)
        if not is_all and threads.keys().isdisjoint(sources):
            raise UsageError(
                f"{finding.lead.title!r} has no thread to reply in: it is from a comment on the "
                "whole, or the thread is gone.",
                f"Comment at {recorded.address.url}.",
            )
        for id in sources:
            if (thread := threads.get(id)) is None:
                continue
            said = recorded.posting.default_reply(finding, thread) if text is None else text
            one = WantedReply(finding, thread, said)
            if text is None and _is_answered(thread, account.key):
                if not is_all:
                    left.append(ReplyOutcome(one, why="you replied in it already"))
            elif not said:
                left.append(ReplyOutcome(one, why="it isn't decided"))
            elif why := _changed_since(thread, recorded.seen.get(id)):
                left.append(ReplyOutcome(one, why=why))
            else:
                wanted.append(one)
    return wanted, left


def _from_threads(
    recorded: RecordedPull, named: Sequence[str], *, is_all: bool
) -> tuple[Finding, ...]:
    entries = recorded.document.entries
    if not is_all:
        findings = recorded.named(named, [one.finding for one in entries])
        for finding in findings:
            if not any(report.source for report in finding.reports):
                raise UsageError(
                    f"{finding.lead.title!r} wasn't read from a thread.",
                    "Post it: `xreview-tui post`.",
                )
        return findings
    decided = [one.finding for one in entries if one.decided is not None]
    return tuple(one for one in decided if any(report.source for report in one.reports))


def _is_answered(thread: ReviewThread, account: str) -> bool:
    return any(reply.author.key == account for reply in thread.replies)


def _changed_since(thread: ReviewThread, seen: ThreadState | None) -> str:
    """What happened in a thread since the session read it, as far as its state tells."""
    if seen is None:
        return ""
    if thread.is_resolved and seen is not ThreadState.RESOLVED:
        return "somebody resolved it since the review"
    now = replace(thread, is_outdated=False).state
    if now is ThreadState.REPLIED and seen is ThreadState.OPEN:
        return "somebody answered since the review"
    return ""
