"""GitLab's REST API, and the one mutation of its GraphQL API that has no counterpart there."""

import time

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.gitlab import reading, writing
from tests.fakes.forge_server.gitlab.call import Draft, GitLabCall, routes
from tests.fakes.forge_server.gitlab.shapes import GitLabShapes
from tests.fakes.forge_server.state import FakeAccount, FakeForge

__all__ = ["GitLabApi", "reading", "writing"]
_REST, _GRAPHQL = "/api/v4", "/api/graphql"
_LIMIT = 2000


class GitLabApi:
    """See `tests.fakes.forge_server.kinds.Api`."""

    def __init__(self, forge: FakeForge, origin: str) -> None:
        self._forge = forge
        self._shapes = GitLabShapes(origin)
        self._drafts: dict[int, list[Draft]] = {}
        self._used = 0

    def answer(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        if account and account.is_expired:
            words = "Token is expired. You can either do re-authorization or token refresh."
            raise RefusedError(401, {"error": "invalid_token", "error_description": words})
        if request.account and account is None:
            raise RefusedError(401, {"message": "401 Unauthorized"})
        if request.path == _GRAPHQL:
            return self._with_headers(self._request_changes(request, account))
        found = routes.find(request.method, request.path.removeprefix(_REST))
        if found is None or not request.path.startswith(_REST):
            raise RefusedError(404, {"error": "404 Not Found"})
        handler, values = found
        call = GitLabCall(self._forge, self._shapes, self._drafts, request, account, values)
        return self._with_headers(handler(call))

    def refused(self, refusal: RefusedError, account: FakeAccount | None) -> Answer:
        return self._with_headers(refusal.answer)

    def request_violations(self, request: ForgeRequest) -> list[str]:
        """There is no description to check against."""
        return []

    def reply_violations(self, request: ForgeRequest, answer: Answer) -> list[str]:
        """An unknown path is a mistake all the same."""
        if answer.value == {"error": "404 Not Found"}:
            return [f"{request.method} {request.path}: no such operation"]
        return []

    def _request_changes(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        """`mergeRequestRequestChanges`: 200 even where it refuses."""
        given = request.body["variables"]
        given = given.get("input", given)
        names = {str(value) for value in given.values()}
        pulls = (
            pull
            for project in self._forge.projects.values()
            for pull in project.pulls.values()
            if {project.name, str(pull.number)} <= names
        )
        pull = next(pulls, None)
        errors = [] if pull and account in pull.asked else ["Reviewer not found"]
        if pull and account and not errors:
            pull.review(account.login, "", "CHANGES_REQUESTED")
        return Answer(200, {"data": {"mergeRequestRequestChanges": {"errors": errors}}})

    def _with_headers(self, answer: Answer) -> Answer:
        self._used += 1
        usual = {
            "X-Request-Id": f"01F0RGE{self._used:08d}",
            "RateLimit-Limit": str(_LIMIT),
            "RateLimit-Observed": str(self._used),
            "RateLimit-Remaining": str(max(_LIMIT - self._used, 0)),
            "RateLimit-Reset": str(int(time.time()) + 60),
        }
        answer.headers = usual | answer.headers
        return answer
