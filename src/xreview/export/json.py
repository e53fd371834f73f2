"""Everything in an export, for programs; `findings.schema.json` describes its shape.

`"schema": 1` is raised when a field changes its meaning or goes away, not when one is added. Texts
are verbatim (see `ascii_json`).
"""

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import resources
from typing import Any, cast

from xreview.domain.account import Account, Fate
from xreview.domain.attempt.takes import HeldTake
from xreview.domain.authorship.author import Author
from xreview.domain.changed_file import ChangedFile
from xreview.domain.events.codec import to_json
from xreview.domain.events.event import OpinionGiven
from xreview.domain.proposal import Proposal
from xreview.domain.pull.discussion import RemoteComment
from xreview.domain.report import Severity
from xreview.domain.stance import Stance
from xreview.domain.state import Decided
from xreview.export import phrases
from xreview.export.ascii_json import ascii_json
from xreview.export.document import ExportDocument, ExportEntry, ExportSession, Standing
from xreview.export.format import ExportFormat
from xreview.export.session_account_json import (
    attention_to_json,
    level_to_json,
    session_account_to_json,
)

SCHEMA = 1
SCHEMA_FILE = "findings.schema.json"


def _render(document: ExportDocument) -> str:
    """The document as one indented JSON object."""
    findings = [finding_to_json(entry) for entry in document.entries]
    return ascii_json({**review_to_json(document), "findings": findings}, indent=2) + "\n"


