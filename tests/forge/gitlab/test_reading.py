"""Merge requests, their files and discussions."""

from typing import Any

import pytest

from tests.forge.gitlab.drafting import ADDRESS, PROJECT, PULL, REQUEST, forge_at
from tests.forge.scripted import BASE, HEAD, START, TOKEN, ScriptedApi
from xreview.domain.change import FileStatus
from xreview.domain.pull.pull import ForgeAccount, LinkedIssue, PullState
from xreview.ports.forge_failure import ForgeError, ForgeFailure

MERGE_REQUEST: dict[str, Any] = {
    "iid": 7,
    "title": "Sell more",
    "description": "Since we can.",
    "state": "opened",
    "draft": True,
    "author": {"id": 6, "username": "bob"},
    "source_branch": "sell",
    "target_branch": "main",
    "source_project_id": 1,
    "target_project_id": 1,
    "sha": HEAD,
    "changes_count": "12",
    "diff_refs": {"base_sha": BASE, "start_sha": START, "head_sha": HEAD},
    "reviewers": [{"id": 5, "username": "ada"}],
    "updated_at": "2026-11-01T10:00:00.000Z",
}


@pytest.fixture
def api() -> ScriptedApi:
    api = ScriptedApi()
    api.on("GET /api/v4/user", {"id": 5, "username": "ada"})
    api.on(f"GET {REQUEST}", MERGE_REQUEST)
    api.on(f"GET {PROJECT}", {"id": 1, "default_branch": "trunk"})
    api.on(f"GET {REQUEST}/closes_issues", [{"iid": 3, "title": "Slow", "description": "Very."}])
    api.on(f"GET {REQUEST}/reviewers", [{"user": {"username": "ada"}, "state": "unreviewed"}])
    return api


async def test_a_merge_request(api):
    pull = await forge_at(api).pull(ADDRESS)
    assert (pull.title, pull.body, pull.author.login) == ("Sell more", "Since we can.", "bob")
    assert (pull.state, pull.is_draft, pull.files) == (PullState.OPEN, True, 12)
    assert (pull.start, pull.base.commit, pull.head.commit) == (BASE, START, HEAD)
    assert (pull.base.branch, pull.head.branch, pull.default_branch) == ("main", "sell", "trunk")
    assert not pull.is_fork
    assert pull.issues == (LinkedIssue("#3", "Slow", "Very."),)
    assert pull.asked == (ForgeAccount("ada"),)
    assert api.tokens == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("is_visible", [True, False])
async def test_a_fork_that_can_be_gone_or_private(api, is_visible):
    api.on(f"GET {REQUEST}", {**MERGE_REQUEST, "source_project_id": 2, "changes_count": "1000+"})
    if is_visible:
        api.on("GET /api/v4/projects/2", {"path_with_namespace": "bob/till"})
    pull = await forge_at(api).pull(ADDRESS)
    assert pull.head.project == ("bob/till" if is_visible else "")
    assert pull.is_fork
    assert pull.files is None


async def test_what_an_old_or_closed_server_does_not_show_is_no_error(api):
    del api.answers[f"GET {REQUEST}/closes_issues"], api.answers[f"GET {REQUEST}/reviewers"]
    pull = await forge_at(api).pull(ADDRESS)
    assert pull.issues == ()
    assert pull.asked == (ForgeAccount("ada"),)
    api.on(f"GET {REQUEST}/discussions", [])
    assert (await forge_at(api).discussion(pull)).gaps == ("the verdicts of its reviewers",)


async def test_a_private_project_without_a_token(api):
    with pytest.raises(ForgeError, match="!7") as caught:
        await forge_at(ScriptedApi(), is_signed_in=False).pull(ADDRESS)
    assert caught.value.failure is ForgeFailure.NOT_FOUND
    assert "glab auth login --hostname gitlab.example" in caught.value.advice
    assert "$GITLAB_HOST to “gitlab.example”" in caught.value.advice
    assert api.tokens == set()


async def test_discussions_to_the_last_page(api):
    note = {"id": 1, "body": "a", "author": {"username": "bob"}}
    api.pages(
        f"GET {REQUEST}/discussions",
        *([{"id": f"d{page}", "notes": [{**note, "id": page}]}] for page in range(1, 4)),
    )
    said = await forge_at(api).discussion(PULL)
    assert [one.id for one in said.threads] == ["d1", "d2", "d3"]
    assert said.gaps == ()


async def test_discussions_that_break_off(api):
    api.on(
        f"GET {REQUEST}/discussions",
        [{"id": "d1", "notes": []}],
        link=f'<https://gitlab.example{REQUEST}/gone>; rel="next"',
    )
    with pytest.raises(ForgeError, match="broke off after 1 "):
        await forge_at(api).discussion(PULL)


def changed(path: str, diff: str = "", **fields: Any) -> dict[str, Any]:
    names = {"old_path": path, "new_path": path, "a_mode": "100644", "b_mode": "100644"}
    return {**names, "diff": diff, "new_file": False, **fields}


HUNK = "@@ -1,2 +1,2 @@\n one\n-two\n+zwei\n"


async def files(api: ScriptedApi, *values: dict[str, Any]) -> list[Any]:
    api.on(f"GET {REQUEST}/diffs", list(values))
    return [one async for batch in forge_at(api).files(PULL) for one in batch]


