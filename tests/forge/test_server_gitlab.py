"""The double speaks GitLab's API well enough for GitLab's usual client, and has its rules."""

import hashlib

import gitlab
import httpx
import pytest

from tests.fakes.forge_server import ForgeServer
from xreview.domain.pull.address import ForgeKind


@pytest.fixture
def server():
    with ForgeServer(ForgeKind.GITLAB) as running:
        yield running


@pytest.fixture
def pull(server, shop):
    server.account("ada")
    project = server.project("acme/tools/shop", shop.top)
    return project.open_pull(7, head="topic", title="Shop more", body="Text", author="ada")


@pytest.fixture
def client(server):
    return new_client(server, server.account("bob"))


def new_client(server, token):
    return gitlab.Gitlab(server.host.origin, private_token=token, retry_transient_errors=False)


@pytest.fixture
def remote(client, pull):
    return client.projects.get("acme/tools/shop").mergerequests.get(7)


def position(remote, **lines):
    return {"position_type": "text", "new_path": "a.py", "old_path": "a.py", **lines} | dict(
        remote.diff_refs
    )


def test_the_client_reads_a_merge_request(client, remote, pull, shop):
    client.auth()
    assert client.user.username == "bob"
    assert (remote.title, remote.state, remote.author["username"]) == ("Shop more", "opened", "ada")
    assert remote.sha == shop.git("rev-parse", "topic")
    assert remote.diff_refs["base_sha"] == shop.git("rev-parse", "main")
    assert remote.changes_count == "3"
    assert [one.head_commit_sha for one in remote.diffs.list(get_all=True)] == [pull.head]


def test_lists_come_in_pages(remote, pull, server):
    for number in range(65):
        pull.say("ada", f"comment {number}")
    found = remote.discussions.list(iterator=True, per_page=30)
    assert [one.attributes["notes"][0]["body"] for one in found] == [
        f"comment {number}" for number in range(65)
    ]
    pages = [one for one in server.requests if one.path.endswith("/discussions")]
    assert [one.query.get("page", "1") for one in pages] == ["1", "2", "3"]


def test_the_client_reads_replies_and_resolves(remote, pull):
    pull.comment("ada", "a.py", 3, "Why?", start_line=2)
    [found] = remote.discussions.list(get_all=True)
    [note] = found.attributes["notes"]
    assert (note["body"], note["resolvable"], note["resolved"]) == ("Why?", True, False)
    place = note["position"]
    assert (place["new_path"], place["old_line"], place["new_line"]) == ("a.py", None, 3)
    assert (place["line_range"]["start"]["old_line"], place["line_range"]["start"]["new_line"]) == (
        2,
        2,
    )
    found.notes.create({"body": "Because."})
    found.resolved = True
    found.save()
    again = remote.discussions.get(found.id).attributes["notes"]
    assert [one["body"] for one in again] == ["Why?", "Because."]
    assert again[0]["resolved_by"]["username"] == "bob"


@pytest.mark.parametrize(
    "lines",
    [
        {"new_line": 3},
        {"old_line": 3},
        {"old_line": 4, "new_line": 4},
        {"old_line": 15, "new_line": 15},
    ],
)
def test_lines_go_where_they_are(remote, pull, lines):
    made = remote.discussions.create({"body": "Why?", "position": position(remote, **lines)})
    place = made.attributes["notes"][0]["position"]
    assert {name: place[name] for name in lines} == lines


@pytest.mark.parametrize(
    "lines",
    [{"new_line": 4}, {"old_line": 3, "new_line": 3}, {"old_line": 4, "new_line": 5}, {}],
)
def test_an_unchanged_line_needs_both_numbers_and_others_one(remote, pull, lines):
    given = {"body": "Why?", "position": position(remote, **lines)}
    with pytest.raises(gitlab.GitlabCreateError, match="line_code") as raised:
        remote.discussions.create(given)
    assert raised.value.response_code == 400
    assert pull.threads == []


def test_a_range_has_a_code_and_a_type_and_nothing_else(remote, pull):
    digest = hashlib.sha1(b"a.py").hexdigest()
    start, end = {"line_code": f"{digest}_2_2"}, {"line_code": f"{digest}_0_3", "type": "new"}
    given = position(remote, new_line=3, line_range={"start": start, "end": end | {"new_line": 3}})
    with pytest.raises(gitlab.GitlabCreateError, match="must be a valid json schema"):
        remote.draft_notes.create({"note": "Why?", "position": given})
    given["line_range"] = {"start": start, "end": end}
    remote.draft_notes.create({"note": "Why?", "position": given})
    remote.draft_notes.list(get_all=True)[0].publish()
    assert (pull.threads[0].start_line, pull.threads[0].line) == (2, 3)


