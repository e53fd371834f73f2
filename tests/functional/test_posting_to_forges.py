"""Posting, replying and undoing over HTTP, at a loopback of each kind of forge."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.export.build import FIX
from tests.fakes.forge_server import FakePull, ForgeServer
from tests.fakes.reports import report
from tests.repo.builder import Builder, isolate
from xreview.domain.errors import UsageError
from xreview.domain.events.event import CommentPosted, Event, ReplyPosted
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.pull.address import ForgeKind, PullAddress
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.posting import PlannedComment, PostPlacement, ReviewPlan
from xreview.export.document import ExportEntry
from xreview.forge.registry import new_forge
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret
from xreview.journal.store import Journal
from xreview.ports.forge import Forge
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.post_consent import PostConsents
from xreview.review.pulls.posting import Posting
from xreview.review.pulls.pull_forge import pull_events_in

KINDS = (ForgeKind.GITHUB, ForgeKind.GITLAB, ForgeKind.GITEA)


def on(line: int, quote: str, path: str = "a.py", **more) -> Finding:
    said = report(f"Bug in {path} {line}", path=path, line=line, quote=quote, **more)
    return Finding((said,), (), Disagreement.LONE)


ADDED = on(3, "changed", suggestion="better")
UNCHANGED = on(5, "line 5")
RANGE = on(3, "changed\nline 4", end=4)
FAR = on(30, "line 30")
ELSEWHERE = on(1, "x", path="b.py")
ALL = (ADDED, UNCHANGED, RANGE, FAR, ELSEWHERE)


@dataclass
class There:
    server: ForgeServer
    pull: FakePull
    token: str
    folder: Path
    count: int = 0

    @property
    def address(self) -> PullAddress:
        return PullAddress(self.server.host, "acme/shop", 12)

    @property
    def journal(self) -> Path:
        return self.folder / "journal.sqlite3"

    def forge(self) -> Forge:
        return new_forge(
            self.server.host, ForgeToken(self.server.host, Secret(self.token), "a test")
        )

    def posting(self) -> Posting:
        return Posting(
            PostPlace(
                self.address,
                self.pull.head,
                self.forge,
                lambda findings: [ExportEntry(one, FIX) for one in findings],
                lambda: pull_events_in(self.journal, self.address.url),
                self.record,
                PostConsents(self.folder),
                lambda: "2026-01-31T09:30:00.000000+00:00",
            )
        )

    async def record(self, *payloads) -> None:
        with Journal.open(self.journal) as journal:
            for one in payloads:
                self.count += 1
                at = f"2026-01-31T09:30:{self.count:02}.000000+00:00"
                journal.append([Event(str(self.count), "s", "/src/.git", at, "Ada", one)])

    def recorded(self, kind: type) -> list:
        events = pull_events_in(self.journal, self.address.url)
        return [one.payload for one in events if isinstance(one.payload, kind)]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.value)
def there(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    isolate(monkeypatch, tmp_path / "home")
    work = Builder(tmp_path / "work")
    rows = [f"line {number}\n" for number in range(1, 41)]
    work.write("a.py", "".join(rows))
    work.write("b.py", "x\n")
    work.commit("first")
    work.branch("topic")
    rows[2] = "changed\n"
    work.write("a.py", "".join(rows))
    work.commit("second")
    work.checkout("main")
    with ForgeServer(request.param) as server:
        token = server.account("ada")
        server.account("bob")
        server.account("helper[bot]")
        project = server.project("acme/shop", work.top)
        pull = project.open_pull(12, head="topic", author="bob", title="Sell more")
        yield There(server, pull, token, tmp_path)


def test_a_review_is_posted_once_published_and_withdrawn(there: There) -> None:
    async def go() -> None:
        posting = there.posting()
        shown = await posting.preview(ALL)
        await posting.agree()
        review = await posting.post(shown)
        assert posting.notices == ()
        assert review.is_ours
        assert len(review.comments) == len(shown.plan.inline)
        assert len(there.recorded(CommentPosted)) == len(ALL)
        assert (await posting.preview(ALL)).is_empty
        await posting.submit(ReviewVerdict.COMMENT)
        assert posting.notices == ()
        await posting.close()
        again = there.posting()
        assert (await again.preview(ALL)).is_empty, "from the markers"
        there.journal.rename(there.folder / "kept")
        assert (await again.preview(ALL)).is_empty, "on another machine too"
        (there.folder / "kept").rename(there.journal)
        said = await again.undo()
        assert said.startswith(f"{len(shown.plan.inline)} comments deleted.")
        assert ("text stays" in said) is (there.server.host.kind is not ForgeKind.GITEA)
        left = {one.subjects for one in (await again.preview(ALL)).plan.comments}
        assert left >= {one.subjects for one in shown.plan.inline}
        await again.close()

    asyncio.run(go())


def test_a_pending_review_is_added_to_and_discarded(there: There) -> None:
    async def go() -> None:
        posting = there.posting()
        await posting.agree()
        await posting.post(await posting.preview([ADDED]))
        shown = await posting.preview([ADDED, UNCHANGED])
        assert shown.existing is not None
        assert not shown.adds_to_draft
        review = await posting.post(shown)
        assert len(review.comments) == 2
        await posting.discard()
        assert posting.notices == ()
        assert (await posting.preview([ADDED])).existing is None
        await posting.close()

    asyncio.run(go())


def test_a_thread_is_answered_but_not_while_a_review_is_pending(there: There) -> None:
    there.pull.comment("helper[bot]", "a.py", 3, "Is this right?")

    async def go() -> None:
        posting = there.posting()
        await posting.agree()
        (thread,) = (await posting.threads()).values()
        finding = replace(ADDED, reports=(replace(ADDED.lead, source=thread.id),))
        assert (await posting.preview([finding])).is_empty
        await posting.post(await posting.preview([UNCHANGED]))
        with pytest.raises(UsageError, match="would vanish into it"):
            await posting.reply(finding, thread, "It is.")
        await posting.discard()
        comment = await posting.reply(finding, thread, "It is.\n/close")
        (kept,) = there.recorded(ReplyPosted)
        assert kept.comment == comment.id
        now = (await posting.threads())[thread.id]
        assert len(now.comments) == 2
        assert "\\/close" in now.comments[-1].body
        if now.can_resolve:
            await posting.resolve(finding, thread)
            assert (await posting.threads())[thread.id].is_resolved
            assert await posting.undo() == "The thread is open again."
        assert await posting.undo() == "The reply was deleted."
        assert len((await posting.threads())[thread.id].comments) == 1
        await posting.close()

    asyncio.run(go())


def test_the_users_own_draft_outlives_what_was_added_to_it(there: There) -> None:
    async def begin_by_hand() -> None:
        line = PlannedComment(
            ("x",), PostPlacement.LINES, "a.py", "My own comment.", start_line=3, end_line=3,
            old_path="a.py", new_line=3, new_start=3,
        )  # fmt: skip
        forge = there.forge()
        pull = await forge.pull(there.address)
        await forge.begin_review(pull, ReviewPlan(pull.head.commit, "My own words.", (line,)))
        await forge.close()

    async def go() -> None:
        await begin_by_hand()
        posting = there.posting()
        await posting.agree()
        shown = await posting.preview([UNCHANGED])
        assert shown.adds_to_draft
        assert shown.existing is not None
        with pytest.raises(UsageError, match="wrote yourself"):
            await posting.post(shown)
        review = await posting.post(shown, is_adding=True)
        assert len(review.comments) == len(shown.existing.comments) + 1
        await posting.discard()
        assert "the rest of the pending review is yours" in posting.notices[0]
        left = (await posting.preview([UNCHANGED])).existing
        assert left is not None
        assert not left.is_ours
        assert len(left.comments) == len(shown.existing.comments)
        await posting.close()

    asyncio.run(go())
