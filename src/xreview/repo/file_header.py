"""From the lines above a file's first hunk, and its hunks, to a `FileDiff`.

The format is that of git-diff(1), "Generating patch text with -p" and "Combined diff format";
a header may also be just `--- old` and `+++ new`, as diff(1) -u writes it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from xreview.domain.change import FileDiff, FileStatus
from xreview.repo.names import (
    ABSENT,
    file_name,
    git_names,
    text,
    unquoted,
    without_prefixes,
)

LINK_MODE = "120000"
SUBMODULE_MODE = "160000"
REGULAR_MODE = "100644"
GIT_MARK = b"diff --git "
COMBINED_MARKS = (b"diff --cc ", b"diff --combined ")
BINARY_PATCH = b"GIT binary patch"
SUBMODULE_NOTICE = "A submodule: only the commit it points to is compared, nothing inside it."
BINARY_NOTICE = "No lines are shown: binary, or an attribute of the repository says so."
_LINK_NOTICE = "A symbolic link: the line is the path it points to."
_COMBINED_NOTICE = "A merge of several parents: shown against the first of them."
_BINARY_START, _BINARY_END = b"Binary files ", b" differ"
_MODES = re.compile(rb"[0-7]{6}")
_IDS = re.compile(rb"([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]{6}))?$")
_COMBINED_IDS = re.compile(rb"([0-9a-f]{4,64})(?:,[0-9a-f]{4,64})+\.\.([0-9a-f]{4,64})$")

Fields = dict[bytes, bytes]
_FIELD = re.compile(
    rb"((?:old|new|deleted file|new file) mode |(?:rename|copy) (?:from|to) |index |mode "
    rb"|--- |\+\+\+ |diff --(?:git|cc|combined) )(.*)",
    re.DOTALL,
)


def file_diff(header: Sequence[bytes], body: bytes) -> FileDiff | None:
    """The diff of one file.

    Args:
        header: the lines above the first hunk, without line ends.
        body: everything from the first `@@` on (two-way hunks only), "" for none.

    None where the lines name no file, or where they say of a file that nothing changed.
    """
    fields = _fields(header)
    names = _names(fields, header)
    if names is None:
        return None
    old, new = names
    old_mode, new_mode = _modes(fields)
    old_blob, new_blob, shared_mode = _blobs(fields)
    if shared_mode:
        old_mode, new_mode = old_mode or shared_mode, new_mode or shared_mode
    status = _status(fields, old, new)
    if status is FileStatus.ADDED:
        old_mode = old_blob = ""
    elif status is FileStatus.DELETED:
        new_mode = new_blob = ""
    binary = any(row == BINARY_PATCH or _is_binary(row) for row in header)
    if not (body or binary or old_blob or new_blob or b"--- " in fields) and (
        status is FileStatus.MODIFIED and old_mode == new_mode
    ):
        return None
    path = old if status is FileStatus.DELETED else new
    return FileDiff(
        path=text(path),
        status=status,
        old_path=text(old) if old not in (path, ABSENT) else None,
        old_mode=old_mode,
        new_mode=new_mode,
        old_blob=old_blob,
        new_blob=new_blob,
        binary=binary,
        body=b"" if binary else body,
        notice=_notice(fields, binary, old_mode, new_mode),
    )


def says_something(row: bytes) -> bool:
    """Whether a line above the hunks is one that `file_diff` reads."""
    return bool(_FIELD.match(row)) or row == BINARY_PATCH or _is_binary(row)


def type_changed(deleted: FileDiff, added: FileDiff) -> FileDiff:
    """One diff out of the two that git prints where a file became a link or a submodule."""
    return replace(
        added,
        status=FileStatus.TYPE_CHANGED,
        old_mode=deleted.old_mode,
        old_blob=deleted.old_blob,
        binary=deleted.binary or added.binary,
        body=deleted.body + added.body,
        notice=added.notice or deleted.notice,
    )


def _fields(header: Sequence[bytes]) -> Fields:
    fields: Fields = {}
    for row in header:
        if match := _FIELD.match(row):
            fields.setdefault(match[1], match[2])
    return fields


def _names(fields: Fields, header: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Old and new name without prefixes; `/dev/null` for a side that does not exist."""
    for verb in (b"rename", b"copy"):
        source, target = fields.get(verb + b" from "), fields.get(verb + b" to ")
        if source and target:
            return unquoted(source), unquoted(target)
    for mark in COMBINED_MARKS:
        if mark in fields:
            name = unquoted(fields[mark])
            return (name, name) if name else None
    names = None
    if b"--- " in fields and b"+++ " in fields:
        by_git = GIT_MARK in fields
        names = (
            file_name(fields[b"--- "], by_git=by_git),
            file_name(fields[b"+++ "], by_git=by_git),
        )
    if names is None and GIT_MARK in fields:
        names = git_names(fields[GIT_MARK])
    if names is None:
        names = _binary_names(header)
    if names is None or names == (ABSENT, ABSENT) or b"" in names:
        return None
    old, new = without_prefixes(*names)
    return (old, new) if old and new else None


def _binary_names(header: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    for row in header:
        if _is_binary(row):
            names = row[len(_BINARY_START) : -len(_BINARY_END)]
            old, _, new = names.partition(b" and ")
            return unquoted(old), unquoted(new)
    return None


def _is_binary(row: bytes) -> bool:
    return row.startswith(_BINARY_START) and row.endswith(_BINARY_END)


def _modes(fields: Fields) -> tuple[str, str]:
    old = fields.get(b"old mode ") or fields.get(b"deleted file mode ") or b""
    new = fields.get(b"new mode ") or fields.get(b"new file mode ") or b""
    if b"mode " in fields and not (old or new):  # combined: `mode <old>,<old>..<new>`
        old, _, new = fields[b"mode "].partition(b"..")
    return _mode(old), _mode(new)


def _mode(field: bytes) -> str:
    match = _MODES.match(field)
    return match[0].decode() if match else ""


def _blobs(fields: Fields) -> tuple[str, str, str]:
    row = fields.get(b"index ", b"")
    match = _IDS.match(row)
    if match:
        return _blob(match[1]), _blob(match[2]), (match[3] or b"").decode()
    combined = _COMBINED_IDS.match(row)
    return (_blob(combined[1]), _blob(combined[2]), "") if combined else ("", "", "")


def _blob(id: bytes) -> str:
    return "" if not id.strip(b"0") else id.decode()


def _status(fields: Fields, old: bytes, new: bytes) -> FileStatus:
    if b"copy from " in fields:
        return FileStatus.COPIED
    if b"rename from " in fields:
        return FileStatus.RENAMED
    if b"new file mode " in fields or old == ABSENT:
        return FileStatus.ADDED
    if b"deleted file mode " in fields or new == ABSENT:
        return FileStatus.DELETED
    return FileStatus.MODIFIED


def _notice(fields: Fields, binary: bool, old_mode: str, new_mode: str) -> str:
    if SUBMODULE_MODE in (old_mode, new_mode):
        return SUBMODULE_NOTICE
    if binary:
        return BINARY_NOTICE
    if LINK_MODE in (old_mode, new_mode):
        return _LINK_NOTICE
    return _COMBINED_NOTICE if any(mark in fields for mark in COMBINED_MARKS) else ""
