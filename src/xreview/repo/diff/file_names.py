"""File names in a patch, as git and diff write them.

git puts names with control characters, quotes or backslashes in double quotes, with C escapes and
three octal digits for other bytes (git-config(1), `core.quotePath`).
"""

import re

ABSENT = b"/dev/null"
_ESCAPE = re.compile(rb"\\([abtnvfr\"\\]|[0-3][0-7]{2})")
_LETTERS = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')
_TIME_STAMP = re.compile(rb"[ \t]\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?.*$")
_EPOCH = re.compile(rb"\s(?:1970-01-01|1969-12-31) .*$")
_PREFIXES = frozenset(b"abciow12")  # a/ b/, and those of diff.mnemonicPrefix


def unquote(name: bytes) -> bytes:
    """Return a name without its quotes and escapes."""
    if len(name) > 1 and name.startswith(b'"') and name.endswith(b'"'):
        return _ESCAPE.sub(_unescaped, name[1:-1])
    return name


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes((_LETTERS[code[0]] if code[0] in _LETTERS else int(code, 8),))


def header_file_name(row: bytes, *, by_git: bool) -> bytes:
    """The name in a `--- ` or `+++ ` line (given without the mark), or `/dev/null`.

    git ends a name that contains spaces with a tab. Other tools write a timestamp; the Unix epoch
    means that the file didn't exist (diff(1), -N).
    """
    quoted = _QUOTED.match(row)
    if quoted:
        return unquote(quoted[0])
    if by_git:
        return row.split(b"\t", 1)[0]
    if _EPOCH.search(row):
        return ABSENT
    return _TIME_STAMP.sub(b"", row).split(b"\t", 1)[0].rstrip(b" ")


def git_names(row: bytes) -> tuple[bytes, bytes] | None:
    """Both names of a `diff --git` line (given without the mark), with their prefixes.

    Unquoted names may contain spaces, so the line is split where both names become equal. None if
    there is no such place (a rename, which names its files in other lines).
    """
    if b'"' in row:
        return _with_quotes(row)
    middle, odd = divmod(len(row), 2)
    if odd and row[middle : middle + 1] == b" ":
        old, new = row[:middle], row[middle + 1 :]
        if old == new or old.partition(b"/")[2] == new.partition(b"/")[2] != b"":
            return old, new
    return None


def _with_quotes(row: bytes) -> tuple[bytes, bytes] | None:
    first = _QUOTED.match(row)
    if first:
        return unquote(first[0]), unquote(row[first.end() :].removeprefix(b" "))
    old, _, new = row.partition(b' "')
    return (old, unquote(b'"' + new)) if new else None


def unprefixed_pair(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Remove a pair of prefixes like `a/` and `b/`.

    A patch made with --no-prefix has none; a folder named `a` is then on both sides.
    """
    if ABSENT in (old, new):
        return _without_prefix(old), _without_prefix(new)
    if old[1:2] == new[1:2] == b"/" and old[0] != new[0] and {old[0], new[0]} <= _PREFIXES:
        return old[2:], new[2:]
    return old, new


def _without_prefix(name: bytes) -> bytes:
    return name[2:] if name[1:2] == b"/" and name[0] in _PREFIXES else name


def decoded_name(name: bytes) -> str:
    """Decode a name as the domain keeps it."""
    return name.decode("utf-8", "surrogateescape")
