"""Files with what is said on a pull request, as `gh api` and `glab api` print them."""

import json
from contextlib import suppress
from typing import Any

import pytest

from tests.analysers.changes import request
from tests.imports.discussing import AFTER, BEFORE, HEAD, OLD, hunk_to
from tests.imports.reading import result, sarif, written
from xreview.domain.coverage import CoverageEntry
from xreview.domain.errors import ReviewerError
from xreview.imports.reader import imported_reviewers
from xreview.ports.reviewer import RawReport, Reviewer, ReviewRequest, Signal

API = "https://api.github.com/repos/o/r"


def user(login: str, kind: str = "User") -> dict[str, Any]:
    return {"login": login, "type": kind}


def line_comment(id: int, body: str, login: str = "ada", **changed: Any) -> dict[str, Any]:
    return {
        "id": id,
        "path": "cart.py",
        "body": body,
        "user": user(login),
        "diff_hunk": hunk_to(2),
        "line": 2,
        "original_line": 2,
        "side": "RIGHT",
        "original_commit_id": HEAD,
        "created_at": "2026-11-30T10:00:00Z",
        "pull_request_url": f"{API}/pulls/1",
        **changed,
    }


def submitted(id: int, body: str, login: str, commit: str = HEAD) -> dict[str, Any]:
    return {
        "id": id,
        "state": "COMMENTED",
        "body": body,
        "user": user(login, "Bot"),
        "commit_id": commit,
        "pull_request_url": f"{API}/pulls/1",
    }


def issue_comment(id: int, body: str, login: str) -> dict[str, Any]:
    return {
        "id": id,
        "body": body,
        "user": user(login, "Bot"),
        "created_at": "2026-11-30T11:00:00Z",
        "issue_url": f"{API}/issues/1",
    }


def graphql(*threads: dict[str, Any]) -> dict[str, Any]:
    pull = {"reviewThreads": {"pageInfo": {"hasNextPage": False}, "nodes": list(threads)}}
    return {"data": {"repository": {"pullRequest": pull}}}


def graphql_thread(id: str, number: int, body: str) -> dict[str, Any]:
    first = {"id": f"C{number}", "databaseId": number, "body": body, "author": user("ada")}
    return {
        "id": id,
        "isResolved": True,
        "path": "cart.py",
        "line": 2,
        "originalLine": 2,
        "diffSide": "RIGHT",
        "comments": {"nodes": [first]},
    }


def gitlab(id: str, body: str) -> dict[str, Any]:
    position = {
        "position_type": "text",
        "new_path": "cart.py",
        "old_path": "cart.py",
        "new_line": 2,
        "head_sha": HEAD,
    }
    note = {
        "id": 7,
        "body": body,
        "author": {"username": "ada"},
        "resolvable": True,
        "resolved": False,
        "position": position,
        "created_at": "2026-11-30T10:00:00Z",
    }
    return {"id": id, "individual_note": False, "notes": [note]}


async def reports_in(*files: Any) -> list[RawReport]:
    wanted = request({"cart.py": AFTER}, {"cart.py": BEFORE})
    heard = [await signals(reviewer, wanted) for reviewer in imported_reviewers(files)]
    return [one for said in heard for one in said if isinstance(one, RawReport)]


async def signals(reviewer: Reviewer, wanted: ReviewRequest) -> list[Signal]:
    """What it says, also where it then fails for not having read the head."""
    found: list[Signal] = []
    with suppress(ReviewerError):
        async for signal in reviewer.review(wanted):
            found += [signal]
    return found


FAILS, LEAKS = line_comment(1, "It fails."), line_comment(2, "It leaks.")
THREADS = graphql_thread("PRRT_1", 1, "It fails."), graphql_thread("PRRT_2", 2, "It leaks.")
NOTES = gitlab("a" * 40, "It fails."), gitlab("b" * 40, "It leaks.")
FILES = {
    "a list": json.dumps([FAILS, LEAKS]),
    "--slurp": json.dumps([[FAILS], [LEAKS]]),
    "lists that follow each other": json.dumps([FAILS]) + json.dumps([LEAKS]),
    "lists on lines": json.dumps([FAILS]) + "\n" + json.dumps([LEAKS]) + "\n",
    "objects on lines": json.dumps(FAILS) + "\n" + json.dumps(LEAKS),
    "GraphQL": json.dumps(graphql(*THREADS)),
    "GraphQL, pages": json.dumps(graphql(THREADS[0])) + json.dumps(graphql(THREADS[1])),
    "GraphQL, --slurp": json.dumps([graphql(THREADS[0]), graphql(THREADS[1])]),
    "GitLab": json.dumps(NOTES),
    "GitLab, pages": json.dumps([[NOTES[0]], [NOTES[1]]]),
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
async def test_comments_on_lines_are_findings(tmp_path, text):
    reports = await reports_in(written(tmp_path, text))
    assert [report.title for report in reports] == ["It fails", "It leaks"]
    assert {report.reviewer.name for report in reports} == {"ada"}
    assert {report.quote for report in reports} == {"    return sum(cart)"}
    assert all(report.source for report in reports)


async def test_files_of_one_pull_request_are_read_together(tmp_path):
    bot = "coderabbitai[bot]"
    listed = "🧹 Nitpick comments (1)\n<summary>cart.py (1)</summary>\n`5`: **Rename it.**\n"
    files = (
        written(tmp_path, [line_comment(1, "**It fails.**", bot)], "comments.json"),
        written(tmp_path, [submitted(2, listed, bot)], "reviews.json"),
        written(tmp_path, [issue_comment(3, "Review limit reached", bot)], "issue.json"),
    )
    (reviewer,) = imported_reviewers(files)
    assert reviewer.identity.name == "coderabbit"
    reports = await reports_in(*files)
    assert [report.title for report in reports] == ["It fails", "Rename it"]
    wanted = request({"cart.py": AFTER}, {"cart.py": BEFORE})
    said = await signals(reviewer, wanted)
    entries = [one for one in said if isinstance(one, CoverageEntry)]
    assert [entry.why for entry in entries] == ["it could not review: Review limit reached"]


async def test_a_thread_that_is_in_two_files_counts_once_with_its_state(tmp_path):
    files = (
        written(tmp_path, [line_comment(1, "It fails.")], "rest.json"),
        written(tmp_path, graphql(graphql_thread("PRRT_1", 1, "It fails.")), "graphql.json"),
    )
    (report,) = await reports_in(*files)
    assert report.source == "PRRT_1"


async def test_tools_and_accounts_come_from_the_same_option(tmp_path):
    files = (
        written(tmp_path, [line_comment(1, "It fails.", commit_id=OLD)], "comments.json"),
        written(tmp_path, sarif(result("cart.py")), "tool.sarif"),
    )
    names = [reviewer.identity.name for reviewer in imported_reviewers(files, ["ada"])]
    assert names == ["tool", "ada-2"]
