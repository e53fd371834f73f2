"""What a review says as a whole, which GitLab takes apart from its comments.

An approval is a request of its own. Requesting changes is only in GraphQL, which refuses with 200
and `errors`, for an account that isn't a reviewer above all.
"""

from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.pull import Pull
from xreview.forge.client import ForgeClient
from xreview.forge.gitlab.drafts import merge_request_path
from xreview.ports.forge_failure import ForgeError, ForgeFailure, UnjudgedReviewError
from xreview.ports.json_value import list_in, object_in, text_in

_REQUEST_CHANGES = """
mutation($project: ID!, $iid: String!) {
  mergeRequestRequestChanges(input: {projectPath: $project, iid: $iid}) { errors }
}
"""
_POSTED = "The comments are posted, but"


class GitLabVerdicts:
    """Gives verdicts on merge requests."""

    def __init__(self, client: ForgeClient) -> None:
        self._client = client

    async def give(self, pull: Pull, commit: str, verdict: ReviewVerdict) -> None:
        """Give the verdict on this head, after the comments are published.

        Raises UnjudgedReviewError.
        """
        match verdict:
            case ReviewVerdict.COMMENT:
                return
            case ReviewVerdict.APPROVE:
                await self._approve(pull, commit)
            case ReviewVerdict.REQUEST_CHANGES:
                await self._request_changes(pull)

    async def _approve(self, pull: Pull, commit: str) -> None:
        path = f"{merge_request_path(pull)}/approve"
        try:
            # With its head GitLab refuses if another commit was pushed since.
            await self._client.send("POST", path, {"sha": commit}, about="the approval")
        except ForgeError as error:
            # GitLab says 401 to those who may not approve, with a token that is right.
            is_denied = error.failure is ForgeFailure.TOKEN
            why = "GitLab doesn't let this account approve." if is_denied else error.message
            raise UnjudgedReviewError(
                ForgeFailure.FORBIDDEN if is_denied else error.failure,
                f"{_POSTED} the approval failed. {why}",
                f"Approve on {pull.address.url}, if you may.",
            ) from None

    async def _request_changes(self, pull: Pull) -> None:
        variables = {"project": pull.address.project, "iid": str(pull.address.number)}
        body = {"query": _REQUEST_CHANGES, "variables": variables}
        try:
            url = f"{self._client.host.origin}/api/graphql"
            reply = await self._client.send("POST", url, body, about="the request for changes")
        except ForgeError as error:
            raise _not_requested(pull, error.failure, error.message) from None
        if unknown := list_in(reply.value, "errors"):
            said = "; ".join(filter(None, (text_in(one, "message") for one in unknown)))
            raise _not_requested(pull, ForgeFailure.UNSUPPORTED, self._quoted(said))
        done = object_in(reply.value, "data", "mergeRequestRequestChanges")
        said = "; ".join(one for one in list_in(done, "errors") if isinstance(one, str))
        if said or not done:
            raise _not_requested(pull, ForgeFailure.REFUSED, self._quoted(said))

    def _quoted(self, said: str) -> str:
        return f"GitLab says: “{self._client.faults.masked(said)}”." if said else ""


def _not_requested(pull: Pull, failure: ForgeFailure, why: str) -> UnjudgedReviewError:
    return UnjudgedReviewError(
        failure,
        f"{_POSTED} changes could not be requested. {why}".rstrip(),
        f"Only reviewers can: assign yourself on {pull.address.url}, and request changes there.",
    )
