"""The checkpoints of the Entire command line: sessions of agents, kept beside the commits.

A commit names its checkpoints by trailers `Entire-Checkpoint: <12 hexadecimal digits or a ULID>`,
several after squashing. One is a folder `<first two>/<rest>/` of the branch
`entire/checkpoints/v1`, or a reference `refs/entire/checkpoints/<shard>/<id>` of its own, with
`metadata.json` (`files_touched`, `sessions[]`) and a folder for each session: `N/metadata.json`
(`agent`, `files_touched`) and `N/full.jsonl`, the transcript. The metadata name no model, so it is
taken from the transcript, of which nothing else is looked at. Sessions that still run are
`entire-sessions/<id>.json` in the git folder (`base_commit`, `agent_type`, `files_touched`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from xreview.domain.authorship.author import Evidence, EvidenceKind, WrittenLines
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import (
    NamedWriter,
    Record,
    parse_record,
    record_at,
    records_at,
    texts_at,
    trace_text,
)
from xreview.repo.attribution.signatures.naming import writer_recorded

BRANCH = "entire/checkpoints/v1"
REFERENCES = "refs/entire/checkpoints"
LIVE_FOLDER = "entire-sessions"
LIVE_BYTES = 1024 * 1024
TRANSCRIPT_BYTES = 16 * 1024 * 1024
_MOST_SESSIONS = 20
_MOST_FILES = 5_000
_ROW_BYTES = 4 * 1024 * 1024
_NAMED = re.compile(
    r"\bEntire-Checkpoint:[ \t]*([0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})(?![0-9A-Za-z])"
)
_METADATA = "metadata.json"
# A recorder's word for an agent it does not know.
_NO_AGENT = "agent"

Reader = Callable[[Sequence[str]], Mapping[str, bytes]]
"""Reads objects by names `<id>:<path>`; what is not there, or too large, is left out."""


def checkpoint_ids(message: str) -> tuple[str, ...]:
    """The checkpoints that a commit's message names."""
    return tuple(dict.fromkeys(_NAMED.findall(message)))


def checkpoint_evidence(
    named: Mapping[str, Sequence[str]], stores: Sequence[str], read: Reader
) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """The evidence in checkpoints, and the ids of those that are not here.

    Args:
        named: the ids of commits that name each checkpoint.
        stores: ids of commits of the branch; and those of single checkpoints as `<id>=<commit>`.
        read: reads files of those commits.
    """
    places = {id: _places(id, stores) for id in named}
    roots = read([f"{place}{_METADATA}" for found in places.values() for place in found])
    sessions: dict[str, list[str]] = {}
    for id, found in places.items():
        for place in found:
            if record := parse_record(roots.get(f"{place}{_METADATA}", b"")):
                count = len(list(records_at(record, "sessions"))) or 1
                sessions[id] = [f"{place}{number}/" for number in range(min(count, _MOST_SESSIONS))]
                break
    every = [place for found in sessions.values() for place in found]
    records = read([f"{place}{_METADATA}" for place in every])
    transcripts = read([f"{place}full.jsonl" for place in every])
    evidence = tuple(
        one
        for id, found in sessions.items()
        for place in found
        for one in _evidence(id, named[id], records, transcripts, place)
    )
    return evidence, tuple(id for id in named if id not in sessions)


def live_evidence(session: bytes, head: str, pointer: str) -> tuple[Evidence, ...]:
    """The evidence in a running session's state, if it began at commit `head`."""
    record = parse_record(session)
    if record is None or trace_text(record, "base_commit") != head:
        return ()
    writer = _writer(trace_text(record, "agent_type"), "")
    files = _files(record)
    if writer is None or not files:
        return ()
    at = trace_text(record, "started_at")[:40]
    return (_made(writer, pointer, "", files, at),)


def models_in(transcript: bytes) -> tuple[str, ...]:
    """The models that answered in a transcript, the one with the most answers first.

    Claude Code writes a record a line with `message.model`, Gemini CLI one object with
    `messages[].model`; only these fields are kept.
    """
    counted: Counter[str] = Counter(_models(transcript))
    return tuple(model for model, _ in counted.most_common())


def _places(id: str, stores: Sequence[str]) -> tuple[str, ...]:
    """Where a checkpoint may be: what comes before the names of its files."""
    own = tuple(f"{rest}:" for key, _, rest in (one.partition("=") for one in stores) if key == id)
    shared = (one for one in stores if "=" not in one)
    return own + tuple(f"{store}:{id[:2]}/{id[2:]}/" for store in shared)


def _evidence(
    id: str,
    commits: Sequence[str],
    records: Mapping[str, bytes],
    transcripts: Mapping[str, bytes],
    place: str,
) -> Iterator[Evidence]:
    record = parse_record(records.get(f"{place}{_METADATA}", b"")) or {}
    models = models_in(transcripts.get(f"{place}full.jsonl", b""))
    writer = _writer(
        trace_text(record, "agent"), trace_text(record, "model") or "".join(models[:1])
    )
    if writer is None:
        return
    for commit in commits:
        at = trace_text(record, "created_at")[:40]
        yield _made(writer, f"Entire-Checkpoint: {id}", commit, _files(record), at)


def _writer(agent: str, model: str) -> NamedWriter | None:
    writer = writer_recorded("" if agent.lower() == _NO_AGENT else agent, model)
    return writer if writer.tool or writer.vendor else None


def _made(
    writer: NamedWriter, pointer: str, commit: str, files: tuple[WrittenLines, ...], at: str
) -> Evidence:
    # A checkpoint names the files that were touched in the session, not its lines.
    sure = min(writer.confidence, Confidence.MEDIUM)
    kind = EvidenceKind.CHECKPOINT
    return Evidence(
        kind, writer.tool, writer.vendor, writer.model, sure, pointer, commit, files, at
    )


def _files(record: Record) -> tuple[WrittenLines, ...]:
    paths = list(dict.fromkeys(texts_at(record, "files_touched")))[:_MOST_FILES]
    return tuple(WrittenLines(path) for path in paths if path)


def _models(transcript: bytes) -> Iterator[str]:
    for row in transcript.split(b"\n"):
        if b'"model"' not in row or len(row) > _ROW_BYTES:
            continue
        record = parse_record(row)
        if record and trace_text(record, "type") == "assistant":
            yield from filter(None, (trace_text(record_at(record, "message"), "model"),))
    if transcript.startswith(b"{"):
        whole = parse_record(transcript) or {}
        for message in records_at(whole, "messages"):
            if trace_text(message, "type") in ("gemini", "assistant"):
                yield from filter(None, (trace_text(message, "model"),))
