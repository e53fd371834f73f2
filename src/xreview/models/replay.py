"""A model that answers from written replies: for demonstrations, and to replay what was once said.

Nothing is sent anywhere. What a request is about decides which replies are said, never the order in
which requests come: a reply belongs to a file, and is said where the request shows that file with
the lines that the reply quotes. Code that was edited away takes its replies with it.

The format is TOML, read by `parse_script`:

    name = "gpt (scripted)"         # the reviewer's name, which people are shown
    vendor = "openai"               # the model family, as `domain.family` names it
    model = "written replies"       # what stands for the model's id

    [[reply]]                       # a finding: the fields of `review.reply.schema`
    path = "src/pay.py"
    quote = "    charge(amount)"
    title = "…"                     # and claim, scenario, settle, category, severity, confidence

    [[reply]]                       # an answer to a claim: the fields of `review.rebut.batches`
    to = "Charged twice"            # the claim's title; the claim must be about the same file
    path = "src/pay.py"
    quote = "    if charged(order):"
    stance = "rebuts"               # and argument, settle

A field that the request's schema asks for and the reply has not is filled in where that can be
done: `start_line` from where the quote stands in the request, `claim` with the number that the
request gave the claim, `side` with "new", and what may be null with null. A reply that still lacks
a field is not what the request asks for, and is not said.
"""

import asyncio
import json
import re
import tomllib
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from xreview.domain.errors import ConfigError
from xreview.ports.model import (
    Doing,
    Finished,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelRequest,
    ModelSignal,
    Stop,
    TextDelta,
    Tokens,
)

_LIMITS = ModelLimits(200_000, 64_000)
_CHARACTERS_A_TOKEN = 4
_TICK = 0.04
"""Seconds between two pieces of an answer: often enough to be seen to stream."""

_HEADING = re.compile(r'=== ("(?:[^"\\]|\\.)*") \(')
_ROW = re.compile(r"([ +-]) *(\d+)\|(.*)", re.DOTALL)
_ASKED = re.compile(r"^<<<BEGIN asked (\w+)\n(.*)\n<<<END asked \1$", re.MULTILINE | re.DOTALL)
_SIDES = {"new": " +", "old": "-"}
"""The marks before the lines that are numbered as on that side."""

Reply = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReplayPace:
    """How fast an answer comes: seconds of thought, then characters a second; 0 for at once."""

    thinking: float = 0.0
    characters: float = 0.0


AT_ONCE = ReplayPace()


@dataclass(frozen=True)
class Script:
    """The written replies of one model; the module says what they are."""

    name: str
    vendor: str
    model: str
    replies: tuple[Reply, ...]


def parse_script(text: str) -> Script:
    """Read a script. Raises ConfigError where it is no TOML, or not of this format."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _malformed(f"it is no TOML: {error}") from error
    name, vendor, model = (_word(found, key) for key in ("name", "vendor", "model"))
    replies = found.get("reply", [])
    if not isinstance(replies, list):
        raise _malformed("replies must be tables, each below a line [[reply]]")
    checked = [_checked(n, one) for n, one in enumerate(cast("list[object]", replies), start=1)]
    return Script(name, vendor, model, tuple(checked))


def _word(found: Mapping[str, object], key: str) -> str:
    value = found.get(key)
    if not isinstance(value, str) or not value:
        raise _malformed(f"`{key}` must be a text")
    return value


def _checked(number: int, reply: object) -> Reply:
    if not isinstance(reply, dict):
        raise _malformed("replies must be tables, each below a line [[reply]]")
    found = cast("dict[str, Any]", reply)
    for key in ("path", "quote"):
        if not isinstance(found.get(key), str) or not found[key].strip():
            raise _malformed(f"reply {number} needs a `{key}`")
    try:
        json.dumps(found, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _malformed(f"reply {number} can't be said in JSON: {error}") from error
    return {**found, "quote": found["quote"].strip("\n")}


def _malformed(why: str) -> ConfigError:
    return ConfigError(f"These replies can't be used: {why}.", "See `xreview.models.replay`.")


class ReplayModel:
    """Answers from a script (`reviewers.model.Model`)."""

    def __init__(self, script: Script, pace: ReplayPace = AT_ONCE) -> None:
        self._script = script
        self._pace = pace
        self._identity = ModelIdentity(
            script.name, script.vendor, script.model, f"the script of {script.name}", is_local=True
        )

    @property
    def identity(self) -> ModelIdentity:
        """Which one it is; it counts as running on this machine, since nothing leaves it."""
        return self._identity

    @property
    def features(self) -> ModelFeatures:
        """It keeps to the schema, and calls no tools."""
        return ModelFeatures(structured=True, tools=False)

    async def limits(self) -> ModelLimits:
        """As large as a usual model's, so that requests are planned as for one."""
        return _LIMITS

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Say what the script has about this request, at the pace."""
        yield Doing("thinking")
        # Also where it is 0: a model that never waits would keep everybody else from running.
        await asyncio.sleep(self._pace.thinking)
        answer = self.answer(request)
        for piece in self._pieces(answer):
            yield TextDelta(piece)
            await asyncio.sleep(_TICK if self._pace.characters else 0)
        asked = len(request.instructions) + len(request.shared) + len(request.question)
        yield Tokens(asked // _CHARACTERS_A_TOKEN, output=len(answer) // _CHARACTERS_A_TOKEN)
        yield Finished(Stop.OK, self._script.model)

    def answer(self, request: ModelRequest) -> str:
        """What is said to a request, as JSON text in the form its schema asks for."""
        if request.schema is None:
            return ""
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

    def _pieces(self, answer: str) -> Iterator[str]:
        size = max(1, int(self._pace.characters * _TICK)) if self._pace.characters else len(answer)
        for start in range(0, len(answer), max(1, size)):
            yield answer[start : start + size]

    async def close(self) -> None:
        """Nothing is held."""


def _said(
    reply: Reply, fields: Mapping[str, Any], prompt: "_Prompt", number: int | None
) -> dict[str, Any] | None:
    """The reply with the fields of the schema; None where it is not what is asked for."""
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
    """The tables inside of a reply with null for what they may leave out."""
    for name, value in said.items():
        if isinstance(value, dict):
            inner: Mapping[str, Any] = fields[name]["anyOf"][0]["properties"]
            said[name] = {**dict.fromkeys(inner), **value}
    return said


class _Prompt:
    """What a request shows and asks: the lines of its files, and the numbers of its claims."""

    def __init__(self, request: ModelRequest) -> None:
        text = f"{request.shared}\n{request.question}"
        self._lines: dict[tuple[str, str], dict[int, str]] = {}
        self._claims: list[dict[str, Any]] = []
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
        """Under which numbers the request has the claims that this answers; one None for a reply
        that answers none and is to be said where none is asked about."""
        if "to" not in reply:
            return () if self._claims else (None,)
        return [
            claim["claim"]
            for claim in self._claims
            if (claim.get("title"), claim.get("path")) == (reply["to"], reply["path"])
        ]

    def line_of(self, path: str, side: str, quote: str) -> int | None:
        """The 1-based line on which the quote begins; None where it is not shown."""
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
    """A file's name out of its heading; "" where a commit's message only looks like one."""
    try:
        return json.loads(written)
    except ValueError:
        return ""
