"""Finding the files that a tool's names mean.

Tools run in a subfolder, above the checkout, or on another machine, so names are matched by their
ends. What one tool's names have in common decides, such as a missing prefix `src/` or an extra one
`/build/7/shop/`. Two possible answers count as none, and the user is asked for `--import-root`. No
file is opened.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property

from xreview.domain.record import dataclass
from xreview.domain.text import count_of, shorten
from xreview.imports.placing.file_names import LEADS_OUT, is_absolute, is_elsewhere, joined_path
from xreview.imports.statement import FileName, ImportedProblem

_MOST_ALIKE = 500
"""The most files of one base name, such as `__init__.py`, to choose from."""

_MOST_FOLDERS = 64
"""The most leading folders removed from a name to find its file."""

_Root = tuple[str, str]  # the prefix to remove from a name, and the one to add

_AS_IT_IS: _Root = ("", "")
_SAY = ": give the folder in which the tool ran with --import-root"
_SHOWN = 3
_LONGEST_NAME = 80


class Lost(Enum):
    """Why a name has no file in the change."""

    OUTSIDE = "outside"
    """The file is known, and isn't in the change."""
    UNKNOWN = "unknown"
    """No file in the repository has this ending."""
    AMBIGUOUS = "ambiguous"
    """Several files have this ending."""


@dataclass(frozen=True, slots=True)
class Root:
    """The folder in which a tool ran, from `--import-root`.

    Args:
        within: the folder in the repository that its names are relative to; "" for the top.
        off: the repository's top folder on the tool's machine.
    """

    within: str = ""
    off: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """The files that names can mean.

    Args:
        changed: in the change. listed: in the whole repository, as far as known.
        tops: each name of the repository's folder on this machine.
    """

    changed: Collection[str]
    listed: Collection[str] = ()
    tops: tuple[str, ...] = ()


class Placing:
    """The paths of all the names that one tool uses, which ran in `root` if that is given."""

    def __init__(self, files: Files, names: Iterable[FileName], root: Root | None = None) -> None:
        self._changed = frozenset(files.changed)
        self._files = self._changed | frozenset(files.listed)
        said = root.off if root is not None else ""
        self._tops = tuple(f"{top.rstrip('/')}/" for top in (*files.tops, said) if top)
        self._within = root.within if root is not None and not root.off else None
        self._names = tuple(dict.fromkeys(names))
        self._places: dict[FileName, str | Lost] = {}

    def place_of(self, name: FileName) -> str | Lost:
        """The path in the change, or why there is none."""
        if name not in self._places:
            found = self._found(name)
            is_outside = isinstance(found, str) and found not in self._changed
            self._places[name] = Lost.OUTSIDE if is_outside else found
        return self._places[name]

    def _found(self, name: FileName) -> str | Lost:
        """The path in the repository, whether or not the file exists."""
        if (here := self._here(name)) is not None:
            return here
        for root in (self._common, _AS_IT_IS):
            if root is not None and (path := self._under(name, root)) is not None:
                return path
        ends = self._ends.get(name, frozenset())
        alone = {path for _, path in ends if self._may_stand_alone(name, path)}
        if len(alone) == 1:
            return alone.pop()
        if alone or (not self._is_settled and len(ends) > 1):
            return Lost.AMBIGUOUS
        return Lost.OUTSIDE if self._is_settled and not is_elsewhere(name) else Lost.UNKNOWN

    def _here(self, name: FileName) -> str | None:
        """The certain path of a name: by the repository's folder or by `--import-root`."""
        for reading in name.readings:
            for top in self._tops:
                if (path := reading.removeprefix(top)) != reading:
                    return path
        for reading in name.readings if self._within is not None else ():
            if not is_absolute(reading) and (path := self._inside(reading)) in self._files:
                return path
        return None

    def _inside(self, path: str) -> str:
        """A path below the folder of `--import-root`."""
        return joined_path(self._within, path) if self._within else path

    def _under(self, name: FileName, root: _Root) -> str | None:
        taken_off, put_before = root
        for reading in name.readings:
            path = put_before + reading.removeprefix(taken_off)
            if reading.startswith(taken_off) and path in self._files and self._is_allowed(root):
                return path
        return None

    def _is_allowed(self, root: _Root) -> bool:
        """Whether it agrees with `--import-root`."""
        return not self._within or root[1].startswith(f"{self._within}/")

    def _may_stand_alone(self, name: FileName, path: str) -> bool:
        """Whether the end of a name can be a file without support from the tool's other names.

        The prefix to remove may be the folder of a dependency: `node_modules/x/src/index.js`.
        """
        if any(path.endswith(f"/{reading}") for reading in name.readings):
            return True
        return "/" in path and not self._is_settled

    @cached_property
    def _is_settled(self) -> bool:
        """Whether names of the tool were found by what they have in common."""
        return self._common is not None or any(self._here(name) is not None for name in self._names)

    @cached_property
    def _common(self) -> _Root | None:
        """What most names have in common; None where that is ambiguous."""
        votes = Counter(
            root
            for name in self._names
            if self._here(name) is None
            for root in {root for root, _ in self._ends[name]}
        )
        sound = {root: count for root, count in votes.items() if self._is_sound(root)}
        most = max(sound.values(), default=0)
        best = [root for root, count in sound.items() if count == most]
        if _AS_IT_IS in best:
            return _AS_IT_IS
        # Remove as little as possible; the prefix to add must be the only one.
        if off := [root for root in best if root[0]]:
            return min(off, key=lambda root: len(root[0]))
        return best[0] if len(best) == 1 else None

    def _is_sound(self, root: _Root) -> bool:
        """Whether a root can be what the names have in common.

        One that leaves only names of files in the top folder must be a prefix of every name, and be
        an absolute path or end in the name of the repository's folder.
        """
        taken_off, _ = root
        if not taken_off or root in self._leaving_folders:
            return True
        folder = taken_off.rstrip("/").rpartition("/")[2]
        is_own = any(top.rstrip("/").rpartition("/")[2] == folder for top in self._tops)
        return (is_own or is_absolute(taken_off)) and all(
            any(reading.startswith(taken_off) for reading in name.readings) for name in self._names
        )

    @cached_property
    def _leaving_folders(self) -> frozenset[_Root]:
        return frozenset(root for ends in self._ends.values() for root, path in ends if "/" in path)

    @cached_property
    def _ends(self) -> Mapping[FileName, frozenset[tuple[_Root, str]]]:
        """For each name the files that it may mean, each with its root."""
        return {name: frozenset(self._ends_of(name)) for name in self._names}

    def _ends_of(self, name: FileName) -> Iterable[tuple[_Root, str]]:
        for reading in name.readings:
            if not self._within and reading in self._files:
                yield _AS_IT_IS, reading
            if self._within is None:
                yield from self._with_more_before(reading)
            yield from self._with_less_before(reading, is_web=name.is_web)

    def _with_more_before(self, reading: str) -> Iterable[tuple[_Root, str]]:
        if is_absolute(reading) or reading.startswith(LEADS_OUT):
            return
        alike = self._by_last_name.get(reading.rpartition("/")[2], ())
        for path in alike if len(alike) <= _MOST_ALIKE else ():
            if path.endswith(f"/{reading}"):
                yield ("", path.removesuffix(reading)), path

    def _with_less_before(self, reading: str, *, is_web: bool) -> Iterable[tuple[_Root, str]]:
        put_before = f"{self._within}/" if self._within else ""
        at = len(reading)
        for _ in range(_MOST_FOLDERS):
            if (at := reading.rfind("/", 0, at)) < 0:
                return
            rest = reading[at + 1 :]
            if put_before + rest in self._files and ("/" in rest or not is_web):
                yield (reading[: at + 1], put_before), put_before + rest

    @cached_property
    def _by_last_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._files:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found


