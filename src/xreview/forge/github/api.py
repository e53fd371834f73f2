"""The connection to one GitHub: REST, and GraphQL with its own errors and pages.

A GraphQL reply with errors can have data: it is kept, and the gap is named. An older Enterprise
Server doesn't know each field: those that can be spared are left out of the query then.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING

from xreview.discussion.github import nodes_in
from xreview.domain.pull.address import ForgeHost, is_of_github
from xreview.domain.record import dataclass, field
from xreview.forge.client import ForgeClient, ForgeReply
from xreview.forge.github.faults import (
    github_faults,
    graphql_error,
    graphql_words,
    is_graphql_limit,
    undefined_fields,
)
from xreview.forge.token import ForgeToken
from xreview.http.patience import Clock
from xreview.ports.forge_failure import ForgeError
from xreview.ports.json_value import JsonObject, list_in, object_in, text_in

if TYPE_CHECKING:
    import httpx

API_VERSION = "2022-11-28"
"""Supported until March 2028 at least. An Enterprise Server refuses versions newer than itself, so
that it is asked for none."""
GITHUB_TYPE = "application/vnd.github+json"
_MOST_PAGES = 200


@dataclass(frozen=True)
class GraphQuery:
    """A query or mutation.

    Args:
        text: the document.
        spare: parts of the document that can be left out, by the name of the field in them: REST
            tells the same, or nothing depends on it.
    """

    text: str
    spare: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class GraphData:
    """The data of a GraphQL reply, and clauses about what is missing from it."""

    data: JsonObject
    gaps: tuple[str, ...] = ()


class GitHubApi:
    """REST and GraphQL of one host. Every method raises ForgeError."""

    def __init__(
        self,
        host: ForgeHost,
        token: ForgeToken | None,
        *,
        clock: Clock | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self.host = host
        self.token = token
        self.clock = clock or Clock()
        headers: dict[str, str] = {}
        if is_of_github(host.name):
            scheme, _, name = host.origin.partition("://")
            base, self._graphql = f"{scheme}://api.{name}", "/graphql"
            headers["x-github-api-version"] = API_VERSION
        else:
            # The client's paths are below the base, and GraphQL is beside REST.
            base = f"{host.origin}/api/v3"
            self._graphql = f"{host.origin}/api/graphql"
        self.client = ForgeClient(
            base,
            host,
            token,
            header="authorization",
            scheme="Bearer",
            headers=headers,
            faults=github_faults(host, token),
            clock=self.clock,
            transport=transport,
        )

    async def get(
        self, path: str, params: Mapping[str, str | int] | None = None, *, about: str = ""
    ) -> ForgeReply:
        """Fetch a REST document."""
        return await self.client.get(path, params, GITHUB_TYPE, about=about)

    async def send(
        self, method: str, path: str, body: object = None, *, about: str = ""
    ) -> ForgeReply:
        """Change something over REST."""
        return await self.client.send(method, path, body, accept=GITHUB_TYPE, about=about)

    def pages(
        self, path: str, params: Mapping[str, str | int] | None = None, *, about: str = ""
    ) -> AsyncGenerator[list[object], None]:
        """Fetch a REST list, page by page."""
        return self.client.pages(path, params, accept=GITHUB_TYPE, about=about)

    async def query(
        self, query: GraphQuery, variables: Mapping[str, object], *, about: str = ""
    ) -> GraphData:
        """Send a query, once more without the fields that the server doesn't know."""
        text = query.text
        reply, errors = await self._graph(text, variables, about, is_read=True)
        if (unknown := undefined_fields(errors)) and unknown <= query.spare.keys():
            for name in unknown:
                text = text.replace(query.spare[name], "")
            reply, errors = await self._graph(text, variables, about, is_read=True)
        if errors and not any(reply.values()):
            raise graphql_error(errors, self.client.faults, about)
        if not errors:
            return GraphData(reply)
        words = graphql_words(errors, self.client.faults)
        return GraphData(reply, (f"a part of {about or 'the reply'} (“{words}”)",))

    async def mutate(
        self, query: GraphQuery, variables: Mapping[str, object], *, about: str = ""
    ) -> JsonObject:
        """Change something; raises for any error, though GitHub may have done a part of it."""
        data, errors = await self._graph(query.text, variables, about, is_read=False)
        if errors:
            raise graphql_error(errors, self.client.faults, about)
        return data

    async def nodes(
        self,
        query: GraphQuery,
        variables: Mapping[str, object],
        path: Sequence[str],
        gaps: list[str],
        *,
        about: str = "",
        after: str | None = None,
    ) -> AsyncGenerator[Sequence[object], None]:
        """The nodes of the connection at `path`, page by page by the variable `c`.

        Adds to `gaps` what is missing. A list that breaks off raises after what it had.
        """
        cursor = after
        entries = 0
        for _ in range(_MOST_PAGES):
            try:
                read = await self.query(query, {**variables, "c": cursor}, about=about)
            except ForgeError as error:
                if not entries:
                    raise
                raise self.client.faults.broken_off(error, entries) from None
            gaps += (gap for gap in read.gaps if gap not in gaps)
            connection = object_in(read.data, *path)
            nodes = nodes_in(connection)
            entries += len(nodes)
            yield nodes
            page = object_in(connection, "pageInfo")
            following = text_in(page, "endCursor")
            if page.get("hasNextPage") is not True:
                return
            if not following or following == cursor:
                break
            cursor = following
        raise self.client.faults.broken_off(
            self.client.faults.unreadable("a list without an end"), entries
        )

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _graph(
        self, text: str, variables: Mapping[str, object], about: str, *, is_read: bool
    ) -> tuple[JsonObject, Sequence[object]]:
        body = {"query": text, "variables": dict(variables)}
        reply = await self.client.send("POST", self._graphql, body, about=about, is_read=is_read)
        errors = list_in(reply.value, "errors")
        data = object_in(reply.value, "data")
        faults = self.client.faults
        if not data and not errors:
            raise faults.unreadable("a GraphQL reply without data")
        if is_graphql_limit(errors):
            said, wall = graphql_words(errors, faults), self.clock.wall()
            raise faults.limited(reply.status, reply.headers, said, wall).error
        return data, errors
