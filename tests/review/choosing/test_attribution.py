"""Gathering traces from real repositories, and weighing them with what a person says."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.events.event import AuthorAnswered, AuthorForgotten, Event
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.choosing.attribution import (
    NOT_READ,
    OUTSIDE_REPOSITORY,
    Gathering,
    attribution_of,
    gather_traces,
    remember,
    remembered_answer,
)

WRITTEN = "def total(cart):\n    prices = [item.price for item in cart]\n    return sum(prices)\n"
CLAUDE = "second\n\nCo-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>"


@pytest.fixture
def repository(monkeypatch, tmp_path) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write("a.py", "print(1)\n")
    made.commit("first")
    return made


def attributed(repository: Builder, said=None, *, read_sessions=True, **request):
    collected = collect(ChangeRequest(repository.top, **request))
    files = [file for batch in collected.batches for file in batch]
    journal = repository.top.parent / "journal.sqlite3"
    how = Gathering(journal, 30, read_sessions, dict(os.environ))
    traces = gather_traces(collected.repository, collected.source, files, how)
    return attribution_of(traces, files, said)


def claude_session(repository: Builder, path: str, text: str) -> None:
    """A transcript of Claude Code with one edit, as its documented format has it."""
    top = str(repository.top)
    folder = Path(os.environ["HOME"]) / ".claude/projects"
    folder /= "".join(c if c.isalnum() else "-" for c in top)
    folder.mkdir(parents=True)
    record = {
        "type": "assistant",
        "cwd": top,
        "timestamp": datetime.now(UTC).isoformat(),
        "message": {
            "role": "assistant",
            "model": "claude-opus-4-8",
            "content": [
                {
                    "type": "tool_use",
                    "id": "t1",
                    "name": "Write",
                    "input": {"file_path": f"{top}/{path}", "content": text},
                }
            ],
        },
    }
    (folder / "5b1c.jsonl").write_text(json.dumps(record) + "\n")


def test_uncommitted_work_is_told_by_the_session_that_wrote_it(repository):
    repository.write("cart.py", WRITTEN)
    claude_session(repository, "cart.py", WRITTEN)
    found = attributed(repository)
    assert (found.author.vendor, found.author.model) == ("anthropic", "claude-opus-4-8")
    assert found.evidence[0].kind.value == "session"
    assert "total" not in repr(found)


def test_transcripts_are_not_read_where_that_is_switched_off(repository):
    repository.write("cart.py", WRITTEN)
    claude_session(repository, "cart.py", WRITTEN)
    found = attributed(repository, read_sessions=False)
    assert not found.author.is_known
    assert NOT_READ in found.notices


def test_a_worktree_since_a_branch_weighs_commits_and_what_is_not_committed(repository):
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.write("a.py", "print(2)\nprint(3)\nprint(4)\n")
    repository.commit(CLAUDE)
    repository.write("b.py", "x = 1\n" * 7)
    found = attributed(repository, base="main")
    parts = {share.vendor: round(share.part, 2) for share in found.shares}
    assert parts == {"": 0.7, "anthropic": 0.3}
    assert found.author.confidence.word == "medium"


def test_what_a_person_said_earlier_goes_before_what_is_found(repository, tmp_path):
    repository.write("a.py", "print(2)\n")
    repository.commit(CLAUDE)
    identity = collect(ChangeRequest(repository.top, commit="HEAD")).repository.identity
    journal = tmp_path / "journal.sqlite3"
    at = "2026-01-02T03:04:05.000000+00:00"

    def say(number: int, payload: AuthorAnswered | AuthorForgotten) -> None:
        remember(journal, Event(f"e{number}", "answer", identity, at, "A", payload))

    assert attributed(repository, commit="HEAD").author.vendor == "anthropic"
    say(1, AuthorAnswered("main", "openai", "gpt-6"))
    say(2, AuthorAnswered("other", "xai"))
    found = attributed(repository, commit="HEAD")
    assert (found.author.vendor, found.author.model) == ("openai", "gpt-6")
    assert found.evidence[0].pointer == "you said so on 2026-01-02 for the branch main"
    assert len(found.contradictions) == 1
    given = attributed(repository, AuthorAnswer("google"), commit="HEAD")
    assert given.author.vendor == "google"
    assert attributed(repository, AuthorAnswer(""), commit="HEAD").author.vendor == ""
    say(3, AuthorAnswered("main", ""))
    assert attributed(repository, commit="HEAD").author.vendor == "anthropic"
    say(4, AuthorForgotten("main"))
    assert remembered_answer(journal, identity, "main") is None


def test_looking_for_an_answer_makes_no_journal(tmp_path):
    assert remembered_answer(tmp_path / "none.sqlite3", "repo", "main") is None
    assert not list(tmp_path.iterdir())


def test_a_patch_outside_of_a_repository_says_that_nothing_can_tell(tmp_path):
    source = ChangeSource(ChangeKind.PATCH, "patch", "")
    traces = gather_traces(None, source, [], Gathering(tmp_path / "j", 1))
    assert attribution_of(traces, []).notices == (OUTSIDE_REPOSITORY,)


def test_no_time_is_told_and_ends_at_once(repository):
    repository.write("a.py", "print(2)\n")
    repository.commit(CLAUDE)
    collected = collect(ChangeRequest(repository.top, commit="HEAD"))
    files = [file for batch in collected.batches for file in batch]
    how = Gathering(repository.top.parent / "j.sqlite3", -1.0)
    traces = gather_traces(collected.repository, collected.source, files, how)
    assert traces.notices
