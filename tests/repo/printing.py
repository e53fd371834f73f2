"""Printing file diffs as git does, for tests that read them back."""

from xreview.domain.change import FileDiff, FileStatus

_ESCAPES = {9: b"\\t", 10: b"\\n", 13: b"\\r", 34: b'\\"', 92: b"\\\\"}


def quoted(name: bytes) -> bytes:
    """A name as git writes it: in quotes where a character needs it."""
    pieces = [
        _ESCAPES.get(byte, b"\\%03o" % byte if byte < 32 or byte > 126 else bytes((byte,)))
        for byte in name
    ]
    result = b"".join(pieces)
    return result if result == name else b'"' + result + b'"'


def printed(file: FileDiff) -> bytes:
    """The patch text of a file of which nothing but text, name or existence changes."""
    new = file.path.encode("utf-8", "surrogateescape")
    old = (file.old_path or file.path).encode("utf-8", "surrogateescape")
    rows = [b"diff --git " + quoted(b"a/" + old) + b" " + quoted(b"b/" + new)]
    if file.status is FileStatus.ADDED:
        rows.append(b"new file mode " + file.new_mode.encode())
    if file.status is FileStatus.DELETED:
        rows.append(b"deleted file mode " + file.old_mode.encode())
    if file.status in (FileStatus.RENAMED, FileStatus.COPIED):
        verb = b"rename" if file.status is FileStatus.RENAMED else b"copy"
        rows += [b"similarity index 90%" if file.body else b"similarity index 100%"]
        rows += [verb + b" from " + quoted(old)]
        rows.append(verb + b" to " + quoted(new))
    if file.body:
        ids = f"{file.old_blob or '0000000'}..{file.new_blob or '0000000'}"
        same = file.old_mode if file.old_mode == file.new_mode else ""
        rows.append(f"index {ids} {same}".rstrip().encode())
        rows.append(b"--- " + (_name(b"a/" + old) if file.old_mode else b"/dev/null"))
        rows.append(b"+++ " + (_name(b"b/" + new) if file.new_mode else b"/dev/null"))
    return b"\n".join(rows) + b"\n" + file.body


def _name(name: bytes) -> bytes:
    result = quoted(name)
    return result + b"\t" if b" " in name and result == name else result
