"""Finding the files that a tool means by the names that it has for them.

Tools run where they like: in a subfolder, over a folder that holds the checkout, on another
machine. A name is therefore matched by its end. What the names of one tool have in common decides:
`src/` must be put before each, or `/build/7/shop/` taken off each. Where that leaves two answers
there is none, and the person is asked to say it (`--import-root`). Nothing is opened to find out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from xreview.imports.names import LEADS_OUT, is_absolute, is_elsewhere, joined_path
from xreview.imports.problem import FileName

_MOST_ALIKE = 500
"""From how many files with one last name on (`__init__.py`) none of them is guessed."""

_MOST_FOLDERS = 64
"""How many folders of a name are taken off at most to find its file."""

_Root = tuple[str, str]  # what is taken off a name, and what is put before the rest

_AS_IT_IS: _Root = ("", "")


class Lost(Enum):
    """Why a name has no file in the change."""

    OUTSIDE = "outside"
    """It is known which file is meant, and the change does not have it."""
    UNKNOWN = "unknown"
    """No file of the repository ends like it."""
    AMBIGUOUS = "ambiguous"
    """Several files end like it."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where a tool ran, as the person says it (`--import-root`).

    Args:
        within: the folder of the repository that its names are relative to, "" for the top.
        off: what the tool's machine calls the top of the repository.
    """

    within: str = ""
    off: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """The files there are.

    Args:
        changed: of the change. listed: of the whole repository, as far as they are known.
        tops: the repository's folder on this machine, by each of its names; () for none.
    """

    changed: Collection[str]
    listed: Collection[str] = ()
    tops: tuple[str, ...] = ()


class Placing:
    """The places of all names that one tool uses.

    Args:
        names: all of them. root: where the tool ran; None where nobody says it.
    """

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
        """The path in the repository, whether or not there is such a file."""
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
        """Where a name lies in the repository for certain: by its folder, or as it was said."""
        for reading in name.readings:
            for top in self._tops:
                if (path := reading.removeprefix(top)) != reading:
                    return path
        for reading in name.readings if self._within is not None else ():
            if not is_absolute(reading) and (path := self._inside(reading)) in self._files:
                return path
        return None

    def _inside(self, path: str) -> str:
        """A path below the folder that was said."""
        return joined_path(self._within, path) if self._within else path

    def _under(self, name: FileName, root: _Root) -> str | None:
        taken_off, put_before = root
        for reading in name.readings:
            path = put_before + reading.removeprefix(taken_off)
            if reading.startswith(taken_off) and path in self._files and self._is_allowed(root):
                return path
        return None

    def _is_allowed(self, root: _Root) -> bool:
        """Whether the person has not said another one."""
        return not self._within or root[1].startswith(f"{self._within}/")

    def _may_stand_alone(self, name: FileName, path: str) -> bool:
        """Whether a name's end may be a file though no other name of the tool says so too.

        What must be taken off may be the folder of a dependency: `node_modules/x/src/index.js`.
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
        """What most names have in common, where that is one thing."""
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
        # Of what can be taken off, as little as possible; what is put before must be one thing.
        if off := [root for root in best if root[0]]:
            return min(off, key=lambda root: len(root[0]))
        return best[0] if len(best) == 1 else None

    def _is_sound(self, root: _Root) -> bool:
        """Whether a root may be what the names have in common.

        One that leaves no more than the name of a file in the top folder must be taken off every
        name, and be a whole path or end in the repository's own folder.
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
        """For each name the files that it may mean, each with what makes it that."""
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