async def test_files_of_all_kinds(api):
    modified, new, gone, moved, binary = await files(
        api,
        changed("a.py", HUNK),
        changed("b.py", "@@ -0,0 +1 @@\n+b\n", new_file=True, a_mode="0"),
        changed("c.py", "@@ -1 +0,0 @@\n-c\n", deleted_file=True, b_mode="0"),
        changed("d.py", renamed_file=True, old_path="old.py"),
        changed("e.png", "Binary files a/e.png and b/e.png differ\n"),
    )
    assert modified.body == HUNK.encode()
    assert (modified.status, modified.old_path) == (FileStatus.MODIFIED, None)
    assert (new.status, new.old_mode, new.new_mode) == (FileStatus.ADDED, "", "100644")
    assert (gone.status, gone.path, gone.new_mode) == (FileStatus.DELETED, "c.py", "")
    assert (moved.status, moved.old_path) == (FileStatus.RENAMED, "old.py")
    assert binary.binary
    assert not any(one.unread for one in (modified, new, gone, moved, binary))


async def test_files_without_all_their_lines_are_unread(api):
    large, folded, cut = await files(
        api,
        changed("a.py", too_large=True),
        changed("b.py", collapsed=True),
        changed("c.py", "@@ -1,2 +1,5 @@\n one\n"),
    )
    assert "too many" in large.unread
    assert "whole diff is large" in folded.unread
    assert "4 lines fewer" in cut.unread
    assert cut.unread_lines == 4


async def test_an_older_server_has_names_before_the_hunks(api):
    (file,) = await files(api, changed("a.py", f"--- a/a.py\n+++ b/a.py\n{HUNK}"))
    assert file.body == HUNK.encode()


async def test_a_file_by_its_encoded_name(api):
    place = f"GET {PROJECT}/repository/files/a%20dir%2F%C3%A9.py/raw"
    api.text(place, b"content")
    forge = forge_at(api)
    assert await forge.content(ADDRESS.project, HEAD, "a dir/é.py", 10) == b"content"
    assert api.queries[-1] == {"ref": HEAD}
    assert await forge.content(ADDRESS.project, HEAD, "a dir/é.py", 3) is None
    assert await forge.content(ADDRESS.project, HEAD, "other.py", 10) is None


async def test_those_that_want_the_accounts_review_come_first(api):
    mine, other = MERGE_REQUEST, {**MERGE_REQUEST, "iid": 9, "reviewers": []}

    def listed(request):
        wanted = request.url.params.get("reviewer_username")
        return api_list([mine] if wanted == "ada" else [other, mine])

    api.does(f"GET {PROJECT}/merge_requests", listed)
    found = await forge_at(api).waiting(ADDRESS.project)
    assert [one.address.number for one in found] == [7, 9]
    assert (found[0].branch, found[0].is_draft, found[0].asked) == (
        "sell", True, (ForgeAccount("ada"),),
    )  # fmt: skip
    found = await forge_at(api, is_signed_in=False).waiting(ADDRESS.project)
    assert [one.address.number for one in found] == [9, 7]


async def test_a_branch_of_its_own_project_before_those_of_forks(api):
    fork = {**MERGE_REQUEST, "iid": 8, "source_project_id": 2}
    api.on(f"GET {PROJECT}/merge_requests", [fork, MERGE_REQUEST])
    found = await forge_at(api).of_branch(ADDRESS.project, "sell")
    assert [one.address.number for one in found] == [7, 8]
    assert api.queries[-1]["source_branch"] == "sell"


def api_list(values: list[Any]) -> Any:
    import httpx

    return httpx.Response(200, json=values)


@pytest.mark.parametrize(
    ("scopes", "project", "can_comment", "why_not"),
    [
        (["api", "read_user"], {}, True, ""),
        (["read_api"], {}, False, "“read_api”"),
        (["api"], {"archived": True}, False, "archived"),
        (None, {}, None, ""),
    ],
)
async def test_access(api, scopes, project, can_comment, why_not):
    if scopes:
        api.on("GET /api/v4/personal_access_tokens/self", {"scopes": scopes})
    api.on(f"GET {PROJECT}", project)
    access = await forge_at(api).access(ADDRESS.project)
    assert access.account == ForgeAccount("ada")
    assert access.can_comment is can_comment
    assert why_not in access.why_not


async def test_access_without_or_with_a_wrong_token(api):
    access = await forge_at(api, is_signed_in=False).access(ADDRESS.project)
    assert (access.account, access.can_comment) == (None, False)
    api.on("GET /api/v4/user", {"message": "401 Unauthorized"}, 401)
    with pytest.raises(ForgeError) as caught:
        await forge_at(api).access(ADDRESS.project)
    assert caught.value.failure is ForgeFailure.TOKEN
    assert TOKEN not in f"{caught.value}"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": "403 Forbidden - Not allowed"}, "403 Forbidden - Not allowed"),
        ({"message": {"base": ["is closed", "is old"]}}, "base is closed, is old"),
        ({"error": "insufficient_scope", "error_description": "Needs api."}, "Needs api."),
        ({"message": ["?"]}, ""),
    ],
)
async def test_gitlabs_own_words(api, body, words):
    api.on(f"GET {REQUEST}", body, 403)
    with pytest.raises(ForgeError) as caught:
        await forge_at(api).pull(ADDRESS)
    assert caught.value.failure is ForgeFailure.FORBIDDEN
    assert words in caught.value.message
    assert "scope “api”" in caught.value.advice


def test_where_git_gets_it_from():
    remote = forge_at(ScriptedApi()).remote(PULL)
    assert remote.url == "https://gitlab.example/shop/web/till.git"
    assert (remote.head_ref, remote.base_ref) == ("refs/merge-requests/7/head", "refs/heads/main")
