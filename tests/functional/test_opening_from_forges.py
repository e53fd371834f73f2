"""Opening pull requests with the real program, real git, and a loopback of each kind of forge."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.fakes.forge_server import faults
from tests.functional.at_forge import (
    ACCEPT,
    AFTER,
    COPILOT,
    ISSUE,
    QUOTA,
    RABBIT,
    SWALLOWED,
    WRITABLE,
    AtForge,
    at_forge,
    state_of,
)
from tests.repo.builder import Builder
from xreview.domain.pull.address import ForgeKind

OPEN_FINDINGS, INCOMPLETE = 1, 3


@pytest.fixture(params=WRITABLE, ids=lambda kind: kind.value)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AtForge]:
    with at_forge(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def github(tmp_path: Path) -> Iterator[AtForge]:
    with at_forge(ForgeKind.GITHUB, tmp_path) as made:
        yield made


def titles(document: dict) -> set[str]:
    return {report["title"] for one in document["findings"] for report in one["reports"]}


def test_the_same_change_wherever_it_is_opened(there: AtForge, tmp_path: Path):
    there.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
    found: dict[str, set[str]] = {}
    mine = there.clone()
    mine.branch("topic", "origin/main")
    before = state_of(mine)
    for words in (("--pr", there.url), ("--pr", "12"), ("pr",)):
        done, document = there.review(*words)
        assert done.code == OPEN_FINDINGS, done.err
        (session,) = document["sessions"]
        assert session["change"]["pull"] == there.url
        assert [one["path"] for one in session["change"]["files"]] == ["a.py"]
        found[words[-1]] = titles(document)
    assert state_of(mine) == before
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    there.program.folder = nowhere
    done, document = there.review("--pr", there.url)
    assert done.code == OPEN_FINDINGS, done.err
    found["no repository"] = titles(document)
    other = Builder(tmp_path / "other")
    other.write("z.py", "z = 1\n")
    other.commit("another project")
    there.program.folder = other.top
    before = state_of(other)
    done, document = there.review("--pr", there.url)
    assert done.code == OPEN_FINDINGS, done.err
    found["another repository"] = titles(document)
    assert state_of(other) == before
    assert other.git("for-each-ref", "refs/xreview") == ""
    assert len(set(map(frozenset, found.values()))) == 1, found
    assert "Errors are swallowed" in found["pr"]


def test_a_thread_is_exported_with_its_finding(there: AtForge):
    thread = there.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
    thread.reply("bob", "This is by design.")
    there.pull.say("cleo", "Looks *nice* overall.\n\nSee \x1b[31mred\x1b[0m, though.")
    there.clone()
    done, document = there.review("--pr", "12")
    assert done.code == OPEN_FINDINGS, done.err
    (finding,) = [one for one in document["findings"] if one["threads"]]
    (told,) = finding["threads"]
    assert (told["state"], told["author"].removesuffix("[bot]")) == ("replied", RABBIT[:-5])
    assert told["url"].startswith(there.server.host.origin)
    assert any("This is by design." in json.dumps(one) for one in finding["stances"])
    (whole,) = document["said"]
    assert whole["author"] == "cleo"
    assert whole["body"].startswith("Looks *nice* overall.\n\nSee \x1b[31mred")
    assert "cleo wrote 1 comment on the change as a whole: “Looks" in done.err
    assert "\x1b" not in done.err
    page = there.run("review", "--pr", "12", "--format", "html").out
    assert "Looks nice overall." in page
    assert "\x1b" not in page


def test_the_brief_is_what_the_request_says(there: AtForge):
    there.clone()
    shown = there.run("prompt", "show", "--reviewer", "gpt", "--pr", "12")
    assert shown.code == 0, shown.err
    assert "Run commands\n\nAdds `run`." in shown.out
    who = there.run("who", "--pr", "12")
    assert who.code == 0, who.err


def test_a_fork_and_its_clone(there: AtForge):
    fork = there.server.project("bob/shop", there.work.top)
    there.project.pulls.pop(12)
    there.pull = there.project.open_pull(
        13, head="topic", author="bob", title="From a fork", fork="bob/shop"
    )
    mine = there.clone(project="bob/shop")
    before = state_of(mine)
    done, document = there.review("--pr", there.url)
    assert done.code == OPEN_FINDINGS, done.err
    assert state_of(mine) == before
    assert document["sessions"][0]["change"]["head"] == there.pull.head
    assert fork.name == "bob/shop"


@pytest.mark.parametrize("depth", ["1", "2"])
def test_a_shallow_clone_stays_shallow(there: AtForge, depth: str):
    for number in range(4):
        there.work.checkout("main")
        there.work.write(f"more{number}.py", "x = 1\n")
        there.work.commit(f"main goes on {number}")
    there.project.push("main", "main")
    mine = there.clone("--depth", depth, "--no-local")
    before = state_of(mine)
    done, document = there.review("--pr", "12")
    assert done.code == OPEN_FINDINGS, done.err
    assert [one["path"] for one in document["sessions"][0]["change"]["files"]] == ["a.py"]
    after = state_of(mine)
    assert {k for k in before if before[k] != after[k]} <= {"shallow"}
    assert mine.git("rev-list", "--count", "HEAD") == depth


def test_a_bot_that_could_not_review_makes_it_incomplete(there: AtForge):
    there.pull.say(COPILOT, QUOTA)
    there.clone()
    done, document = there.review("--pr", "12")
    assert done.code == INCOMPLETE, done.err
    assert "quota" in done.err
    assert document["is_complete"] is False


def test_a_bot_that_saw_an_older_commit_makes_it_incomplete(there: AtForge):
    if there.server.host.kind is ForgeKind.GITLAB:
        pytest.skip("GitLab moves threads to each new head: they don't say what was read")
    there.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
    there.work.checkout("topic")
    there.work.write("b.py", "two = 2\n")
    there.work.commit("one more")
    there.pull.push("topic")
    there.clone()
    done, _ = there.review("--pr", "12")
    assert done.code == INCOMPLETE, done.err
    assert "not reviewed by coderabbit: b.py (it read an older commit" in done.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"is_draft": True}, "draft"),
        ({"state": "merged"}, "merged"),
        ({"state": "closed"}, "closed"),
    ],
)
@pytest.mark.parametrize("kind", WRITABLE, ids=lambda kind: kind.value)
def test_drafts_and_those_that_are_over(kind: ForgeKind, tmp_path: Path, given: dict, said: str):
    with at_forge(kind, tmp_path, **given) as there:
        there.clone()
        done, document = there.review("--pr", "12")
        assert done.code == OPEN_FINDINGS, done.err
        assert said in done.err
        assert document["findings"]


def test_decisions_carry_over_a_force_push(there: AtForge):
    there.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
    there.clone()
    _, first = there.review("--pr", "12")
    assert len(first["findings"]) > 1
    for finding in first["findings"]:
        there.decide(finding, ACCEPT)
    there.work.checkout("topic")
    there.work.git("reset", "--quiet", "--hard", "main")
    there.work.write("a.py", AFTER.replace("import os\n", "# Rewritten.\nimport os\n"))
    there.work.commit("Run commands, rewritten")
    there.pull.push("topic")
    done, second = there.review("--pr", "12")
    assert titles(second) == titles(first)
    assert {one["standing"] for one in second["findings"]} == {"accepted"}, done.err
    assert "moved since your last session, from" in done.err


@pytest.mark.parametrize("kind", WRITABLE, ids=lambda kind: kind.value)
def test_a_discussion_that_can_not_be_read_is_no_silence(kind: ForgeKind, tmp_path: Path):
    with at_forge(kind, tmp_path) as there:
        there.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
        there.clone()
        for path in ("/12/comments", "/12/reviews", "/12/discussions", "/graphql"):
            there.server.fail(faults.server_error(), times=99, path=path)
        done, document = there.review("--pr", "12")
        assert done.code == INCOMPLETE, done.err
        assert document["findings"], "the local triage goes on"
        assert "failed or is overloaded (502)" in done.err


@pytest.mark.parametrize("kind", WRITABLE, ids=lambda kind: kind.value)
def test_issues_that_can_not_be_read_stop_nothing(kind: ForgeKind, tmp_path: Path):
    with at_forge(kind, tmp_path, body="Closes #3") as there:
        there.pull.link(3, "Slow", "Very.")
        there.clone()
        for path in ("/graphql", "/closes_issues", "/issues/3"):
            there.server.fail(faults.server_error(), times=3, path=path)
        done, document = there.review("--pr", "12")
        assert document["findings"], done.err
        assert "Not read: the issues that it closes (127.0.0.1" in done.err


def many_files(there: AtForge, count: int) -> None:
    """Let the request change so many files more."""
    there.work.checkout("topic")
    for number in range(count - 1):
        there.work.write(f"many/{number:04}.py", f"value = {number}\n")
    there.work.commit("many files")
    there.pull.push("topic")
    there.work.checkout("main")


def test_three_hundred_files_are_read_without_a_clone(there: AtForge):
    many_files(there, 300)
    done, document = there.review("--pr", there.url)
    assert done.code == OPEN_FINDINGS, done.err
    assert len(document["sessions"][0]["change"]["files"]) == 300


@pytest.mark.parametrize("count", [3000, 3010])
def test_what_github_does_not_list_of_thousands_is_a_gap(github: AtForge, count: int):
    many_files(github, count)
    done, document = github.review("--pr", github.url)
    (session,) = document["sessions"]
    if count == 3000:
        assert len(session["change"]["files"]) == 3000
        assert done.code in (OPEN_FINDINGS, INCOMPLETE)
        return
    assert done.code == INCOMPLETE, done.err
    assert not document["is_complete"]
    assert f"{github.server.host.name} lists only 3,000 of 3,010 files" in done.err
    assert "in 3,000 files" in done.err


def test_what_gh_prints_is_read_as_over_the_api(github: AtForge, tmp_path: Path):
    """`gh api …/comments` into a file, and `--import`, find what the forge's threads do."""
    github.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
    github.pull.comment("cleo", "a.py", 14, "Is a shell needed here?")
    mine = github.clone()
    _, over_api = github.review("--pr", "12")
    url = f"{github.server.host.origin}/api/v3/repos/acme/shop/pulls/12/comments"
    request = Request(url, headers={"Authorization": f"Bearer {github.token}"})
    with urlopen(request) as reply:
        printed = tmp_path / "comments.json"
        printed.write_bytes(reply.read())
    mine.git("fetch", "--quiet", "origin", "topic")
    mine.git("switch", "--quiet", "--detach", "FETCH_HEAD")
    _, from_file = github.review("--base", "origin/main", "--import", str(printed))
    assert titles(from_file) == titles(over_api)
    assert _said(from_file) == _said(over_api)
    assert len(_said(over_api)) >= 3


def _said(document: dict) -> set[tuple[str, str, int, str]]:
    """Who says what where, of every report."""
    return {
        (report["reviewer"]["name"], report["title"], at["start_line"], at["path"])
        for one in document["findings"]
        for report in one["reports"]
        for at in [report["anchor"]]
    }
