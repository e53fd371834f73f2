"""The double executes real GraphQL against GitHub's official schema, under GitHub's rules."""

import httpx
import pytest
from github import Auth, Github

from tests.fakes.forge_server import ForgeServer, faults

THREADS = """
query($o:String!,$r:String!,$n:Int!,$c:String){viewer{login}repository(owner:$o,name:$r){
 pullRequest(number:$n){reviewThreads(first:2,after:$c){pageInfo{hasNextPage endCursor}nodes{
  id isResolved isOutdated path line originalLine startLine originalStartLine diffSide
  comments(first:100){nodes{id databaseId body createdAt url author{login __typename}
  replyTo{id}}}}}}}}
"""
ADDRESS = {"o": "acme", "r": "shop", "n": 7}
ADD_THREAD = """
mutation($input:AddPullRequestReviewThreadInput!){addPullRequestReviewThread(input:$input){
 thread{id comments(first:1){nodes{databaseId state}}}}}
"""
RESOLVE = """
mutation($id:ID!){resolveReviewThread(input:{threadId:$id}){thread{isResolved resolvedBy{login}}}}
"""


class Asking:
    """One who asks over plain HTTP."""

    def __init__(self, server, login, **options):
        self._url = f"{server.host.origin}/api/graphql"
        self._headers = {"Authorization": f"bearer {server.account(login, **options)}"}

    def __call__(self, query, **variables):
        body = {"query": query, "variables": variables}
        return httpx.post(self._url, json=body, headers=self._headers).json()


@pytest.fixture
def ask(github, pull):
    return Asking(github, "bob")


def add_thread(ask, review, **place):
    given = {"pullRequestReviewId": review, "body": "Why?", "path": "a.py", **place}
    return ask(ADD_THREAD, input=given)["data"]["addPullRequestReviewThread"]["thread"]


def begin_review(ask, pull):
    query = (
        "mutation($id:ID!){addPullRequestReview(input:{pullRequestId:$id})"
        "{pullRequestReview{id state}}}"
    )
    review = ask(query, id=f"PR_{pull.id}")["data"]["addPullRequestReview"]["pullRequestReview"]
    assert review["state"] == "PENDING"
    return review["id"]


