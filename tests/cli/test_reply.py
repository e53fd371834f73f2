"""`xreview-tui reply` in real processes, against a loopback GitHub."""

import json
from pathlib import Path

import pytest

from tests.cli.pulling import ACCEPT, Pulls
from tests.fakes.forge_server import ForgeServer
from tests.fakes.forge_server.github.shapes import node_id
from tests.repo.builder import Builder
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import ReplyPosted, ThreadResolved

SAID = {
    1: "This import is never used.",
    4: "The lock is taken twice in a row.",
    5: "What happens on a timeout is unclear.",
}
REJECT = Decision(Verdict.REJECT, Reason.INTENDED)


@pytest.fixture
def pulls(tmp_path: Path):
    with ForgeServer() as server:
        made = Pulls(server, Builder(tmp_path / "work"), tmp_path)
        server.account("coderabbitai[bot]")
        made.threads = [
            made.pull.comment("coderabbitai[bot]", "run.py", line, said)
            for line, said in SAID.items()
        ]
        made.review()
        yield made


def ids(pulls: Pulls) -> list[str]:
    """The ids of the threads as the program knows them."""
    return [node_id(one) for one in pulls.threads]


@pytest.fixture
def names(pulls: Pulls) -> list[str]:
    """The findings of the three threads: rejected, accepted, and open."""
    decisions = (REJECT, ACCEPT, None)
    found = [pulls.from_thread(id, made) for id, made in zip(ids(pulls), decisions, strict=True)]
    pulls.server.requests.clear()
    return found


def test_decided_findings_are_answered_with_their_reasons(pulls: Pulls, names) -> None:
    shown = pulls.run("reply", "--all-decided", "--dry-run")
    assert shown.code == 0, shown.err
    assert "Not changed: this is intended." in shown.out
    assert "Accepted: this will be fixed." in shown.out
    assert pulls.server.writes() == []
    done = pulls.run("reply", "--all-decided", "--yes")
    assert done.code == 0, done.err
    assert done.out.count("posted  ") == 2
    first, second, third = pulls.threads
    assert first.comments[-1].body.startswith("Not changed: this is intended.\n\n<!-- xreview:v1")
    assert second.comments[-1].body.startswith("Accepted: this will be fixed.")
    assert len(third.comments) == 1, "not decided"
    assert not any(thread.resolver for thread in pulls.threads)
    assert sum(isinstance(one, ReplyPosted) for one in pulls.recorded()) == 2
    again = pulls.run("reply", "--all-decided")
    assert (again.code, again.out) == (0, "There is no thread to reply to.\n")
    assert len(first.comments) == 2


def test_one_thread_is_answered_with_a_text_and_resolved(pulls: Pulls, names) -> None:
    (pulls.program.folder / "why.txt").write_text("It is meant so.\n/close\n")
    done = pulls.run("reply", names[2][:10], "--text", "@why.txt", "--resolve", "--yes", "--json")
    assert done.code == 0, done.err
    (told,) = json.loads(done.out)
    assert told["fingerprint"] == names[2]
    assert told["url"]
    thread = pulls.threads[2]
    assert thread.comments[-1].body.startswith("It is meant so.\n\\/close\n\n<!--")
    assert thread.resolver is not None
    assert isinstance(pulls.recorded()[-1], ThreadResolved)


def test_nothing_is_replied_while_a_review_is_pending(pulls: Pulls, names) -> None:
    assert pulls.run("post", "--yes").code == 0
    done = pulls.run("reply", names[0])
    assert done.code == 2
    assert "You have a pending review, and a reply would vanish into it." in done.err
    assert len(pulls.threads[0].comments) == 1


def test_an_undecided_finding_needs_a_text(pulls: Pulls, names) -> None:
    done = pulls.run("reply", names[2], "--yes")
    assert done.code == 3
    assert "it isn't decided" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Which findings?"),
        (("abc", "--all-decided"), "Which findings?"),
        (("nosuch",), "No such finding begins with 'nosuch'."),
        (("abc", "--text", " "), "--text is empty."),
    ],
)
def test_wrong_usage_of_reply(pulls: Pulls, names, words, said) -> None:
    done = pulls.run("reply", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert pulls.server.writes() == []


def test_a_finding_without_a_thread_is_told(pulls: Pulls, names) -> None:
    own = next(one for one in pulls.findings if one["fingerprint"] not in names)
    done = pulls.run("reply", own["fingerprint"])
    assert (done.code, done.out) == (2, "")
    assert "wasn't read from a thread. Post it: `xreview-tui post`." in done.err
    assert pulls.run("reply", "--all-decided", "--dry-run").code == 0


def test_what_happened_since_the_review_leaves_a_thread_alone(pulls: Pulls, names) -> None:
    pulls.threads[0].reply("bob", "No, look.")
    pulls.threads[1].resolve("bob")
    done = pulls.run("reply", "--all-decided", "--yes")
    assert done.code == 3
    assert "somebody answered since the review" in done.out
    assert "somebody resolved it since the review" in done.out
    assert pulls.server.writes() == []
