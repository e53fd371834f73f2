"""From what a tool calls a file to its path in the change."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import unquote_to_bytes

from xreview.reviewers.imported.problem import FileName

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:/")


def of_path(path: str) -> FileName:
    """The readings of a plain path: as it is, and with Windows' separators as ours."""
    return FileName(tuple(dict.fromkeys(map(_normal, (path, path.replace("\\", "/"))))))


def of_uri(uri: str, bases: Iterable[str] = ()) -> FileName:
    """The readings of a URI reference (RFC 3986).

    Args:
        bases: the URIs that it is relative to, the innermost first; "" for one that is not told.

    Tools forget to encode, so the reference as it stands is a reading too; and where the bases
    make it absolute, what is left without them is one, since they may be of another machine.
    """
    readings: list[str] = []
    relative = ""
    for part in (uri, *bases):
        relative = _joined(part, relative) if relative else part
        readings = [*_paths_of(relative), *readings]
    return FileName(tuple(dict.fromkeys(readings)))


def _joined(base: str, relative: str) -> str:
    if _SCHEME.match(relative) or relative.startswith("/") or not base:
        return relative
    return f"{base.rstrip('/')}/{relative}"


def _paths_of(uri: str) -> list[str]:
    if not _DRIVE.match(uri.replace("\\", "/")) and (scheme := _SCHEME.match(uri)):
        if scheme[0].lower() != "file:":
            return []
        uri = re.sub(r"^//[^/]*(?=/)", "", uri[len("file:") :])
    decoded = unquote_to_bytes(uri.encode("utf-8", "surrogatepass")).decode(
        "utf-8", "surrogateescape"
    )
    paths = (decoded, uri, decoded.replace("\\", "/"))
    return [_normal(re.sub(r"^/(?=[A-Za-z]:/)", "", path)) for path in paths]


def _normal(path: str) -> str:
    return posixpath.normpath(path) if path else ""


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or _DRIVE.match(path) is not None


class Placing:
    """Finds the files of a change by the names that one tool has for them.

    Absolute names are made relative to the repository. Where none of them lies in it, as in a file
    that another machine wrote, they are taken relative to the one folder that holds them all and
    under which most of them are files of the change.

    Args:
        paths: of the change. repository: its top folder, "" for none.
        names: all that the tool uses.
    """

    def __init__(self, paths: Collection[str], repository: str, names: Iterable[FileName]) -> None:
        self._paths = frozenset(paths)
        absolute = {reading for name in names for reading in name.readings if _is_absolute(reading)}
        self._roots = self._here(repository, absolute) or self._elsewhere(absolute)

    def path_of(self, name: FileName | None) -> str | None:
        """The path in the change; None where the change has no such file."""
        for reading in name.readings if name is not None else ():
            if reading in self._paths:
                return reading
            for root in self._roots:
                if (path := reading.removeprefix(root)) != reading and path in self._paths:
                    return path
        return None

    def _here(self, repository: str, absolute: Collection[str]) -> tuple[str, ...]:
        if not repository:
            return ()
        tops = dict.fromkeys((f"{repository}/", f"{Path(repository).resolve()}/"))
        return tuple(top for top in tops if any(path.startswith(top) for path in absolute))

    def _elsewhere(self, absolute: Collection[str]) -> tuple[str, ...]:
        roots = Counter(root for path in absolute for root in self._roots_of(path))
        likeliest = sorted(roots, key=lambda root: (-roots[root], len(root)))
        holding = (root for root in likeliest if all(path.startswith(root) for path in absolute))
        return tuple(holding)[:1]

    def _roots_of(self, path: str) -> Iterable[str]:
        at = path.find("/")
        while at >= 0:
            if path[at + 1 :] in self._paths:
                yield path[: at + 1]
            at = path.find("/", at + 1)
