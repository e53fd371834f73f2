"""Running shellcheck on a shell script, without settings and without other files.

github.com/koalaman/shellcheck/wiki describes the codes; the output is `--format=json1`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from xreview.analysers.ruff import Diagnostic
from xreview.analysers.syntax import MatchPlace
from xreview.analysers.tools.installed import Program
from xreview.analysers.tools.program import LinterError, run_over

_ARGUMENTS = ("--norc", "--format=json1", "--severity=info", "-")
_SUCCESS = (0, 1)
_OTHER_SHELL = 1071
_UNPARSED = (1072, 1073, 1088)
_AFTER_ECHO = 2320
_ECHO = re.compile(r"(?:^|[;&|({)]|\b(?:then|do|else))[ \t]*((?:echo|printf)\b)", re.MULTILINE)
_BEGINS = re.compile(r"(^|[{(]|\)|;;|\b(then|do|else))$")
_SAYS = re.compile(r"\s*(echo|printf|#)")


def diagnose(program: Program, text: str) -> Iterator[Diagnostic]:
    """What shellcheck reports, except where a comment says `shellcheck disable`.

    Raises LinterError, also at the end if the script wasn't read completely.
    """
    why = ""
    try:
        rows: list[dict[str, Any]] = json.loads(run_over(program, _ARGUMENTS, text, _SUCCESS))[
            "comments"
        ]
        for row in rows:
            code: int = row["code"]
            if code == _OTHER_SHELL:
                why = "shellcheck reads only sh, bash, dash, ksh and busybox"
            elif code in _UNPARSED:
                why = why or f"shellcheck can't parse it from line {row['line']:d} on"
            elif code != _AFTER_ECHO or _follows_a_command(text, row["line"], row["column"]):
                yield Diagnostic(f"SC{code:d}", MatchPlace(row["line"], row["endLine"]))
    except (ValueError, KeyError, TypeError) as error:
        raise LinterError("shellcheck's answer has another form than expected") from error
    if why:
        raise LinterError(why)


def _follows_a_command(text: str, line: int, column: int) -> bool:
    """Whether a command comes before the `echo` whose status is read here (from 1).

    Otherwise it is the status of `echo` itself that is wanted, as it is if that writes a file.
    """
    rows = text.split("\n")
    before = "\n".join([*rows[: line - 1], rows[line - 1][: column - 1]])
    echo = max((found.start(1) for found in _ECHO.finditer(before)), default=0)
    if re.search(r"[^&>]>\s*[^&>\s]", before[echo:]):
        return False
    earlier = before[:echo].rstrip(" \t\n;&")
    last = earlier.rpartition("\n")[2]
    return not (_BEGINS.search(before[:echo].rstrip()) or _SAYS.match(last))
