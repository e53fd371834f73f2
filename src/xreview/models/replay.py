"""A model that answers with scripted replies, for demos and replays; it sends nothing.

The content of a request selects the replies, never the order of requests: a reply is given when the
request shows its file with the lines that it quotes, and asks for its category if it names any. If
that code is gone, so is the reply. An
attempt is given when the request quotes the first line of its task.

Scripts are read by `models.replay_script`.

Fields of the request's schema that a reply lacks are filled in if possible: `start_line` from the
quote's place in the request, `claim` with the claim's number in the request, `side` with "new", and
nullable fields with null. A reply that still lacks a field doesn't match the request.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Any, cast

from xreview.domain.record import dataclass
from xreview.models.replay_script import Reply, Script
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Stop,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ModelRequest

_LIMITS = ModelLimits(200_000, 64_000)
_CHARACTERS_A_TOKEN = 4
_TICK = 0.04
"""Seconds between two pieces of an answer, for visible streaming."""

_HEADING = re.compile(r'=== ("(?:[^"\\]|\\.)*") \(')
_ROW = re.compile(r"([ +-]) *(\d+)\|(.*)", re.DOTALL)
_ASKED = re.compile(r"^<<<BEGIN asked (\w+)\n(.*)\n<<<END asked \1$", re.MULTILINE | re.DOTALL)
_CATEGORIES = re.compile(r"^- category: ([a-z, -]+)\.", re.MULTILINE)
"""What a lens asks for (`lenses/common.toml`)."""
_SIDES = {"new": " +", "old": "-"}
"""The marks of the lines on each side."""


@dataclass(frozen=True, slots=True)
class ReplayPace:
    """The speed of an answer: seconds of thinking, then characters per second; 0 for no delay."""

    thinking: float = 0.0
    characters: float = 0.0


AT_ONCE = ReplayPace()


class ReplayModel:
    """Answers from a script."""

    def __init__(self, script: Script, pace: ReplayPace = AT_ONCE) -> None:
        self._script = script
        self._pace = pace
        self.identity = ModelIdentity(
            script.name, script.vendor, script.model, f"the script of {script.name}", is_local=True
        )
        """It counts as local, since nothing leaves this machine."""
        self.features = ModelFeatures(structured=True, tools=False)

    async def limits(self) -> ModelLimits:
        """Return typical limits, so that requests are planned as usual."""
        return _LIMITS

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Stream the answer at the pace."""
        yield Doing("thinking")
        # Even if it is 0, to let other tasks run.
        await asyncio.sleep(self._pace.thinking)
        answer = self.answer(request)
        for piece in self._pieces(answer):
            yield TextDelta(piece)
            await asyncio.sleep(_TICK if self._pace.characters else 0)
        asked = len(request.instructions) + len(request.shared) + len(request.question)
        yield Tokens(asked // _CHARACTERS_A_TOKEN, output=len(answer) // _CHARACTERS_A_TOKEN)
        yield Finished(Stop.OK, self._script.model)

    def answer(self, request: ModelRequest) -> str:
        """Return the answer to a request, as JSON text that follows its schema.

        Raises ModelError for a task that the script has no attempt at.
        """
        if request.schema is None:
            return ""
        if "statement" in request.schema["properties"]:
            return self._attempt(request)
        (root, listed), *_ = request.schema["properties"].items()
        fields: Mapping[str, Any] = listed["items"]["properties"]
        prompt = _Prompt(request)
        found = [
            said
            for reply in self._script.replies
            for number in prompt.numbers(reply)
            if (said := _said(reply, fields, prompt, number)) is not None
        ]
        return json.dumps({root: found}, ensure_ascii=False, indent=1)

    def _attempt(self, request: ModelRequest) -> str:
        asked = {row.removeprefix("> ") for row in request.question.split("\n") if row[:2] == "> "}
        for one in self._script.attempts:
            if one["task"] in asked:
                removed: list[str] = []
                said = {"edits": one["edit"], "removed": removed, "statement": one["statement"]}
                return json.dumps(said, ensure_ascii=False, indent=1)
        known = " or ".join(f"“{one['task']}”" for one in self._script.attempts) or "none"
        raise ModelError(
            Failure.REQUEST,
            "Its replies are scripted, and there is none for this task.",
            f"Give it the task that its script is for: {known}.",
        )

    def _pieces(self, answer: str) -> Iterator[str]:
        size = max(1, int(self._pace.characters * _TICK)) if self._pace.characters else len(answer)
        for start in range(0, len(answer), max(1, size)):
            yield answer[start : start + size]

    async def close(self) -> None:
        """Do nothing."""


def _said(
    reply: Reply, fields: Mapping[str, Any], prompt: "_Prompt", number: int | None
) -> dict[str, Any] | None:
    """Return the reply with the fields of the schema; None if it doesn't match."""
    if any(prompt.shows(reply["path"], line) for line in reply.get("unless", ())):
        return None
    if number is None and not prompt.wants(reply.get("category", "")):
        return None
    side = reply.get("side", "new")
    start_line = prompt.line_of(reply["path"], side, reply["quote"])
    if start_line is None:
        return None
    filled = {"side": side, "start_line": start_line}
    if number is not None:
        filled["claim"] = number
    said: dict[str, Any] = {}
    for name, schema in fields.items():
        if name in filled:
            said[name] = filled[name]
        elif name in reply:
            said[name] = reply[name]
        elif {"type": "null"} in schema.get("anyOf", ()):
            said[name] = None
        else:
            return None
    return _with_nulls(said, fields)


def _with_nulls(said: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fill the tables inside a reply with null for missing fields."""
    for name, value in said.items():
        if isinstance(value, dict):
            inner: Mapping[str, Any] = fields[name]["anyOf"][0]["properties"]
            said[name] = {**dict.fromkeys(inner), **value}
    return said


class _Prompt:
    """The lines of the files in a request, and its numbered claims."""

    def __init__(self, request: ModelRequest) -> None:
        text = f"{request.shared}\n{request.question}"
        self._lines: dict[tuple[str, str], dict[int, str]] = {}
        self._claims: list[dict[str, Any]] = []
        wanted = _CATEGORIES.search(request.instructions)
        self._categories = frozenset(wanted[1].split(", ")) if wanted else None
        path = ""
        for row in text.split("\n"):
            if heading := _HEADING.match(row):
                path = _name(heading[1])
            elif path and (line := _ROW.fullmatch(row)):
                for side, marks in _SIDES.items():
                    if line[1] in marks:
                        self._lines.setdefault((path, side), {})[int(line[2])] = line[3]
        if asked := _ASKED.search(request.question):
            value: object = json.loads(asked[2])
            listed = cast("list[object]", value) if isinstance(value, list) else []
            self._claims = [cast("dict[str, Any]", one) for one in listed if isinstance(one, dict)]

    def numbers(self, reply: Reply) -> Sequence[int | None]:
        """Return the numbers of the claims that a reply answers; one None for a finding."""
        if "to" not in reply:
            return () if self._claims else (None,)
        return [
            claim["claim"]
            for claim in self._claims
            if (claim.get("title"), claim.get("path")) == (reply["to"], reply["path"])
        ]

    def wants(self, category: str) -> bool:
        """Return whether the request asks for problems of this category."""
        return self._categories is None or category in self._categories

    def shows(self, path: str, line: str) -> bool:
        """Return whether a file of the request has this line, new or unchanged."""
        return line in self._lines.get((path, "new"), {}).values()

    def line_of(self, path: str, side: str, quote: str) -> int | None:
        """Return the quote's first line, 1-based; None if the request doesn't show it."""
        lines = self._lines.get((path, side), {})
        rows = quote.split("\n")
        return next(
            (
                start
                for start in lines
                if all(lines.get(start + offset) == row for offset, row in enumerate(rows))
            ),
            None,
        )


def _name(written: str) -> str:
    """Return the file name in a heading; "" for a commit message that looks like one."""
    try:
        return json.loads(written)
    except ValueError:
        return ""
