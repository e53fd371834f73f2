"""A fix in words, for people and for programs."""

import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.identity.anchor import short_form
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot

_INDENT = 14
"""Columns of the first word of a line about a fix."""


def fix_progress(snapshot: "FixSnapshot") -> str:
    """What a running fix does now, raw."""
    return " · ".join(filter(None, (snapshot.fixer.name, snapshot.stage.value, snapshot.doing)))


def fix_lines(snapshot: "FixSnapshot") -> Iterator[str]:
    """A finished fix for people: the outcome of each finding, worst first, and what else is in the
    patch."""
    yield f"{visible(snapshot.fixer.label)}: {snapshot.header}"
    order = list(FixOutcome)
    judged = [one for one in snapshot.findings if one.verdict is not None]
    for one in sorted(judged, key=lambda one: order.index(_outcome(one))):
        lead = one.finding.lead
        name, place = short_form(lead.fingerprint), f"{lead.anchor.path}:{lead.anchor.start_line}"
        yield f"{_outcome(one):<12}  {visible(name)}  {visible(place)}  {visible(lead.title)}"
        if one.rounds:
            for ended in one.rounds:
                yield f"{' ' * _INDENT}{visible(ended.words)}"
        elif one.verdict is not None and one.verdict.evidence:
            yield f"{' ' * _INDENT}{visible(one.verdict.evidence)}"
    for tampered in snapshot.tampering:
        yield f"TAMPERED      {visible(tampered.words)}"
    for report in snapshot.raised:
        place = f"{report.anchor.path}:{report.anchor.start_line}"
        yield f"new           {visible(place)}  {visible(report.title)}"
    for path, why in snapshot.refused.items():
        yield f"not in patch  {visible(path)}: {visible(why)}"
    if outside := dict.fromkeys(part.path for part in snapshot.outside):
        paths = ", ".join(map(visible, outside))
        yield f"outside       {paths} (no finding asked for it; left out)"
    yield from map(visible, snapshot.notices)
    if snapshot.why:
        yield f"incomplete: {visible(snapshot.why)}"
    yield _next_step(snapshot)


def _next_step(snapshot: "FixSnapshot") -> str:
    if snapshot.applied:
        files = count_of(len({part.path for part in snapshot.applied}), "file")
        return f"Applied to {files}. Nothing was committed."
    if not snapshot.wanted:
        return "The patch has nothing to apply."
    command = f"xreview-tui fix --apply {snapshot.id[:8]}"
    if snapshot.is_suspicious:
        return f"Read it first: it weakens or breaks something. `{command} --force` applies it."
    return f"Apply it with `{command}`."


def _outcome(one: "FixedFinding") -> FixOutcome:
    return one.verdict.outcome if one.verdict else FixOutcome.NOT_VERIFIED


def wrapped_line(line: str) -> str:
    """A line in the width of a terminal, indented below its first word; unchanged elsewhere."""
    if not sys.stdout.isatty():
        return line
    indent = " " * _INDENT if line[_INDENT - 2 : _INDENT].isspace() else ""
    return textwrap.fill(
        line,
        shutil.get_terminal_size().columns,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def fix_to_json(snapshot: "FixSnapshot") -> dict[str, Any]:
    """A finished fix for programs; texts are neutralised."""
    return {
        "id": snapshot.id,
        "fixer": {
            "name": visible(snapshot.fixer.name),
            "kind": snapshot.fixer.kind,
            "family": visible(snapshot.fixer.family),
            "model": visible(snapshot.fixer.model),
        },
        "findings": [
            {
                "fingerprint": one.finding.fingerprint,
                "path": visible(one.finding.anchor.path),
                "line": one.finding.anchor.start_line,
                "title": visible(one.finding.lead.title),
                "outcome": _outcome(one),
                "evidence": visible(one.verdict.evidence) if one.verdict else "",
                "rounds": [
                    {
                        "round": ended.round,
                        "outcome": ended.verdict.outcome,
                        "evidence": visible(ended.verdict.evidence),
                    }
                    for ended in one.rounds
                ],
                "files": [visible(path) for path in dict.fromkeys(part.path for part in one.parts)],
            }
            for one in snapshot.findings
        ],
        "tampering": [
            {"path": visible(one.path), "line": one.line, "why": visible(one.words)}
            for one in snapshot.tampering
        ],
        "new": [
            {
                "path": visible(report.anchor.path),
                "line": report.anchor.start_line,
                "title": visible(report.title),
            }
            for report in snapshot.raised
        ],
        "outside": [visible(path) for path in dict.fromkeys(one.path for one in snapshot.outside)],
        "refused": {visible(path): visible(why) for path, why in snapshot.refused.items()},
        "checks": [
            {
                "command": visible(run.command),
                "before": one.before.code if one.before else None,
                "after": one.after.code if one.after else None,
                "is_worse": one.is_worse,
            }
            for one in snapshot.checks
            if (run := one.after or one.before)
        ],
        "applied": bool(snapshot.applied),
        "cost": snapshot.cost,
        "seconds": round(snapshot.seconds, 1),
        "notices": [visible(one) for one in snapshot.notices],
        "why": visible(snapshot.why),
        "folder": visible(str(snapshot.folder)),
    }
