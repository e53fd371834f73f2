"""GitHub's queries in GraphQL, from their root."""

from typing import Any

from tests.fakes.forge_server.github.call import found_pulls
from tests.fakes.forge_server.github.graph_shapes import GraphShapes, Shape
from tests.fakes.forge_server.github.graph_values import GraphRefusedError, connection
from tests.fakes.forge_server.github.shapes import comment_node_id, node_id
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeForge,
    FakePull,
    FakeReview,
    FakeThread,
)


class GraphViewer:
    """The root of all queries."""

    def __init__(self, shapes: GraphShapes) -> None:
        self._shapes = shapes

    def query(self) -> Shape:
        rate = {"limit": 5000, "cost": 1, "remaining": 4999, "resetAt": "2026-11-01T11:00:00Z"}
        return {
            "viewer": self._shapes.actor(self._shapes.viewer),
            "rateLimit": rate | {"nodeCount": 1, "used": 1},
            "repository": self._repository,
            "node": self._node,
            "nodes": lambda info, ids: [self._node(info, one) for one in ids],
            "search": self._search,
        }

    def _repository(self, _: Any, owner: str, name: str, **__: Any) -> Shape:
        project = self._shapes.forge.projects.get(f"{owner}/{name}".lower())
        if project is None or not project.is_seen_by(self._shapes.viewer):
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise GraphRefusedError("NOT_FOUND", message)
        return self._shapes.repository(project)

    def _node(self, _: Any, id: str) -> Shape:
        thing = find_node(self._shapes.forge, id, self._shapes.viewer)
        if isinstance(thing, FakePull):
            return self._shapes.pull(thing)
        if isinstance(thing, FakeThread):
            return self._shapes.thread(thing)
        owner, inner = thing
        if isinstance(inner, FakeReview):
            return self._shapes.review(owner, inner)
        if isinstance(owner, FakeThread):
            return self._shapes.line_comment(owner, inner)
        return self._shapes.comment(owner, inner)

    def _search(self, info: Any, query: str, type: str, **arguments: Any) -> Shape:
        pulls = found_pulls(self._shapes.forge, query, self._shapes.viewer)
        found = connection("search", pulls, self._shapes.pull)(info, **arguments)
        return found | {"issueCount": len(pulls)}


def find_node(forge: FakeForge, wanted: str, viewer: FakeAccount) -> Any:
    """A pull request, a thread, or a pair of a thread or request and its comment or review."""
    for project in forge.projects.values():
        for pull in project.pulls.values():
            if node_id(pull) == wanted:
                return pull
            for review in pull.reviews:
                if node_id(review) == wanted and review.is_seen_by(viewer):
                    return pull, review
            for comment in pull.comments:
                if comment_node_id(comment) == wanted:
                    return pull, comment
            for thread in pull.threads:
                if node_id(thread) == wanted and thread.seen_by(viewer):
                    return thread
                for comment in thread.seen_by(viewer):
                    if comment_node_id(comment) == wanted:
                        return thread, comment
    raise GraphRefusedError(
        "NOT_FOUND", f"Could not resolve to a node with the global id of '{wanted}'"
    )
