"""Calls outside of a change that don't fit what it made of the functions they call."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from itertools import islice

from xreview.analysers import plan
from xreview.analysers.calling import Altered, binds_otherwise, is_imported, may_hold
from xreview.analysers.signatures import AlteredSignature, FileSymbols, Signature, altered
from xreview.analysers.symbols_reader import NO_SYMBOLS, SymbolsReader
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.record import dataclass
from xreview.domain.related import UntouchedCaller
from xreview.repo.files.contents import GitContents
from xreview.repo.files.tree import Hit, RepositoryTree
from xreview.review.session.background import in_background
from xreview.review.session.whole_change import WholeChange

MOST_FILES = 60
"""Files of the change whose signatures are compared; the first ones."""

MOST_NAMES = 20
MOST_HITS = 1000
"""Lines with one of the names; with more, they can't be told from their namesakes."""

MOST_SHOWN = 10
_LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class _File:
    """A file after the change that has one of the names."""

    path: str
    text: str
    symbols: FileSymbols
    added: tuple[range, ...]

    def touches(self, first: int, last: int) -> bool:
        """Whether the change added one of these lines."""
        return any(part.start <= last and first < part.stop for part in self.added)


async def untouched_callers(
    change: WholeChange, tree: RepositoryTree
) -> tuple[UntouchedCaller, ...]:
    """Return the calls that fitted before the change and don't after it.

    Raises ChangeError where git fails, OSError if no worker can be started.
    """
    async with SymbolsReader() as reader:
        with change.contents() as contents:
            found = [one async for one in _altered(change.files, contents, reader)]
        names = {one.name for one in found}
        if not names or len(names) > MOST_NAMES:
            return ()
        hits = await in_background(_hits, tree, names)
        if len(hits) == MOST_HITS:
            return ()
        files = [one async for one in _files(hits, names, change, tree, reader)]
    return await in_background(_misfits, found, files)


async def _altered(
    files: Iterable[FileDiff], contents: GitContents, reader: SymbolsReader
) -> AsyncGenerator[Altered, None]:
    """The functions whose signatures the change altered."""
    for file in islice(filter(_may_alter, files), MOST_FILES):
        old = await contents.read(file, Side.OLD)
        new = await contents.read(file, Side.NEW)
        if old is None or (new is None and file.status is not FileStatus.DELETED):
            continue
        before = await reader.read(file.old_path or file.path, old)
        after = NO_SYMBOLS if new is None else await reader.read(file.path, new)
        for one in altered(before.signatures, after.signatures):
            if _is_traceable(one):
                yield Altered(one, file.path, plan.rules_language(file.path) or "")


def _may_alter(file: FileDiff) -> bool:
    """Whether a person may have altered a signature there: each alteration removes a line."""
    is_code = plan.rules_language(file.path) is not None and plan.unreadable(file) is None
    return file.removed > 0 and is_code and not plan.is_aside(file.path)


def _is_traceable(one: AlteredSignature) -> bool:
    """Whether its name can be looked for, and a call of it can't mean what a base class has."""
    name = one.before.name
    is_plain = len(name) >= _LEAST_LETTERS and name.isascii() and not name.startswith("__")
    return is_plain and not (one.after is None and one.before.inherits)


def _hits(tree: RepositoryTree, names: Iterable[str]) -> Sequence[Hit]:
    """The lines with one of the names. Blocks."""
    either = "|".join(sorted(names))
    return tree.search(f"(^|[^[:alnum:]_])({either})([^[:alnum:]_]|$)", most=MOST_HITS)


async def _files(
    hits: Iterable[Hit],
    names: Collection[str],
    change: WholeChange,
    tree: RepositoryTree,
    reader: SymbolsReader,
) -> AsyncGenerator[_File, None]:
    """The source files among the hits."""
    for path in dict.fromkeys(hit.path for hit in hits):
        if plan.rules_language(path) is None:
            continue
        content = await in_background(tree.read, path)
        if content is None:
            continue
        symbols = await reader.read(path, content, names)
        changed = change.change.by_path.get(path)
        added = changed.touched(Side.NEW) if changed else ()
        yield _File(path, content.decode("utf-8", "replace"), symbols, added)


def _misfits(found: Iterable[Altered], files: Sequence[_File]) -> tuple[UntouchedCaller, ...]:
    callers = [
        UntouchedCaller(file.path, call.line, one.name, one.path, why)
        for one in found
        if _is_unique(one, [file for file in files if not plan.is_test(file.path)])
        for file in files
        if _is_unmistakable(one, file)
        for call in file.symbols.calls
        if not file.touches(call.line, call.end_line)
        and (why := one.signature.misfit(call))
        and one.is_called(call, file.path, file.text)
    ]
    return tuple(callers[:MOST_SHOWN])


def _is_unique(one: Altered, product: Sequence[_File]) -> bool:
    """Whether nothing else in the product has its name; a double in a test is no namesake."""
    expected = [] if one.signature.after is None else [one.path]
    defining = [file.path for file in product for _ in _definitions(one, file)]
    return defining == expected and all(_is_unmistakable(one, file) for file in product)


def _is_unmistakable(one: Altered, file: _File) -> bool:
    """Whether its name can't mean anything else in a file."""
    if binds_otherwise(file.text, one.name) or (file.path != one.path and _definitions(one, file)):
        return False
    is_at_home = file.path == one.path and is_imported(file.text, one.name)
    return one.signature.after is not None or not (may_hold(file.text, one.name) or is_at_home)


def _definitions(one: Altered, file: _File) -> list[Signature]:
    return [each for each in file.symbols.signatures if each.name == one.name]
