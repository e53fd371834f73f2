"""Extract what the loopback forge checks requests against from GitHub's official descriptions.

    python tools/forge_schemas.py NODE_MODULES [FOLDER]

reads the npm packages `@octokit/openapi` (the REST API) and `@octokit/graphql-schema`, and writes
`github-openapi.json` and `github.graphql`, which hold the operations and types named here and
all that those refer to, without descriptions. Both packages are under the MIT license.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql as gql

_REPO = "/repos/{owner}/{repo}"
_PULL = f"{_REPO}/pulls/{{pull_number}}"
OPERATIONS: dict[str, tuple[str, ...]] = {
    "/user": ("get",),
    "/users/{username}": ("get",),
    "/rate_limit": ("get",),
    "/meta": ("get",),
    "/search/issues": ("get",),
    _REPO: ("get",),
    f"{_REPO}/collaborators/{{username}}/permission": ("get",),
    f"{_REPO}/compare/{{basehead}}": ("get",),
    f"{_REPO}/commits/{{ref}}": ("get",),
    f"{_REPO}/contents/{{path}}": ("get",),
    f"{_REPO}/pulls": ("get",),
    _PULL: ("get", "patch"),
    f"{_PULL}/files": ("get",),
    f"{_PULL}/commits": ("get",),
    f"{_PULL}/comments": ("get", "post"),
    f"{_PULL}/comments/{{comment_id}}/replies": ("post",),
    f"{_PULL}/requested_reviewers": ("get",),
    f"{_PULL}/reviews": ("get", "post"),
    f"{_PULL}/reviews/{{review_id}}": ("get", "put", "delete"),
    f"{_PULL}/reviews/{{review_id}}/comments": ("get",),
    f"{_PULL}/reviews/{{review_id}}/events": ("post",),
    f"{_REPO}/pulls/comments/{{comment_id}}": ("get", "patch", "delete"),
    f"{_REPO}/issues/{{issue_number}}": ("get",),
    f"{_REPO}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{_REPO}/issues/comments/{{comment_id}}": ("get", "patch", "delete"),
}
"""The REST operations that the loopback forge knows."""

_MUTATIONS = (
    "addComment",
    "addPullRequestReview",
    "addPullRequestReviewComment",
    "addPullRequestReviewThread",
    "addPullRequestReviewThreadReply",
    "deleteIssueComment",
    "deletePullRequestReview",
    "deletePullRequestReviewComment",
    "resolveReviewThread",
    "submitPullRequestReview",
    "unresolveReviewThread",
    "updateIssueComment",
    "updatePullRequestReview",
    "updatePullRequestReviewComment",
)
_CONNECTIONS = (
    "Commit",
    "Issue",
    "IssueComment",
    "PullRequest",
    "PullRequestChangedFile",
    "PullRequestCommit",
    "PullRequestReview",
    "PullRequestReviewComment",
    "ReviewRequest",
    "SearchResultItem",
)
TYPES = frozenset(
    (
        *("Query", "Mutation", "Node", "Actor", "UniformResourceLocatable", "Comment"),
        *("User", "Bot", "Mannequin", "Organization", "EnterpriseUserAccount", "Team"),
        *("Repository", "RepositoryOwner", "RepositoryNode", "Ref", "GitObject", "Commit", "Blob"),
        *(
            "PullRequest",
            "PullRequestReview",
            "PullRequestReviewThread",
            "PullRequestReviewComment",
        ),
        *("PullRequestReviewThreadConnection", "PullRequestReviewThreadEdge"),
        *("PullRequestChangedFile", "PullRequestCommit", "ReviewRequest", "RequestedReviewer"),
        *("Issue", "IssueComment", "SearchResultItem", "PageInfo", "RateLimit"),
        *(f"{name}{part}" for name in _CONNECTIONS for part in ("Connection", "Edge")),
        *(f"{name[0].upper()}{name[1:]}Payload" for name in _MUTATIONS),
    )
)
"""The GraphQL types that it knows; their fields of other types are left out."""

_SILENT = ("description", "example", "examples", "title", "summary", "externalDocs")


def rest_description(node_modules: Path) -> dict[str, Any]:
    """The operations, as `{"source", "paths", "$defs"}` in JSON Schema of 2020-12."""
    folder = node_modules / "@octokit" / "openapi"
    whole = json.loads((folder / "generated" / "api.github.com.json").read_text("utf-8"))
    paths = {
        path: {method: _operation(whole, path, method) for method in methods}
        for path, methods in OPERATIONS.items()
    }
    defs: dict[str, Any] = {}
    wanted = list(_references(paths))
    while wanted:
        name = wanted.pop()
        if name not in defs:
            defs[name] = _schema(whole["components"]["schemas"][name])
            wanted += _references(defs[name])
    return {"source": _source(folder), "paths": paths, "$defs": dict(sorted(defs.items()))}


def graphql_description(node_modules: Path) -> str:
    """The schema's types, in the schema language."""
    folder = node_modules / "@octokit" / "graphql-schema"
    document = gql.parse((folder / "schema.graphql").read_text("utf-8"), no_location=True)
    named = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, gql.TypeDefinitionNode)
    }
    kept = {name: _trimmed(named[name], named) for name in sorted(TYPES)}
    wanted = [name for node in kept.values() for name in _leaves(node)]
    while wanted:
        name = wanted.pop()
        if name in named and name not in kept:
            kept[name] = _plain(named[name])
            wanted += _leaves(kept[name])
    text = "\n\n".join(gql.print_ast(node) for _, node in sorted(kept.items()))
    return f"# From {_source(folder)}.\n\n{text}\n"


