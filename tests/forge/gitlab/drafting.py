"""GitLab's draft notes with their rules, in memory."""

import json
from typing import Any

import httpx

from tests.forge.scripted import BASE, HEAD, START, ScriptedApi, pull_at, token_of
from xreview.domain.pull.address import parse_pull_url
from xreview.forge.gitlab.forge import GitLabForge

ADDRESS = parse_pull_url("https://gitlab.example/shop/web/till/-/merge_requests/7")
PULL = pull_at(ADDRESS)
PROJECT = "/api/v4/projects/shop%2Fweb%2Ftill"
REQUEST = f"{PROJECT}/merge_requests/7"
ONES = {"base_sha": BASE, "start_sha": START, "head_sha": HEAD}


class DraftingApi(ScriptedApi):
    """One merge request.

    Attributes:
        drafts: by their numbers. published: the texts that all can see.
        lines: the new lines that the diff has.
    """

    def __init__(self) -> None:
        super().__init__()
        self.drafts: dict[int, dict[str, Any]] = {}
        self.published: list[str] = []
        self.lines = {2, 3, 4}
        self.number = 100
        self.on("GET /api/v4/user", {"id": 5, "username": "ada"})
        self.does(f"GET {REQUEST}/draft_notes", lambda _: self._listed())
        self.does(f"POST {REQUEST}/draft_notes", self._create)
        self.does(f"POST {REQUEST}/draft_notes/bulk_publish", lambda _: self._publish())

    def keep(self, note: str, position: dict[str, Any] | None = None) -> int:
        """Put a draft there."""
        self.number += 1
        number = self.number
        self.drafts[number] = {"id": number, "note": note, "position": position or {}}
        own = f"{REQUEST}/draft_notes/{number}"
        self.does(f"DELETE {own}", lambda _: self._delete(number))
        self.does(f"PUT {own}", lambda request: self._change(number, request))
        return number

    @property
    def notes(self) -> list[str]:
        return [one["note"] for one in self.drafts.values()]

    def _listed(self) -> httpx.Response:
        return httpx.Response(200, json=list(self.drafts.values()))

    def _create(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        position = body.get("position")
        is_text = position and position["position_type"] == "text"
        if is_text and not {position.get("new_line"), position.get("old_line")} & self.lines:
            message = {"line_code": ["can't be blank", "must be a valid line code"]}
            return httpx.Response(400, json={"message": message})
        number = self.keep(body["note"], position)
        return httpx.Response(201, json=self.drafts[number])

    def _delete(self, number: int) -> httpx.Response:
        return httpx.Response(204 if self.drafts.pop(number, None) else 404)

    def _change(self, number: int, request: httpx.Request) -> httpx.Response:
        self.drafts[number]["note"] = json.loads(request.content)["note"]
        return httpx.Response(200, json=self.drafts[number])

    def _publish(self) -> httpx.Response:
        self.published += self.notes
        self.drafts.clear()
        return httpx.Response(204)


def forge_at(api: ScriptedApi, *, is_signed_in: bool = True) -> GitLabForge:
    token = token_of(ADDRESS.forge) if is_signed_in else None
    return GitLabForge(ADDRESS.forge, token, transport=api.transport)
