"""Parsing a file's diff header.

The format is that of git-diff(1), "Generating patch text with -p" and "Combined diff format", or
just `--- old` and `+++ new`, as diff(1) -u writes it.
"""

import re
from collections.abc import Sequence

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.record import dataclass, replace
from xreview.repo.diff.file_names import (
    ABSENT,
    decoded_name,
    git_names,
    header_file_name,
    unprefixed_pair,
    unquote,
)

LINK_MODE = "120000"
SUBMODULE_MODE = "160000"
REGULAR_MODE = "100644"
EXECUTABLE_MODE = "100755"
GIT_MARK = b"diff --git "
COMBINED_MARKS = (b"diff --cc ", b"diff --combined ")
BINARY_PATCH = b"GIT binary patch"
SUBMODULE_NOTICE = "A submodule: only its commit is compared, not its content."
BINARY_NOTICE = "Binary (or declared so by an attribute); no lines are shown."
_LINK_NOTICE = "A symbolic link; its line is the target path."
_COMBINED_NOTICE = "A merge of several parents, compared with the first."
_BINARY_STARTS, _BINARY_END = (b"Binary files ", b"Files "), b" differ"
_SUBMODULE_LINE = re.compile(
    rb"Submodule (.+?) (?:[0-9a-f]{4,64}\.{2,3}[0-9a-f]{4,64}\b"
    rb"|contains (?:modified|untracked) content\Z)",
    re.DOTALL,
)
_MODES = re.compile(rb"[0-7]{6}")
_IDS = re.compile(rb"([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]{6}))?$")
_COMBINED_IDS = re.compile(rb"([0-9a-f]{4,64})(?:,[0-9a-f]{4,64})+\.\.([0-9a-f]{4,64})$")

_EXTENDED = (b"similarity index ", b"dissimilarity index ")

Fields = dict[bytes, bytes]
_FIELD = re.compile(
    rb"((?:old|new|deleted file|new file) mode |(?:rename|copy) (?:from|to) |index |mode "
    rb"|--- |\+\+\+ |diff --(?:git|cc|combined) )(.*)",
    re.DOTALL,
)


def file_diff(header: Sequence[bytes], body: bytes) -> FileDiff | None:
    """The diff of one file, as our own git prints it, with the prefixes `a/` and `b/`.

    None if the lines name no file, or a file that didn't change.

    Args:
        header: the lines above the first hunk, without line feeds.
        body: everything from the first `@@` on (two-way hunks only), or b"".
    """
    named = names_of(header)
    if named is None:
        return None
    names = (named.old, named.new)
    if not named.is_exact:
        names = unprefixed_pair(*names)
    if not all(names):  # an ambiguous line, which our own git never prints
        return None
    file = file_of(header, body, names)
    return None if is_unchanged(file, header) else file


def file_of(header: Sequence[bytes], body: bytes, names: tuple[bytes, bytes]) -> FileDiff:
    """The diff of one file with these names; `/dev/null` for a side that doesn't exist."""
    fields = _fields(header)
    old, new = names
    old_mode, new_mode = _modes(fields)
    old_blob, new_blob, shared_mode = _blobs(fields)
    if shared_mode:
        old_mode, new_mode = old_mode or shared_mode, new_mode or shared_mode
    if is_submodule(header[0]):
        old_mode = new_mode = SUBMODULE_MODE
    status = _status(fields, old, new)
    if status is FileStatus.ADDED:
        old_mode = old_blob = ""
    elif status is FileStatus.DELETED:
        new_mode = new_blob = ""
    binary = not body and any(row == BINARY_PATCH or is_binary(row) for row in header)
    path = old if status is FileStatus.DELETED and old != ABSENT else new
    return FileDiff(
        path=decoded_name(path),
        status=status,
        old_path=decoded_name(old) if old not in (path, ABSENT) else None,
        old_mode=old_mode,
        new_mode=new_mode,
        old_blob=old_blob,
        new_blob=new_blob,
        binary=binary,
        body=body,
        notice=_notice(fields, binary, old_mode, new_mode),
    )


