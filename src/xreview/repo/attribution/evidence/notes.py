"""Notes on commits that say which lines an agent or a known person wrote.

git-ai keeps `authorship/3.0.0` (its specification of 2026-05-18) in `refs/notes/ai`: a path at the
start of a line, in quotes if it has spaces; below it, indented by two spaces, a key and line
ranges; a line `---`; a JSON object with `sessions` (key before `::`), `humans` (`h_…`) and
`prompts` (all other keys). Lines are those of that commit's version of the file. Unlisted lines are
untracked, not written by a person. Old notes hold whole conversations (`messages`): only agent and
model are kept.

`refs/notes/whogitit` is a JSON object with `session.model.id` and `.provider`, for a whole commit.
"""

import re
from collections.abc import Iterator

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import NamedWriter, Ranges, written_lines
from xreview.repo.attribution.evidence_source import (
    EvidenceSource,
    Found,
    TracedChange,
    skipped_notice,
)
from xreview.repo.attribution.json_fields import Record, at, field_text, json_object
from xreview.repo.attribution.signatures.naming import writer_recorded

_AI_NOTES = "refs/notes/ai"
_WHOGITIT_NOTES = "refs/notes/whogitit"
_NOTE_BYTES = 8 * 1024 * 1024
_MOST_RANGES = 200_000
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_KEY = re.compile(r"\s+(\S+) ([\d,\- ]+)")

_Lines = dict[str, dict[str, Ranges]]  # by key and path


def note_evidence(commit: str, note: bytes) -> tuple[Evidence, ...] | None:
    """The evidence in a commit's git-ai note, one for each agent and model; None if malformed."""
    attested, found, metadata = note.decode("utf-8", "surrogateescape").partition("\n---\n")
    if not found and (attested.startswith("---\n") or attested.rstrip("\n") == "---"):
        attested, metadata = "", attested[4:]
    record = json_object(metadata)
    if record is None:
        return None
    pointer = f"{_AI_NOTES} of {commit[:12]}"
    by_writer: dict[NamedWriter, dict[str, Ranges]] = {}
    for key, by_path in _attested(attested).items():
        lines = by_writer.setdefault(_writer(key, record), {})
        for path, ranges in by_path.items():
            lines.setdefault(path, []).extend(ranges)
    return tuple(
        writer.evidence(EvidenceKind.NOTE, pointer, commit, written_lines(by_path))
        for writer, by_path in by_writer.items()
        if writer.is_known  # a key without metadata says nothing
    )


def whogitit_evidence(commit: str, note: bytes) -> tuple[Evidence, ...] | None:
    """The evidence in a commit's whogitit note; None if malformed."""
    record = json_object(note)
    if record is None:
        return None
    model = at(record, "session", "model")
    writer = writer_recorded("", f"{field_text(model, 'provider')}/{field_text(model, 'id')}")
    if not writer.vendor:
        return ()
    pointer = f"{_WHOGITIT_NOTES} of {commit[:12]}"
    return (writer.evidence(EvidenceKind.NOTE, pointer, commit),)


def _attested(text: str) -> _Lines:
    """The line ranges by key and path; malformed rows are skipped."""
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
        agent = at(record, "sessions", key.partition("::")[0], "agent_id")
    else:
        agent = at(record, "prompts", key, "agent_id")
    return writer_recorded(field_text(agent, "tool"), field_text(agent, "model"))


def _find(change: TracedChange) -> Found:
    if not change.lineage.ids:
        return (), ()
    stores = change.references(_AI_NOTES, _WHOGITIT_NOTES)
    names = {
        f"{store}:{path}": (id, reference)
        for id in change.lineage.ids
        for reference, store in stores.items()
        # git splits the ids into folders as notes get many.
        for path in (id, f"{id[:2]}/{id[2:]}", f"{id[:2]}/{id[2:4]}/{id[4:]}")
    }
    read = change.read(tuple(names), _NOTE_BYTES)
    evidence: list[Evidence] = []
    malformed: list[str] = []
    for name, note in read.contents.items():
        id, reference = names[name]
        found = (note_evidence if reference == _AI_NOTES else whogitit_evidence)(id, note)
        evidence += found or ()
        malformed += [id] if found is None else []
    return evidence, [
        *skipped_notice([names[one][0] for one in read.too_large], "note", "too large to read"),
        *skipped_notice(malformed, "note", "could not be understood"),
    ]


SOURCE = EvidenceSource(EvidenceKind.NOTE, "notes on commits", _find)
