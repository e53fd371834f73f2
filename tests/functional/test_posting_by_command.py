"""Posting back with the real program: what the forge has afterwards, whatever goes wrong."""

import json
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.forge_server import faults
from tests.fakes.forge_server.answers import Answer, ForgeRequest
from tests.functional.at_forge import (
    ACCEPT,
    INTENDED,
    ISSUE,
    RABBIT,
    SWALLOWED,
    WRITABLE,
    AtForge,
    at_forge,
)
from xreview.domain.pull.address import ForgeKind
from xreview.domain.pull.marker import markers_in

INCOMPLETE, USAGE = 3, 2


@pytest.fixture(params=WRITABLE, ids=lambda kind: kind.value)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AtForge]:
    with at_forge(request.param, tmp_path) as made:
        yield made


def reviewed(there: AtForge) -> list[dict]:
    """Review it in a clone, accept what the analysers found, and reject what a bot said."""
    there.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
    there.clone()
    _, document = there.review("--pr", there.url)
    for one in document["findings"]:
        there.decide(one, INTENDED if one["threads"] else ACCEPT)
    there.server.requests.clear()
    return document["findings"]


def ours(findings: list[dict]) -> set[str]:
    return {one["fingerprint"] for one in findings if not one["threads"]}


def posted(there: AtForge) -> Counter[str]:
    """How often each finding is on the request for everybody, in comments and texts of reviews."""
    texts = [
        *there.said_publicly(),
        *(one.body for one in there.pull.comments),
        *(one.body for one in there.pull.reviews if one.state != "PENDING"),
    ]
    return Counter(name for text in texts for name in markers_in(text))


def test_from_a_dry_run_to_undo(there: AtForge):
    findings = reviewed(there)
    shown = there.run("post", "--dry-run", "--json")
    assert shown.code == 0, shown.err
    plan = json.loads(shown.out)
    assert (plan["account"], plan["pull"]) == ("ada", there.url)
    assert {name for one in plan["comments"] for name in one["fingerprints"]} == ours(findings)
    refused = there.run("post")
    assert (refused.code, "needs --yes" in refused.err) == (USAGE, True), refused.err
    assert there.server.writes() == []
    done = there.run("post", "--yes")
    assert done.code == 0, done.err + done.out
    assert posted(there) == {}, "only Ada sees it"
    count = len(there.server.writes())
    again = there.run("post")
    assert (again.code, "There is nothing to post." in again.out) == (0, True), again.out
    assert len(there.server.writes()) == count
    submitted = there.run("post", "--submit", "comment", "--body", "Thanks, @bob! Fixes #1.")
    assert submitted.code == 0, submitted.err
    assert posted(there) == dict.fromkeys(ours(findings), 1)
    assert not any("@bob" in one.body for one in there.pull.reviews)
    assert "There is nothing to post." in there.run("post").out
    told = there.run("log", "show", COLUMNS="400").out
    assert "began a pending review as ada" in told
    assert "submitted the review as ada (comment)" in told
    for one in plan["comments"]:
        assert one["placement"] == "lines"
    assert told.count(f"{there.server.host.origin}/acme/shop/") >= 3
    undone = there.run("post", "--undo")
    assert undone.code == 0, undone.err
    assert posted(there) == {}
    assert len(there.pull.threads) == 1, "the bot's"


def test_what_was_answered_stays(there: AtForge):
    findings = reviewed(there)
    assert there.run("post", "--yes").code == 0
    assert there.run("post", "--submit", "comment").code == 0
    (mine,) = [one for one in there.pull.threads if markers_in(one.comments[0].body)]
    mine.reply("bob", "Will do.")
    undone = there.run("post", "--undo")
    assert posted(there) == dict.fromkeys(ours(findings), 1), undone.out + undone.err
    assert "answered" in undone.out + undone.err or "repl" in undone.out + undone.err


def test_new_commits_are_asked_about_and_stop_a_submission(there: AtForge):
    findings = reviewed(there)
    assert there.run("post", "--yes").code == 0
    there.work.checkout("topic")
    source = there.work.path("a.py").read_text()
    there.work.write("a.py", "# one line more\n" + source)
    there.work.commit("moved down")
    there.pull.push("topic")
    stopped = there.run("post", "--submit", "comment")
    assert stopped.code == USAGE, stopped.out
    assert "has new commits" in stopped.err
    assert posted(there) == {}
    assert there.run("post", "--discard").code == 0
    asked = there.run("post")
    assert (asked.code, "has changed since it was reviewed" in asked.err) == (USAGE, True)
    assert there.run("post", "--yes").code == 0
    assert there.run("post", "--submit", "comment").code == 0
    assert posted(there) == dict.fromkeys(ours(findings), 1)


