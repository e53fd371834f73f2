"""Results in the Reviewdog Diagnostic Format: `rdjson`, and `rdjsonl` with one of them a line.

The format: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Columns are in bytes of
UTF-8 and ends are exclusive; a range without columns is whole lines, its last one included.
`ERROR` is a level `error`, `WARNING` and unknown `warning`, `INFO` `note` (see `mapping`). A lone
suggestion is an edit; several are not, since tools mean alternatives by them, or (ruff) the parts
of one fix. The format has no list of the files that were read.
"""

from collections.abc import Iterable

from xreview.domain.report import Confidence, Lens
from xreview.reviewers.imported.identity import analyser, titled
from xreview.reviewers.imported.mapping import category_of, severity_of
from xreview.reviewers.imported.names import of_path
from xreview.reviewers.imported.node import Node
from xreview.reviewers.imported.problem import Columns, Edit, Problem, Region, Said

_LEVELS: dict[object, str] = {
    "UNKNOWN_SEVERITY": "warning",
    "ERROR": "error",
    "WARNING": "warning",
    "INFO": "note",
    0: "warning",
    1: "error",
    2: "warning",
    3: "note",
}


def read_rdjson(result: Node) -> tuple[Said, ...]:
    """What each tool says in a `DiagnosticResult`. Raises UsageError where it is malformed."""
    source = result.get("source")
    return _said(
        result.items_of("diagnostics"),
        default=source.text_of("name") if source else "",
        level=_level(result, "warning"),
    )


def read_rdjson_lines(diagnostics: Iterable[Node]) -> tuple[Said, ...]:
    """What each tool says in `Diagnostic` lines. Raises UsageError where one is malformed."""
    return _said(diagnostics, default="", level="warning")


def _said(diagnostics: Iterable[Node], default: str, level: str) -> tuple[Said, ...]:
    problems: dict[str, list[Problem]] = {default: []} if default else {}
    for diagnostic in diagnostics:
        source = diagnostic.get("source")
        tool = (source.text_of("name") if source else "") or default or "rdjson"
        problem = _problem(diagnostic, analyser(tool).family, level)
        problems.setdefault(tool, []).append(problem)
    return tuple(
        Said(analyser(tool), Lens.RISK, tuple(found)) for tool, found in problems.items()
    ) or (Said(analyser("rdjson"), Lens.RISK),)


def _problem(diagnostic: Node, tool: str, level: str) -> Problem:
    message = diagnostic.text_of("message")
    code = diagnostic.get("code")
    rule = code.text_of("value") if code else ""
    location = diagnostic.need("location")
    suggestions = [_edit(suggestion) for suggestion in diagnostic.items_of("suggestions")]
    place = location.get("range")
    path = location.text_of("path")
    return Problem(
        rule=rule,
        title=titled(message, rule),
        claim=message,
        category=category_of(tool, rule, message),
        severity=severity_of(tool, _level(diagnostic, level)),
        confidence=Confidence.MEDIUM,
        file=of_path(path) if path else None,
        region=_region(place) if place else None,
        suggestion=f"As {tool} proposes it." if suggestions else "",
        edits=tuple(suggestions) if len(suggestions) == 1 else (),
    )


def _level(node: Node, default: str) -> str:
    severity = node.get("severity")
    if severity is None:
        return default
    if isinstance(severity.value, str | int) and severity.value in _LEVELS:
        return _LEVELS[severity.value]
    raise severity.refusal(f"is none of {', '.join(str(word) for word in _LEVELS)}")


def _edit(suggestion: Node) -> Edit:
    return Edit(_region(suggestion.need("range")) or Region(), suggestion.text_of("text"))


def _region(place: Node) -> Region | None:
    start, end = place.get("start"), place.get("end")
    first = max(0, (start.whole_of("line") if start else None) or 0)
    if not first or start is None:
        return None
    last = max(first, (end.whole_of("line") if end else None) or first)
    start_column = start.whole_of("column") or 0
    end_column = (end.whole_of("column") if end else None) or 0
    if start_column and not end_column:
        end_column = start_column if end is None else 1 if last > first else start_column
    return Region(
        start_line=first,
        end_line=last,
        start_column=max(0, start_column),
        end_column=max(0, end_column),
        columns=Columns.UTF8,
    )
