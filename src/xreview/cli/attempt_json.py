"""Trials, grafts, and what was taken, as JSON for other programs; texts are neutralised.

    TRIAL   {"id", "task", "kind", "why", "base", "revision": str, "preset": str | null,
             "started": str, "over", "hidden": bool, "cost", "most": float | null,
             "attempts": [ATTEMPT], "points": [POINT], "pieces": [PIECE],
             "taken": [TAKEN], "notices": [str]}
    ATTEMPT {"label": str, "writer": WHO | null, "tier": str | null, "reviewers": [WHO] | null,
             "stage", "why": str, "over", "stopped", "reviewed": bool, "cost": float | null,
             "seconds": float, "facts": FACTS, "statement": STATEMENT | null, "checks": [CHECK],
             "tampering", "findings": [PLACE], "session": str, "unread", "files": [str],
             "refused": {path: why}, "notices": [str], "folder": str}
    PIECE   {"path": str, "number": int, "kind": "conflicting" | "only" | "shared by some" |
             "shared by all", "whole": bool, "start", "end": int, "base": [str],
             "versions": [{"labels": [str], "start": int, "lines": [str], "whole": str}],
             "untouched": [str]}
    POINT   {"kind": str, "parting": bool, "silent": [str],
             "said": [{"label", "kind", "text", "path": str, "line": int}]}

`hidden` says that who wrote and reviewed isn't told: `writer`, `tier` and `reviewers` are null.
The lines of a piece are `start` to `end` of the base file, from 0, `end` excluded. A `line` of 0 is
an edge case whose code isn't where its writer says.
"""

from typing import TYPE_CHECKING, Any

from xreview.cli.attempt_told import ToldTrial
from xreview.disagreement.points import statement_points
from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.piece import AttemptPiece
from xreview.domain.attempt.points import StatementPoint
from xreview.domain.attempt.statement import AttemptStatement
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange
from xreview.domain.report import ReviewerIdentity, Severity
from xreview.domain.text import visible
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.review.attempts.veil import Veil

if TYPE_CHECKING:
    from xreview.review.attempts.graft import GraftSnapshot, Took


def trial_json(told: ToldTrial) -> dict[str, Any]:
    """A trial, with names as the `ToldTrial` lets them through."""
    snapshot, veil = told.snapshot, told.veil
    said = {one.label: one.statement for one in snapshot.attempts if one.statement}
    pieces = snapshot.comparison.pieces if snapshot.comparison else ()
    return {
        "id": snapshot.id,
        "task": veil.block(snapshot.task),
        "kind": veil.line(snapshot.kind),
        "why": veil.line(snapshot.why),
        "base": snapshot.base,
        "revision": visible(snapshot.revision),
        "preset": snapshot.preset.value if snapshot.preset else None,
        "started": snapshot.started,
        "over": snapshot.is_over,
        "hidden": veil.is_down,
        "cost": snapshot.cost,
        "most": snapshot.most,
        "attempts": [_attempt(one, veil) for one in snapshot.attempts],
        "points": [_point(one, veil) for one in statement_points(said)],
        "pieces": [_piece(one) for one in pieces],
        "taken": [_taken(one) for one in snapshot.taken],
        "notices": [veil.line(one) for one in snapshot.notices],
    }


def took_json(took: "Took") -> dict[str, Any]:
    """What was put into the user's files."""
    return {
        "taken": _taken(took.taken) if took.taken else None,
        "merged": [visible(path) for path in took.merged],
        "conflicts": [visible(path) for path in took.conflicts],
        "notices": [visible(one) for one in took.notices],
    }


def graft_json(graft: "GraftSnapshot", took: "Took | None", veil: Veil) -> dict[str, Any]:
    """The check of a graft, and what was put into the user's files of it, if it was."""
    return {
        "trial": graft.trial,
        "labels": list(graft.labels),
        "sound": graft.is_sound,
        "problems": [veil.line(one) for one in graft.problems],
        "checks": _checks(graft.checks),
        "findings": [_finding(one, veil) for one in graft.findings],
        "raised": graft.raised,
        "unread": [veil.line(one) for one in graft.unread],
        "tampering": [veil.line(one.words) for one in graft.tampering],
        "cost": graft.cost,
        "notices": [veil.line(one) for one in graft.notices],
        "took": took_json(took) if took else None,
    }


