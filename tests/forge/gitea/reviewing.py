"""Gitea's reviews with their rules, in memory."""

import json
from typing import Any

import httpx

from tests.forge.scripted import HEAD, ScriptedApi, pull_at, token_of
from xreview.domain.pull.address import parse_pull_url
from xreview.forge.gitea.forge import GiteaForge

ADDRESS = parse_pull_url("https://forge.example/shop/till/pulls/7")
PULL = pull_at(ADDRESS)
REPOSITORY = "/api/v1/repos/shop/till"
REQUEST = f"{REPOSITORY}/pulls/7"
ADA = {"id": 5, "login": "ada"}
BOB = {"id": 6, "login": "bob"}
EVENTS = {"COMMENT": "COMMENT", "APPROVED": "APPROVED", "REQUEST_CHANGES": "REQUEST_CHANGES"}


class ReviewingApi(ScriptedApi):
    """One pull request; the token is Ada's.

    Attributes:
        reviews: by their numbers, each with its comments in `of`.
        lines: those that the server finds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reviews: dict[int, dict[str, Any]] = {}
        self.lines = {2, 3, 4}
        self.number = 100
        self.on("GET /api/v1/user", ADA)
        self.does(f"GET {REQUEST}/reviews", self._listed)
        self.does(f"POST {REQUEST}/reviews", self._create)

    def add(
        self, user: dict[str, Any], state: str, *comments: dict[str, Any], body: str = ""
    ) -> int:
        """Put a review there."""
        number = self._next()
        self.reviews[number] = {"user": user, "state": state, "body": body, "of": []}
        for one in comments:
            self.comment(number, one)
        own = f"{REQUEST}/reviews/{number}"
        self.does(f"GET {own}/comments", lambda _: self._comments(number))
        self.does(f"DELETE {own}", lambda _: self._delete(number))
        self.does(f"POST {own}", lambda request: self._submit(number, request))
        return number

    def comment(self, review: int, sent: dict[str, Any]) -> dict[str, Any]:
        number = self._next()
        found = {
            "id": number,
            "body": sent["body"],
            "user": self.reviews[review]["user"],
            "path": sent["path"],
            "position": sent.get("new_position", 0),
            "original_position": sent.get("old_position", 0),
            "pull_request_review_id": review,
            "html_url": f"https://forge.example/shop/till/pulls/7#issuecomment-{number}",
        }
        self.reviews[review]["of"].append(found)
        return found

    def mine(self, state: str = "PENDING") -> list[int]:
        return [
            number
            for number, one in self.reviews.items()
            if one["user"] == ADA and one["state"] == state
        ]

    def bodies_of(self, review: int) -> list[str]:
        return [one["body"] for one in self.reviews[review]["of"]]

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _json(self, number: int) -> dict[str, Any]:
        review = self.reviews[number]
        return {
            "id": number,
            "user": review["user"],
            "state": review["state"],
            "body": review["body"],
            "commit_id": HEAD,
            "comments_count": len(review["of"]),
            "html_url": f"https://forge.example/shop/till/pulls/7#issuecomment-{number}",
        }

    def _listed(self, request: httpx.Request) -> httpx.Response:
        page, size = int(request.url.params["page"]), min(int(request.url.params["limit"]), 3)
        values = [self._json(number) for number in self.reviews]
        shown = values[(page - 1) * size : page * size]
        return httpx.Response(200, json=shown, headers={"x-total-count": str(len(values))})

    def _comments(self, number: int) -> httpx.Response:
        return httpx.Response(200, json=self.reviews[number]["of"] or None)

    def _create(self, request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content)
        event = sent.get("event", "")
        if not event and not sent.get("body", "").strip():
            return httpx.Response(422, json={"message": "review event  requires a body"})
        number = next(iter(self.mine()), 0)
        for one in sent.get("comments", ()):
            number = number or self.add(ADA, "PENDING")
            if one["new_position"] + one["old_position"] not in self.lines:
                return httpx.Response(500, json={"message": "exit status 128"})
            self.comment(number, one)
        number = number or self.add(ADA, "PENDING")
        self.reviews[number]["body"] = sent.get("body", "")
        if event:
            self.reviews[number]["state"] = EVENTS[event]
        return httpx.Response(200, json=self._json(number))

    def _submit(self, number: int, request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content)
        self.reviews[number] |= {"state": EVENTS[sent["event"]], "body": sent["body"]}
        return httpx.Response(200, json=self._json(number))

    def _delete(self, number: int) -> httpx.Response:
        del self.reviews[number]
        return httpx.Response(204)


def forge_at(api: ScriptedApi, *, is_signed_in: bool = True) -> GiteaForge:
    token = token_of(ADDRESS.forge) if is_signed_in else None
    return GiteaForge(ADDRESS.forge, token, transport=api.transport)
