"""What uses changed code from outside of the change: calls of it, and files that import or name it.

Without types, a use is a guess from names. In a file that imports the changed one, all its names
count. In others a name counts if it's called or begins with a capital, as types do, and if nothing
else in the product defines it. A name on too many lines isn't counted at all. Uses in tests don't
count, since they say how code is verified and not what depends on it; a file that is a test by its
name is looked for, because the product may use it all the same.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, islice

from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.record import dataclass
from xreview.domain.stakes.stakes import WorkForm
from xreview.domain.tests import is_test
from xreview.repo.files.tree import Hit, RepositoryTree
from xreview.review.attention.use_lines import WORD, NamingLine, language_family, lines_by_name
from xreview.review.stakes.lexicon import lexicon

MOST_FILES = 60
"""Files of the change whose uses are looked for; the first ones."""

MOST_NAMES = 120
MOST_HITS = 3000
"""Lines that are looked at in one search."""

_MORE_SEARCHES = 2
_LEAST_LETTERS = 3
_INDEXES = ("__init__", "index", "mod", "lib", "main", "init")


@dataclass(frozen=True, slots=True)
class Uses:
    """What was found about one file; None for what can't be told.

    Args:
        callers: lines outside of the change that call what changed.
        dependents: files outside of the change that import the file or name what changed.
        tests: the tests that name something of it.
    """

    callers: int | None = None
    dependents: int | None = None
    tests: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ChangedCode:
    """A changed file, with the names of its functions and classes that the change touches."""

    file: FileDiff
    names: frozenset[str]

    @property
    def path(self) -> str:
        """Where it was before, if it moved: what wasn't adapted uses that."""
        return self.file.old_path or self.file.path

    @cached_property
    def module(self) -> str:
        """The name by which others import it; "" if that is too short to look for."""
        name = self._folders[-1] if self._is_of_folder else self._stem
        return name if len(name) >= _LEAST_LETTERS and re.fullmatch(r"[\w-]+", name, re.A) else ""

    @property
    def _stem(self) -> str:
        """Its name up to the first dot; of a test up to the last, or it would have the name of
        what it tests."""
        name = self.path.rpartition("/")[2]
        return name.rpartition(".")[0] if is_test(self.path) else name.partition(".")[0]

    @property
    def _folders(self) -> tuple[str, ...]:
        return tuple(self.path.split("/")[:-1])

    @property
    def _is_of_folder(self) -> bool:
        """Whether it is imported by the name of its folder."""
        return bool(self._folders) and (self._stem in _INDEXES or self.language == "go")

    @cached_property
    def language(self) -> str:
        """Its language, or its ending if there are no rules for that."""
        return language_family(self.path)

    @property
    def folder(self) -> str:
        """The name of the folder that has the module; "" for the top."""
        folders = self._folders[:-1] if self._is_of_folder else self._folders
        return folders[-1] if folders else ""


def find_uses(code: Sequence[ChangedCode], tree: RepositoryTree) -> Mapping[str, Uses]:
    """Return what uses changed code, by the path after the change, with one search or, if that
    finds too much, two more without the names that are everywhere.

    Nothing is in the result if these find too much too. Raises ChangeError if the
    search fails.
    """
    looked_for = [
        one for one in code[:MOST_FILES] if lexicon().form_of(one.file.path) is WorkForm.LOGIC
    ]
    names = tuple(islice(_all_names(looked_for), MOST_NAMES))
    modules = tuple(dict.fromkeys(one.module for one in looked_for if one.module))[:MOST_NAMES]
    if not names and not modules:
        return {}
    hits = tree.search(_pattern(names, modules), most=MOST_HITS)
    counts = Counter[str]()
    for _ in range(_MORE_SEARCHES):
        if len(hits) < MOST_HITS:
            break
        counts |= Counter(word for hit in hits for word in set(WORD.findall(hit.text)))
        rare = _rare({*names, *modules}, counts)
        names = tuple(name for name in names if name in rare)
        modules = tuple(name for name in modules if name in rare)
        if not names and not modules:
            return {}
        hits = tree.search(_pattern(names, modules), most=MOST_HITS)
    if len(hits) == MOST_HITS:
        return {}
    lines = _Lines(hits, code, frozenset(names), frozenset(modules), tree.files)
    return {
        one.file.path: lines.uses_of(one)
        for one in looked_for
        if one.names & lines.names or one.module in lines.modules
    }


def _rare(names: Collection[str], counts: Counter[str]) -> frozenset[str]:
    """The names that are on the fewest lines, as many as another search is likely to bear: the
    others saw only a part of the repository."""
    ordered = sorted(names, key=lambda name: (counts[name], name))
    sums = accumulate(counts[name] for name in ordered)
    return frozenset(
        name for name, total in zip(ordered, sums, strict=True) if total <= MOST_HITS // 4
    )


