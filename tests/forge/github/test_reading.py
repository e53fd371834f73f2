"""Reading pull requests, over HTTP from a forge that checks each request's form."""

import pytest

from tests.fakes.forge_server import ForgeServer
from xreview.domain.change import FileStatus, Side
from xreview.domain.pull.address import ForgeHost, ForgeKind, PullAddress
from xreview.domain.pull.pull import LinkedIssue, PullState
from xreview.domain.pull.thread_state import ThreadState
from xreview.forge.registry import new_forge
from xreview.forge.token import ForgeToken
from xreview.http.secret import Secret
from xreview.ports.forge_failure import ForgeError, ForgeFailure


async def test_a_pull_request(opened, pull, shop):
    assert (opened.title, opened.body, opened.author.login) == ("Shop more", "Closes #3", "ada")
    assert opened.state is PullState.OPEN
    assert (opened.base.branch, opened.head.branch) == ("main", "topic")
    assert opened.head.commit == pull.head
    assert opened.start == shop.git("merge-base", "main", "topic")
    assert (opened.files, opened.default_branch, opened.is_fork) == (3, "main", False)


async def test_its_diff_begins_with_the_merge_base_though_the_target_moved_on(
    bob, address, pull, shop
):
    before = shop.git("rev-parse", "main")
    shop.write("other.txt", "later\n")
    shop.commit("later")
    pull.project.push("main", "main")
    read = await bob.pull(address)
    assert read.base.commit == shop.git("rev-parse", "main") != before
    assert read.start == before


async def test_the_issues_that_it_closes(bob, address, pull):
    pull.link(3, "Sell less", "We sell too much.")
    assert (await bob.pull(address)).issues == (
        LinkedIssue("#3", "Sell less", "We sell too much."),
    )


@pytest.mark.parametrize("state", ["closed", "merged"])
async def test_one_that_is_done(bob, address, pull, state):
    pull.state = state
    assert (await bob.pull(address)).state == state


async def test_a_draft_of_a_fork_that_was_deleted(bob, address, pull, github):
    pull.is_draft, pull.head_project = True, None
    read = await bob.pull(address)
    github.violations.clear()  # GitHub sends null for the repository, against its description
    assert (read.state_words, read.head.project, read.is_fork) == ("draft", "", True)


async def test_who_is_asked_for_a_review(bob, address, pull):
    pull.ask("bob")
    assert [who.login for who in (await bob.pull(address)).asked] == ["bob"]


async def test_git_gets_it_from_the_target(bob, opened, github):
    remote = bob.remote(opened)
    assert remote.url == f"{github.host.origin}/acme/shop.git"
    assert (remote.head_ref, remote.base_ref) == ("refs/pull/7/head", "refs/heads/main")


async def test_it_can_be_read_without_a_token(connect, pull, address):
    pull.link(3, "Sell less")
    pull.comment("ada", "a.py", 3, "Why?")
    forge = connect(None)
    read = await forge.pull(address)
    said = await forge.discussion(read)
    await forge.close()
    assert (read.title, read.issues) == ("Shop more", ())
    assert [thread.root.body for thread in said.threads] == ["Why?"]
    assert said.gaps == (
        "which threads are resolved or outdated, which GitHub tells with a token only",
    )


async def test_those_that_ask_for_my_review_come_first(bob, pull, github):
    project = pull.project
    project.open_pull(8, head="topic", title="Mine", author="ada").ask("bob")
    project.open_pull(9, head="topic", title="Done", author="ada", state="closed")
    listed = await bob.waiting("acme/shop")
    assert [one.address.number for one in listed] == [8, 7]
    assert listed[0].branch == "topic"
    lists = [one for one in github.requests if one.path.endswith("/pulls")]
    assert len(lists) == 1


async def test_the_pull_request_of_a_branch(bob, pull):
    assert [one.address.number for one in await bob.of_branch("acme/shop", "topic")] == [7]
    assert not await bob.of_branch("acme/shop", "other")


async def test_the_pull_request_of_a_fork_s_branch(bob, pull):
    pull.project.open_pull(8, head="topic", branch="theirs", fork="eve/shop", author="ada")
    assert [one.address.number for one in await bob.of_branch("acme/shop", "theirs")] == [8]


