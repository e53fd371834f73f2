"""GitHub's official description of its REST API: what requests and replies must look like."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema

from tests.fakes.forge_server.answers import Answer, ForgeRequest

DATA = Path(__file__).parents[3] / "data" / "forge"
_WITH_SLASHES = ("path", "basehead", "ref")
_NULL_WHERE_OUTDATED = ("line", "original_line", "position")
"""GitHub sends null for these, which its description doesn't allow."""
_BLANKS: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": []}
_FORMATS = {"uri": "https://forge.example/nothing", "date-time": "2026-11-01T10:00:00Z"}


class RestDescription:
    """The operations of `tests/data/forge/github-openapi.json`, without any base path."""

    def __init__(self) -> None:
        whole = json.loads((DATA / "github-openapi.json").read_text("utf-8"))
        self._paths: dict[str, dict[str, Any]] = whole["paths"]
        self._defs: dict[str, Any] = whole["$defs"]
        self._patterns = [(template, _pattern(template)) for template in self._paths]
        self._blank = cache(self._new_blank)
        self._validator = cache(self._new_validator)

    def find(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The path's template and the values in it."""
        for template, pattern in self._patterns:
            if found := pattern.fullmatch(path):
                return template, {key: unquote(value) for key, value in found.groupdict().items()}
        return None

    def request_violations(self, path: str, request: ForgeRequest) -> list[str]:
        """Where a request isn't as described."""
        shown = f"{request.method} {path}"
        found = self.find(path)
        operation = self._paths[found[0]].get(request.method.lower()) if found else None
        if found is None or operation is None:
            return [f"{shown}: no such operation"]
        unknown = sorted(set(request.query) - set(operation["query"]))
        wrong = [f"{shown}: no parameter “{name}”" for name in unknown]
        for name in set(request.query) - set(unknown):
            wrong += self._query_violations(shown, name, request.query[name], operation["query"])
        if operation["body"] is None and request.raw and request.body:
            return [*wrong, f"{shown}: takes no body"]
        if operation["body"] is not None:
            key = found[0], request.method.lower(), "body"
            body = {} if request.body is None else request.body
            wrong += self._against(key, body, shown)
            wrong += _unknown_members(operation["body"], body, shown)
        return wrong

    def reply_violations(self, path: str, request: ForgeRequest, answer: Answer) -> list[str]:
        """Where a reply of the double isn't as described."""
        found = self.find(path)
        if found is None or answer.status >= 300 or isinstance(answer.value, bytes):
            return []
        operation = self._paths[found[0]].get(request.method.lower(), {"responses": {}})
        if str(answer.status) not in operation["responses"]:
            return []
        key = found[0], request.method.lower(), str(answer.status)
        errors = self._validator(*key).iter_errors(answer.value)
        shown = f"reply to {request.method} {path}"
        return [
            f"{shown}: {one.json_path}: {one.message[:300]}"
            for one in errors
            if one.instance is not None or one.path[-1] not in _NULL_WHERE_OUTDATED
        ]

    def filled(self, name: str, value: dict[str, Any]) -> dict[str, Any]:
        """A value of a named schema with what that requires besides: null or something blank."""
        return self._filled({"$ref": f"#/$defs/{name}"}, value)

    def _query_violations(
        self, shown: str, name: str, value: str, known: dict[str, Any]
    ) -> list[str]:
        schema = known[name]
        if schema.get("type") == "integer" and not value.isdecimal():
            return [f"{shown}: {name}={value} isn't a number"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{shown}: {name}={value} isn't one of {schema['enum']}"]
        return []

    def _against(self, key: tuple[str, str, str], value: Any, shown: str) -> list[str]:
        errors = self._validator(*key).iter_errors(value)
        return [f"{shown}: {one.json_path}: {one.message[:300]}" for one in errors]

    def _new_validator(self, template: str, method: str, part: str) -> Any:
        operation = self._paths[template][method]
        schema = operation["body"] if part == "body" else operation["responses"][part]
        return jsonschema.Draft202012Validator({**schema, "$defs": self._defs})

    def _filled(self, schema: dict[str, Any], value: Any) -> Any:
        schema = self._resolved(schema)
        if value is None:
            return None
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._filled(schema[choice][0], value)
        if isinstance(value, list) and "items" in schema:
            return [self._filled(schema["items"], one) for one in value]
        if not isinstance(value, dict):
            return value
        known = schema.get("properties", {})
        given = {name: self._filled(known.get(name, {}), one) for name, one in value.items()}
        missing = (name for name in schema.get("required", ()) if name not in given)
        return given | {name: self._blank(json.dumps(known[name])) for name in missing}

    def _new_blank(self, schema_text: str) -> Any:
        schema = self._resolved(json.loads(schema_text))
        if {"type": "null"} in schema.get("anyOf", ()):
            return None
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._new_blank(json.dumps(schema[choice][0]))
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("type") == "object" or "properties" in schema:
            return self._filled(schema, {})
        return _FORMATS.get(schema.get("format", ""), _BLANKS.get(schema.get("type", "string")))

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._defs[schema["$ref"].removeprefix("#/$defs/")]
        return schema


def _unknown_members(schema: dict[str, Any], value: Any, shown: str) -> list[str]:
    """Members that the description doesn't name: GitHub ignores them, so they're mistakes."""
    if isinstance(value, list):
        items = schema.get("items", {})
        return [line for one in value for line in _unknown_members(items, one, shown)]
    known = schema.get("properties")
    if not isinstance(value, dict) or not known:
        return []
    wrong = [f"{shown}: no member “{name}”" for name in sorted(set(value) - set(known))]
    for name in set(value) & set(known):
        wrong += _unknown_members(known[name], value[name], shown)
    return wrong


def _pattern(template: str) -> re.Pattern[str]:
    def group(found: re.Match[str]) -> str:
        return f"(?P<{found[1]}>{'.+' if found[1] in _WITH_SLASHES else '[^/]+'})"

    return re.compile(re.sub(r"\{(\w+)\}", group, template))


@cache
def rest_description() -> RestDescription:
    """The description, read once."""
    return RestDescription()
