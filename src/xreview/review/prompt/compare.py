"""Our prompts and the user's side by side: compared and copied."""

import difflib
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, cast

from xreview.config.example import toml_value
from xreview.domain.text import visible
from xreview.review.prompt.own import BASED_ON, OWN_PARTS, OwnPrompt, shipped_version
from xreview.review.prompt.template import shipped_template

_WIDTH = 96
"""Columns of a line; the words of a prompt are long lines."""


def prompt_diff(own: OwnPrompt) -> str:
    """The unified diff from our words to the user's, wrapped to be read; "" without a difference.

    Parts that the user doesn't change are the same on both sides.
    """
    ours = shipped_template(own.name)
    lines = difflib.unified_diff(
        list(_lines(own.name, ours)),
        list(_lines(own.name, {**ours, **own.words})),
        f"ours/{own.name} (version {shipped_version(own.name)})",
        f"{visible(str(own.path))} (based on version {own.based_on})",
        lineterm="",
    )
    return "\n".join(lines)


def copied_prompt(name: str) -> str:
    """Our words as a file to be edited, which says the same as ours."""
    ours = shipped_template(name)
    version = shipped_version(name)
    parts = [
        f"# Your words of the prompt {name}, which replace ours. Remove what you don't change.\n"
        f"# Our rules about quotes, answers and untrusted data are sent in any case.\n"
        f"# `xreview-tui prompt diff {name}` compares them.\n"
        f"\n{BASED_ON} = {version}"
    ]
    parts += [f"{key} = {_written(ours[key])}" for key in OWN_PARTS[name]]
    return "\n\n".join(parts) + "\n"


def _lines(name: str, words: Mapping[str, Any]) -> Iterator[str]:
    for key in OWN_PARTS[name]:
        yield f"[{key}]"
        value = words[key]
        texts = value.strip().split("\n") if isinstance(value, str) else [f"- {x}" for x in value]
        for text in texts:
            yield from textwrap.wrap(text, _WIDTH, break_long_words=False) or [""]


def _written(value: Any) -> str:
    if isinstance(value, list):
        texts = cast("list[str]", value)
        return "[\n" + "".join(f"    {toml_value(one)},\n" for one in texts) + "]"
    lines = str(value).strip("\n").replace("\\", "\\\\").replace('"""', '""\\"').split("\n")
    return '"""\n' + "".join(f"{_wrapped(line)}\n" for line in lines) + '"""'


def _wrapped(line: str) -> str:
    """A line of text over several lines of TOML, which joins them after a backslash."""
    pieces = textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return " \\\n".join(pieces)