def test_threads_come_with_cursors(ask, pull, github):
    github.account("reviewer[bot]")
    for line in (2, 3, 4):
        pull.comment("reviewer[bot]", "a.py", line, f"About {line}", start_line=1)
    pull.threads[1].reply("ada", "Done")
    pull.threads[1].resolve("ada")
    first = ask(THREADS, **ADDRESS)["data"]
    assert first["viewer"] == {"login": "bob"}
    page = first["repository"]["pullRequest"]["reviewThreads"]
    assert page["pageInfo"]["hasNextPage"]
    assert [one["isResolved"] for one in page["nodes"]] == [False, True]
    root, reply = page["nodes"][1]["comments"]["nodes"]
    assert root["author"] == {"login": "reviewer", "__typename": "Bot"}
    assert reply["replyTo"] == {"id": root["id"]}
    rest = ask(THREADS, **ADDRESS, c=page["pageInfo"]["endCursor"])["data"]
    [last] = rest["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert (last["line"], last["startLine"], last["diffSide"]) == (4, 1, "RIGHT")
    assert not rest["repository"]["pullRequest"]["reviewThreads"]["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("argument", "kind"),
    [("", "MISSING_PAGINATION_BOUNDARIES"), ("(first:101)", "EXCESSIVE_PAGINATION")],
)
def test_lists_need_a_size(ask, argument, kind):
    query = (
        f'query{{repository(owner:"acme",name:"shop"){{pullRequest(number:7)'
        f"{{comments{argument}{{totalCount}}}}}}}}"
    )
    answer = ask(query)
    assert answer["errors"][0]["type"] == kind
    assert answer["data"]["repository"]["pullRequest"] is None


def test_a_query_for_too_many_nodes_is_refused(ask):
    query = (
        'query{repository(owner:"acme",name:"shop"){pullRequests(first:100){nodes{reviewThreads'
        "(first:100){nodes{comments(first:100){totalCount}}}}}}}"
    )
    assert ask(query)["errors"][0]["type"] == "MAX_NODE_LIMIT_EXCEEDED"


def test_what_is_pending_is_only_seen_by_its_author(ask, pull, github):
    review = begin_review(ask, pull)
    assert add_thread(ask, review, line=3)["comments"]["nodes"][0]["state"] == "PENDING"
    other = Asking(github, "eve")
    page = {name: one(THREADS, **ADDRESS)["data"] for name, one in (("bob", ask), ("eve", other))}
    seen = {
        name: len(data["repository"]["pullRequest"]["reviewThreads"]["nodes"])
        for name, data in page.items()
    }
    assert seen == {"bob": 1, "eve": 0}


def test_a_line_outside_the_diff_gives_no_thread_and_no_error(ask, pull):
    review = begin_review(ask, pull)
    assert add_thread(ask, review, line=15) is None
    assert pull.threads == []


def test_threads_that_were_added_can_be_lost_at_submit(ask, pull, github):
    github.state.comments_dropped_at_submit = True
    review = begin_review(ask, pull)
    assert add_thread(ask, review, line=3)
    assert add_thread(ask, review, line=15)
    query = (
        "mutation($id:ID!){submitPullRequestReview(input:{pullRequestReviewId:$id,event:COMMENT,"
        'body:"All"}){pullRequestReview{state comments(first:9){totalCount}}}}'
    )
    done = ask(query, id=review)["data"]["submitPullRequestReview"]["pullRequestReview"]
    assert done == {"state": "COMMENTED", "comments": {"totalCount": 0}}


def test_threads_are_resolved_by_those_who_may(ask, pull, github):
    thread = pull.comment("ada", "a.py", 3, "Why?")
    identity = f"PRRT_{thread.id}"
    guest = Asking(github, "guest", can_push=False)
    assert guest(RESOLVE, id=identity)["errors"][0]["type"] == "FORBIDDEN"
    assert thread.resolver is None
    resolved = ask(RESOLVE, id=identity)["data"]["resolveReviewThread"]["thread"]
    assert resolved == {"isResolved": True, "resolvedBy": {"login": "bob"}}


def test_the_official_client_replies_and_resolves(github, pull):
    thread = pull.comment("ada", "a.py", 3, "Why?")
    url = f"{github.host.origin}/api/v3"
    requester = Github(auth=Auth.Token(github.account("bob")), base_url=url, retry=None).requester
    given = {"pullRequestReviewThreadId": f"PRRT_{thread.id}", "body": "Because."}
    _, replied = requester.graphql_named_mutation(
        "addPullRequestReviewThreadReply", given, "comment{body state}"
    )
    assert replied["comment"] == {"body": "Because.", "state": "SUBMITTED"}
    _, resolved = requester.graphql_named_mutation(
        "resolveReviewThread", {"threadId": f"PRRT_{thread.id}"}, "thread{isResolved}"
    )
    assert resolved["thread"] == {"isResolved": True}


def test_an_older_version_does_not_know_a_field(shop):
    with ForgeServer(without=("PullRequestReviewThread.subjectType",)) as server:
        ask = Asking(server, "bob")
        server.project("acme/shop", shop.top)
        query = THREADS.replace("isOutdated", "isOutdated subjectType")
        [error] = ask(query, **ADDRESS)["errors"]
        assert error["message"] == (
            "Field 'subjectType' doesn't exist on type 'PullRequestReviewThread'"
        )
        assert error["extensions"]["fieldName"] == "subjectType"


def test_part_of_an_answer_can_be_missing(ask, github, pull):
    pull.comment("ada", "a.py", 3, "Why?")
    where = ("repository", "pullRequest", "reviewThreads", "nodes", 0)
    github.fail(next=faults.graphql_partial(*where))
    answer = ask(THREADS, **ADDRESS)
    assert answer["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"] == [None]
    assert answer["errors"][0]["path"] == list(where)


def test_an_unknown_project_is_null_with_an_error(ask):
    answer = ask(THREADS, o="acme", r="none", n=7)
    assert answer["data"]["repository"] is None
    assert (answer["errors"][0]["type"], answer["errors"][0]["path"]) == (
        "NOT_FOUND",
        ["repository"],
    )


def test_a_field_that_the_official_schema_does_not_know_is_an_error(shop):
    server = ForgeServer().__enter__()
    Asking(server, "bob")("query{viewer{nickname}}")
    with pytest.raises(AssertionError, match="nickname"):
        server.__exit__(None)
