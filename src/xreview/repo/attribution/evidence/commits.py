"""Reading commits, their notes and their checkpoints, many at a time."""

from collections.abc import Mapping, Sequence

from xreview.domain.authorship.author import Evidence
from xreview.domain.text import count_of
from xreview.repo.attribution.base import Deadline, dated
from xreview.repo.attribution.evidence import checkpoints, notes
from xreview.repo.attribution.objects import read_objects
from xreview.repo.attribution.references import (
    References,
    checkpoints_of_their_own,
    references_of,
)
from xreview.repo.attribution.signatures.identities import identity_evidence
from xreview.repo.attribution.signatures.message import message_evidence
from xreview.repo.change.history import CommitDetails, parse_commit
from xreview.repo.repository import Repository

Found = tuple[list[Evidence], list[str]]
"""Evidence, and notices."""


def committed_evidence(repository: Repository, ids: Sequence[str], deadline: Deadline) -> Found:
    """What commits, and the notes and checkpoints that belong to them, tell. Raises ChangeError.

    Args:
        ids: their full ids.
    """
    references = references_of(repository, deadline)
    note_names = {id: _note_names(id, references) for id in ids}
    names = [*ids, *(name for found in note_names.values() for name in found)]
    read = read_objects(repository, names, notes.NOTE_BYTES, deadline)
    evidence: list[Evidence] = []
    malformed: list[str] = []
    named: dict[str, list[str]] = {}
    for id in ids:
        if (content := read.contents.get(id)) is not None:
            commit = parse_commit(id, content)
            evidence += _of_commit(commit)
            for checkpoint in checkpoints.checkpoint_ids(commit.message):
                named.setdefault(checkpoint, []).append(id)
        for name in note_names[id]:
            if (note := read.contents.get(name)) is not None:
                found = _of_note(id, name, note, references)
                evidence += found or ()
                malformed += [id] if found is None else []
    notices = _notices(read.too_large, malformed)
    if named:
        found, missing = _of_checkpoints(repository, named, references, deadline)
        evidence += found
        notices += missing
    return evidence, notices


def _of_commit(commit: CommitDetails) -> list[Evidence]:
    found = (*identity_evidence(commit), *message_evidence(commit))
    return [dated(one, commit.author.at) for one in found]


def _note_names(id: str, references: References) -> list[str]:
    """Where the notes of a commit may be: git cuts the id into folders as notes get many."""
    paths = (id, f"{id[:2]}/{id[2:]}", f"{id[:2]}/{id[2:4]}/{id[4:]}")
    return [f"{store}:{path}" for store in references.notes.values() for path in paths]


def _of_note(
    id: str, name: str, note: bytes, references: References
) -> tuple[Evidence, ...] | None:
    is_by_git_ai = name.startswith(f"{references.notes.get(notes.AI_NOTES)}:")
    read = notes.note_evidence if is_by_git_ai else notes.whogitit_evidence
    return read(id, note)


def _of_checkpoints(
    repository: Repository,
    named: Mapping[str, Sequence[str]],
    references: References,
    deadline: Deadline,
) -> Found:
    def read(names: Sequence[str]) -> Mapping[str, bytes]:
        limit = checkpoints.TRANSCRIPT_BYTES
        return read_objects(repository, names, limit, deadline).contents

    stores = references.checkpoints
    evidence, missing = checkpoints.checkpoint_evidence(named, stores, read)
    if missing and (own := checkpoints_of_their_own(repository, missing, deadline)):
        left = {id: named[id] for id in missing}
        places = [f"{id}={commit}" for id, commit in own.items()]
        more, missing = checkpoints.checkpoint_evidence(left, places, read)
        evidence += more
    if not missing:
        return list(evidence), []
    notice = (
        f"{count_of(len(missing), 'Entire checkpoint')} that the commits name, "
        f"{missing[0]} first, could not be read: the branch {checkpoints.BRANCH} is not here, or "
        "does not have them."
    )
    return list(evidence), [notice]


def _notices(too_large: Sequence[str], malformed: Sequence[str]) -> list[str]:
    notices: list[str] = []
    if too_large:
        notices.append(
            f"{count_of(len(too_large), 'commit or note', 'commits or notes')} too large to be "
            f"read for who wrote them, {too_large[0]} first."
        )
    if malformed:
        notices.append(
            f"{count_of(len(malformed), 'note')} on commits, that of {malformed[0][:12]} first, "
            "could not be understood."
        )
    return notices
