"""Checkpoints of the Entire command line: sessions of agents, stored beside the commits.

A commit names its checkpoints in `Entire-Checkpoint: <12 hexadecimal digits or a ULID>` trailers,
several after squashing. A checkpoint is a folder `<first two>/<rest>/` on the branch
`entire/checkpoints/v1`, or has its own reference `refs/entire/checkpoints/<shard>/<id>`. It holds
`metadata.json` (`files_touched`, `sessions[]`) and a folder for each session: `N/metadata.json`
(`agent`, `files_touched`) and `N/full.jsonl`, the transcript. The metadata doesn't name the model,
so it's read from the transcript, and nothing else is. Running sessions are
`entire-sessions/<id>.json` in the git folder (`base_commit`, `agent_type`, `files_touched`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from xreview.domain.authorship.author import Evidence, EvidenceKind, WrittenLines
from xreview.domain.report import Confidence
from xreview.domain.text import count_of
from xreview.repo.attribution.base import NamedWriter
from xreview.repo.attribution.evidence_source import (
    EvidenceSource,
    Found,
    TracedChange,
    newest_files,
    read_below,
)
from xreview.repo.attribution.json_fields import Record, field_text, items_at, json_object
from xreview.repo.attribution.signatures.naming import writer_recorded

_BRANCH = "entire/checkpoints/v1"
_REFERENCES = "refs/entire/checkpoints"
_LIVE_FOLDER = "entire-sessions"
_LIVE_BYTES = 1024 * 1024
_TRANSCRIPT_BYTES = 16 * 1024 * 1024
_MOST_SESSIONS = 20  # of a checkpoint
_MOST_LIVE = 100
_MOST_CHECKPOINTS = 200
_MOST_FILES = 5_000
_ROW_BYTES = 4 * 1024 * 1024
_NAMED = re.compile(
    r"\bEntire-Checkpoint:[ \t]*([0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})(?![0-9A-Za-z])"
)
_METADATA = "metadata.json"
_NO_AGENT = "agent"  # the recorder's word for an unknown agent

_Reader = Callable[[Sequence[str]], Mapping[str, bytes]]


def checkpoint_ids(message: str) -> tuple[str, ...]:
    """The ids of the checkpoints a commit message names."""
    return tuple(dict.fromkeys(_NAMED.findall(message)))


def _checkpoint_evidence(
    named: Mapping[str, Sequence[str]], stores: Sequence[str], read: _Reader
) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """The evidence in checkpoints, and the ids of missing checkpoints.

    Args:
        named: by checkpoint, the ids of the commits that name it.
        stores: commit ids of the branch, and of single checkpoints as `<id>=<commit>`.
        read: reads the available objects by `<id>:<path>`.
    """
    places = {id: _places(id, stores) for id in named}
    roots = read([f"{place}{_METADATA}" for found in places.values() for place in found])
    sessions: dict[str, list[str]] = {}
    for id, found in places.items():
        for place in found:
            if record := json_object(roots.get(f"{place}{_METADATA}", b"")):
                count = len(items_at(record, "sessions")) or 1
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
    """The evidence in the state of a running session, if it began at commit `head`."""
    record = json_object(session)
    if record is None or field_text(record, "base_commit") != head:
        return ()
    writer = _writer(field_text(record, "agent_type"), "")
    files = _files(record)
    if writer is None or not files:
        return ()
    at = field_text(record, "started_at")[:40]
    return (writer.evidence(EvidenceKind.CHECKPOINT, pointer, "", files, at),)


def models_in(transcript: bytes) -> tuple[str, ...]:
    """The models that answered in a transcript, most answers first.

    Claude Code writes a record a line with `message.model`, Gemini CLI one object with
    `messages[].model`.
    """
    counted = Counter(filter(None, _models(transcript)))
    return tuple(model for model, _ in counted.most_common())


def _places(id: str, stores: Sequence[str]) -> tuple[str, ...]:
    """The prefixes of the object names of a checkpoint's files."""
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
    record = json_object(records.get(f"{place}{_METADATA}", b"")) or {}
    models = models_in(transcripts.get(f"{place}full.jsonl", b""))
    model = field_text(record, "model") or "".join(models[:1])
    writer = _writer(field_text(record, "agent"), model)
    if writer is None:
        return
    at = field_text(record, "created_at")[:40]
    for commit in commits:
        pointer = f"Entire-Checkpoint: {id}"
        yield writer.evidence(EvidenceKind.CHECKPOINT, pointer, commit, _files(record), at)


def _writer(agent: str, model: str) -> NamedWriter | None:
    writer = writer_recorded("" if agent.lower() == _NO_AGENT else agent, model)
    # Metadata names the files a session touched, not the lines it wrote.
    return writer.at_most(Confidence.MEDIUM) if writer.is_known else None


def _files(record: Record) -> tuple[WrittenLines, ...]:
    paths = (path for path in items_at(record, "files_touched") if isinstance(path, str) and path)
    return tuple(map(WrittenLines, list(dict.fromkeys(paths))[:_MOST_FILES]))


def _models(transcript: bytes) -> Iterator[str]:
    for row in transcript.split(b"\n"):
        if b'"model"' not in row or len(row) > _ROW_BYTES:
            continue
        record = json_object(row)
        if field_text(record, "type") == "assistant":
            yield field_text(record, "message", "model")
    if transcript.startswith(b"{"):
        for message in items_at(json_object(transcript), "messages"):
            if field_text(message, "type") in ("gemini", "assistant"):
                yield field_text(message, "model")


def _find(change: TracedChange) -> Found:
    evidence = list(_of_running_sessions(change))
    named: dict[str, list[str]] = {}
    for commit in change.commits:
        for checkpoint in checkpoint_ids(commit.message):
            named.setdefault(checkpoint, []).append(commit.id)
    if not named:
        return evidence, ()

    def read(names: Sequence[str]) -> Mapping[str, bytes]:
        return change.read(names, _TRANSCRIPT_BYTES).contents

    branches = change.references(f"refs/heads/{_BRANCH}", f"refs/remotes/*/{_BRANCH}")
    found, missing = _checkpoint_evidence(named, tuple(dict.fromkeys(branches.values())), read)
    evidence += found
    if missing:
        patterns = (f"{_REFERENCES}/*/{id}" for id in missing[:_MOST_CHECKPOINTS])
        own = change.references(*patterns).items()
        stores = [f"{name.rpartition('/')[2]}={commit}" for name, commit in own]
        if stores:
            left = {id: named[id] for id in missing}
            found, missing = _checkpoint_evidence(left, stores, read)
            evidence += found
    if not missing:
        return evidence, ()
    return evidence, (
        f"Author search: {count_of(len(missing), 'Entire checkpoint')} named by commits not found, "
        f"{missing[0]} first. Fetch the branch {_BRANCH}.",
    )


def _of_running_sessions(change: TracedChange) -> Iterator[Evidence]:
    folder = change.repository.common_dir
    if head := change.lineage.head:
        for name in newest_files(folder / _LIVE_FOLDER, ".json", _MOST_LIVE):
            path = f"{_LIVE_FOLDER}/{name}"
            yield from live_evidence(
                read_below(folder, path, _LIVE_BYTES), head, str(folder / path)
            )


SOURCE = EvidenceSource(EvidenceKind.CHECKPOINT, "Entire checkpoints", _find)
