"""From what a tool calls a file to the paths that it may mean."""

import posixpath
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from xreview.imports.problem import FileName

LEADS_OUT = ("../", "..\\")
"""How a path begins that leads out of the folder it is relative to."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:/")
_HOSTED = frozenset({"http:", "https:", "git:", "ssh:", "git+ssh:", "git+https:"})
_LONGEST = 4096
"""In characters: no file of any system has a longer path."""


def of_path(path: str) -> FileName:
    """The readings of a plain path: as it is, and with Windows' separators as ours."""
    if len(path) > _LONGEST:
        return FileName(())
    return FileName(_once(map(_normal, (path, path.replace("\\", "/")))))


def of_uri(uri: str, bases: Iterable[str] = ()) -> FileName:
    """The readings of a URI reference (RFC 3986).

    Args:
        bases: the URIs that it is relative to, the innermost first; "" for one that is not told.

    Tools forget to encode, so the reference as it stands is a reading too; and where the bases
    make it absolute, what is left without them is one, since they may be of another machine. Of a
    URL of the web, the path is one: the tool means a file of a checkout by it.
    """
    readings: list[str] = []
    relative = ""
    is_web = False
    for part in (uri, *bases):
        relative = _joined(part, relative) if relative else part
        if len(relative) > _LONGEST:
            break
        paths, is_web = _paths_of(relative)
        readings = [*paths, *readings]
    return FileName(_once(readings), is_web)


def is_absolute(path: str) -> bool:
    """Whether a path names its file without a folder that it is relative to."""
    return path.startswith("/") or _DRIVE.match(path) is not None


def is_elsewhere(name: FileName) -> bool:
    """Whether all readings lead out of the folder that they are relative to, or there are none."""
    return all(reading.startswith(LEADS_OUT) for reading in name.readings)


def joined_path(folder: str, path: str) -> str:
    """A path below a folder, made plain; it may lead out of it."""
    return posixpath.normpath(f"{folder}/{path}")


def _once(readings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading for reading in readings if reading not in ("", ".")))


def _joined(base: str, relative: str) -> str:
    if _SCHEME.match(relative) or relative.startswith("/") or not base:
        return relative
    return f"{base.rstrip('/')}/{relative}"


def _paths_of(uri: str) -> tuple[list[str], bool]:
    is_web = False
    if not _DRIVE.match(uri.replace("\\", "/")) and (scheme := _SCHEME.match(uri)):
        is_web = scheme[0].lower() in _HOSTED
        if scheme[0].lower() != "file:" and not is_web:
            return [], False
        uri = re.sub(r"^//[^/]*(?=/)", "", uri[len(scheme[0]) :])
        if is_web:
            uri = re.sub(r"[?#].*", "", uri, flags=re.DOTALL)
    decoded = unquote_to_bytes(uri.encode("utf-8", "surrogatepass")).decode(
        "utf-8", "surrogateescape"
    )
    paths = (decoded, uri, decoded.replace("\\", "/"))
    return [_normal(re.sub(r"^/+(?=[A-Za-z]:/)", "", path)) for path in paths], is_web


def _normal(path: str) -> str:
    """The path made plain. Two slashes at its beginning are one, which POSIX leaves open."""
    return re.sub(r"^/+", "/", posixpath.normpath(path)) if path else ""