async def test_the_files_of_its_diff(bob, opened):
    files = {file.path: file async for batch in bob.files(opened) for file in batch}
    assert {path: file.status for path, file in files.items()} == {
        "a.py": FileStatus.MODIFIED,
        "new.py": FileStatus.ADDED,
        "moved.txt": FileStatus.RENAMED,
    }
    assert files["moved.txt"].old_path == "old.txt"
    assert [list(range_) for range_ in files["a.py"].touched(Side.NEW)] == [[3], [30]]
    assert not any(file.unread or file.binary for file in files.values())


async def test_a_file_s_content(bob, pull, shop):
    content = await bob.content("acme/shop", pull.head, "new.py", 1_000)
    assert content == b"print(1)\nprint(2)\n"
    assert await bob.content("acme/shop", pull.head, "new.py", 5) is None
    assert await bob.content("acme/shop", pull.head, "missing.py", 1_000) is None


@pytest.mark.parametrize("path", ["../../user", "a/../../b", "", "/etc/passwd", "a//b"])
async def test_a_path_that_leads_elsewhere_is_not_asked_for(bob, pull, github, path):
    assert await bob.content("acme/shop", pull.head, path, 1_000) is None
    assert not github.requests


async def test_what_was_said(bob, opened, pull, github):
    github.account("coderabbitai[bot]")
    thread = pull.comment("coderabbitai[bot]", "a.py", 3, "Why 3?", is_resolved=True)
    thread.reply("ada", "Because.")
    pull.comment("ada", "new.py", 2, "Two", start_line=1)
    pull.comment("ada", "new.py", None, "All of it")
    pull.review("coderabbitai[bot]", "Two findings.", "CHANGES_REQUESTED")
    pull.say("ada", "Ready.")
    said = await bob.discussion(opened)
    first, second, third = said.threads
    assert first.state is ThreadState.RESOLVED
    assert first.author.is_bot
    assert [one.body for one in first.comments] == ["Why 3?", "Because."]
    assert first.place is not None
    assert (first.place.path, first.place.end_line, first.place.commit) == ("a.py", 3, pull.head)
    assert first.place.hunk.endswith("+changed 3")
    assert first.can_resolve
    assert second.place is not None
    assert (second.place.start_line, second.place.end_line) == (1, 2)
    assert third.place is not None
    assert third.place.end_line == 0
    assert [one.body for one in said.reviews if one.body] == ["Two findings."]
    assert [one.body for one in said.comments] == ["Ready."]
    assert said.gaps == ()


async def test_a_line_that_is_gone(bob, pull, shop, address):
    pull.comment("ada", "a.py", 3, "Why 3?")
    shop.git("checkout", "--quiet", "topic")
    shop.write("a.py", "nothing\n")
    shop.commit("third")
    old = pull.head
    pull.push("topic")
    (thread,) = (await bob.discussion(await bob.pull(address))).threads
    assert thread.state is ThreadState.OUTDATED
    assert thread.place is not None
    assert (thread.place.end_line, thread.place.line_now) == (3, None)
    assert thread.place.commit == old


async def test_every_list_is_read_to_its_last_page(bob, opened, pull):
    long = pull.comment("ada", "a.py", 3, "first")
    for number in range(230):
        long.reply("ada", f"reply {number}")
    for number in range(120):
        pull.comment("ada", "new.py", 1, f"thread {number}")
        pull.say("ada", f"comment {number}")
    said = await bob.discussion(opened)
    assert len(said.threads) == 121
    assert [one.body for one in said.threads[0].comments] == [
        "first",
        *(f"reply {number}" for number in range(230)),
    ]
    assert len(said.comments) == 120
    assert len(said.reviews) == 351  # every comment has one of its own
    assert len({one.id for one in said.reviews}) == 351
    assert said.gaps == ()


async def test_many_long_threads_are_not_asked_for_one_by_one(
    bob, opened, pull, github, monkeypatch
):
    monkeypatch.setattr("xreview.forge.github.threads._MOST_LONG", 1)
    for line in (1, 2):
        thread = pull.comment("bob", "a.py", line, "first")
        for number in range(101):
            thread.reply("bob", str(number))
    said = await bob.discussion(opened)
    assert [len(thread.comments) for thread in said.threads] == [102, 102]
    assert said.gaps == ()
    assert sum(b"PullRequestReviewThread" in one.raw for one in github.requests) == 1


