"""The GraphQL documents. Each is checked against GitHub's published schema by a test.

Lists are read in a query each: combined, everything after the first page was lost elsewhere.
"""

from xreview.forge.github.api import GraphQuery

_SPARE_COMMENT = {
    "databaseId": " databaseId",
    "lastEditedAt": " lastEditedAt",
    "originalCommit": " originalCommit{oid}",
    "state": " state",
}
_SPARE_THREAD = {
    **_SPARE_COMMENT,
    "subjectType": " subjectType",
    "viewerCanResolve": " viewerCanResolve",
    "viewerCanUnresolve": " viewerCanUnresolve",
}
_COMMENT = (
    "id databaseId body createdAt lastEditedAt url state author{__typename login}"
    " originalCommit{oid} diffHunk pullRequestReview{databaseId}"
)
_COMMENTS = f"pageInfo{{hasNextPage endCursor}} nodes{{{_COMMENT}}}"

THREADS = GraphQuery(
    "query($o:String!,$r:String!,$n:Int!,$c:String){repository(owner:$o,name:$r)"
    "{pullRequest(number:$n){reviewThreads(first:100,after:$c){pageInfo{hasNextPage endCursor}"
    " nodes{id isResolved isOutdated path line originalLine startLine originalStartLine diffSide"
    " subjectType viewerCanResolve viewerCanUnresolve"
    f" comments(first:100){{{_COMMENTS}}}}}}}}}}}}}",
    _SPARE_THREAD,
)
THREADS_PATH = ("repository", "pullRequest", "reviewThreads")

COMMENTS = GraphQuery(
    "query($id:ID!,$c:String){node(id:$id){... on PullRequestReviewThread"
    f"{{comments(first:100,after:$c){{{_COMMENTS}}}}}}}}}",
    _SPARE_COMMENT,
)
COMMENTS_PATH = ("node", "comments")

ISSUES = GraphQuery(
    "query($o:String!,$r:String!,$n:Int!){repository(owner:$o,name:$r){pullRequest(number:$n)"
    "{closingIssuesReferences(first:20){nodes{number title body repository{nameWithOwner}}}}}}",
)
ISSUES_PATH = ("repository", "pullRequest", "closingIssuesReferences")

VIEWER = GraphQuery("query{viewer{login __typename}}")

ADD_THREAD = GraphQuery(
    "mutation($input:AddPullRequestReviewThreadInput!){addPullRequestReviewThread(input:$input)"
    "{thread{id comments(first:1){nodes{databaseId}}}}}"
)
RESOLVE = GraphQuery(
    "mutation($id:ID!){resolveReviewThread(input:{threadId:$id}){thread{id isResolved}}}"
)
UNRESOLVE = GraphQuery(
    "mutation($id:ID!){unresolveReviewThread(input:{threadId:$id}){thread{id isResolved}}}"
)
