"""What is at stake in a change, by its paths, its changed lines, and the tests that name them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from xreview.domain.change import FileDiff
from xreview.domain.stakes.stakes import FileToCheck, Risk, Stakes, WorkForm, WorkKind
from xreview.domain.tests import is_test
from xreview.repo.diff.file_header import LINK_MODE, SUBMODULE_MODE
from xreview.review.prompt.routing import ChangedWords, words_on_changed_lines
from xreview.review.stakes.lexicon import lexicon
from xreview.review.stakes.naming_tests import NamedByTests

_LONG_LINE = 120
"""Characters. A line of more counts as several."""

_MOST_LINES = 5_000
"""Changed lines whose words are read. So many take more than a glance anyway, so the tier doesn't
depend on the others; the same goes for the files."""

_MOST_FILES = 500


def change_stakes(
    files: Sequence[FileDiff], named: Mapping[str, NamedByTests] | None = None
) -> Stakes:
    """Return what changed files touch, and how long checking them takes.

    Args:
        named: by path, which of a file's changed functions tests name; what isn't there is unknown.
    """
    risks: list[Risk] = []
    parts: list[FileToCheck] = []
    left = _MOST_LINES
    for at, file in enumerate(files):
        form = _form(file)
        read = None
        if left > 0:
            read = words_on_changed_lines(file)
            left -= read.lines
        if at < _MOST_FILES:
            risks += _risks(file, form, read)
        there = (named or {}).get(file.path, NamedByTests())
        parts.append(
            FileToCheck(file.path, form, _lines(file, read), there.names, there.names - there.found)
        )
    order = {topic.what: at for at, topic in enumerate(lexicon().topics)}
    risks.sort(key=lambda risk: (order[risk.what], bool(risk.word)))
    return Stakes(_kind(risks, parts), tuple(risks), tuple(parts))


def _form(file: FileDiff) -> WorkForm:
    modes = {file.old_mode, file.new_mode} - {""}
    is_moved = file.old_mode != file.new_mode and len(modes) > 1
    if file.binary or file.unread or is_moved or modes & {LINK_MODE, SUBMODULE_MODE}:
        return WorkForm.OPAQUE
    return lexicon().form_of(file.path)


def _risks(file: FileDiff, form: WorkForm, read: ChangedWords | None) -> Iterator[Risk]:
    """One risk for each topic. Documentation can speak of anything without touching it."""
    if form is WorkForm.TEXT:
        return
    paths = [path for path in (file.path, file.old_path) if path]
    for topic in lexicon().topics:
        if path := next(filter(topic.is_in, paths), ""):
            yield Risk(topic.what, topic.kind, path)
        elif read and form is not WorkForm.DATA and (word := topic.code_words.among(read.words)):
            yield Risk(topic.what, topic.kind, file.path, word)


def _lines(file: FileDiff, read: ChangedWords | None) -> int:
    if read is None:
        return file.added + file.removed
    return max(read.lines, -(-read.characters // _LONG_LINE))


def _kind(risks: Iterable[Risk], parts: Sequence[FileToCheck]) -> WorkKind:
    if parts and all(is_test(part.path) for part in parts):
        return WorkKind.TESTS
    forms = {part.form for part in parts}
    by_form: list[WorkKind] = []
    if forms == {WorkForm.TEXT}:
        by_form = [WorkKind.DOCUMENTATION]
    elif forms == {WorkForm.INTERFACE}:
        by_form = [WorkKind.INTERFACE]
    kinds = chain((risk.kind for risk in risks), by_form)
    return next((kind for kind in kinds if kind is not WorkKind.OTHER), WorkKind.OTHER)