async def test_my_pending_comments_are_said_to_be_pending(bob, opened, pull):
    review = pull.review("bob", "Draft.", "PENDING")
    pull.comment("bob", "a.py", 3, "Not yet", review=review)
    said = await bob.discussion(opened)
    assert [one.root.is_pending for one in said.threads] == [True]
    assert said.published().threads == ()


async def test_what_a_token_allows(connect, pull, github):
    github.account("reader", scopes=())
    github.account("fine", scopes=None)
    allowed, reads, unknown = [
        await connect(login).access("acme/shop") for login in ("bob", "reader", "fine")
    ]
    nobody = await connect(None).access("acme/shop")
    assert (allowed.account and allowed.account.login, allowed.can_comment) == ("bob", True)
    assert reads.can_comment is False
    assert "lacks the scope “repo”" in reads.why_not
    assert (unknown.can_comment, unknown.why_not) == (None, "")
    assert (nobody.account, nobody.can_comment) == (None, False)


async def test_a_private_project_without_a_token(connect, github, shop, address):
    github.account("ada")
    project = github.project("acme/shop", shop.top, is_private=True)
    project.open_pull(7, head="topic", author="ada")
    with pytest.raises(ForgeError) as caught:
        await connect(None).pull(address)
    assert caught.value.failure is ForgeFailure.NOT_FOUND
    assert "it is private and it needs a token" in caught.value.advice
    assert "gh auth login --hostname 127.0.0.1" in caught.value.advice


OLD = (
    "PullRequestReviewThread.subjectType",
    "PullRequestReviewThread.viewerCanUnresolve",
    "PullRequest.closingIssuesReferences",
)


async def test_an_old_server_without_some_fields(connect, shop, still):
    with ForgeServer(without=OLD) as server:
        server.account("ada")
        pull = server.project("acme/shop", shop.top).open_pull(7, head="topic", author="ada")
        pull.comment("ada", "a.py", 3, "Why?", is_resolved=True)
        forge = connect("bob", server)
        listed = await forge.waiting("acme/shop")
        read = await forge.pull(listed[0].address)
        said = await forge.discussion(read)
        await forge.close()
    assert read.issues == ()
    assert said.threads[0].state is ThreadState.RESOLVED
    assert said.gaps == ()


async def test_what_an_old_server_leaves_out_comes_from_its_rest_api(connect, shop):
    with ForgeServer(without=("PullRequestReviewComment.originalCommit",)) as server:
        server.account("ada")
        pull = server.project("acme/shop", shop.top).open_pull(7, head="topic", author="ada")
        pull.comment("ada", "a.py", 3, "Why?")
        forge = connect("bob", server)
        read = await forge.pull((await forge.waiting("acme/shop"))[0].address)
        said = await forge.discussion(read)
        await forge.close()
    assert said.threads[0].place is not None
    assert said.threads[0].place.commit == pull.head
    assert said.gaps == ()


async def test_a_server_that_knows_no_resolved_threads(connect, shop):
    with ForgeServer(without=("PullRequestReviewThread.isResolved",)) as server:
        server.account("ada")
        pull = server.project("acme/shop", shop.top).open_pull(7, head="topic", author="ada")
        pull.comment("ada", "a.py", 3, "Why?")
        forge = connect("bob", server)
        read = await forge.pull((await forge.waiting("acme/shop"))[0].address)
        said = await forge.discussion(read)
        await forge.close()
    assert [thread.root.body for thread in said.threads] == ["Why?"]
    (gap,) = said.gaps
    assert gap.startswith("which threads are resolved or outdated (This version of 127.0.0.1")
    assert "isResolved" in gap


async def test_a_server_on_this_machine_by_its_name(github, pull):
    for number in range(120):
        pull.say("ada", f"comment {number}")
    named = ForgeHost(ForgeKind.GITHUB, github.host.origin.replace("127.0.0.1", "localhost"))
    forge = new_forge(named, ForgeToken(named, Secret(github.account("bob")), "~/.netrc"))
    said = await forge.discussion(await forge.pull(PullAddress(named, "acme/shop", 7)))
    await forge.close()
    assert (len(said.comments), said.gaps) == (120, ())
