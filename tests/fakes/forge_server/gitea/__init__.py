"""Gitea's API, which is Forgejo's too."""

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.gitea import reading, writing
from tests.fakes.forge_server.gitea.call import GiteaCall, routes
from tests.fakes.forge_server.gitea.shapes import GiteaShapes
from tests.fakes.forge_server.state import FakeAccount, FakeForge

__all__ = ["GiteaApi", "reading", "writing"]
_REST = "/api/v1"
_UNKNOWN = {"message": "Not found."}


class GiteaApi:
    """See `tests.fakes.forge_server.kinds.Api`."""

    def __init__(self, forge: FakeForge, origin: str) -> None:
        self._forge = forge
        self._shapes = GiteaShapes(origin)

    def answer(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        if request.account and (account is None or account.is_expired):
            raise RefusedError(401, {"message": "invalid username, password or token"})
        found = routes.find(request.method, request.path.removeprefix(_REST))
        if found is None or not request.path.startswith(_REST):
            raise RefusedError(404, dict(_UNKNOWN))
        handler, values = found
        return handler(GiteaCall(self._forge, self._shapes, request, account, values))

    def refused(self, refusal: RefusedError, account: FakeAccount | None) -> Answer:
        refusal.answer.value["url"] = f"{self._shapes.origin}/api/swagger"
        return refusal.answer

    def request_violations(self, request: ForgeRequest) -> list[str]:
        """There is no description to check against."""
        return []

    def reply_violations(self, request: ForgeRequest, answer: Answer) -> list[str]:
        """An unknown path is a mistake all the same."""
        if answer.status == 404 and answer.value.get("message") == _UNKNOWN["message"]:
            return [f"{request.method} {request.path}: no such operation"]
        return []
