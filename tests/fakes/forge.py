"""A forge in memory, with the rules that GitHub has for reviews, replies and pending reviews."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace

from xreview.domain.change import FileDiff, FileStatus, LineKind, Side
from xreview.domain.pull.address import ForgeHost, ForgeKind, PullAddress
from xreview.domain.pull.discussion import (
    CommentPlace,
    Discussion,
    RemoteComment,
    ReviewThread,
    ReviewVerdict,
    SubmittedReview,
)
from xreview.domain.pull.marker import is_marked, markers_in
from xreview.domain.pull.posting import (
    PendingReview,
    PlannedComment,
    PostedComment,
    PostPlacement,
    ReviewPlan,
)
from xreview.domain.pull.pull import ForgeAccount, Pull, PullSide, PullState, PullSummary
from xreview.ports.forge import ForgeAccess, PullRemote
from xreview.ports.forge_failure import (
    ForgeError,
    ForgeFailure,
    RefusedReviewError,
    UnjudgedReviewError,
)

HOST = ForgeHost(ForgeKind.GITHUB, "https://github.com")
ADDRESS = PullAddress(HOST, "ada/shop", 12)
ME = ForgeAccount("ada")
BOT = ForgeAccount("coderabbitai[bot]", is_bot=True)
AUTHOR = ForgeAccount("bob")
BASE, HEAD, NEXT_HEAD = "b" * 40, "a" * 40, "c" * 40


def modified(path: str = "a.py", body: str = "") -> FileDiff:
    """A file with one hunk: lines 1 to 5 of the new side, of which line 2 and 3 are added."""
    body = body or "@@ -1,4 +1,5 @@\n one\n-two\n+zwei\n+drei\n four\n five\n"
    return FileDiff(path, FileStatus.MODIFIED, body=body.encode())


def pull_of(address: PullAddress = ADDRESS, head: str = HEAD) -> Pull:
    return Pull(
        address,
        "Sell more",
        "",
        AUTHOR,
        PullState.OPEN,
        is_draft=False,
        base=PullSide("main", BASE, address.project),
        head=PullSide("sell", head, address.project),
    )


@dataclass
class MemoryForge:
    """One pull request. A test changes its fields to play what happens at the forge.

    Attributes:
        me: the token's account; None without a token.
        diff: the files of the pull request.
        threads, reviews: what is said on it; comments of a pending review are in threads too.
        sent: the names of all calls that wrote something.
        swallows: how many comments of a review are dropped in silence when it is submitted.
        refused_verdict: the verdict that the account may not give.
        refusals: errors that the next calls of these names raise, the first one first.
        on_write: called before each write, to let something happen meanwhile.
    """

    address: PullAddress = ADDRESS
    me: ForgeAccount | None = ME
    head: str = HEAD
    title: str = "Sell more"
    body: str = ""
    diff: tuple[FileDiff, ...] = (modified(),)
    threads: list[ReviewThread] = field(default_factory=list[ReviewThread])
    reviews: list[SubmittedReview] = field(default_factory=list[SubmittedReview])
    gaps: tuple[str, ...] = ()
    sent: list[str] = field(default_factory=list[str])
    swallows: int = 0
    refused_verdict: ReviewVerdict | None = None
    refusals: dict[str, list[Exception]] = field(default_factory=dict[str, list[Exception]])
    on_write: Callable[[str], None] = lambda name: None
    why_no_posting: str = ""
    can_comment: bool | None = True
    is_closed: bool = False
    _count: int = 0

    @property
    def host(self) -> ForgeHost:
        return self.address.forge

    # What happens at the forge without us.

    def says(
        self, author: ForgeAccount, body: str, *, path: str = "a.py", line: int = 2, **changed
    ) -> ReviewThread:
        """Somebody comments on a line."""
        comment = self._comment(author, body)
        thread = ReviewThread(
            f"T{comment.id}",
            (comment,),
            CommentPlace(path, Side.NEW, line, line, self.head, line_now=line),
            can_resolve=True,
        )
        self.threads.append(replace(thread, **changed))
        return self.threads[-1]

    def answers(self, thread: ReviewThread, author: ForgeAccount, body: str) -> ReviewThread:
        """Somebody replies in a thread."""
        now = self.thread(thread.id)
        return self._put(
            replace(now, comments=(*now.comments, self._comment(author, body))),
        )

    def marks(self, thread: ReviewThread, *, resolved: bool = True) -> ReviewThread:
        """Somebody resolves a thread."""
        return self._put(replace(self.thread(thread.id), is_resolved=resolved))

    def thread(self, id: str) -> ReviewThread:
        return next(one for one in self.threads if one.id == id)

    def visible_bodies(self) -> list[str]:
        """What everybody can read."""
        said = Discussion(tuple(self.threads), tuple(self.reviews)).published()
        comments = [one.body for thread in said.threads for one in thread.comments]
        return [*(one.body for one in said.reviews), *comments]

    # The interface.

    async def access(self, project: str) -> ForgeAccess:
        why_not = "" if self.can_comment is not False else "The token can only read."
        return ForgeAccess(self.me, self.can_comment if self.me else None, why_not)

    async def pull(self, address: PullAddress) -> Pull:
        if address != self.address:
            raise ForgeError(ForgeFailure.NOT_FOUND, f"{address.shown} wasn't found.")
        return replace(pull_of(self.address, self.head), title=self.title, body=self.body)

    async def describe(self, pull: Pull, body: str, title: str = "") -> None:
        self._write("describe")
        self.body, self.title = body, title or self.title

    async def waiting(self, project: str) -> Sequence[PullSummary]:
        return [PullSummary(self.address, "Sell more", AUTHOR, branch="sell")]

    async def of_branch(self, project: str, branch: str) -> Sequence[PullSummary]:
        return await self.waiting(project) if branch == "sell" else []

    async def discussion(self, pull: Pull) -> Discussion:
        return Discussion(tuple(self.threads), tuple(self.reviews), gaps=self.gaps)

    def remote(self, pull: Pull) -> PullRemote:
        number = self.address.number
        url = f"{self.host.origin}/{self.address.project}.git"
        return PullRemote(url, f"refs/pull/{number}/head", "refs/heads/main")

    async def files(self, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
        for file in self.diff:
            yield [file]

    async def content(self, project: str, commit: str, path: str, limit: int) -> bytes | None:
        return None

    async def pending(self, pull: Pull) -> PendingReview | None:
        mine = [one for one in self.reviews if one.is_pending and one.author == self.me]
        return self._read(mine[0]) if mine else None

    async def begin_review(self, pull: Pull, plan: ReviewPlan) -> PendingReview:
        me = self._write("begin_review")
        if await self.pending(pull) is not None:
            raise RefusedReviewError("User can only have one pending review per pull request.")
        self._check(plan.inline)
        self._count += 1
        review = SubmittedReview(
            f"R{self._count}",
            me,
            plan.body,
            commit=plan.commit,
            url=f"{self.address.url}#R{self._count}",
            is_pending=True,
        )
        self.reviews.append(review)
        self._add(review, plan.inline)
        return self._read(review)

    async def add_comments(
        self, pull: Pull, review: PendingReview, comments: Sequence[PlannedComment]
    ) -> PendingReview:
        self._write("add_comments")
        found = self._review(review)
        self._check(comments)
        self._add(found, comments)
        return self._read(found)

    async def submit(
        self, pull: Pull, review: PendingReview, verdict: ReviewVerdict, body: str
    ) -> str:
        self._write("submit")
        found = self._review(review)
        published = replace(found, is_pending=False, verdict=verdict, body=body or found.body)
        self.reviews[self.reviews.index(found)] = published
        for thread in list(self.threads):
            if any(one.review == found.id for one in thread.comments):
                if thread.root.review == found.id and self.swallows:
                    self.swallows -= 1
                    self.threads.remove(thread)
                    continue
                comments = tuple(replace(one, is_pending=False) for one in thread.comments)
                self._put(replace(thread, comments=comments))
        if self.refused_verdict is verdict:
            self.reviews[self.reviews.index(published)] = replace(
                published, verdict=ReviewVerdict.COMMENT
            )
            raise UnjudgedReviewError(ForgeFailure.FORBIDDEN, "Posted, but you may not approve.")
        return published.url

    async def discard(self, pull: Pull, review: PendingReview) -> None:
        self._write("discard")
        found = self._review(review)
        self.reviews.remove(found)
        for thread in list(self.threads):
            kept = tuple(one for one in thread.comments if one.review != found.id)
            if not kept:
                self.threads.remove(thread)
            elif kept != thread.comments:
                self._put(replace(thread, comments=kept))

    async def reply(self, pull: Pull, thread: ReviewThread, body: str) -> RemoteComment:
        me = self._write("reply")
        now = self.thread(thread.id)
        comment = self._comment(me, body)
        if (draft := await self.pending(pull)) is not None:  # the trap: it looks as if posted
            comment = replace(comment, is_pending=True, review=draft.id)
        self._put(replace(now, comments=(*now.comments, comment)))
        return replace(comment, is_pending=False)

    async def resolve(self, pull: Pull, thread: ReviewThread, *, resolved: bool = True) -> None:
        self._write("resolve")
        self.marks(thread, resolved=resolved)

    async def delete_comment(self, pull: Pull, comment: PostedComment) -> None:
        self._write("delete_comment")
        for thread in list(self.threads):
            kept = tuple(one for one in thread.comments if one.id != comment.id)
            if kept == thread.comments:
                continue
            if kept:
                self._put(replace(thread, comments=kept))
            else:
                self.threads.remove(thread)
            return
        raise ForgeError(ForgeFailure.NOT_FOUND, "The comment doesn't exist.")

    async def close(self) -> None:
        self.is_closed = True

    # How it keeps the rules.

    def _write(self, name: str) -> ForgeAccount:
        self.on_write(name)
        if waiting := self.refusals.get(name):
            raise waiting.pop(0)
        if self.me is None:
            raise ForgeError(ForgeFailure.NO_TOKEN, "There is no token for github.com.")
        if self.can_comment is False:
            raise ForgeError(ForgeFailure.FORBIDDEN, "The token can only read.")
        self.sent.append(name)
        return self.me

    def _check(self, comments: Sequence[PlannedComment]) -> None:
        """Refuse all for one, without a word about which."""
        if not all(self._is_in_diff(one) for one in comments):
            raise RefusedReviewError("Pull request review thread line must be part of the diff.")

    def _is_in_diff(self, comment: PlannedComment) -> bool:
        file = next((one for one in self.diff if one.path == comment.path), None)
        if file is None or comment.placement is PostPlacement.FILE:
            return file is not None
        for hunk in file.hunks:
            numbers = {
                line.new_number if comment.side is Side.NEW else line.old_number
                for line in hunk.lines
                if line.kind
                is not (LineKind.REMOVED if comment.side is Side.NEW else LineKind.ADDED)
            }
            if {comment.start_line, comment.end_line} <= numbers:
                return comment.start_line <= comment.end_line
        return False

    def _add(self, review: SubmittedReview, comments: Sequence[PlannedComment]) -> None:
        for one in comments:
            comment = replace(
                self._comment(review.author, one.body), review=review.id, is_pending=True
            )
            place = CommentPlace(
                one.path, one.side, one.start_line, one.end_line, self.head, line_now=one.end_line
            )
            self.threads.append(ReviewThread(f"T{comment.id}", (comment,), place, can_resolve=True))

    def _comment(self, author: ForgeAccount, body: str) -> RemoteComment:
        self._count += 1
        id = str(self._count)
        return RemoteComment(id, author, body, url=f"{self.address.url}#discussion_r{id}")

    def _read(self, review: SubmittedReview) -> PendingReview:
        found = [
            PostedComment(one.id, one.url, thread.id, next(iter(markers_in(one.body)), ""))
            for thread in self.threads
            for one in thread.comments
            if one.review == review.id
        ]
        is_ours = is_marked(review.body) or any(one.marker for one in found)
        return PendingReview(review.id, review.url, review.commit, tuple(found), is_ours)

    def _review(self, review: PendingReview) -> SubmittedReview:
        for one in self.reviews:
            if one.id == review.id and one.is_pending:
                return one
        raise ForgeError(ForgeFailure.NOT_FOUND, "The review doesn't exist any more.")

    def _put(self, thread: ReviewThread) -> ReviewThread:
        places = [one.id for one in self.threads]
        self.threads[places.index(thread.id)] = thread
        return thread
