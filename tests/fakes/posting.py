"""A posting that does what a test tells it to, and sessions that look like a pull request's."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.fakes.forge import ADDRESS, AUTHOR, BOT, HEAD, ME, pull_of
from xreview.domain.change import Side
from xreview.domain.errors import XReviewError
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import (
    CommentPlace,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
)
from xreview.domain.pull.marker import finding_marker
from xreview.domain.pull.posting import (
    PendingReview,
    PlannedComment,
    PostedComment,
    PostPlacement,
    ReviewPlan,
)
from xreview.domain.pull.pull import ForgeAccount, Pull
from xreview.review.pulls.posting import PostPreview
from xreview.review.session.snapshot import ReviewSnapshot

PULL = pull_of()


def comment_on(finding: Finding, placement: PostPlacement = PostPlacement.LINES) -> PlannedComment:
    """What would be posted for a finding."""
    anchor, name = finding.anchor, finding.fingerprint
    is_line = placement is PostPlacement.LINES
    return PlannedComment(
        finding.fingerprints,
        placement,
        anchor.path,
        f"**{finding.lead.title}**\n\n{finding.lead.claim}\n\n{finding_marker(name)}",
        start_line=anchor.start_line if is_line else 0,
        end_line=anchor.end_line if is_line else 0,
        why="" if is_line else "the line isn't part of the diff",
    )


@dataclass
class ScriptedPosting:
    """Posts to nowhere. `fails` is raised by the next write, `blocks` holds writes until it is set.

    Attributes:
        placements: where findings go, by title; else on their lines.
        calls: every write, with its arguments.
    """

    pull: Pull = PULL
    me: ForgeAccount = ME
    is_moved: bool = False
    needs: bool = False
    existing: PendingReview | None = None
    warnings: tuple[str, ...] = ()
    no_preview: XReviewError | None = None
    fails: XReviewError | None = None
    blocks: asyncio.Event | None = None
    placements: dict[str, PostPlacement] = field(default_factory=dict[str, PostPlacement])
    posted: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    calls: list[tuple[object, ...]] = field(default_factory=list[tuple[object, ...]])
    notices: tuple[str, ...] = ()
    previews: int = 0
    is_closed: bool = False

    async def preview(self, findings: Sequence[Finding]) -> PostPreview:
        await asyncio.sleep(0)
        self.previews += 1
        if self.no_preview is not None:
            raise self.no_preview
        new = [one for one in findings if one.fingerprints not in self.posted]
        planned = tuple(
            comment_on(one, self.placements.get(one.lead.title, PostPlacement.LINES)) for one in new
        )
        in_body = [one.body for one in planned if one.placement is PostPlacement.BODY]
        plan = ReviewPlan(HEAD, "\n".join(["2 findings.", *in_body]), planned, tuple(self.posted))
        return PostPreview(
            self.pull, plan, self.me, self.existing, self.is_moved, self.needs, self.warnings
        )

    async def agree(self) -> None:
        self.calls.append(("agree",))
        self.needs = False

    async def post(self, preview: PostPreview, *, is_adding: bool = False) -> PendingReview:
        await self._write("post", is_adding)
        self.posted += [one.subjects for one in preview.plan.comments]
        comments = tuple(
            PostedComment(f"c{at}", f"{ADDRESS.url}#r{at}", marker=one.subjects[0])
            for at, one in enumerate(preview.plan.inline, 1)
        )
        self.existing = PendingReview("R1", f"{ADDRESS.url}#R1", HEAD, comments, is_ours=True)
        return self.existing

    async def submit(self, verdict: ReviewVerdict, body: str = "") -> str:
        await self._write("submit", verdict)
        self.existing = None
        return f"{ADDRESS.url}#R1"

    async def discard(self) -> None:
        await self._write("discard")
        self.existing = None
        self.posted.clear()

    def default_reply(self, finding: Finding, thread: ReviewThread) -> str:
        return f"Decided on {finding.lead.title}."

    async def reply(self, finding: Finding, thread: ReviewThread, text: str) -> RemoteComment:
        await self._write("reply", thread.id, text)
        return RemoteComment("900", self.me, text, "2026-01-03T00:00:00Z", f"{ADDRESS.url}#r900")

    async def resolve(
        self, finding: Finding, thread: ReviewThread, *, resolved: bool = True
    ) -> None:
        await self._write("resolve", thread.id, resolved)

    async def undo(self) -> str:
        await self._write("undo")
        self.posted.clear()
        return "The review is deleted."

    async def close(self) -> None:
        self.is_closed = True

    async def _write(self, *call: object) -> None:
        if self.blocks is not None:
            await self.blocks.wait()
        await asyncio.sleep(0)
        if self.fails is not None:
            error, self.fails = self.fails, None
            raise error
        self.calls.append(call)


def remark(
    id: str, author: ForgeAccount, body: str, at: str = "2026-01-02T03:04:05Z"
) -> RemoteComment:
    return RemoteComment(id, author, body, at, f"{ADDRESS.url}#discussion_r{id}")


def said(
    id: str, *comments: RemoteComment, path: str = "app.py", line: int = 4, **changed: object
) -> ReviewThread:
    """A thread that a bot began, with these replies."""
    first = remark(f"{id}0", BOT, "Every error is swallowed here.")
    place = CommentPlace(path, Side.NEW, line, line, HEAD, line_now=line)
    thread = ReviewThread(id, (first, *comments), place, can_resolve=True)
    return replace(thread, **changed)


ANSWERED = said("T1", remark("11", AUTHOR, "That's on purpose: see the caller."))
UNANSWERED = said("T2", line=9)


def as_pull(
    snapshot: ReviewSnapshot,
    sources: dict[str, str],
    threads: Sequence[ReviewThread] = (ANSWERED, UNANSWERED),
    pull: Pull = PULL,
) -> ReviewSnapshot:
    """The snapshot with a pull request; `sources` are the threads of findings, by title."""
    findings = tuple(
        replace(
            one,
            reports=tuple(
                replace(report, source=sources.get(report.title, "")) for report in one.reports
            ),
        )
        for one in snapshot.findings
    )
    known = {one.id: one for one in threads}
    return replace(snapshot, pull=pull, threads=known, findings=findings)