def is_unchanged(file: FileDiff, header: Sequence[bytes]) -> bool:
    """Whether a file is only named: git prints that if only its timestamp changed."""
    return (
        not (file.body or file.binary or file.old_blob or file.new_blob)
        and not any(row.startswith(b"--- ") for row in header)
        and file.status is FileStatus.MODIFIED
        and file.old_mode == file.new_mode
    )


def mark_of(row: bytes) -> bytes | None:
    """The mark that a header line begins with; None for any other line."""
    if match := _FIELD.match(row):
        return match[1]
    if row == BINARY_PATCH:
        return BINARY_PATCH
    if is_binary(row):
        return b"Binary files "
    return next((mark for mark in _EXTENDED if row.startswith(mark)), None)


def type_changed(deleted: FileDiff, added: FileDiff) -> FileDiff:
    """Merge the two diffs that git prints if a file becomes a link or a submodule."""
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


@dataclass(frozen=True, slots=True)
class HeaderNames:
    """The names in a header, with prefixes; `/dev/null` for a side that doesn't exist.

    Args:
        is_exact: whether they have no prefixes.
        by_git: both names of git's own line, if there is one that can be split.
        git_line: that line, if nothing else names the files.
    """

    old: bytes
    new: bytes
    is_exact: bool = False
    by_git: tuple[bytes, bytes] | None = None
    git_line: bytes = b""

    @property
    def is_contradictory(self) -> bool:
        """Whether git's own line and the lines below it name different files."""
        return self.by_git is not None and not all(
            name in (ABSENT, named)
            for name, named in zip((self.old, self.new), self.by_git, strict=True)
        )


def names_of(header: Sequence[bytes]) -> HeaderNames | None:
    """The names in a header; None if there are none."""
    fields = _fields(header)
    for mark in COMBINED_MARKS:
        if mark in fields:
            name = unquote(fields[mark])
            return HeaderNames(name, name, is_exact=True) if name else None
    by_git = git_names(fields[GIT_MARK]) if GIT_MARK in fields else None
    for verb in (b"rename", b"copy"):
        source, target = fields.get(verb + b" from "), fields.get(verb + b" to ")
        if source and target:
            return HeaderNames(unquote(source), unquote(target), is_exact=True)
    if match := _SUBMODULE_LINE.match(header[0]):
        return HeaderNames(match[1], match[1], is_exact=True)
    names = None
    if b"--- " in fields and b"+++ " in fields:
        git_wrote = GIT_MARK in fields
        names = (
            header_file_name(fields[b"--- "], by_git=git_wrote),
            header_file_name(fields[b"+++ "], by_git=git_wrote),
        )
    names = names or by_git or _binary_names(header)
    if names is not None and by_git is None and GIT_MARK in fields:
        by_git = _cut_by(fields[GIT_MARK], *names)
    if names is None and (line := fields.get(GIT_MARK)):
        return HeaderNames(b"", b"", git_line=line)
    if names is None or names == (ABSENT, ABSENT) or b"" in names:
        return None
    return HeaderNames(*names, by_git=by_git)


def _cut_by(line: bytes, old: bytes, new: bytes) -> tuple[bytes, bytes] | None:
    """Split git's line with the names below it, of which one may be `/dev/null`."""
    if new != ABSENT and line.endswith(b" " + new):
        return line[: -len(new) - 1], new
    if old != ABSENT and line.startswith(old + b" "):
        return old, line[len(old) + 1 :]
    return None


def _binary_names(header: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    for row in header:
        if is_binary(row):
            names = row.partition(b"iles ")[2].removesuffix(_BINARY_END)
            old, _, new = names.partition(b" and ")
            return unquote(old), unquote(new)
    return None


def is_binary(row: bytes) -> bool:
    """Whether a line says that two binary files differ."""
    return row.startswith(_BINARY_STARTS) and row.endswith(_BINARY_END) and b" and " in row


def is_submodule(row: bytes) -> bool:
    """Whether a line names the commits of a submodule (git-diff(1), --submodule=log)."""
    return _SUBMODULE_LINE.match(row) is not None


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
