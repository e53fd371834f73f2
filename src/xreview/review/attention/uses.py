"""What uses changed code from outside of the change: calls of it, and files that import or name it.

Without types, a use is a guess from names. A name that the rest of the product defines too counts
only in files that import the changed one; a name with too many lines isn't counted at all. Tests
don't count, since they say how code is verified and not what depends on it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from xreview.analysers.plan import is_aside, rules_language
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.stakes.stakes import WorkForm
from xreview.domain.tests import is_test
from xreview.repo.files.tree import Hit, RepositoryTree
from xreview.review.stakes.lexicon import lexicon

MOST_FILES = 60
"""Files of the change whose uses are looked for; the first ones."""

MOST_NAMES = 60
MOST_HITS = 2000
"""Lines that are looked at in one search."""

COMMON = 200
"""A name on so many lines of a search that found too much isn't looked for again."""

_LEAST_LETTERS = 3
_WORD = re.compile(r"\w+")
_IMPORTS = re.compile(
    r"\b(import|from|require|use|using|include|include_once|require_once|require_relative|mod"
    r"|load|source|extends)\b|^\s*[\w.]*\s*\"[^\"]+\"\s*$"
)
_DEFINES = re.compile(
    r"\b(?:def|class|func|fn|function|interface|struct|trait|enum|type|module|sub)\s+"
    r"(?:\([^()]{0,100}\)\s*)?$"
)
_KIN = {"javascript": "script", "typescript": "script", "tsx": "script", "c": "cpp"}
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
        *folders, last = self.path.split("/")
        stem = last.partition(".")[0]
        is_of_folder = stem in _INDEXES or self.language == "go"
        name = folders[-1] if is_of_folder and folders else stem
        return name if len(name) >= _LEAST_LETTERS and re.fullmatch(r"[\w-]+", name, re.A) else ""

    @cached_property
    def language(self) -> str:
        """Its language, or its ending if there are no rules for that."""
        return _language(self.path)

    @property
    def folder(self) -> str:
        """The name of the folder that has it; "" for the top."""
        return self.path.rpartition("/")[0].rpartition("/")[2]


def find_uses(code: Sequence[ChangedCode], tree: RepositoryTree) -> Mapping[str, Uses]:
    """Return what uses changed code, by the path after the change, with one search or, if that
    finds too much, a second one without the names that are everywhere.

    Files aren't in the result if the second search finds too much too. Raises ChangeError if the
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
    if len(hits) == MOST_HITS:
        counts = Counter(word for hit in hits for word in set(_WORD.findall(hit.text)))
        names = tuple(name for name in names if counts[name] < COMMON)
        modules = tuple(name for name in modules if counts[name] < COMMON)
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


def _language(path: str) -> str:
    found = rules_language(path) or path.rpartition(".")[2].lower()
    return _KIN.get(found, found)


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
        ambiguous = {name for name in names if self._is_defined_elsewhere(name, one)}
        importing = self._importing(one)
        callers: set[tuple[str, int]] = set()
        dependents: set[str] = set()
        tests: set[str] = set()
        for hit in self.hits:
            if _language(hit.path) != one.language or self._is_added(hit):
                continue
            here = names & _words_of(hit)
            if is_test(hit.path):
                if here or hit.path in importing:
                    tests.add(hit.path)
                continue
            if is_aside(hit.path):
                continue
            meant = here if hit.path in (*importing, one.file.path) else here - ambiguous
            if any(_calls(hit.text, name) for name in meant):
                callers.add((hit.path, hit.line))
            if (meant or hit.path in importing) and hit.path not in self._changed:
                dependents.add(hit.path)
        is_whole = bool(names) and names == one.names
        return Uses(
            len(callers) if is_whole else None,
            len(dependents) if is_whole or one.module in self.modules else None,
            frozenset(tests),
        )

    @cached_property
    def _changed(self) -> frozenset[str]:
        return frozenset(one.file.path for one in self.code)

    @cached_property
    def _added(self) -> Mapping[str, tuple[range, ...]]:
        return {one.file.path: one.file.touched(Side.NEW) for one in self.code}

    def _is_added(self, hit: Hit) -> bool:
        return any(hit.line in part for part in self._added.get(hit.path, ()))

    def _is_defined_elsewhere(self, name: str, one: ChangedCode) -> bool:
        return any(
            _defines(hit.text, name)
            for hit in self.hits
            if hit.path not in (one.file.path, one.path)
            and not is_aside(hit.path)
            and _language(hit.path) == one.language
        )

    def _importing(self, one: ChangedCode) -> frozenset[str]:
        """The files that import it. With namesakes, its folder must be named or shared."""
        if one.module not in self.modules:
            return frozenset()
        is_unique = self._namesakes[one.module, one.language] <= 1
        here = one.path.rpartition("/")[0]
        return frozenset(
            hit.path
            for hit in self.hits
            if _language(hit.path) == one.language
            and hit.path != one.file.path
            and _imports(hit.text, one.module)
            and (
                is_unique
                or (one.folder and one.folder in _WORD.findall(hit.text))
                or (hit.path.rpartition("/")[0] == here and _is_relative(hit.text))
            )
        )

    @cached_property
    def _namesakes(self) -> Counter[tuple[str, str]]:
        """How many modules have a name, by name and language; a Go package is a folder."""
        near = re.compile(rf"(^|/)({'|'.join(map(re.escape, sorted(self.modules)))})[/.]")
        code = (path for path in self.all_files if near.search(path) and not is_test(path))
        modules = {
            (one.module, one.language, path.rpartition("/")[0] if one.language == "go" else path)
            for path in code
            if (one := ChangedCode(FileDiff(path, FileStatus.MODIFIED), frozenset())).module
            in self.modules
        }
        return Counter((name, language) for name, language, _ in modules)


def _words_of(hit: Hit) -> frozenset[str]:
    return frozenset(_WORD.findall(hit.text))


def _calls(text: str, name: str) -> bool:
    """Whether a line calls it, or hands it on where a call is likely (a decorator, a macro)."""
    for found in re.finditer(rf"(?<!\w){re.escape(name)}(?:!|::<[^<>]{{0,80}}>)?\s*\(", text, re.A):
        if not _DEFINES.search(text, 0, found.start()):
            return True
    return False


def _defines(text: str, name: str) -> bool:
    return any(
        _DEFINES.search(text, 0, found.start())
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.A)
    )


def _imports(text: str, module: str) -> bool:
    found = _IMPORTS.search(text)
    word = re.escape(module)
    return found is not None and re.search(rf"(?<!\w){word}(?!\w)", text, re.A) is not None


def _is_relative(text: str) -> bool:
    return (
        re.search(r"from\s+\.|['\"]\./|require_relative|#\s*include\s*\"|\bmod\s", text) is not None
    )