def test_a_refused_comment_goes_into_the_text(tmp_path: Path):
    with at_forge(ForgeKind.GITHUB, tmp_path) as there:
        findings = reviewed(there)
        refused = {"message": "Validation Failed", "errors": ["Line could not be resolved"]}
        there.server.fail(_refusal_of_writes(refused), times=99, path="/pulls/12/reviews")
        done = there.run("post", "--yes")
        assert done.code == INCOMPLETE, done.out
        assert "could not be resolved" in done.err or "422" in done.err or "refused" in done.err
        assert there.run("post", "--submit", "comment").code in (0, INCOMPLETE)
        assert posted(there) == dict.fromkeys(ours(findings), 1)


def _refusal_of_writes(value: dict) -> faults.Fault:
    """422 for the first request that writes."""
    met: list[str] = []

    def instead(request: ForgeRequest) -> Answer | None:
        if request.method == "GET" or met:
            return None
        met.append(request.path)
        return Answer(422, value)

    return faults.Fault("refusal", instead)


def test_a_program_that_is_killed_while_posting_posts_nothing_twice(there: AtForge):
    findings = reviewed(there)
    at_work, let_go = threading.Event(), threading.Event()

    def instead(request: ForgeRequest) -> None:
        if request.method == "POST" and not request.path.endswith("/graphql"):
            at_work.set()

    def after(answer: Answer) -> Answer:
        return replace(answer, delay=3.0) if at_work.is_set() and not let_go.is_set() else answer

    there.server.fail(faults.Fault("slow writes", instead, after), times=999)
    process = subprocess.Popen(
        there.program.command("post", "--yes"),
        cwd=there.program.folder,
        env=there.program.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert at_work.wait(60)
    process.kill()
    process.wait()
    let_go.set()
    done = there.run("post", "--yes")
    assert done.code in (0, INCOMPLETE), done.err
    submitted = there.run("post", "--submit", "comment")
    assert submitted.code == 0, submitted.err
    assert posted(there) == dict.fromkeys(ours(findings), 1)


def test_a_rejected_finding_is_answered_and_resolved(there: AtForge):
    findings = reviewed(there)
    (thread,) = there.pull.threads
    assert there.run("post", "--yes").code == 0
    pending = there.run("reply", "--all-decided", "--yes")
    assert pending.code != 0
    assert "would vanish into it" in pending.err
    assert len(thread.comments) == 1
    assert there.run("post", "--discard").code == 0
    done = there.run("reply", "--all-decided", "--yes", "--resolve")
    assert done.code == 0 or there.server.host.kind is ForgeKind.GITEA, done.err
    assert len(thread.comments) == 2
    assert thread.comments[1].body.startswith("Not changed: this is intended.")
    again = there.run("reply", "--all-decided", "--yes")
    assert "no thread to reply to" in again.out, again.out + again.err
    assert len(thread.comments) == 2
    assert len(findings) > 1
    assert "replied as ada" in there.run("log", "show").out


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.bad_credentials(), "token"),
        (faults.read_only(), ""),
        (faults.sso_required(), "single sign-on"),
        (faults.not_found(), ""),
        (faults.secondary_limit(None), ""),
        (faults.primary_limit(), ""),
        (faults.captive_page(), ""),
        (faults.server_error(), "502"),
        (faults.cut_off(), ""),
        (faults.redirect("https://evil.example"), "evil.example"),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_a_fault_is_a_sentence_and_nothing_is_lost(tmp_path: Path, fault: faults.Fault, said: str):
    with at_forge(ForgeKind.GITHUB, tmp_path) as there:
        findings = reviewed(there)
        there.server.fail(fault, times=99, path="/api/")
        done = there.run("post", "--yes")
        assert done.code in (USAGE, INCOMPLETE)
        assert said in done.err
        assert len(done.err.splitlines()) <= 2, done.err
        there.server.faults._waiting.clear()
        assert there.run("post", "--yes").code == 0
        assert there.run("post", "--submit", "comment").code == 0
        assert posted(there) == dict.fromkeys(ours(findings), 1)


@pytest.mark.parametrize(
    "fault",
    [faults.bad_credentials(), faults.sso_required(), faults.not_found(), faults.captive_page(),
     faults.cut_off(), faults.primary_limit(), faults.wrong_shape([1]), faults.server_error()],
    ids=lambda one: one.name,
)  # fmt: skip
@pytest.mark.parametrize("kind", WRITABLE, ids=lambda kind: kind.value)
def test_a_request_that_can_not_be_opened_is_one_sentence(
    tmp_path: Path, kind: ForgeKind, fault: faults.Fault
):
    with at_forge(kind, tmp_path) as there:
        there.clone()
        there.server.fail(fault, times=99, path="/api/")
        done = there.run("review", "--pr", "12")
        assert done.code in (USAGE, INCOMPLETE)
        assert done.out == ""
        assert done.err.startswith("xreview-tui: ")
        assert len(done.err.splitlines()) <= 2, done.err
