"""A request on its way to a handler of GitLab's API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.gitlab.shapes import GitLabShapes, discussion_id
from tests.fakes.forge_server.routing import Routes
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeForge,
    FakeProject,
    FakePull,
    FakeThread,
)

PROJECT = "/projects/{project}"
REQUEST = f"{PROJECT}/merge_requests/{{iid}}"
_DEFAULT, _MOST = 20, 100
_Value = TypeVar("_Value")


@dataclass
class Draft:
    """A draft note."""

    id: int
    author: FakeAccount
    note: str
    position: dict[str, Any] | None
    discussion: str | None
    resolves: bool


@dataclass(frozen=True)
class GitLabCall:
    forge: FakeForge
    shapes: GitLabShapes
    drafts: dict[int, list[Draft]]
    """By the id of the merge request."""
    request: ForgeRequest
    viewer: FakeAccount | None
    values: dict[str, str]

    @property
    def me(self) -> FakeAccount:
        if self.viewer is None:
            raise RefusedError(401, {"message": "401 Unauthorized"})
        return self.viewer

    @property
    def writer(self) -> FakeAccount:
        if not self.me.can_write:
            wanted = "The request requires higher privileges than provided by the access token."
            raise RefusedError(
                403,
                {"error": "insufficient_scope", "error_description": wanted, "scope": "api"},
            )
        return self.me

    @property
    def given(self) -> dict[str, Any]:
        """The arguments, from the query and the body."""
        return {**self.request.query, **(self.request.body or {})}

    @property
    def project(self) -> FakeProject:
        wanted = self.values["project"]
        for project in self.forge.projects.values():
            names = (project.name.lower(), str(project.id))
            if wanted.lower() in names and project.is_seen_by(self.viewer):
                return project
        raise not_found("Project")

    @property
    def pull(self) -> FakePull:
        return found(self.project.pulls.get(int(self.values["iid"])), "")

    @property
    def thread(self) -> FakeThread:
        wanted = self.values["discussion"]
        return self.thread_called(wanted)

    def thread_called(self, wanted: str) -> FakeThread:
        threads = (one for one in self.pull.threads if discussion_id(one.id) == wanted)
        return found(next(threads, None), "Discussion")

    @property
    def own_drafts(self) -> list[Draft]:
        every = self.drafts.setdefault(self.pull.id, [])
        return [one for one in every if one.author is self.me]

    def text(self, name: str) -> str:
        value = self.given.get(name)
        if not isinstance(value, str) or not value.strip():
            raise RefusedError(400, {"error": f"{name} is missing"})
        return value

    def page(self, items: Sequence[Any], shaped: Callable[[Any], Any]) -> Answer:
        size = min(max(self.request.number("per_page", _DEFAULT), 1), _MOST)
        number = max(self.request.number("page", 1), 1)
        last = max(-(-len(items) // size), 1)
        pages = {"prev": number - 1, "next": number + 1, "first": 1, "last": last}
        if number == 1:
            del pages["prev"]
        if number >= last:
            del pages["next"]
        query = self.request.query | {"per_page": str(size)}
        links = (
            f"<{self.shapes.origin}{self.request.path}?{urlencode(query | {'page': str(page)})}>;"
            f' rel="{name}"'
            for name, page in pages.items()
        )
        headers = {
            "Link": ", ".join(links),
            "X-Page": str(number),
            "X-Per-Page": str(size),
            "X-Next-Page": str(pages.get("next", "")),
            "X-Prev-Page": str(pages.get("prev", "")),
            "X-Total": str(len(items)),
            "X-Total-Pages": str(last),
        }
        shown = [shaped(one) for one in items[(number - 1) * size : number * size]]
        return Answer(200, shown, headers)


routes: Routes[GitLabCall] = Routes()


def not_found(what: str) -> RefusedError:
    return RefusedError(404, {"message": f"404 {what} Not Found".replace("  ", " ")})


def found(value: _Value | None, what: str) -> _Value:
    if value is None:
        raise not_found(what)
    return value