def _source(folder: Path) -> str:
    package = json.loads((folder / "package.json").read_text("utf-8"))
    return f"{package['name']} {package['version']} ({package['license']} license)"


def _operation(whole: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    shared = whole["paths"][path].get("parameters", [])
    operation = whole["paths"][path][method]
    parameters = [_named(whole, one) for one in (*shared, *operation.get("parameters", []))]
    body = _named(whole, operation.get("requestBody", {})).get("content", {})
    return {
        "query": {
            one["name"]: _schema(one.get("schema", {}))
            for one in parameters
            if one["in"] == "query"
        },
        "body": _schema(body["application/json"]["schema"]) if body else None,
        "responses": {
            status: _schema(content["application/json"]["schema"])
            for status, response in operation["responses"].items()
            if status.startswith("2")
            and "application/json" in (content := _named(whole, response).get("content", {}))
        },
    }


def _named(whole: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        found: Any = whole
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def _schema(value: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema: `nullable` is its own word for null."""
    if isinstance(value, list):
        return [_schema(one) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(reference := value.get("$ref"), str):
        return {"$ref": reference.replace("#/components/schemas/", "#/$defs/")}
    silent = () if _is_properties(value) else (*_SILENT, "nullable", "deprecated")
    kept = {
        name: _schema(one)
        for name, one in value.items()
        if name not in silent and not name.startswith("x-")
    }
    if value.get("nullable") is True:
        return {"anyOf": [kept, {"type": "null"}]}
    return kept


def _is_properties(value: dict[str, Any]) -> bool:
    """Whether these are a schema's properties: one of them can be called “title”."""
    return bool(value) and all(isinstance(one, dict) for one in value.values())


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference.removeprefix("#/$defs/")
        for one in value.values():
            yield from _references(one)


def _trimmed(node: gql.TypeDefinitionNode, named: dict[str, Any]) -> gql.TypeDefinitionNode:
    """An object, interface or union with only the members that lead to known types."""
    if isinstance(node, gql.UnionTypeDefinitionNode):
        types = tuple(one for one in node.types if one.name.value in TYPES)
        return gql.UnionTypeDefinitionNode(name=node.name, types=types, directives=())
    assert isinstance(node, gql.ObjectTypeDefinitionNode | gql.InterfaceTypeDefinitionNode)
    if node.name.value == "Mutation":
        kept = [field for field in node.fields if field.name.value in _MUTATIONS]
    else:
        kept = [field for field in node.fields if _leads(field, named)]
    fields = tuple(_plain(field) for field in kept)
    interfaces = tuple(one for one in node.interfaces or () if one.name.value in TYPES)
    return type(node)(name=node.name, fields=fields, interfaces=interfaces, directives=())


def _leads(field: gql.FieldDefinitionNode, named: dict[str, Any]) -> bool:
    name = _type_name(field.type)
    return name in TYPES or not isinstance(
        named.get(name),
        gql.ObjectTypeDefinitionNode
        | gql.InterfaceTypeDefinitionNode
        | gql.UnionTypeDefinitionNode,
    )


def _plain(node: Any) -> Any:
    """The same without descriptions and directives, of its members too."""
    changed = {key: getattr(node, key) for key in node.keys if key != "loc"}
    for key, value in changed.items():
        if key in ("description", "directives"):
            changed[key] = () if key == "directives" else None
        elif key in ("fields", "arguments", "values") and value:
            changed[key] = tuple(_plain(one) for one in value)
    return type(node)(**changed)


def _leaves(node: gql.Node) -> list[str]:
    """The names of all types that a definition mentions."""
    names: list[str] = []

    class Names(gql.Visitor):
        def enter_named_type(self, found: gql.NamedTypeNode, *_: Any) -> None:
            names.append(found.name.value)

    gql.visit(node, Names())
    return names


def _type_name(node: Any) -> str:
    while not isinstance(node, gql.NamedTypeNode):
        node = node.type
    return node.name.value


def main() -> None:
    """Write both files."""
    node_modules = Path(sys.argv[1])
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "tests/data/forge")
    folder.mkdir(parents=True, exist_ok=True)
    rest = json.dumps(rest_description(node_modules), separators=(",", ":"), sort_keys=True)
    (folder / "github-openapi.json").write_text(rest.replace('"},"', '"},\n"') + "\n", "utf-8")
    (folder / "github.graphql").write_text(graphql_description(node_modules), "utf-8")


if __name__ == "__main__":
    main()
