"""Running ruff on Python files without the repository's settings.

The texts are in anonymous files, so that no file of the repository, no `ruff.toml` and no cache
matters, and nothing is left behind. docs.astral.sh/ruff describes the output (`--output-format
json`).
"""

import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from xreview.domain.record import dataclass

if TYPE_CHECKING:  # brings ast-grep with it, and the app asks only where ruff is
    from xreview.analysers.syntax import MatchPlace

SECONDS = 8.0
"""The time limit of a run; ruff takes 10 milliseconds to start and one for each file."""

_Row = dict[str, Any]

SYNTAX_ERROR = "invalid-syntax"

_NAMED = re.compile(r"`[^`\n]{1,40}`")
"""The code that a message of ruff names; rules call the first one {NAME}."""

_ELSEWHERE = (
    *("basestring", "buffer", "cmp", "execfile", "intern", "long", "raw_input", "reduce"),
    *("reload", "unichr", "unicode", "xrange", "WindowsError", "get_ipython", "display"),
)
"""Names that Python 2, Windows or IPython define: code that uses them has mostly asked first."""


class RuffError(Exception):
    """Ruff failed."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A code of ruff ("invalid-syntax" if the file doesn't parse) and the place."""

    code: str
    place: "MatchPlace"


_finding = threading.Lock()


@cache
def binary() -> str:
    """The path of the ruff installed with this program. Raises RuffError."""
    try:
        from ruff import find_ruff_bin  # pyright: ignore[reportMissingTypeStubs]  # has none

        # Python 3.11's sysconfig, which it asks, is not safe to use by two threads at first.
        with _finding:
            return find_ruff_bin()
    except (ImportError, OSError) as error:
        raise RuffError(str(error).partition("\n")[0]) from error


class RuffCheck:
    """The diagnostics of several files, which share one run of ruff.

    Args:
        codes: what may be asked for; each other set of codes takes a run of its own.
    """

    def __init__(self, texts: Iterable[str], codes: Iterable[str] = ()) -> None:
        self._texts = tuple(dict.fromkeys(texts))
        self._codes = frozenset(codes)
        self._rows: dict[frozenset[str], Mapping[str, list[_Row]]] = {}

    def of(self, text: str, codes: Iterable[str]) -> Iterator[Diagnostic]:
        """The diagnostics of one of the texts. Raises RuffError.

        `# noqa` is ignored here; it silences matches as the comments of other linters do.
        """
        lines = text.split("\n")
        asked = frozenset(codes)
        for row in self._rows_of(text, asked | self._codes):
            code: str = row.get("code") or SYNTAX_ERROR
            if code in asked or code == SYNTAX_ERROR:
                yield Diagnostic(code, _place(row, lines))

    def _rows_of(self, text: str, codes: frozenset[str]) -> list[_Row]:
        if codes not in self._rows:
            try:
                self._rows[codes] = _run(self._texts, sorted(codes))
            except RuffError:
                # One of the texts can be the reason, which is no reason not to check the others.
                if len(self._texts) == 1:
                    raise
                return _run([text], sorted(codes))[text]
        return self._rows[codes][text]


def _run(texts: Sequence[str], codes: Sequence[str]) -> Mapping[str, list[_Row]]:
    """What ruff says about each text."""
    # Imported here: a worker that reads no Python needs neither.
    import subprocess
    import tempfile

    options = ["--isolated", "--no-cache", "--quiet", "--ignore-noqa", "--preview"]
    options += ["--target-version", "py314", "--output-format", "json"]
    options += ["--config", f"builtins={json.dumps(_ELSEWHERE)}"]
    options += ["--config", "lint.explicit-preview-rules=true", "--select", ",".join(codes)]
    try:
        with ExitStack() as files:
            opened = [files.enter_context(tempfile.TemporaryFile()) for _ in texts]
            for file, text in zip(opened, texts, strict=True):
                file.write(text.encode())
                file.seek(0)
            named = {
                f"/dev/fd/{file.fileno()}": text for file, text in zip(opened, texts, strict=True)
            }
            done = subprocess.run(
                [binary(), "check", *options, *named],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                pass_fds=[file.fileno() for file in opened],
            )
    except subprocess.TimeoutExpired as error:
        raise RuffError(f"ruff gave no answer within {SECONDS:.0f} seconds") from error
    except OSError as error:
        raise RuffError(f"ruff can't be started: {error.strerror}") from error
    if done.returncode not in (0, 1):
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise RuffError(f"ruff ended with code {done.returncode}: {said}")
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    try:
        for row in json.loads(done.stdout):
            rows[named[row["filename"]]].append(row)
    except (ValueError, KeyError) as error:
        raise RuffError("ruff's answer can't be read") from error
    return rows


def _place(row: _Row, lines: Sequence[str]) -> "MatchPlace":
    from xreview.analysers.syntax import MatchPlace

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
