"""Descriptions in pull requests with the real program: what the forge has afterwards."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.forge_server import faults
from tests.fakes.forge_server.answers import Answer, ForgeRequest
from tests.functional.at_forge import INTENDED, WRITABLE, AtForge, at_forge
from xreview.domain.briefing.markers import BEGIN, END
from xreview.domain.events.event import BriefWritten, DescriptionPosted
from xreview.domain.pull.address import ForgeKind
from xreview.journal.store import Journal

USAGE, INCOMPLETE = 2, 3


@pytest.fixture(params=WRITABLE, ids=lambda kind: kind.value)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AtForge]:
    with at_forge(request.param, tmp_path) as made:
        made.clone()
        yield made


def reviewed(there: AtForge) -> None:
    _, document = there.review("--pr", there.url)
    there.decide(document["findings"][0], INTENDED)
    there.server.requests.clear()


def once(change: Callable[[Answer], Answer]) -> Callable[[Answer], Answer]:
    """Change one answer, the first that comes out different."""
    done: list[Answer] = []

    def changed(answer: Answer) -> Answer:
        other = answer if done else change(answer)
        if other is not answer:
            done.append(other)
        return other

    return changed


def events(there: AtForge, kind: type) -> list:
    with Journal.open(there.journal) as journal:
        return [one.payload for one in journal.events() if isinstance(one.payload, kind)]


def test_it_goes_below_the_authors_text_and_is_replaced_the_next_time(there: AtForge):
    reviewed(there)
    refused = there.run("brief", "--pr", there.url)
    assert (refused.code, "needs --yes" in refused.err) == (USAGE, True), refused.err
    assert there.server.writes() == []
    done = there.run("brief", "--pr", there.url, "--yes")
    assert done.code == 0, done.err
    assert there.pull.body.startswith(f"Adds `run`.\n\n{BEGIN}\n")
    assert there.pull.body.endswith(END)
    assert there.pull.title == "Run commands"
    assert "## Risks accepted" in there.pull.body
    assert "Don't report" not in there.pull.body
    (posted,) = events(there, DescriptionPosted)
    assert (posted.url, posted.account, posted.original) == (there.url, "ada", "Adds `run`.")
    (written,) = events(there, BriefWritten)
    assert written.target == there.url
    before, count = there.pull.body, len(there.server.writes())
    again = there.run("brief", "--pr", there.url, "--yes")
    assert (again.code, "already" in again.err) == (0, True), again.err
    assert (there.pull.body, len(there.server.writes())) == (before, count)
    answered = there.run("brief", "--pr", there.url, "--yes", "--answer", "1=A wrapper checks it.")
    assert answered.code == 0, answered.err
    assert there.pull.body.count(BEGIN) == there.pull.body.count("Adds `run`.") == 1
    assert "A wrapper checks it." in there.pull.body
    assert there.server.violations == []


def test_the_text_of_ours_never_comes_back_in_a_prompt(there: AtForge):
    reviewed(there)
    there.run("brief", "--pr", there.url, "--yes")
    shown = there.run("prompt", "show", "--pr", there.url, "--reviewer", "llama")
    assert "Risks accepted" not in shown.out + shown.err


def test_a_part_that_was_edited_since_is_left_alone(there: AtForge):
    reviewed(there)
    there.run("brief", "--pr", there.url, "--yes")
    there.pull.body = there.pull.body.replace("## Risks", "## My own risks")
    edited = there.pull.body
    done = there.run("brief", "--pr", there.url, "--yes", "--answer", "1=Because.")
    assert (done.code, "it was edited, or someone else wrote it" in done.err) == (USAGE, True)
    assert there.pull.body == edited


def test_nothing_in_the_authors_text_is_executed(tmp_path: Path):
    body = "Adds `run`.\n\n/close\n\n```\n/close\n```\n"
    with at_forge(ForgeKind.GITLAB, tmp_path, body=body) as there:
        there.clone()
        reviewed(there)
        done = there.run("brief", "--pr", there.url, "--yes")
        assert done.code == 0, done.err
        assert (there.pull.state, "\\/close" in there.pull.body) == ("open", True)


def test_a_description_whose_answer_was_lost_is_known_as_ours(there: AtForge):
    reviewed(there)

    def lost(answer: Answer) -> Answer:
        return replace(answer, cut=20) if BEGIN in there.pull.body else answer

    there.server.fail(faults.Fault("lost answer", after=once(lost)), times=99, path="/12")
    done = there.run("brief", "--pr", there.url, "--yes")
    assert (done.code, BEGIN in there.pull.body) == (INCOMPLETE, True), done.err
    again = there.run("brief", "--pr", there.url, "--yes")
    assert (again.code, "already" in again.err) == (0, True), again.err


def test_a_branch_without_a_request_is_told_how_to_open_one(there: AtForge):
    subprocess.run(
        ["git", "-C", there.program.folder, "checkout", "-qb", "lonely", "origin/topic"], check=True
    )
    done = there.run("brief", "--pr", "--yes")
    assert done.code == USAGE, done.err
    assert "gh pr create --body-file" in done.err
    assert there.server.writes() == []


def test_a_colleagues_edit_meanwhile_stops_it(there: AtForge):
    reviewed(there)
    reads: list[str] = []

    def edit(request: ForgeRequest) -> Answer | None:
        if request.method == "GET" and request.path.endswith("/12"):
            reads.append(request.path)
        if len(reads) == 3:  # for the change, for the preview, before writing
            there.pull.body = "Written by Bob just now."
        return None

    there.server.fail(faults.Fault("an edit", instead=edit), times=99)
    done = there.run("brief", "--pr", there.url, "--yes")
    assert (done.code, "since the preview" in done.err) == (USAGE, True), done.err
    assert there.pull.body == "Written by Bob just now."


def test_bitbucket_says_that_it_is_only_read():
    from xreview.forge.bitbucket import BitbucketForge

    assert BitbucketForge.why_no_posting
