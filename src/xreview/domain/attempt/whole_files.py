"""Pieces that are whole files: those that are taken or left as one."""

from collections.abc import Mapping, Sequence

from xreview.domain.attempt.base_edits import edits_of
from xreview.domain.attempt.piece import AttemptPiece, PieceRef, PieceVersion
from xreview.domain.change import FileDiff, FileStatus

_LINK = "120000"
_SUBMODULE = "160000"
_EXECUTABLE = "100755"
_ID_LENGTHS = (40, 64)
"""Characters of git's whole object ids, SHA-1 and SHA-256."""
_MADE = (FileStatus.ADDED, FileStatus.COPIED)


def base_path(file: FileDiff) -> str:
    """The path by which a file is known in the base; of a new one, its own."""
    if file.status is FileStatus.RENAMED and file.old_path is not None:
        return file.old_path
    return file.path


def is_whole(file: FileDiff) -> bool:
    """Whether a diff is more, or other, than edited lines."""
    return (
        file.status is not FileStatus.MODIFIED
        or file.binary
        or bool(file.unread)
        or file.old_mode != file.new_mode
        or file.new_mode in (_LINK, _SUBMODULE)
        or not file.body
    )


def whole_piece(
    path: str, labels: Sequence[str], diffs: Mapping[str, Sequence[FileDiff]]
) -> AttemptPiece:
    """The piece that is the file at this path of the base, which some attempts change."""
    found: dict[object, tuple[str, list[str]]] = {}
    for label in labels:
        if files := diffs.get(label):
            same = tuple(_becomes(file, label) for file in files)
            found.setdefault(same, (label, []))[1].append(label)
    base, was_cut = _deleted_lines(diffs)
    return AttemptPiece(
        ref=PieceRef(path, 0),
        start=0,
        end=len(base),
        base=base,
        versions=tuple(_version(diffs[first], whose) for first, whose in found.values()),
        untouched=tuple(label for label in labels if label not in diffs),
        is_whole=True,
        ends_without_newline=was_cut,
        blob=next((file.old_blob for files in diffs.values() for file in files), ""),
    )


def _becomes(file: FileDiff, label: str) -> tuple[object, ...]:
    """What is equal for two attempts only if the same becomes of the file."""
    if file.status is FileStatus.DELETED:
        return (FileStatus.DELETED,)
    content: object = file.body
    if len(file.new_blob) in _ID_LENGTHS and file.new_blob.strip("0"):
        content = file.new_blob
    elif file.binary or file.unread:
        content = label  # nobody can tell
    return (file.path, file.new_mode, content)


def _version(files: Sequence[FileDiff], labels: Sequence[str]) -> PieceVersion:
    whole = ", then ".join(_in_words(file) for file in files)
    made = files[-1]
    if made.status not in _MADE or made.binary or made.unread or made.new_mode == _SUBMODULE:
        return PieceVersion(tuple(labels), (), whole=whole)
    edits = list(edits_of(made.body)) if made.status is FileStatus.ADDED else []
    lines = tuple(line for edit in edits for line in edit.added)
    is_cut = any(edit.is_cut for edit in edits)
    return PieceVersion(tuple(labels), lines, whole=whole, ends_without_newline=is_cut)


def _in_words(file: FileDiff) -> str:
    words = _status_in_words(file)
    if file.status is FileStatus.DELETED:
        return words
    more = [words] if words else []
    if file.new_mode == _LINK:
        more.append("a link")
    elif file.new_mode == _SUBMODULE:
        more.append("a submodule")
    elif file.new_mode != file.old_mode and file.old_mode and file.new_mode:
        is_run = file.new_mode == _EXECUTABLE
        more.append("made executable" if is_run else "made not executable")
    if file.binary:
        more.append("binary")
    elif file.unread:
        more.append("not read in full")
    elif file.body and file.status not in _MADE and file.new_mode not in (_LINK, _SUBMODULE):
        more.append("edited")
    return ", ".join(more) or "edited"


def _status_in_words(file: FileDiff) -> str:
    match file.status:
        case FileStatus.ADDED | FileStatus.COPIED:
            return "added"
        case FileStatus.DELETED:
            return "deleted"
        case FileStatus.RENAMED:
            return f"renamed to {file.path}"
        case FileStatus.UNMERGED:
            return "unmerged"
        case FileStatus.MODIFIED | FileStatus.TYPE_CHANGED:
            return ""


def _deleted_lines(diffs: Mapping[str, Sequence[FileDiff]]) -> tuple[tuple[str, ...], bool]:
    """The lines of the base, if an attempt deletes the file, so that its diff shows them."""
    for files in diffs.values():
        for file in files:
            if file.status is FileStatus.DELETED and not (file.binary or file.unread):
                edits = list(edits_of(file.body))
                lines = tuple(line for edit in edits for line in edit.removed)
                return lines, any(edit.was_cut for edit in edits)
    return (), False
