"""git-ai's working logs: who wrote the lines that are not committed yet.

They are `ai/working_logs/<id of HEAD>/` in the git folder, an internal form of git-ai (1.6):
`checkpoints.jsonl` with one object a line, `agent_id` (`tool`, `id`, `model`) and `entries[]`
(`file`, `line_attributions[]` of `start_line`, `end_line`, `author_id`), the last entry of a file
telling of all its lines; and `INITIAL` with `files` (path → line attributions) and the `sessions`
or `prompts` they name. An `author_id` is `s_<id>::t_<id>`, or a hash of tool and session alone;
`h_…` and `human` are persons.
"""

import hashlib
from collections.abc import Iterator

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

FOLDER = "ai/working_logs"
CHECKPOINTS = "checkpoints.jsonl"
INITIAL = "INITIAL"
LOG_BYTES = 32 * 1024 * 1024
_ROW_BYTES = 8 * 1024 * 1024
_HASHES = (7, 14, 16)  # how many digits of its hash have stood for a session

_Attribution = tuple[str, int, int]  # author, first line, last line
_Files = dict[str, list[_Attribution]]


def working_log_evidence(initial: bytes, checkpoints: bytes, pointer: str) -> tuple[Evidence, ...]:
    """The evidence in both files of a working log, b"" for one that is not there."""
    files: _Files = {}
    writers: dict[str, NamedWriter] = {}
    _add_initial(parse_record(initial) or {}, files, writers)
    for row in checkpoints.split(b"\n"):
        record = parse_record(row) if 0 < len(row) <= _ROW_BYTES else None
        if record is not None:
            _add_checkpoint(record, files, writers)
    lines: dict[NamedWriter, dict[str, list[tuple[int, int]]]] = {}
    for path, attributions in files.items():
        for author, start, end in attributions:
            writer = _writer(author, writers)
            if writer and (writer.tool or writer.vendor):
                lines.setdefault(writer, {}).setdefault(path, []).append((start, end))
    return tuple(_evidence(writer, by_path, pointer) for writer, by_path in lines.items())


def _add_initial(record: Record, files: _Files, writers: dict[str, NamedWriter]) -> None:
    listed = record_at(record, "files")
    for path in listed:
        files[path] = list(_attributions(listed, path))
    for kind in ("sessions", "prompts"):
        sessions = record_at(record, kind)
        for key in sessions:
            agent = record_at(record_at(sessions, key), "agent_id")
            writers[key] = writer_recorded(trace_text(agent, "tool"), trace_text(agent, "model"))


def _add_checkpoint(record: Record, files: _Files, writers: dict[str, NamedWriter]) -> None:
    agent = record_at(record, "agent_id")
    if agent:
        tool = trace_text(agent, "tool")
        identity = f"{tool}:{trace_text(agent, 'id')}".encode("utf-8", "surrogatepass")
        digits = hashlib.sha256(identity).hexdigest()
        writer = writer_recorded(tool, trace_text(agent, "model"))
        for count in _HASHES:
            writers[digits[:count]] = writers[f"s_{digits[:count]}"] = writer
    for entry in records_at(record, "entries"):
        if path := trace_text(entry, "file"):
            files[path] = list(_attributions(entry, "line_attributions"))


def _attributions(record: Record, key: str) -> Iterator[_Attribution]:
    for one in records_at(record, key):
        start, end = number_at(one, "start_line"), number_at(one, "end_line")
        if 0 < start <= end:
            yield trace_text(one, "author_id"), start, end


def _writer(author: str, writers: dict[str, NamedWriter]) -> NamedWriter | None:
    if author.startswith("h_"):
        return NamedWriter(PERSON, "", "", Confidence.HIGH)
    return writers.get(author.partition("::")[0])


def _evidence(
    writer: NamedWriter, by_path: dict[str, list[tuple[int, int]]], pointer: str
) -> Evidence:
    return Evidence(
        EvidenceKind.NOTE,
        writer.tool,
        writer.vendor,
        writer.model,
        writer.confidence,
        pointer,
        "",
        tuple(WrittenLines(path, merged_ranges(ranges)) for path, ranges in by_path.items()),
    )
