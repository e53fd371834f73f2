"""GitHub's API, REST and GraphQL, as Enterprise Server has it below the host of its pages."""

import time

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.github.call import Call, not_found
from tests.fakes.forge_server.github.description import rest_description
from tests.fakes.forge_server.github.graph import GraphApi
from tests.fakes.forge_server.github.reading import READERS
from tests.fakes.forge_server.github.shapes import RestShapes
from tests.fakes.forge_server.github.writing import WRITERS
from tests.fakes.forge_server.state import FakeAccount, FakeForge

_REST, _GRAPHQL = "/api/v3", "/api/graphql"
_LIMIT = 5000


class GitHubApi:
    """See `tests.fakes.forge_server.kinds.Api`."""

    def __init__(
        self, forge: FakeForge, origin: str, *, checks: bool, without: tuple[str, ...]
    ) -> None:
        self._forge = forge
        self._checks = checks
        self._shapes = RestShapes(origin, origin + _REST)
        self._graph = GraphApi(forge, origin, without)
        self._used = 0

    def answer(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        if request.account and (account is None or account.is_expired):
            raise RefusedError(401, {"message": "Bad credentials"})
        if request.path == _GRAPHQL:
            answer = self._graph.answer(request, account)
        else:
            answer = self._rest(request, account)
        return self._with_headers(answer, account)

    def refused(self, refusal: RefusedError, account: FakeAccount | None) -> Answer:
        answer = refusal.answer
        answer.value.setdefault("documentation_url", "https://docs.forge.example/rest")
        answer.value.setdefault("status", str(answer.status))
        return self._with_headers(answer, account)

    def request_violations(self, request: ForgeRequest) -> list[str]:
        if not self._checks:
            return []
        if request.path == _GRAPHQL:
            return self._graph.violations(request)
        return rest_description().request_violations(request.path.removeprefix(_REST), request)

    def reply_violations(self, request: ForgeRequest, answer: Answer) -> list[str]:
        if not self._checks or request.path == _GRAPHQL:
            return []
        path = request.path.removeprefix(_REST)
        return rest_description().reply_violations(path, request, answer)

    def _rest(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        if not request.path.startswith(_REST):
            raise not_found()
        found = rest_description().find(request.path.removeprefix(_REST))
        handlers = READERS if request.method == "GET" else WRITERS
        handler = handlers.get((request.method, found[0])) if found else None
        if found is None or handler is None:
            raise not_found()
        return handler(Call(self._forge, self._shapes, request, account, found[1]))

    def _with_headers(self, answer: Answer, account: FakeAccount | None) -> Answer:
        self._used += 1
        usual = {
            "X-GitHub-Request-Id": f"F0RG:{self._used:04X}",
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-RateLimit-Limit": str(_LIMIT),
            "X-RateLimit-Remaining": str(max(_LIMIT - self._used, 0)),
            "X-RateLimit-Used": str(self._used),
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            "X-RateLimit-Resource": "core",
        }
        if account and account.scopes is not None:
            usual["X-OAuth-Scopes"] = ", ".join(account.scopes)
        answer.headers = usual | answer.headers
        return answer
