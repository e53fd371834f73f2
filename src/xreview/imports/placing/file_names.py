"""A tool's names for files, as the paths that they may mean."""

import posixpath
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from xreview.imports.statement import FileName

LEADS_OUT = ("../", "..\\")
"""The beginnings of a path that leads out of its folder."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:/")
_HOSTED = frozenset({"http:", "https:", "git:", "ssh:", "git+ssh:", "git+https:"})
_LONGEST = 4096
"""In characters: no system has longer paths."""


def of_path(path: str) -> FileName:
    """The readings of a plain path: unchanged, and with Windows separators replaced."""
    if len(path) > _LONGEST:
        return FileName(())
    return FileName(_once(map(_normal, (path, path.replace("\\", "/")))))


def of_uri(uri: str, bases: Iterable[str] = ()) -> FileName:
    """The readings of a URI reference (RFC 3986).

    Args:
        bases: the URIs that it is relative to, the innermost first; "" for an unknown one.

    Tools forget to encode, so the undecoded reference is a reading too. Bases may belong to another
    machine, so the reference without them is one as well. A web URL is read as its path, since the
    tool means a file in a checkout.
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
    """Whether a path is absolute, on any system."""
    return path.startswith("/") or _DRIVE.match(path) is not None


def is_elsewhere(name: FileName) -> bool:
    """Whether all readings lead out of their folder, or there are none."""
    return all(reading.startswith(LEADS_OUT) for reading in name.readings)


def joined_path(folder: str, path: str) -> str:
    """A path below a folder, normalized; it may lead out of the folder."""
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
    """The normalized path. Two leading slashes are one, which POSIX leaves open."""
    return re.sub(r"^/+", "/", posixpath.normpath(path)) if path else ""
