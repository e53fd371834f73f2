"""GitHub's GraphQL API: real queries against the official schema."""

import re
from functools import cache
from typing import Any

import graphql as gql

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.github.description import DATA
from tests.fakes.forge_server.github.graph_mutations import Mutations
from tests.fakes.forge_server.github.graph_query import GraphViewer
from tests.fakes.forge_server.github.graph_shapes import GraphShapes
from tests.fakes.forge_server.github.graph_values import GraphRefusedError
from tests.fakes.forge_server.state import FakeAccount, FakeForge

_MOST_NODES = 500_000


@cache
def official_schema() -> gql.GraphQLSchema:
    """The schema of `tests/data/forge/github.graphql`."""
    text = (DATA / "github.graphql").read_text("utf-8")
    return gql.build_schema(text, assume_valid=True, no_location=True)


@cache
def schema_without(fields: tuple[str, ...]) -> gql.GraphQLSchema:
    """The schema of a version that doesn't know some fields: “Type.field”."""
    if not fields:
        return official_schema()
    text = (DATA / "github.graphql").read_text("utf-8")
    document = gql.parse(text, no_location=True)
    kept = tuple(_without(one, fields) for one in document.definitions)
    return gql.build_ast_schema(gql.DocumentNode(definitions=kept), assume_valid=True)


def _without(definition: Any, fields: tuple[str, ...]) -> Any:
    if not isinstance(definition, gql.ObjectTypeDefinitionNode):
        return definition
    name = definition.name.value
    kept = tuple(one for one in definition.fields if f"{name}.{one.name.value}" not in fields)
    return gql.ObjectTypeDefinitionNode(
        name=definition.name, fields=kept, interfaces=definition.interfaces, directives=()
    )


class GraphApi:
    """Executes what is posted to `/api/graphql`."""

    def __init__(self, forge: FakeForge, origin: str, without: tuple[str, ...]) -> None:
        self._forge = forge
        self._origin = origin
        self._schema = schema_without(without)

    def answer(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        if account is None:
            raise RefusedError(401, {"message": "This endpoint requires you to be authenticated."})
        body = request.body
        try:
            document = gql.parse(body["query"])
        except gql.GraphQLSyntaxError as error:
            return Answer(200, {"errors": [{"message": error.message}]})
        if errors := gql.validate(self._schema, document):
            return Answer(200, {"errors": [_undefined(error) for error in errors]})
        variables = body.get("variables") or {}
        if over := _over_limit(document, variables):
            return Answer(200, {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": over}]})
        shapes = GraphShapes(self._forge, self._origin, account)
        root = GraphViewer(shapes).query() | Mutations(shapes).members()
        result = gql.execute_sync(
            self._schema,
            document,
            root,
            variable_values=variables,
            operation_name=body.get("operationName"),
        )
        value: dict[str, Any] = {"data": result.data}
        if result.errors:
            value["errors"] = [_shown(error) for error in result.errors]
        return Answer(200, value, {"X-RateLimit-Resource": "graphql"})

    def violations(self, request: ForgeRequest) -> list[str]:
        """What the official schema, of the newest version, says against a query."""
        if not isinstance(request.body, dict) or "query" not in request.body:
            return ["POST /api/graphql: no query"]
        unknown = sorted(set(request.body) - {"query", "variables", "operationName"})
        wrong = [f"POST /api/graphql: no member “{name}”" for name in unknown]
        try:
            errors = gql.validate(official_schema(), gql.parse(request.body["query"]))
        except gql.GraphQLSyntaxError as error:
            errors = [error]
        return wrong + [f"POST /api/graphql: {error.message}" for error in errors]


def _undefined(error: gql.GraphQLError) -> dict[str, Any]:
    """A validation error as GitHub words it, which is Ruby's GraphQL."""
    message = error.message
    if found := re.match(r"Cannot query field '(\w+)' on type '(\w+)'", message):
        message = f"Field '{found[1]}' doesn't exist on type '{found[2]}'"
        code = {"code": "undefinedField", "typeName": found[2], "fieldName": found[1]}
        return {"message": message, "extensions": code}
    return {"message": message}


def _shown(error: gql.GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": error.message}
    if error.path:
        shown["path"] = error.path
    if isinstance(error.original_error, GraphRefusedError):
        shown["type"] = error.original_error.kind
    return shown


def _over_limit(document: gql.DocumentNode, variables: dict[str, Any]) -> str:
    """What is said about a query for more nodes than GitHub allows; "" for a usual one."""

    def asked(field: gql.FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, gql.VariableNode):
                    return int(variables.get(value.name.value) or 1)
                return int(getattr(value, "value", 1))
        return 0

    def count(node: Any, times: int) -> int:
        total = 0
        for one in node.selection_set.selections if node.selection_set else ():
            size = asked(one) if isinstance(one, gql.FieldNode) else 0
            total += times * size
            if getattr(one, "selection_set", None):
                total += count(one, times * max(size, 1))
        return total

    nodes = sum(
        count(one, 1)
        for one in document.definitions
        if isinstance(one, gql.OperationDefinitionNode)
    )
    if nodes <= _MOST_NODES:
        return ""
    return f"This query requests up to {nodes:,} possible nodes which exceeds the maximum limit."
