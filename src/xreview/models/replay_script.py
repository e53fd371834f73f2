"""Scripts of replies for `models.replay`, as data files.

The format is TOML:

    name = "gpt (scripted)"         # the reviewer's name, as shown to users
    vendor = "openai"               # the model family (`domain.authorship.family`)
    model = "written replies"       # in place of the model's id

    [[reply]]                       # a finding: the fields of `review.reply.schema`
    path = "src/pay.py"
    quote = "    charge(amount)"
    title = "…"                     # and claim, scenario, settle, category, severity, confidence

    [[reply]]                       # an answer to a claim: the fields of `review.rebut.batches`
    to = "Charged twice"            # the claim's title; the claim must be about the same file
    path = "src/pay.py"
    quote = "    if charged(order):"
    stance = "rebuts"               # and argument, settle

    [[attempt]]                     # what it writes for a task, given by the task's first line
    task = "Charge once"
    [[attempt.edit]]                # the fields of `review.writing.edit_reply`
    path = "src/pay.py"
    search = "    charge(amount)"
    replace = "    charge_once(amount)"
    [attempt.statement]             # the fields of `review.attempts.statement_reply`

A reply with `unless`, lines of its file, isn't given if the request shows one of them as new or
unchanged.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass

Reply = Mapping[str, Any]


@dataclass(frozen=True)
class Script:
    """The scripted replies of one model."""

    name: str
    vendor: str
    model: str
    replies: tuple[Reply, ...]
    attempts: tuple[Reply, ...] = ()


def parse_script(text: str) -> Script:
    """Parse a script. Raises ConfigError if it isn't TOML in this format."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _malformed(f"it isn't TOML: {error}") from error
    name, vendor, model = (_word(found, key) for key in ("name", "vendor", "model"))
    replies = [_checked(number, one) for number, one in enumerate(_tables(found, "reply"), start=1)]
    attempts = [_attempt(number, one) for number, one in enumerate(_tables(found, "attempt"), 1)]
    return Script(name, vendor, model, tuple(replies), tuple(attempts))


def _word(found: Mapping[str, object], key: str) -> str:
    value = found.get(key)
    if not isinstance(value, str) or not value:
        raise _malformed(f"`{key}` must be text")
    return value


def _tables(found: Mapping[str, object], key: str) -> Iterator[Reply]:
    tables = found.get(key, [])
    if not isinstance(tables, list):
        raise _malformed(f"each `{key}` must be a table below a line [[{key}]]")
    for one in cast("list[object]", tables):
        if not isinstance(one, dict):
            raise _malformed(f"each `{key}` must be a table below a line [[{key}]]")
        yield cast("dict[str, Any]", one)


def _checked(number: int, reply: Reply) -> Reply:
    for key in ("path", "quote"):
        if not isinstance(reply.get(key), str) or not reply[key].strip():
            raise _malformed(f"reply {number} needs a `{key}`")
    unless = reply.get("unless", [])
    if not isinstance(unless, list) or not all(
        isinstance(one, str) for one in cast("list[object]", unless)
    ):
        raise _malformed(f"`unless` of reply {number} must be a list of lines")
    _require_json(f"reply {number}", reply)
    return {**reply, "quote": reply["quote"].strip("\n")}


def _attempt(number: int, attempt: Reply) -> Reply:
    for key, kind in (("task", str), ("edit", list), ("statement", dict)):
        if not isinstance(attempt.get(key), kind):
            raise _malformed(f"attempt {number} needs a `{key}`")
    _require_json(f"attempt {number}", attempt)
    return attempt


def _require_json(name: str, value: object) -> None:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _malformed(f"{name} isn't valid JSON: {error}") from error


def _malformed(why: str) -> ConfigError:
    return ConfigError(
        f"These scripted replies can't be used: {why}.", "See `xreview.models.replay_script`."
    )
