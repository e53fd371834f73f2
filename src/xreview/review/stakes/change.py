"""What is at stake in a change, by its paths, its changed lines, and the tests that name them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from xreview.domain.change import FileDiff
from xreview.domain.stakes.stakes import (
    FileToCheck,
    Hidden,
    Risk,
    Stakes,
    TestEdit,
    WorkForm,
    WorkKind,
)
from xreview.domain.tests import is_test
from xreview.repo.diff.file_header import EXECUTABLE_MODE, LINK_MODE, SUBMODULE_MODE
from xreview.review.prompt.routing import ChangedWords, words_on_changed_lines
from xreview.review.session.quiet import in_steps
from xreview.review.stakes.lexicon import lexicon
from xreview.review.stakes.naming_tests import NamedByTests
from xreview.review.stakes.weakened import edit_of_tests, used_test_files

_LONG_LINE = 120
"""Characters. A line of more counts as several."""

_MOST_LINES = 5_000
"""Changed lines whose words are read. So many take more than a glance anyway, so the tier doesn't
depend on the others."""

_MOST_FILES = 1_000
"""Files whose paths are matched, at 1.5 ms each; the others are taken for logic."""

_WITHOUT_WORDS = frozenset({WorkForm.TEXT, WorkForm.DATA})
"""Forms whose words mean nothing: they speak of anything."""

_LABOUR = tuple(WorkForm)
"""The forms, the least laborious first."""


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
    used = used_test_files(files)
    for at, file in enumerate(in_steps(files)):
        form = _form(file) if at < _MOST_FILES else WorkForm.LOGIC
        read = None
        if left > 0:
            read = words_on_changed_lines(file)
            left -= read.lines
        if at < _MOST_FILES:
            risks += _risks(file, form, read)
        there = (named or {}).get(file.path, NamedByTests())
        is_read = at < _MOST_FILES and (read is not None or form in _WITHOUT_WORDS)
        parts.append(
            FileToCheck(
                file.path,
                form,
                _lines(file, read),
                there.names,
                there.names - there.found,
                there.new,
                there.is_partial,
                file.old_path or "",
                _hidden(file) or (Hidden.NOTHING if is_read else Hidden.UNREAD),
                TestEdit.NO_TEST if read is None or file.path in used else edit_of_tests(file),
            )
        )
    order = {topic.what: at for at, topic in enumerate(lexicon().topics)}
    risks.sort(key=lambda risk: (order[risk.what], bool(risk.word)))
    return Stakes(_kind(risks, parts), tuple(risks), tuple(parts))


def _form(file: FileDiff) -> WorkForm:
    """How it is checked: before and after a rename, the more laborious."""
    if _hidden(file):
        return WorkForm.OPAQUE
    forms = {lexicon().form_of(path) for path in (file.path, file.old_path) if path}
    if file.new_mode == EXECUTABLE_MODE:
        forms.add(WorkForm.LOGIC)
    return max(forms, key=_LABOUR.index)


def _hidden(file: FileDiff) -> Hidden:
    modes = {file.old_mode, file.new_mode} - {""}
    if SUBMODULE_MODE in modes:
        return Hidden.SUBMODULE
    if LINK_MODE in modes:
        return Hidden.LINK
    if file.unread:
        return Hidden.CUT
    if file.binary:
        return Hidden.BINARY
    return Hidden.MODE if len(modes) > 1 else Hidden.NOTHING


def _risks(file: FileDiff, form: WorkForm, read: ChangedWords | None) -> Iterator[Risk]:
    """One risk for each topic. Documentation can speak of anything without touching it."""
    if form is WorkForm.TEXT:
        return
    paths = [path for path in (file.path, file.old_path) if path]
    words = read.words if read and form is not WorkForm.DATA else ()
    for topic in lexicon().topics:
        if path := next(filter(topic.is_in, paths), ""):
            yield topic.risk(path, is_sure=form is not WorkForm.INTERFACE)
        elif word := topic.code_words.among(words):
            yield topic.risk(file.path, word)
        elif word := topic.loose_words.among(words):
            yield topic.risk(file.path, word, is_sure=False)


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
