"""Which of the functions and classes that a change touches are named in tests.

A name in a test is no proof that the test checks it. Coverage that was measured is better, where
there is any.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xreview.domain.change import FileDiff, Hunk, LineKind
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.domain.stakes.stakes import WorkForm
from xreview.domain.tests import is_test
from xreview.repo.files.tree import RepositoryTree
from xreview.review.stakes.lexicon import lexicon

_MOST_FILES = 60
_MOST_NAMES = 20
_MOST_HITS = 1000
"""Lines with one of the names; with more, most can't be told from their namesakes."""

_MOST_LINES = 2_000
_MOST_CHARACTERS = 400  # of a line
_DEFINED = re.compile(
    r"\b(?:def|class|func|fn|function|interface|struct|trait|enum|type|module|sub)\s+"
    r"(?:\([^()]{0,100}\)\s*)?([A-Za-z_]\w{3,80})"
)
_CALLABLE = re.compile(r"([A-Za-z_]\w{3,80})\s*\(")
_NAME = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class NamedByTests:
    """The names that changed in a file, and those of them that were found in tests.

    Args:
        new: those found only in tests that the change itself adds or alters. They prove less: who
            writes the code also writes what names it.
        is_partial: there are more names than were looked up.
    """

    names: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    is_partial: bool = False


def named_by_tests(files: Sequence[FileDiff], tree: RepositoryTree) -> Mapping[str, NamedByTests]:
    """Look the changed functions and classes up in the tests of a repository, by file.

    Files without any aren't in the result, nor those of a big change after the first 60, nor any
    if the search fails or finds too much.
    Blocks on git.
    """
    names = {
        file.path: changed
        for file in files[:_MOST_FILES]
        if not is_test(file.path)
        and lexicon().form_of(file.path) is WorkForm.LOGIC
        and (changed := frozenset(changed_names(file)))
    }
    asked = sorted({name for own in names.values() for name in own})[:_MOST_NAMES]
    if not asked:
        return {}
    pattern = f"(^|[^[:alnum:]_])({'|'.join(asked)})([^[:alnum:]_]|$)"
    try:
        hits = tree.search(pattern, most=_MOST_HITS)
    except ChangeError:
        return {}
    if len(hits) == _MOST_HITS:
        return {}
    touched = {path for file in files for path in (file.path, file.old_path)}
    tests = [hit for hit in hits if is_test(hit.path)]
    found = frozenset(_words(hit.text for hit in tests))
    standing = frozenset(_words(hit.text for hit in tests if hit.path not in touched))
    return {
        path: NamedByTests(known, known & found, known & found - standing, known < own)
        for path, own in names.items()
        if (known := own & frozenset(asked))
    }


def changed_names(file: FileDiff) -> Iterator[str]:
    """The functions and classes around or on the changed lines, as far as git and a plain look at
    the lines tell; in ASCII only."""
    seen = 0
    for hunk in file.hunks:
        yield from _defined_in(hunk)
        seen += len(hunk.lines)
        if seen > _MOST_LINES:
            return


def _defined_in(hunk: Hunk) -> Iterator[str]:
    if around := name_around(hunk):
        yield around
    for line in hunk.lines:
        if line.kind is LineKind.ADDED and (found := name_defined(line.text)):
            yield found


def name_around(hunk: Hunk) -> str:
    """The function or class that git says is around a hunk; "" for none that can be looked up."""
    around = hunk.section[:_MOST_CHARACTERS]
    # git takes `NAME = function(` at the start of a line for what is around, too.
    found = _DEFINED.search(around) or _CALLABLE.search(around.partition("=")[0])
    return found[1] if found and _is_searchable(found[1]) else ""


def name_defined(text: str) -> str:
    """The function or class that a line defines; "" for none that can be looked up."""
    found = _DEFINED.search(text[:_MOST_CHARACTERS])
    return found[1] if found and _is_searchable(found[1]) else ""


def _is_searchable(name: str) -> bool:
    return name.isascii() and not name.startswith("__")


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _NAME.findall(text)
