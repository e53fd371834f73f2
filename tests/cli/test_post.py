"""`xreview-tui post` in real processes, against a loopback GitHub."""

import json
from pathlib import Path

import pytest

from tests.cli.pulling import Pulls
from tests.fakes.forge_server import ForgeServer
from tests.repo.builder import Builder
from xreview.domain.events.event import (
    CommentPosted,
    ReviewBegun,
    ReviewDiscarded,
    ReviewSubmitted,
)
from xreview.domain.pull.marker import markers_in


@pytest.fixture
def pulls(tmp_path: Path):
    with ForgeServer() as server:
        made = Pulls(server, Builder(tmp_path / "work"), tmp_path)
        made.review()
        server.requests.clear()
        yield made


def test_a_dry_run_prints_everything_and_sends_nothing(pulls: Pulls) -> None:
    done = pulls.run("post", "--dry-run")
    assert done.code == 0, done.err
    assert "acme/shop#12 at 127.0.0.1:" in done.out
    assert ", as ada, on " in done.out
    assert "run.py:5" in done.out
    assert "A command runs through the shell" in done.out
    assert "3 findings of a code review, each accepted by a person." in done.out
    assert pulls.server.writes() == []
    as_json = json.loads(pulls.run("post", "--dry-run", "--json").out)
    assert as_json["needs_consent"] is True
    assert {one["placement"] for one in as_json["comments"]} == {"lines"}
    assert as_json["comments"][0]["path"] == "run.py"


def test_without_a_terminal_the_first_post_needs_a_yes(pulls: Pulls) -> None:
    done = pulls.run("post")
    assert done.code == 2
    assert "Post to acme/shop at 127.0.0.1:" in done.err
    assert "this needs --yes" in done.err
    assert pulls.server.writes() == []
    assert pulls.run("post", "--yes").code == 0
    assert pulls.run("post", "--discard").code == 0
    assert pulls.run("post").code == 0, "asked once"


def test_a_terminal_is_asked(pulls: Pulls) -> None:
    no = pulls.program.run_on_terminal("post", keys=b"n\n")
    assert no.code == 2
    assert "as ada, now and later? [y/N]" in no.out
    assert pulls.server.writes() == []
    yes = pulls.program.run_on_terminal("post", keys=b"y\n")
    assert yes.code == 0, yes.out
    assert "The review is pending, with 3 comments on the diff" in yes.out


def test_a_consent_can_be_withdrawn(pulls: Pulls) -> None:
    assert "without asking" in pulls.run("post", "--ask-again").out
    assert pulls.run("post", "--yes").code == 0
    assert "You'll be asked" in pulls.run("post", "--ask-again").out
    refused = pulls.run("post", "--submit", "comment")
    assert refused.code == 2
    assert "as ada, now and later? Without a terminal" in refused.err


