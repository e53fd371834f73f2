"""Agent Trace 0.1.0 (request for comments, January 2026): records of which lines an agent wrote.

The reference hook appends to `.agent-trace/traces.jsonl`. A record has `version`, `vcs.revision`,
`tool.name` and `files[].conversations[]`, each with a `contributor` (`type`: human, ai, mixed or
unknown; `model_id`: `provider/model`) and `ranges[]`, which may name their own. That hook, which
writes version "1.0" although the schema requires three numbers, gives the revision *before* the
edit; other records give the revision with the lines.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import NamedWriter, Ranges, written_lines
from xreview.repo.attribution.evidence_source import (
    EvidenceSource,
    Found,
    TracedChange,
    read_below,
)
from xreview.repo.attribution.json_fields import (
    Record,
    at,
    field_text,
    items_at,
    json_object,
    number_at,
)
from xreview.repo.attribution.signatures.naming import writer_recorded

_TRACES = ".agent-trace/traces.jsonl"
_TRACE_BYTES = 16 * 1024 * 1024
_RECORD_BYTES = 1024 * 1024
_PSEUDO_PATHS = frozenset({".sessions", ".shell-history"})

CommitOfRevision = Callable[[str, bool], str | None]
"""Maps a revision, and whether it's the one before the edit, to a commit of the change: "" for the
uncommitted part, None for a revision that isn't part of the change."""


def trace_evidence(traces: bytes, top: str, commit_of: CommitOfRevision) -> tuple[Evidence, ...]:
    """The evidence in a file of records, one for each writer, commit and file; `top` is the
    worktree's top folder."""
    found: dict[tuple[NamedWriter, str, str], Ranges] = {}
    times: dict[tuple[NamedWriter, str, str], str] = {}
    for row in traces.split(b"\n"):
        record = json_object(row) if 0 < len(row) <= _RECORD_BYTES else None
        if record is None:
            continue
        is_before = field_text(record, "version").count(".") < 2
        commit = commit_of(field_text(record, "vcs", "revision"), is_before)
        if commit is None:
            continue
        for writer, path, lines in _written(record, top):
            key = (writer, commit, path)
            found.setdefault(key, []).append(lines)
            times[key] = field_text(record, "timestamp")[:40]
    return tuple(
        key[0].evidence(
            EvidenceKind.TRACE, _TRACES, key[1], written_lines({key[2]: ranges}), times[key]
        )
        for key, ranges in found.items()
    )


def _written(record: Record, top: str) -> Iterator[tuple[NamedWriter, str, tuple[int, int]]]:
    tool = field_text(record, "tool", "name")
    for file in items_at(record, "files"):
        path = _relative(field_text(file, "path"), top)
        if not path or path in _PSEUDO_PATHS:
            continue
        for conversation in items_at(file, "conversations"):
            for one in items_at(conversation, "ranges"):
                writer = _writer(tool, at(one, "contributor") or at(conversation, "contributor"))
                start, end = number_at(one, "start_line"), number_at(one, "end_line")
                if writer and writer.is_known and 0 < start <= end:
                    yield writer, path, (start, end)


def _writer(tool: str, contributor: object) -> NamedWriter | None:
    kind = field_text(contributor, "type")
    if kind == "human":
        return NamedWriter(PERSON, "", "", Confidence.MEDIUM)
    if kind not in ("ai", "mixed"):
        return None
    writer = writer_recorded(tool, field_text(contributor, "model_id"))
    return writer.at_most(Confidence.MEDIUM if kind == "ai" else Confidence.LOW)


def _relative(path: str, top: str) -> str:
    pure = PurePosixPath(path)
    if not pure.is_absolute():
        return path.removeprefix("./")
    return str(pure.relative_to(top)) if top and pure.is_relative_to(top) else ""


def _find(change: TracedChange) -> Found:
    top, lineage = change.repository.top, change.lineage

    def commit_of(revision: str, is_before: bool) -> str | None:
        if revision and revision == lineage.head:
            return ""
        if is_before:
            return lineage.children.get(revision)
        return revision if revision in lineage.known else None

    traces = read_below(top, _TRACES, _TRACE_BYTES) if top else b""
    return (trace_evidence(traces, str(top), commit_of) if traces else ()), ()


SOURCE = EvidenceSource(EvidenceKind.TRACE, "agent traces", _find)