def test_a_position_of_another_version_is_refused(remote, pull, shop):
    given = position(remote, new_line=3) | {"start_sha": pull.head}
    with pytest.raises(gitlab.GitlabCreateError, match="not a version"):
        remote.discussions.create({"body": "Why?", "position": given})


def test_drafts_are_their_authors_until_they_are_published(remote, pull, server):
    thread = pull.comment("ada", "a.py", 3, "Why?")
    [discussion] = remote.discussions.list(get_all=True)
    remote.draft_notes.create({"note": "New", "position": position(remote, new_line=30)})
    remote.draft_notes.create(
        {
            "note": "Because.",
            "in_reply_to_discussion_id": discussion.id,
            "resolve_discussion": True,
        }
    )
    other = new_client(server, server.account("eve"))
    theirs = other.projects.get("acme/tools/shop").mergerequests.get(7)
    assert theirs.draft_notes.list(get_all=True) == []
    assert len(pull.threads) == 1
    remote.draft_notes.bulk_publish()
    assert [one.body for one in thread.comments] == ["Why?", "Because."]
    assert thread.resolver.login == "bob"
    assert [one.comments[0].body for one in pull.threads] == ["Why?", "New"]
    assert remote.draft_notes.list(get_all=True) == []


def test_a_draft_can_be_changed_and_deleted(remote):
    draft = remote.draft_notes.create({"note": "One"})
    draft.note = "Two"
    draft.save()
    assert remote.draft_notes.get(draft.id).note == "Two"
    draft.delete()
    assert remote.draft_notes.list(get_all=True) == []


def test_approving_is_for_others_than_the_author(remote, server, pull):
    remote.approve()
    assert [(one.author.login, one.state) for one in pull.reviews] == [("bob", "APPROVED")]
    own = new_client(server, server.state.accounts["ada"].token)
    with pytest.raises(gitlab.GitlabAuthenticationError):
        own.projects.get("acme/tools/shop").mergerequests.get(7).approve()


def test_only_reviewers_request_changes_and_the_answer_is_200_anyway(server, pull):
    headers = {"PRIVATE-TOKEN": server.account("bob")}
    body = {
        "query": "mutation($input: MergeRequestRequestChangesInput!)"
        "{mergeRequestRequestChanges(input:$input){errors}}",
        "variables": {"input": {"projectPath": "acme/tools/shop", "iid": "7"}},
    }
    url = f"{server.host.origin}/api/graphql"
    answer = httpx.post(url, json=body, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["data"]["mergeRequestRequestChanges"]["errors"] == ["Reviewer not found"]
    pull.ask("bob")
    assert httpx.post(url, json=body, headers=headers).json() == {
        "data": {"mergeRequestRequestChanges": {"errors": []}}
    }
    assert [one.state for one in pull.reviews] == ["CHANGES_REQUESTED"]


def test_a_push_moves_positions_or_leaves_them_at_the_old_version(remote, pull, shop):
    old = pull.head
    for line in (30, 3):
        pull.comment("ada", "a.py", line, "Why?")
    shop.git("checkout", "--quiet", "topic")
    text = (shop.top / "a.py").read_text().replace("changed 3\n", "another\nand one more\n", 1)
    shop.write("a.py", text)
    shop.commit("third")
    pull.push("topic")
    stays, goes = (
        one.attributes["notes"][0]["position"] for one in remote.discussions.list(get_all=True)
    )
    assert (stays["head_sha"], stays["new_line"]) == (pull.head, 31)
    assert (goes["head_sha"], goes["new_line"]) == (old, 3)
    assert len(remote.diffs.list(get_all=True)) == 2


def test_tokens_that_are_missing_expired_or_read_only(server, pull):
    api = f"{server.host.origin}/api/v4"
    assert httpx.get(f"{api}/user").status_code == 401
    reader = {"PRIVATE-TOKEN": server.account("eve", scopes=())}
    notes = f"{api}/projects/acme%2Ftools%2Fshop/merge_requests/7/notes"
    assert httpx.get(notes, headers=reader).status_code == 200
    refused = httpx.post(notes, headers=reader, json={"body": "Hi"})
    assert (refused.status_code, refused.json()["error"]) == (403, "insufficient_scope")
    server.expire("eve")
    expired = httpx.get(notes, headers=reader)
    assert (expired.status_code, expired.json()["error"]) == (401, "invalid_token")


def test_files_and_contents(client, pull):
    project = client.projects.get("acme/tools/shop")
    raw = project.files.raw(file_path="new.py", ref=pull.head)
    assert raw == b"print(1)\nprint(2)\n"
    diffs = client.http_list(
        f"/projects/{project.id}/merge_requests/7/diffs", iterator=True, per_page=1
    )
    assert [(one["old_path"], one["new_path"], one["new_file"]) for one in diffs] == [
        ("a.py", "a.py", False),
        ("old.txt", "moved.txt", False),
        ("new.py", "new.py", True),
    ]