class LostResults:
    """The results without a file in the change, by the reason."""

    def __init__(self) -> None:
        self._lost: dict[Lost | None, list[ImportedProblem]] = {}

    @property
    def count(self) -> int:
        """The number of these results."""
        return sum(map(len, self._lost.values()))

    def add(self, problem: ImportedProblem, why: Lost | None) -> None:
        """Add a result; `why` is None where it names no file."""
        self._lost.setdefault(why, []).append(problem)

    def sentence(self, tool: str, file: str, found: int) -> str:
        """The sentence about results that aren't among the findings; "" for none.

        `found` is the number of results that the tool has in the file.
        """
        if not self.count:
            return ""
        here = found - self.count
        counts = [
            f"{here:,} of {count_of(found, 'result')} of {tool} in {file} "
            f"{'is' if here == 1 else 'are'} about files in this change"
        ]
        if outside := self._lost.get(Lost.OUTSIDE):
            counts.append(_tally(outside, "outside the change"))
        return f"{'; '.join((*counts, *self.gaps()))}."

    def gaps(self) -> list[str]:
        """Clauses about results that may be about the change."""
        gaps: list[str] = []
        if unknown := self._lost.get(Lost.UNKNOWN):
            gaps.append(_tally(unknown, "that the repository doesn't have") + _SAY)
        if ambiguous := self._lost.get(Lost.AMBIGUOUS):
            gaps.append(_tally(ambiguous, "that may be several files") + _SAY)
        if nowhere := self._lost.get(None):
            verb = "names" if len(nowhere) == 1 else "name"
            title = nowhere[0].title
            gaps.append(f"{count_of(len(nowhere), 'result')} {verb} no file (“{title}”)")
        return gaps


def _tally(problems: Sequence[ImportedProblem], what: str) -> str:
    """The number of results with the first of their paths; `what` is wrong with these."""
    names = dict.fromkeys(map(_name_of, problems))
    shown = [shorten(name, _LONGEST_NAME) for name in list(names)[:_SHOWN]]
    more = ", …" if len(names) > _SHOWN else ""
    said = f"names a path {what}" if len(problems) == 1 else f"name paths {what}"
    return f"{count_of(len(problems), 'result')} {said} ({', '.join(shown)}{more})"


def _name_of(problem: ImportedProblem) -> str:
    readings = next((where.file.readings for where in problem.places if where.file), ())
    return readings[-1] if readings else "not a path"
