"""What `gh api` prints about a pull request: comments on lines, reviews, comments, and threads.

`gh api --paginate repos/OWNER/NAME/pulls/N/comments`, `…/pulls/N/reviews`, `…/issues/N/comments`,
each with or without `--slurp`, and GraphQL documents with `reviewThreads`.
"""

from xreview.discussion.github_output import github_discussion
from xreview.domain.pull.discussion import Discussion
from xreview.imports.content import Content
from xreview.imports.format import DiscussionFormat
from xreview.imports.node import Node

_KINDS = (
    {"diff_hunk", "path", "body"},
    {"pull_request_url", "state", "body"},
    {"issue_url", "body"},
)


def _matches(content: Content) -> bool:
    first = content.first
    if first is not None and first.is_list:  # pages
        first = next(first.each(), None)
    if first is None or not first.is_object:
        return False
    return any(first.names.issuperset(kind) for kind in _KINDS) or _is_answer(first)


def _is_answer(document: Node) -> bool:
    """Whether it is an answer of GitHub's GraphQL API with threads or reviews."""
    return "data" in document.names and github_discussion(document.value) is not None


def _read(content: Content) -> Discussion:
    values = [row.value for row in content.rows]
    return github_discussion(values[0] if len(values) == 1 else values) or Discussion()


DISCUSSION = DiscussionFormat("GitHub comments and reviews", _matches, _read)