def test_posted_submitted_and_never_twice(pulls: Pulls) -> None:
    done = pulls.run("post", "--yes", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert len(told["review"]["comments"]) == 3
    assert told["notices"] == []
    assert pulls.bodies == [], "pending"
    begun, *posted = pulls.recorded()
    assert isinstance(begun, ReviewBegun)
    assert all(isinstance(one, CommentPosted) and one.link for one in posted)
    again = pulls.run("post")
    assert again.code == 0
    assert "3 findings posted before; not posted again." in again.out
    assert "There is nothing to post." in again.out
    done = pulls.run("post", "--submit", "request-changes", "--body", "Please look, @bob.")
    assert done.code == 0, done.err
    assert done.out.startswith("Published: http://127.0.0.1:")
    (review,) = pulls.pull.reviews
    assert review.state == "CHANGES_REQUESTED"
    assert review.body.startswith("Please look, `@\N{WORD JOINER}bob`.\n\n3 findings")
    assert isinstance(pulls.recorded()[-1], ReviewSubmitted)
    names = {one["reports"][0]["fingerprint"] for one in pulls.findings}
    assert {name for body in pulls.bodies for name in markers_in(body)} == names
    assert "There is nothing to post." in pulls.run("post").out
    undone = pulls.run("post", "--undo")
    assert undone.out.startswith("3 comments deleted. The review's own text stays: ")
    assert pulls.bodies == []


def test_only_the_named_findings(pulls: Pulls) -> None:
    name = pulls.findings[0]["fingerprint"]
    shown = json.loads(pulls.run("post", "--dry-run", "--json", "--findings", name[:9]).out)
    assert [one["fingerprints"][0] for one in shown["comments"]] == [name]
    done = pulls.run("post", "--findings", "nosuch")
    assert (done.code, done.out) == (2, "")
    assert "No such finding begins with 'nosuch'." in done.err


def test_a_pending_review_is_discarded(pulls: Pulls) -> None:
    assert pulls.run("post", "--yes").code == 0
    done = pulls.run("post", "--discard")
    assert (done.code, done.out) == (0, "The pending review was deleted.\n")
    assert pulls.pull.reviews == []
    assert isinstance(pulls.recorded()[-1], ReviewDiscarded)


def test_new_commits_ask_and_stop_a_submission(pulls: Pulls) -> None:
    assert pulls.run("post", "--yes").code == 0
    pulls.work.checkout("topic")
    source = pulls.work.path("run.py").read_text()
    pulls.work.write("run.py", "# moved down\n" + source)
    pulls.work.commit("third")
    pulls.pull.push("topic")
    done = pulls.run("post", "--submit", "comment")
    assert done.code == 2
    assert "The pull request has new commits: the review is about" in done.err
    assert pulls.run("post", "--discard").code == 0
    asked = pulls.run("post")
    assert asked.code == 2
    assert "has changed since it was reviewed" in asked.err
    assert "run.py:6" in asked.out, "a line further down"
    assert pulls.run("post", "--yes").code == 0
    assert {thread.line for thread in pulls.pull.threads} >= {6}


def test_the_pull_request_is_named_by_url_or_number(pulls: Pulls, tmp_path: Path) -> None:
    for words in (("--pr", "12"), ("--pr", "#12"), ("--pr", f"{pulls.url}/files")):
        assert pulls.run("post", "--dry-run", *words).code == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    away = pulls.run("-C", str(elsewhere), "post", "--dry-run", "--pr", pulls.url)
    assert away.code == 0, away.err
    for wanted, said in (
        ("13", "The pull request 13 wasn't reviewed here yet."),
        ("https://github.com/a/b/pull/1", "wasn't reviewed here yet"),
        ("x", "is neither the URL nor the number of a pull request"),
        ("9" * 5000, "is neither the URL nor the number"),
    ):
        done = pulls.run("post", "--pr", wanted)
        assert done.code == 2
        assert said in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--dry-run", "--submit", "comment"), "--dry-run and --submit can't be combined."),
        (("--undo", "--discard"), "--discard and --undo can't be combined."),
        (("--body", "x"), "--body needs --submit."),
        (("--submit", "maybe"), "“maybe” isn't one of comment, request-changes, approve."),
        (("--submit", "comment", "--yes"), "You have no pending review on this pull request."),
        (("--discard",), "You have no pending review on this pull request."),
        (("--undo",), "Nothing that was posted from here is left to undo."),
        (("--offline", "--yes", "--pr", "13"), "wasn't reviewed here yet"),
    ],
)
def test_wrong_usage(pulls: Pulls, words: tuple[str, ...], said: str) -> None:
    done = pulls.run("post", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert pulls.server.writes() == []


def test_a_token_that_can_only_read_leaves_everything_in_the_journal(pulls: Pulls) -> None:
    reader = pulls.server.account("eve", scopes=())
    done = pulls.run("post", "--yes", GH_ENTERPRISE_TOKEN=reader)
    assert done.code in (2, 3)
    assert done.err
    assert pulls.recorded() == []
    assert reader not in done.out + done.err


def test_without_a_session_there_is_nothing_to_post(program) -> None:
    done = program.run("post")
    assert done.code == 2
    assert "No pull request was reviewed on this machine yet." in done.err