def _attempt(one: AttemptSnapshot, veil: Veil) -> dict[str, Any]:
    return {
        "label": one.label,
        "writer": None if veil.is_down else _who(one.seat.writer),
        "tier": None if veil.is_down else one.seat.tier.value,
        "reviewers": None if veil.is_down else [_who(who) for who in one.reviewers],
        "stage": one.stage.value,
        "why": veil.line(one.why),
        "over": one.is_over,
        "stopped": one.is_stopped,
        "reviewed": one.is_reviewed,
        "cost": one.cost,
        "seconds": round(one.seconds, 1),
        "facts": _facts(one.facts),
        "statement": _statement(one.statement, veil) if one.statement else None,
        "checks": _checks(one.checks),
        "tampering": [veil.line(thing.words) for thing in one.tampering],
        "findings": [_finding(finding, veil) for finding in one.findings],
        "session": one.session,
        "unread": [veil.line(sentence) for sentence in one.unread],
        "files": [visible(file.path) for file in one.files],
        "refused": {visible(path): veil.line(why) for path, why in one.refused.items()},
        "notices": [veil.line(notice) for notice in one.notices],
        "folder": visible(str(one.folder)) if one.folder else "",
    }


def _who(one: ReviewerIdentity) -> dict[str, str]:
    return {
        "name": visible(one.name),
        "kind": one.kind.value,
        "family": visible(one.family),
        "model": visible(one.model),
    }


def _facts(facts: AttemptFacts) -> dict[str, Any]:
    return {
        "checks_passed": facts.checks_passed,
        "checks_run": facts.checks_run,
        "checks_broken": facts.checks_broken,
        "open": {severity.word: facts.open_of(severity) for severity in Severity},
        "contested": facts.contested,
        "added": facts.added,
        "removed": facts.removed,
        "files": facts.files,
        "dependencies": [visible(one) for one in facts.dependencies],
        "complexity": facts.complexity,
        "cost": facts.cost,
        "seconds": round(facts.seconds, 1),
    }


def _statement(said: AttemptStatement, veil: Veil) -> dict[str, Any]:
    return {
        "approach": veil.line(said.approach),
        "assumptions": [veil.line(one) for one in said.assumptions],
        "handled": [
            {"text": veil.line(one.text), "path": visible(one.path), "line": one.start_line}
            for one in said.handled
        ],
        "left_out": [veil.line(one) for one in said.left_out],
        "questions": [veil.line(one) for one in said.questions],
        "by_writer": said.is_writers,
    }


def _point(point: StatementPoint, veil: Veil) -> dict[str, Any]:
    return {
        "kind": point.kind.value,
        "parting": point.is_parting,
        "silent": list(point.silent),
        "said": [
            {
                "label": one.label,
                "kind": one.kind.value,
                "text": veil.line(one.text),
                "path": visible(one.case.path) if one.case else "",
                "line": one.case.start_line if one.case else 0,
            }
            for one in point.said
        ],
    }


def _piece(piece: AttemptPiece) -> dict[str, Any]:
    return {
        "path": visible(piece.ref.path),
        "number": piece.ref.number,
        "kind": piece.kind.value,
        "whole": piece.is_whole,
        "start": piece.start,
        "end": piece.end,
        "base": [visible(line) for line in piece.base],
        "versions": [
            {
                "labels": list(one.labels),
                "start": one.start,
                "lines": [visible(line) for line in one.lines],
                "whole": visible(one.whole),
            }
            for one in piece.versions
        ],
        "untouched": list(piece.untouched),
    }


def _finding(finding: Finding, veil: Veil) -> dict[str, Any]:
    lead = finding.lead
    return {
        "fingerprint": lead.fingerprint,
        "path": visible(lead.anchor.path),
        "line": lead.anchor.start_line,
        "severity": finding.severity.word,
        "title": veil.line(lead.title),
        "disagreement": finding.disagreement.value,
    }


def _checks(checks: tuple[CheckChange, ...]) -> list[dict[str, Any]]:
    return [
        {
            "command": visible(run.command),
            "before": one.before.code if one.before else None,
            "after": one.after.code if one.after else None,
            "is_worse": one.is_worse,
        }
        for one in checks
        if (run := one.after or one.before)
    ]


def _taken(taken: AttemptTaken) -> dict[str, Any]:
    return {
        "action": taken.action,
        "labels": list(taken.labels),
        "reason": visible(taken.reason),
        "paths": [visible(path) for path in taken.paths],
        "green": taken.is_green,
    }
