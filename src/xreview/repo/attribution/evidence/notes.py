"""The notes of git-ai: which lines of a commit an agent or a known person wrote.

The form is `authorship/3.0.0` (git-ai's specification of 2026-05-18), kept in `refs/notes/ai`: a
path at the start of a line, in quotes if it has spaces; below it, two spaces deep, a key and line
ranges; a line `---`; a JSON object with `sessions` (key before `::`), `humans` (`h_…`) and
`prompts` (all other keys). Lines are those of that commit's version of the file; what is not
listed is not tracked, which does not mean that a person wrote it. Old notes hold whole
conversations (`messages`): of the JSON only agent and model are kept.

`refs/notes/whogitit` is a JSON object with `session.model.id` and `.provider`, for all of a commit.
"""

import re
from collections.abc import Iterator

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind, WrittenLines
from xreview.domain.authorship.line_ranges import merged_ranges
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import NamedWriter, Record, parse_record, record_at, trace_text
from xreview.repo.attribution.signatures.naming import writer_recorded

AI_NOTES = "refs/notes/ai"
WHOGITIT_NOTES = "refs/notes/whogitit"
NOTE_BYTES = 8 * 1024 * 1024
_MOST_RANGES = 200_000
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_KEY = re.compile(r"\s+(\S+) ([\d,\- ]+)")

_Ranges = list[tuple[int, int]]
_Lines = dict[str, dict[str, _Ranges]]  # by key and path


def note_evidence(commit: str, note: bytes) -> tuple[Evidence, ...] | None:
    """The evidence in one git-ai note, one for each agent and model; None where it is malformed.

    Args:
        commit: the id of the commit it is attached to.
    """
    attested, found, metadata = note.decode("utf-8", "surrogateescape").partition("\n---\n")
    if not found and (attested.startswith("---\n") or attested.rstrip("\n") == "---"):
        attested, metadata = "", attested[4:]
    record = parse_record(metadata)
    if record is None:
        return None
    pointer = f"{AI_NOTES} of {commit[:12]}"
    by_writer: dict[NamedWriter, dict[str, _Ranges]] = {}
    for key, by_path in _attested(attested).items():
        lines = by_writer.setdefault(_writer(key, record), {})
        for path, ranges in by_path.items():
            lines.setdefault(path, []).extend(ranges)
    return tuple(
        _evidence(writer, commit, by_path, pointer)
        for writer, by_path in by_writer.items()
        if writer.tool or writer.vendor  # a key without metadata tells nothing
    )


def whogitit_evidence(commit: str, note: bytes) -> tuple[Evidence, ...] | None:
    """The evidence in one note of whogitit; None where it is malformed."""
    record = parse_record(note)
    if record is None:
        return None
    model = record_at(record_at(record, "session"), "model")
    writer = writer_recorded("", f"{trace_text(model, 'provider')}/{trace_text(model, 'id')}")
    if not writer.vendor:
        return ()
    return (_evidence(writer, commit, {}, f"{WHOGITIT_NOTES} of {commit[:12]}"),)


def _attested(text: str) -> _Lines:
    """Whose lines are where. What follows no rule is skipped."""
    found: _Lines = {}
    path, count = "", 0
    for row in text.split("\n"):
        if row and not row[0].isspace():
            path = row[1:-1] if len(row) > 1 and row[0] == row[-1] == '"' else row
        elif path and count < _MOST_RANGES and (match := _KEY.fullmatch(row.rstrip())):
            key, ranges = match[1], list(_ranges(match[2]))
            count += len(ranges)
            if ranges:
                found.setdefault(key, {}).setdefault(path, []).extend(ranges)
    return found


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        if match := _RANGE.fullmatch(part.strip()):
            start, end = int(match[1]), int(match[2] or match[1])
            if 0 < start <= end:
                yield start, end


def _writer(key: str, record: Record) -> NamedWriter:
    if key.startswith("h_"):
        return NamedWriter(PERSON, "", "", Confidence.HIGH)
    if key.startswith("s_"):
        session = record_at(record_at(record, "sessions"), key.partition("::")[0])
    else:
        session = record_at(record_at(record, "prompts"), key)
    agent = record_at(session, "agent_id")
    return writer_recorded(trace_text(agent, "tool"), trace_text(agent, "model"))


def _evidence(
    writer: NamedWriter, commit: str, by_path: dict[str, _Ranges], pointer: str
) -> Evidence:
    return Evidence(
        EvidenceKind.NOTE,
        writer.tool,
        writer.vendor,
        writer.model,
        writer.confidence,
        pointer,
        commit,
        tuple(WrittenLines(path, merged_ranges(ranges)) for path, ranges in by_path.items()),
    )
