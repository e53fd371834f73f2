"""A request on its way to a handler of GitHub's REST API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.github.paging import page_of
from tests.fakes.forge_server.github.shapes import RestShapes
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
PULL = f"{REPO}/pulls/{{pull_number}}"
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Call:
    """A request on its way to a handler."""

    forge: FakeForge
    shapes: RestShapes
    request: ForgeRequest
    viewer: FakeAccount | None
    values: dict[str, str]

    @property
    def me(self) -> FakeAccount:
        """The account; writing and some reading need one."""
        if self.viewer is None:
            raise RefusedError(401, {"message": "Requires authentication"})
        return self.viewer

    @property
    def writer(self) -> FakeAccount:
        """The account, if its token can write."""
        if not self.me.can_write:
            raise RefusedError(403, {"message": "Resource not accessible by personal access token"})
        return self.me

    @property
    def project(self) -> FakeProject:
        return find_project(
            self.forge, f"{self.values['owner']}/{self.values['repo']}", self.viewer
        )

    @property
    def pull(self) -> FakePull:
        number = self.values.get("pull_number") or self.values["issue_number"]
        return found(self.project.pulls.get(int(number)))

    @property
    def review(self) -> FakeReview:
        number = int(self.values["review_id"])
        review = found(next((one for one in self.pull.reviews if one.id == number), None))
        if not review.is_seen_by(self.viewer):
            raise not_found()
        return review

    @property
    def thread_and_comment(self) -> tuple[FakeThread, FakeComment]:
        number = int(self.values["comment_id"])
        for pull in self.project.pulls.values():
            if thread := pull.thread_of(number):
                seen = thread.seen_by(self.viewer)
                return thread, found(next((one for one in seen if one.id == number), None))
        raise not_found()

    @property
    def issue_comment(self) -> tuple[FakePull, FakeComment]:
        number = int(self.values["comment_id"])
        for pull in self.project.pulls.values():
            for comment in pull.comments:
                if comment.id == number:
                    return pull, comment
        raise not_found()

    def page(self, items: list[Any], shaped: Callable[[Any], Any], most: int = 100) -> Answer:
        answer = page_of(self.request, self.shapes.origin, items, most)
        answer.value = [shaped(one) for one in answer.value]
        return answer


Handler = Callable[[Call], Answer]


def not_found() -> RefusedError:
    return RefusedError(
        404, {"message": "Not Found", "documentation_url": "https://docs.example/rest"}
    )


def found(value: _Value | None) -> _Value:
    if value is None:
        raise not_found()
    return value


def find_project(forge: FakeForge, name: str, viewer: FakeAccount | None) -> FakeProject:
    """A project that the account can see; a private one looks to others as if it weren't there."""
    project = found(forge.projects.get(name.lower()))
    if not project.is_seen_by(viewer):
        raise not_found()
    return project


def found_pulls(forge: FakeForge, words: str, viewer: FakeAccount | None) -> list[FakePull]:
    """What a search finds: repo:, is:, author:, review-requested:, head:, draft:."""
    projects = [one for one in forge.projects.values() if one.is_seen_by(viewer)]
    pulls = [pull for project in projects for pull in project.pulls.values()]
    for word in words.split():
        key, _, value = word.partition(":")
        name = viewer.login if value == "@me" and viewer else value
        keep: dict[str, Callable[[FakePull], bool]] = {
            "repo": lambda pull, name=name: pull.project.name.lower() == name.lower(),
            "is": lambda pull, name=name: name in ("pr", "pull-request") or pull.state == name,
            "type": lambda pull, name=name: name == "pr",
            "state": lambda pull, name=name: (pull.state == "open") == (name == "open"),
            "author": lambda pull, name=name: pull.author.login == name,
            "head": lambda pull, name=name: pull.head_branch == name,
            "draft": lambda pull, name=name: pull.is_draft == (name == "true"),
            "review-requested": lambda pull, name=name: any(
                one.login == name for one in pull.asked
            ),
        }
        if key in keep:
            pulls = [pull for pull in pulls if keep[key](pull)]
    return sorted(pulls, key=lambda pull: pull.at, reverse=True)
