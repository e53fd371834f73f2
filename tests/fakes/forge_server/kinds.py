"""The API that each kind of forge speaks."""

from typing import Protocol

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.state import FakeAccount, FakeForge
from xreview.domain.pull.address import ForgeKind


class Api(Protocol):
    """One forge's HTTP API over what the double remembers."""

    def answer(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        """Answer a request; `account` is None without a token that somebody has."""
        ...

    def refused(self, refusal: RefusedError, account: FakeAccount | None) -> Answer:
        """The answer for a refusal, with the headers that all answers have."""
        ...

    def request_violations(self, request: ForgeRequest) -> list[str]:
        """Where a request isn't as the official description says."""
        ...

    def reply_violations(self, request: ForgeRequest, answer: Answer) -> list[str]:
        """Where the double's answer isn't as it says."""
        ...


def new_api(
    kind: ForgeKind, forge: FakeForge, origin: str, checks: bool, without: tuple[str, ...]
) -> Api:
    """The API of a kind of forge."""
    if kind is ForgeKind.GITHUB:
        from tests.fakes.forge_server.github import GitHubApi

        return GitHubApi(forge, origin, checks=checks, without=without)
    if kind is ForgeKind.GITLAB:
        from tests.fakes.forge_server.gitlab import GitLabApi

        return GitLabApi(forge, origin)
    if kind is ForgeKind.GITEA:
        from tests.fakes.forge_server.gitea import GiteaApi

        return GiteaApi(forge, origin)
    raise NotImplementedError(kind)
