"""A request on its way to a handler of Gitea's API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.gitea.shapes import GiteaShapes
from tests.fakes.forge_server.routing import Routes
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeComment,
    FakeForge,
    FakeProject,
    FakePull,
    FakeReview,
    FakeThread,
)

REPO = "/repos/{owner}/{repo}"
PULL = f"{REPO}/pulls/{{index}}"
_DEFAULT, _MOST = 30, 50
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class GiteaCall:
    forge: FakeForge
    shapes: GiteaShapes
    request: ForgeRequest
    viewer: FakeAccount | None
    values: dict[str, str]

    @property
    def me(self) -> FakeAccount:
        if self.viewer is None:
            raise RefusedError(401, {"message": "token is required"})
        return self.viewer

    @property
    def writer(self) -> FakeAccount:
        if not self.me.can_write:
            words = "token does not have at least one of required scope(s): [write:repository]"
            raise RefusedError(403, {"message": words})
        return self.me

    @property
    def given(self) -> dict[str, Any]:
        return self.request.body or {}

    @property
    def project(self) -> FakeProject:
        name = f"{self.values['owner']}/{self.values['repo']}".lower()
        project = found(self.forge.projects.get(name))
        if not project.is_seen_by(self.viewer):
            raise not_found()
        return project

    @property
    def pull(self) -> FakePull:
        return found(self.project.pulls.get(int(self.values["index"])))

    @property
    def review(self) -> FakeReview:
        number = int(self.values["review"])
        review = found(next((one for one in self.pull.reviews if one.id == number), None))
        if not review.is_seen_by(self.viewer):
            raise not_found()
        return review

    def line_comment(self, number: int) -> tuple[FakeThread, FakeComment]:
        for pull in self.project.pulls.values():
            if thread := pull.thread_of(number):
                return thread, next(one for one in thread.comments if one.id == number)
        raise not_found()

    def page(self, items: Sequence[Any], shaped: Callable[[Any], Any]) -> Answer:
        """One page; Gitea's are small: 50 at most, whatever is asked for."""
        size = min(max(self.request.number("limit", _DEFAULT), 1), _MOST)
        number = max(self.request.number("page", 1), 1)
        last = max(-(-len(items) // size), 1)
        links = [
            f"<{self.shapes.origin}{self.request.path}"
            f'?{urlencode(self.request.query | {"page": str(page)})}>; rel="{name}"'
            for name, page in (("next", number + 1), ("last", last))
            if number < last
        ]
        headers = {"X-Total-Count": str(len(items))}
        if links:
            headers["Link"] = ",".join(links)
        shown = [shaped(one) for one in items[(number - 1) * size : number * size]]
        return Answer(200, shown, headers)


routes: Routes[GiteaCall] = Routes()


def not_found() -> RefusedError:
    return RefusedError(404, {"message": "The target couldn't be found.", "errors": []})


def found(value: _Value | None) -> _Value:
    if value is None:
        raise not_found()
    return value
