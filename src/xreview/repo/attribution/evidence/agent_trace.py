"""Agent Trace 0.1.0 (request for comments, January 2026): records of which lines an agent wrote.

Where they are kept is not said; the reference hook appends them to `.agent-trace/traces.jsonl`. A
record has `version`, `vcs.revision`, `tool.name` and `files[].conversations[]`, each with a
`contributor` (`type`: human, ai, mixed or unknown; `model_id`: `provider/model`) and `ranges[]`
that may name another. The reference hook, which writes version "1.0" where the schema wants three
numbers, gives the revision *before* the edit; other records give the revision the lines are in.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind, WrittenLines
from xreview.domain.authorship.line_ranges import merged_ranges
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import (
    NamedWriter,
    Record,
    number_at,
    parse_record,
    record_at,
    records_at,
    trace_text,
)
from xreview.repo.attribution.signatures.naming import writer_recorded

TRACES = ".agent-trace/traces.jsonl"
TRACE_BYTES = 16 * 1024 * 1024
_RECORD_BYTES = 1024 * 1024
_PSEUDO_PATHS = frozenset({".sessions", ".shell-history"})

Commits = Callable[[str, bool], str | None]
"""The commit of the change that a revision stands for: the revision, and whether it is the one
before the edit. "" for what is not committed, None where it is no part of the change."""


def trace_evidence(traces: bytes, top: str, commit_of: Commits) -> tuple[Evidence, ...]:
    """The evidence in a file of trace records, one for each writer, commit and file.

    Args:
        top: the worktree's top folder, which absolute paths are relative to.
    """
    found: dict[tuple[NamedWriter, str, str], list[tuple[int, int]]] = {}
    at: dict[tuple[NamedWriter, str, str], str] = {}
    for row in traces.split(b"\n"):
        record = parse_record(row) if 0 < len(row) <= _RECORD_BYTES else None
        if record is None:
            continue
        is_before = trace_text(record, "version").count(".") < 2
        commit = commit_of(trace_text(record_at(record, "vcs"), "revision"), is_before)
        if commit is None:
            continue
        for writer, path, ranges in _written(record, top):
            key = (writer, commit, path)
            found.setdefault(key, []).extend(ranges)
            at[key] = trace_text(record, "timestamp")[:40]
    return tuple(
        Evidence(
            EvidenceKind.TRACE,
            writer.tool,
            writer.vendor,
            writer.model,
            writer.confidence,
            TRACES,
            commit,
            (WrittenLines(path, merged_ranges(ranges)),),
            at[writer, commit, path],
        )
        for (writer, commit, path), ranges in found.items()
    )


_Written = tuple[NamedWriter, str, list[tuple[int, int]]]


def _written(record: Record, top: str) -> Iterator[_Written]:
    tool = trace_text(record_at(record, "tool"), "name")
    for file in records_at(record, "files"):
        path = _relative(trace_text(file, "path"), top)
        if not path or path in _PSEUDO_PATHS:
            continue
        for conversation in records_at(file, "conversations"):
            whole = record_at(conversation, "contributor")
            for one in records_at(conversation, "ranges"):
                writer = _writer(tool, record_at(one, "contributor") or whole)
                start, end = number_at(one, "start_line"), number_at(one, "end_line")
                if writer and (writer.tool or writer.vendor) and 0 < start <= end:
                    yield writer, path, [(start, end)]


def _writer(tool: str, contributor: Record) -> NamedWriter | None:
    kind = trace_text(contributor, "type")
    if kind == "human":
        return NamedWriter(PERSON, "", "", Confidence.MEDIUM)
    if kind not in ("ai", "mixed"):
        return None
    writer = writer_recorded(tool, trace_text(contributor, "model_id"))
    most = Confidence.MEDIUM if kind == "ai" else Confidence.LOW
    return NamedWriter(writer.tool, writer.vendor, writer.model, min(writer.confidence, most))


def _relative(path: str, top: str) -> str:
    pure = PurePosixPath(path)
    if not pure.is_absolute():
        return path.removeprefix("./")
    return str(pure.relative_to(top)) if top and pure.is_relative_to(top) else ""