def _all_names(code: Iterable[ChangedCode]) -> Iterable[str]:
    return dict.fromkeys(
        name for one in code for name in sorted(one.names) if len(name) >= _LEAST_LETTERS
    )


def _pattern(names: Collection[str], modules: Collection[str]) -> str:
    """Lines with one of the names, or that seem to import one of the modules."""
    parts: list[str] = []
    if names:
        parts.append(f"(^|[^[:alnum:]_])({'|'.join(sorted(names))})([^[:alnum:]_]|$)")
    if modules:
        either = f"({'|'.join(sorted(modules))})"
        words = "import|from|require|require_relative|use|using|include|mod|load|extends"
        parts.append(f"(^|[^[:alnum:]_])({words})[^[:alnum:]_](.*[^[:alnum:]_])?{either}"
                     "([^[:alnum:]_]|$)")  # fmt: skip
        parts.append(f'[/"]{either}"')
    return "|".join(parts)


@dataclass(frozen=True)
class _Lines:
    """The lines that a search found."""

    hits: Sequence[Hit]
    code: Sequence[ChangedCode]
    names: frozenset[str]
    modules: frozenset[str]
    all_files: Sequence[str]

    def uses_of(self, one: ChangedCode) -> Uses:
        """What uses one changed file."""
        names = one.names & self.names
        sure = {name for name in names if not self._is_defined_elsewhere(name, one)}
        importing = self._importing(one)
        callers: set[tuple[str, int]] = set()
        dependents = {line.path for line in importing if not line.is_aside}
        tests = {line.path for line in importing if line.is_in_test}
        meant_in = {one.file.path, *(line.path for line in importing)}
        for name in names:
            for line in self._with(name, one):
                if line.is_in_test:
                    tests.add(line.path)
                    continue
                is_called = line.calls(name)
                is_meant = name in sure and (is_called or name[0].isupper())
                if not line.is_aside and (is_meant or line.path in meant_in):
                    dependents.add(line.path)
                    if is_called:
                        callers.add((line.path, line.number))
        is_new = one.file.status in (FileStatus.ADDED, FileStatus.COPIED)
        is_whole = is_new or (bool(names) and names == one.names)
        return Uses(
            len(callers) if is_whole else None,
            len(dependents - self._changed) if is_whole or one.module in self.modules else None,
            frozenset(tests),
        )

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Sequence[NamingLine]]:
        return lines_by_name(self.hits, self.names | self.modules)

    def _with(self, name: str, one: ChangedCode) -> Iterator[NamingLine]:
        """The lines that have a name in the language of a file, without those of the change."""
        for line in self._by_name.get((name, one.language), ()):
            added = self._added.get(line.path, ())
            if not any(line.number in part for part in added):
                yield line

    @cached_property
    def _changed(self) -> frozenset[str]:
        return frozenset(one.file.path for one in self.code)

    @cached_property
    def _added(self) -> Mapping[str, tuple[range, ...]]:
        searched = {hit.path for hit in self.hits}
        return {
            one.file.path: one.file.touched(Side.NEW)
            for one in self.code
            if one.file.path in searched
        }

    def _is_defined_elsewhere(self, name: str, one: ChangedCode) -> bool:
        return any(
            line.path not in (one.file.path, one.path) and not line.is_aside and line.defines(name)
            for line in self._by_name.get((name, one.language), ())
        )

    def _importing(self, one: ChangedCode) -> Sequence[NamingLine]:
        """The lines that import it. With namesakes, its folder must be named or shared."""
        if one.module not in self.modules:
            return ()
        is_unique = self._namesakes[one.module, one.language] <= 1
        here = one.path.rpartition("/")[0]
        return [
            line
            for line in self._with(one.module, one)
            if line.path != one.file.path
            and line.imports(one.module)
            and (
                is_unique
                or (one.folder and one.folder in WORD.findall(line.text))
                or (line.folder == here and line.is_relative)
            )
        ]

    @cached_property
    def _namesakes(self) -> Counter[tuple[str, str]]:
        """How many modules have a name, by name and language; a Go package is a folder."""
        if not self.modules:
            return Counter()
        near = re.compile(rf"(^|/)({'|'.join(map(re.escape, sorted(self.modules)))})[/.]")
        code = (path for path in self.all_files if near.search(path) and not is_test(path))
        modules = {
            (one.module, one.language, path.rpartition("/")[0] if one.language == "go" else path)
            for path in code
            if (one := ChangedCode(FileDiff(path, FileStatus.MODIFIED), frozenset())).module
            in self.modules
        }
        return Counter((name, language) for name, language, _ in modules)
