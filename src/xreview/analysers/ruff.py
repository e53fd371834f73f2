"""Running ruff on a Python file without the repository's settings.

The text goes to standard input, so that no file of the repository, no `ruff.toml` and no cache
matters. docs.astral.sh/ruff describes the output (`--output-format json`).
"""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from xreview.analysers.syntax import MatchPlace

SECONDS = 8.0
"""The time limit for one file; ruff takes some milliseconds."""

SYNTAX_ERROR = "invalid-syntax"
_NAMED = re.compile(r"`[^`\n]{1,40}`")
"""The code that a message of ruff names; rules call the first one {NAME}."""

_NOQA = re.compile(r"#\s*noqa:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)", re.IGNORECASE)


class RuffError(Exception):
    """Ruff failed."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A code of ruff ("invalid-syntax" if the file doesn't parse) and the place."""

    code: str
    place: MatchPlace


@cache
def binary() -> str:
    """The path of the ruff installed with this program. Raises RuffError."""
    try:
        from ruff import find_ruff_bin  # pyright: ignore[reportMissingTypeStubs]  # has none

        return find_ruff_bin()
    except (ImportError, OSError) as error:
        raise RuffError(str(error).partition("\n")[0]) from error


def check(text: str, codes: Iterable[str]) -> Iterator[Diagnostic]:
    """The diagnostics of a file, except those with a `# noqa` for their code. Raises RuffError.

    A bare `# noqa` and one for the whole file are ignored: they don't show that a person looked at
    the problem.
    """
    lines = text.split("\n")
    for row in _run(text, sorted(codes)):
        code: str = row.get("code") or SYNTAX_ERROR
        noqa_row: int | None = row.get("noqa_row")
        if noqa_row is not None and code in _silenced(lines, noqa_row):
            continue
        yield Diagnostic(code, _place(row, lines))


def _run(text: str, codes: Sequence[str]) -> list[dict[str, Any]]:
    options = ["--isolated", "--no-cache", "--quiet", "--ignore-noqa", "--preview"]
    options += ["--target-version", "py314", "--output-format", "json"]
    options += ["--config", "lint.explicit-preview-rules=true", "--select", ",".join(codes)]
    command = [binary(), "check", *options, "--stdin-filename", "reviewed.py", "-"]
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RuffError(f"ruff gave no answer within {SECONDS:.0f} seconds") from error
    except OSError as error:
        raise RuffError(f"ruff can't be started: {error.strerror}") from error
    if done.returncode not in (0, 1):
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise RuffError(f"ruff ended with code {done.returncode}: {said}")
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise RuffError("ruff's answer was not JSON") from error


def _silenced(lines: Sequence[str], number: int) -> set[str]:
    row = lines[number - 1] if 0 < number <= len(lines) else ""
    found = _NOQA.search(row)
    return set(re.split(r"[,\s]+", found[1].upper())) if found else set()


def _place(row: dict[str, Any], lines: Sequence[str]) -> MatchPlace:
    first: int = row["location"]["row"]
    last: int = row["end_location"]["row"]
    if row["end_location"]["column"] == 1 and last > first:
        last -= 1
    named = _NAMED.search(row["message"])
    words = {"NAME": named[0]} if named else {}
    return MatchPlace(first, last, _replacement(row.get("fix"), first, last, lines), words)


def _replacement(
    fix: dict[str, Any] | None, first: int, last: int, lines: Sequence[str]
) -> str | None:
    """The lines `first` to `last` with the fix applied; None if it edits other lines too."""
    edits: list[dict[str, Any]] = fix["edits"] if fix else []
    if not edits:
        return None
    rows = lines[first - 1 : last]
    text = "\n".join(rows)
    starts = [0, *accumulate(len(row) + 1 for row in rows)]

    def offset(at: dict[str, int]) -> int:
        return starts[at["row"] - first] + at["column"] - 1

    def key(edit: dict[str, Any]) -> tuple[int, int]:
        return edit["location"]["row"], edit["location"]["column"]

    for edit in sorted(edits, key=key, reverse=True):
        if not first <= edit["location"]["row"] <= edit["end_location"]["row"] <= last:
            return None
        start, end = offset(edit["location"]), offset(edit["end_location"])
        text = text[:start] + edit["content"] + text[end:]
    return text
