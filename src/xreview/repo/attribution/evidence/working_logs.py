"""git-ai's working logs: who wrote the uncommitted lines.

They are in the git folder, in `ai/working_logs/<id of HEAD>/`, an internal format of git-ai (1.6).
`checkpoints.jsonl` has one object a line: `agent_id` (`tool`, `id`, `model`) and `entries[]`
(`file`, `line_attributions[]` of `start_line`, `end_line`, `author_id`); a file's last entry
covers all its lines. `INITIAL` has `files` (path → line attributions) and the `sessions` or
`prompts` they name. An `author_id` is `s_<id>::t_<id>`, or a hash of tool and session; `h_…` and
`human` are people.
"""

import hashlib
from collections.abc import Iterator

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
    fields,
    items_at,
    json_object,
    number_at,
)
from xreview.repo.attribution.signatures.naming import writer_recorded

_FOLDER = "ai/working_logs"
_CHECKPOINTS = "checkpoints.jsonl"
_INITIAL = "INITIAL"
_LOG_BYTES = 32 * 1024 * 1024
_ROW_BYTES = 8 * 1024 * 1024
_HASHES = (7, 14, 16)  # lengths of the session hash that versions have used

_Attribution = tuple[str, int, int]  # author, first line, last line
_Files = dict[str, list[_Attribution]]


def working_log_evidence(initial: bytes, checkpoints: bytes, pointer: str) -> tuple[Evidence, ...]:
    """The evidence in the two files of a working log; b"" for a missing file."""
    files: _Files = {}
    writers: dict[str, NamedWriter] = {}
    _add_initial(json_object(initial) or {}, files, writers)
    for row in checkpoints.split(b"\n"):
        record = json_object(row) if 0 < len(row) <= _ROW_BYTES else None
        if record is not None:
            _add_checkpoint(record, files, writers)
    lines: dict[NamedWriter, dict[str, Ranges]] = {}
    for path, attributions in files.items():
        for author, start, end in attributions:
            writer = _writer(author, writers)
            if writer and writer.is_known:
                lines.setdefault(writer, {}).setdefault(path, []).append((start, end))
    return tuple(
        writer.evidence(EvidenceKind.NOTE, pointer, "", written_lines(by_path))
        for writer, by_path in lines.items()
    )


def _add_initial(record: Record, files: _Files, writers: dict[str, NamedWriter]) -> None:
    for path in fields(at(record, "files")):
        files[path] = list(_attributions(record, "files", path))
    for kind in ("sessions", "prompts"):
        for key in fields(at(record, kind)):
            agent = at(record, kind, key, "agent_id")
            writers[key] = writer_recorded(field_text(agent, "tool"), field_text(agent, "model"))


def _add_checkpoint(record: Record, files: _Files, writers: dict[str, NamedWriter]) -> None:
    if agent := at(record, "agent_id"):
        tool = field_text(agent, "tool")
        identity = f"{tool}:{field_text(agent, 'id')}".encode("utf-8", "surrogatepass")
        digits = hashlib.sha256(identity).hexdigest()
        writer = writer_recorded(tool, field_text(agent, "model"))
        for count in _HASHES:
            writers[digits[:count]] = writers[f"s_{digits[:count]}"] = writer
    for entry in items_at(record, "entries"):
        if path := field_text(entry, "file"):
            files[path] = list(_attributions(entry, "line_attributions"))


def _attributions(record: object, *keys: str) -> Iterator[_Attribution]:
    for one in items_at(record, *keys):
        start, end = number_at(one, "start_line"), number_at(one, "end_line")
        if 0 < start <= end:
            yield field_text(one, "author_id"), start, end


def _writer(author: str, writers: dict[str, NamedWriter]) -> NamedWriter | None:
    if author.startswith("h_"):
        return NamedWriter(PERSON, "", "", Confidence.HIGH)
    return writers.get(author.partition("::")[0])


def _find(change: TracedChange) -> Found:
    head = change.lineage.head
    evidence: list[Evidence] = []
    folders = (change.repository.git_dir, change.repository.common_dir) if head else ()
    for folder in dict.fromkeys(folders):
        log = f"{_FOLDER}/{head}"
        initial, logged = (
            read_below(folder, f"{log}/{name}", _LOG_BYTES) for name in (_INITIAL, _CHECKPOINTS)
        )
        evidence += working_log_evidence(initial, logged, str(folder / log))
    return evidence, ()


SOURCE = EvidenceSource(EvidenceKind.NOTE, "git-ai working logs", _find)
