"""Running zizmor on a GitHub workflow or action, without the repository's settings.

docs.zizmor.sh/usage describes the output (`--format json-v1`), docs.zizmor.sh/audits the audits.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from xreview.analysers.ruff import Diagnostic
from xreview.analysers.syntax import MatchPlace
from xreview.analysers.tools.installed import Program
from xreview.analysers.tools.program import LinterError, run_over

_ARGUMENTS = (
    "--no-config",
    "--offline",
    "--no-progress",
    "--no-exit-codes",
    "--quiet",
    "--format=json-v1",
    "-",
)
_ALWAYS = ("dangerous-triggers",)
"""Audits that are kept although zizmor is less sure of them: a person must see them."""

_AUDIT = re.compile(r"[a-z][a-z0-9-]{1,60}")


def audit(program: Program, text: str) -> Iterator[Diagnostic]:
    """What zizmor is sure of and considers severe, except where a comment says `zizmor: ignore`.

    The words of a place are `said`, zizmor's sentence, and `code`, the text it points to. Raises
    LinterError.
    """
    content = text.encode()
    try:
        rows: list[dict[str, Any]] = json.loads(run_over(program, _ARGUMENTS, text, (0,)))
        for row in rows:
            if not row["ignored"] and _counts(row) and _AUDIT.fullmatch(row["ident"]):
                yield Diagnostic(row["ident"], _place(row, content))
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise LinterError("zizmor's answer has another form than expected") from error


def _counts(row: Mapping[str, Any]) -> bool:
    said = row["determinations"]
    is_sure = said["severity"] == "High" and said["confidence"] == "High"
    return is_sure or row["ident"] in _ALWAYS


def _place(row: Mapping[str, Any], content: bytes) -> MatchPlace:
    """The primary location of a finding, whose points count rows and columns from 0."""
    primary = next(one for one in row["locations"] if one["symbolic"]["kind"] == "Primary")
    place = primary["concrete"]["location"]
    first, end = place["start_point"]["row"] + 1, place["end_point"]
    last = max(first, end["row"] + (1 if end["column"] else 0))
    span = place["offset_span"]
    code = content[span["start"] : span["end"]].decode("utf-8", "replace")
    said = f"{row['desc']}: {primary['symbolic']['annotation']}"
    return MatchPlace(first, last, words={"said": said, "code": code})
