"""From git's error messages to a sentence and advice, by the table `git_errors.toml`.

git runs with LC_ALL=C, so its messages are those of its source.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, cast

from xreview.domain.errors import ChangeError

_NO_MORE_FILES = "Too many open files"


class _Row(NamedTuple):
    pattern: re.Pattern[str]
    message: str
    advice: str


@cache
def _table() -> tuple[tuple[_Row, ...], Mapping[str, str]]:
    """The rows, and the named sentences for advice; read at the first failure."""
    import tomllib
    from importlib.resources import files

    text = files("xreview.repo.hardened").joinpath("git_errors.toml").read_text("utf-8")
    table = tomllib.loads(text)
    rows = (
        _Row(re.compile(row["pattern"], re.MULTILINE), row["message"], row.get("advice", ""))
        for row in cast("list[dict[str, str]]", table["error"])
    )
    return tuple(rows), cast("dict[str, str]", table["advice"])


def failure(command: str, said: str, code: int, advice: str) -> ChangeError:
    """Return the error of a git command that failed.

    Args:
        command: "git diff". said: its standard error.
        code: its exit status, negative for a signal.
        advice: what to do about an error that isn't in the table.
    """
    if known := known_failure(said, advice):
        return known
    if code < 0 and not said.strip():
        return ChangeError(f"`{command}` was ended ({_signal(-code)}).", "Try again.")
    return ChangeError(f"`{command}` failed: {sentence(said)}", advice)


def known_failure(said: str, advice: str) -> ChangeError | None:
    """Return the table's error for git's standard error; None if no row matches."""
    if not said.strip():
        return None
    if _NO_MORE_FILES in said:  # not even the table could be opened then
        return ChangeError(
            "git couldn't open a file: too many files are open.",
            "Raise the limit (`ulimit -n 4096`) and try again.",
        )
    import shlex

    rows, sentences = _table()
    for row in rows:
        if match := row.pattern.search(said):
            groups = {name: text or "" for name, text in match.groupdict().items()}
            # A user may paste it, and the repository chose the text.
            pasted = (groups.get(name, "") for name in ("top", "older", "key"))
            groups["quoted"] = shlex.quote(next(filter(None, pasted), ""))
            message = re.sub(r" +(?=\.$)", "", row.message.format(**groups))
            return ChangeError(message, row.advice.format(**groups, **sentences) or advice)
    return None


def sentence(said: str) -> str:
    """The last complaint in git's standard error, without its prefix."""
    rows = said.strip().splitlines()
    fatal = [row for row in rows if row.startswith(("fatal: ", "error: "))]
    row = (fatal or rows or ["it gave no reason"])[-1]
    return row.removeprefix("fatal: ").removeprefix("error: ")


def _signal(number: int) -> str:
    import signal

    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
