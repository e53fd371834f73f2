"""Decorations, computed in a thread after the first draw: syntax groups and changed words.

The newest requests come first; requests for what scrolled away long ago are dropped.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Condition, Thread

from xreview.hardening.lookalikes import oddities, told
from xreview.tui.widgets.diff.blocks import CODE, DiffRow, RowBlock, RowKind, parse_block
from xreview.tui.widgets.diff.highlight import SyntaxSpan, lexer_for, spans_of
from xreview.tui.widgets.diff.paint import Decoration
from xreview.tui.widgets.diff.words import CharacterRanges, changed_words

_MOST_WAITING = 64
_SWITCH_INTERVAL = 0.0005

Decorations = Mapping[int, Decoration]
"""By row of the file."""


@dataclass(frozen=True)
class Passage:
    """A block of one file to decorate. The paths choose the lexers; `key` names the request."""

    key: tuple[int, int]
    path: str
    old_path: str
    body: bytes
    block: RowBlock


def decorate(passage: Passage, refused: set[str]) -> Decorations:
    """Return the decorations of a passage; add a path to `refused` if its lexer fails."""
    rows = list(enumerate(parse_block(passage.body, passage.block), passage.block.row))
    texts = {
        number: passage.body[row.start : row.end].decode("utf-8", "surrogateescape")
        for number, row in rows
    }
    spans: dict[int, tuple[SyntaxSpan, ...]] = {}
    sides = (
        (passage.old_path, (RowKind.CONTEXT, RowKind.REMOVED)),
        (passage.path, (RowKind.CONTEXT, RowKind.ADDED)),
    )
    for path, kinds in sides:
        # Context is shown as on the new side; it needs no lexing for the old side alone.
        if any(row.kind is kinds[1] for _number, row in rows) or path == passage.path:
            numbers = [number for number, row in rows if row.kind in kinds]
            spans |= _lexed(path, numbers, [texts[number] for number in numbers], refused)
    changed = _changed(rows, texts)
    return {
        number: Decoration(
            spans.get(number, ()), changed.get(number, ()), *_odd(row, texts[number])
        )
        for number, row in rows
    }


def _odd(row: DiffRow, text: str) -> tuple[CharacterRanges, str]:
    """Return the deceptive characters in a line of code, and a note about them."""
    if row.kind not in CODE or not (found := oddities(text)):
        return (), ""
    return tuple((one.start, one.end) for one in found), told(text)


def _lexed(
    path: str, numbers: Sequence[int], lines: Sequence[str], refused: set[str]
) -> dict[int, tuple[SyntaxSpan, ...]]:
    if path in refused:
        return {}
    try:
        lexer = lexer_for(path)
        if lexer is None:
            return {}
        return dict(zip(numbers, spans_of(lexer, lines), strict=True))
    except Exception:  # noqa: BLE001  # third-party lexers can raise anything on hostile text
        refused.add(path)
        return {}


def _changed(
    rows: Sequence[tuple[int, DiffRow]], texts: Mapping[int, str]
) -> dict[int, CharacterRanges]:
    """Return the changed words of removed lines and the added lines after them, in pairs."""
    changed: dict[int, CharacterRanges] = {}
    removed: list[int] = []
    added: list[int] = []
    for number, row in (*rows, (-1, DiffRow(RowKind.CONTEXT))):
        if row.kind is RowKind.REMOVED:
            if added:
                changed |= _paired(removed, added, texts)
                removed, added = [], []
            removed.append(number)
        elif row.kind is RowKind.ADDED:
            added.append(number)
        elif row.kind is not RowKind.NO_NEWLINE:
            changed |= _paired(removed, added, texts)
            removed, added = [], []
    return changed


def _paired(
    removed: Sequence[int], added: Sequence[int], texts: Mapping[int, str]
) -> dict[int, CharacterRanges]:
    changed: dict[int, CharacterRanges] = {}
    for old, new in zip(removed, added, strict=False):
        changed[old], changed[new] = changed_words(
            texts[old].removesuffix("\r"), texts[new].removesuffix("\r")
        )
    return changed


class Decorator:
    """A thread that decorates passages and calls `deliver`. `ask` starts it, `stop` ends it."""

    def __init__(self, deliver: Callable[[tuple[int, int], Decorations], None]) -> None:
        self._deliver = deliver
        self._waiting: OrderedDict[tuple[int, int], Passage] = OrderedDict()
        self._wake = Condition()
        self._stopped = False
        self._busy = False
        self._thread: Thread | None = None

    def ask(self, passage: Passage) -> tuple[int, int] | None:
        """Request a passage; return the key of one that is dropped if too many are waiting."""
        dropped = None
        with self._wake:
            if self._stopped:
                return passage.key
            self._waiting[passage.key] = passage
            self._waiting.move_to_end(passage.key)
            if len(self._waiting) > _MOST_WAITING:
                dropped = self._waiting.popitem(last=False)[0]
            if self._thread is None:
                self._thread = Thread(target=self._run, name="diff decorations", daemon=True)
                self._thread.start()
            self._wake.notify()
        return dropped

    @property
    def is_idle(self) -> bool:
        """Whether all requests are done."""
        with self._wake:
            return not self._waiting and not self._busy

    def stop(self) -> None:
        """End the thread after the current passage, and drop the waiting ones."""
        with self._wake:
            self._stopped = True
            self._waiting.clear()
            self._wake.notify()

    def _run(self) -> None:
        refused: set[str] = set()
        while (passage := self._take()) is not None:
            interval = sys.getswitchinterval()
            sys.setswitchinterval(_SWITCH_INTERVAL)
            try:
                decorations: Decorations = decorate(passage, refused)
            except Exception:  # noqa: BLE001  # this code stays plain, and the next passages are not lost
                decorations = {}
            finally:
                sys.setswitchinterval(interval)
            if not self._stopped:
                self._deliver(passage.key, decorations)

    def _take(self) -> Passage | None:
        with self._wake:
            self._busy = False
            while not self._waiting and not self._stopped:
                self._wake.wait()
            if self._stopped:
                return None
            self._busy = True
            return self._waiting.popitem()[1]