FORMAT = ExportFormat(
    "json", ".json", "application/json", "everything, for other programs", "n", _render
)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of this format."""
    return json.loads((resources.files("xreview.export") / SCHEMA_FILE).read_text("utf-8"))


def review_to_json(document: ExportDocument) -> dict[str, Any]:
    """Everything but the findings, as JSON values."""
    return {
        "schema": SCHEMA,
        "program": {"name": "xreview-tui", "version": document.program_version},
        "as_of": document.as_of,
        "is_complete": document.is_complete,
        "reviewers": [_values(reviewer) for reviewer in document.reviewers],
        "coverage": {
            **_values(document.coverage),
            "gap_entries": [
                {**to_json(gap), "session": session.id}
                for session in document.sessions
                for gap in session.gaps
            ],
        },
        "account": _sums(document.latest.account),
        "summary": _summary(document),
        "related": [_values(place) for place in document.related],
        "said": [_said(one) for one in document.said],
        "sessions": [session_to_json(session) for session in document.sessions],
    }


def _said(comment: RemoteComment) -> dict[str, Any]:
    return {
        "author": comment.author.login,
        "is_bot": comment.author.is_bot,
        "at": comment.at,
        "url": comment.url,
        "body": comment.body,
    }


def session_to_json(session: ExportSession) -> dict[str, Any]:
    """A session as JSON values."""
    source = session.source
    return {
        "id": session.id,
        "opened_at": session.opened_at,
        "last_at": session.last_at,
        "change": {
            "kind": source.kind.value,
            "title": source.title,
            "repository": source.repository,
            "pull": source.pull,
            "base": source.base,
            "head": source.head,
            "files": [_file(file, session.family_of(file.path)) for file in session.files],
        },
        "author": author_to_json(session.author),
        "reviewers": [
            {**_values(reviewer), "is_same_family": session.is_same_family(reviewer)}
            for reviewer in session.reviewers
        ],
        "is_complete": session.is_complete,
        "coverage": _values(session.coverage),
        "account": account_to_json(session.account),
        "is_by_analysers": session.is_by_analysers,
        "failures": [{"reviewer": name, "why": why} for name, why in session.failures.items()],
        "notices": list(session.notices),
        "taken": [_take(take) for take in session.taken],
        "attention": attention_to_json(session.attention),
        "session_account": session.session_account
        and session_account_to_json(session.session_account),
    }


def _take(take: HeldTake) -> dict[str, Any]:
    return {
        "trial": take.taken.trial,
        "task": take.title,
        "attempts": [
            {"label": label, "writer": _values(seat.writer) if seat else None}
            for label in take.taken.labels
            for seat in (take.seats.get(label),)
        ],
        "reason": take.taken.reason,
        "paths": list(take.taken.paths),
        "is_green": take.taken.is_green,
        "at": take.at,
    }


def author_to_json(author: Author) -> dict[str, Any]:
    """An author with evidence as JSON values."""
    return {
        "label": author.label,
        "tool": author.tool,
        "vendor": author.vendor,
        "model": author.model,
        "confidence": author.confidence and author.confidence.word,
        "evidence": list(author.evidence),
    }


def _file(file: ChangedFile, family: str) -> dict[str, Any]:
    return {
        "path": file.path,
        "old_path": file.old_path,
        "status": file.status.word,
        "added": file.added,
        "removed": file.removed,
        "author_family": family,
    }


def account_to_json(account: Account) -> dict[str, Any]:
    """An account as JSON values."""
    return {**_sums(account), "entries": [_values(entry) for entry in account.entries]}


def _sums(account: Account) -> dict[str, Any]:
    tallies = {fate: account.sums(fate) for fate in Fate}
    return {
        "words": account.words,
        **{c.value: {"files": t.files, "lines": t.lines} for c, t in tallies.items()},
    }


def _summary(document: ExportDocument) -> dict[str, Any]:
    severities = [entry.finding.severity for entry in document.entries if entry.finding.is_anchored]
    return {
        "findings": len(document.entries),
        "left_out": document.left_out,
        "unanchored": len(document.unanchored),
        "by_decision": {
            standing.value: len(document.by_standing[standing]) for standing in Standing
        },
        "by_severity": {
            severity.word: severities.count(severity) for severity in reversed(Severity)
        },
    }


def finding_to_json(entry: ExportEntry) -> dict[str, Any]:
    """A finding as JSON values."""
    finding = entry.finding
    return {
        "fingerprint": finding.fingerprint,
        "fingerprints": list(finding.fingerprints),
        "disagreement": finding.disagreement.value,
        "severity": finding.severity.word,
        "category": finding.category.value,
        "anchored": finding.is_anchored,
        "standing": entry.standing.value,
        "decision": entry.decided and _decision(entry.decided),
        "note": entry.note,
        "note_by": entry.note_by,
        "carried": entry.carried and entry.carried.value,
        "suppression": entry.suppression and to_json(entry.suppression),
        "same_family": sorted(entry.same_family),
        "author_family": entry.author_family,
        "session": entry.session,
        "seen_at": entry.seen_at,
        "lookalikes": phrases.looks_of(finding),
        "reports": [to_json(report) for report in finding.reports],
        "stances": [_answer(stance, entry.author_family) for stance in finding.stances],
        "opinions": [
            _dated(_answer(one.given, entry.author_family), one.at) for one in entry.opinions
        ],
        "outcomes": [_dated(_values(one.resolved), one.at) for one in entry.outcomes],
        "proposals": [_proposal(proposal) for proposal in entry.proposals],
        "fix": entry.fix and _values(entry.fix),
        "threads": [to_json(thread) for thread in entry.threads],
        "attention": level_to_json(entry.attention),
    }


def _decision(decided: Decided) -> dict[str, Any]:
    return {
        "verdict": decided.decision.verdict.value,
        "reason": decided.decision.reason.value,
        "until": decided.until,
        "ruling": decided.ruling,
        "chosen": [to_json(one) for one in decided.chosen],
        "at": decided.at,
        "actor": decided.actor,
        "session": decided.session,
        "action": decided.action,
    }


def _answer(answer: Stance | OpinionGiven, family: str) -> dict[str, Any]:
    return {**_values(answer), "is_same_family": answer.party.is_model_of(family)}


def _dated(said: dict[str, Any], at: str) -> dict[str, Any]:
    """What came back for an escalation, without its subjects: they are those of the finding."""
    return {**{name: value for name, value in said.items() if name != "subjects"}, "at": at}


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "by": proposal.by,
        "at": proposal.at,
        "proposes": proposal.words,
        "why": proposal.why,
    }


def _values(value: Any) -> Any:
    """A dataclass as an object of its fields, enums as their values."""
    if is_dataclass(value):
        return {field.name: _values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_values(item) for item in cast("tuple[Any, ...]", value)]
    return value.value if isinstance(value, Enum) else value
