"""Decorations, computed in a thread after the first draw: syntax groups and changed words.

The newest requests come first; requests for what scrolled away long ago are dropped.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from threading import Condition, Thread

from xreview.domain.record import replace
from xreview.hardening.lookalikes import oddities, told
from xreview.tui.widgets.diff.blocks import CODE, DiffRow
from xreview.tui.widgets.diff.cell import Decoration
from xreview.tui.widgets.diff.highlight import SyntaxSpan, lexer_for, spans_of
from xreview.tui.widgets.diff.pairs import NO_CHANGE, LineChange, line_changes
from xreview.tui.widgets.diff.passage import Passage, PassageSide
from xreview.tui.widgets.diff.true_colours import FileColours, TextSource
from xreview.tui.widgets.diff.words import CharacterRanges

_MOST_WAITING = 64
_SWITCH_INTERVAL = 0.0005

Decorations = Mapping[int, Decoration]
"""By row of the file."""


def decorate(passage: Passage, refused: set[str]) -> Decorations:
    """Return the decorations of a passage; add a path to `refused` if its lexer fails."""
    texts = {number: passage.text(row) for number, row in passage.rows}
    spans: dict[int, tuple[SyntaxSpan, ...]] = {}
    for side in passage.sides():
        spans |= _lexed(side, texts, refused)
    changes = line_changes(passage.rows, texts)
    return {
        number: _decoration(
            spans.get(number, ()), changes.get(number, NO_CHANGE), row, texts[number]
        )
        for number, row in passage.rows
    }


def _decoration(
    spans: tuple[SyntaxSpan, ...], change: LineChange, row: DiffRow, text: str
) -> Decoration:
    odd, note = _odd(row, text)
    return Decoration(spans, change.words, odd, note, change.is_reindented)


def _odd(row: DiffRow, text: str) -> tuple[CharacterRanges, str]:
    """Return the deceptive characters in a line of code, and a note about them."""
    if row.kind not in CODE or not (found := oddities(text)):
        return (), ""
    return tuple((one.start, one.end) for one in found), told(text)


def _lexed(
    side: PassageSide, texts: Mapping[int, str], refused: set[str]
) -> dict[int, tuple[SyntaxSpan, ...]]:
    if side.path in refused:
        return {}
    numbers = [number for number, _row in side.rows]
    try:
        lexer = lexer_for(side.path)
        if lexer is None:
            return {}
        lines = [texts[number] for number in numbers]
        return dict(zip(numbers, spans_of(lexer, lines), strict=True))
    except Exception:  # noqa: BLE001  # third-party lexers can raise anything on hostile text
        refused.add(side.path)
        return {}


class Decorator:
    """A thread that decorates passages and calls `deliver`. `ask` starts it, `stop` ends it.

    A passage is delivered at once, coloured as if it started in code. Where that may be wrong, it's
    delivered again in its true colours, once the whole files can be read (`read_texts`).
    """

    def __init__(self, deliver: Callable[[tuple[int, int], Decorations], None]) -> None:
        self._deliver = deliver
        self._waiting: OrderedDict[tuple[int, int], Passage] = OrderedDict()
        self._unsure: OrderedDict[tuple[int, int], tuple[Passage, Decorations]] = OrderedDict()
        self._colours: FileColours | None = None
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

    def read_texts(self, source: TextSource) -> None:
        """Read whole files from `source`, in the thread, for true colours."""
        with self._wake:
            self._colours = FileColours(source)
            self._wake.notify()

    @property
    def is_idle(self) -> bool:
        """Whether all requests are done."""
        with self._wake:
            unsure = self._unsure and self._colours is not None
            return not (self._waiting or unsure or self._busy)

    def stop(self) -> None:
        """End the thread after the current passage, and drop the waiting ones."""
        with self._wake:
            self._stopped = True
            self._waiting.clear()
            self._unsure.clear()
            self._wake.notify()

    def _run(self) -> None:
        refused: set[str] = set()
        while (step := self._next_step(refused)) is not None:
            interval = sys.getswitchinterval()
            sys.setswitchinterval(_SWITCH_INTERVAL)
            try:
                step()
            finally:
                sys.setswitchinterval(interval)

    def _next_step(self, refused: set[str]) -> Callable[[], None] | None:
        """Wait for something to do; None to end."""
        with self._wake:
            while not self._stopped:
                self._busy = True
                if self._waiting:
                    return partial(self._decorate, self._waiting.popitem()[1], refused)
                if self._unsure and self._colours is not None:
                    return partial(self._correct, *self._unsure.popitem()[1], self._colours)
                self._busy = False
                self._wake.wait()
            self._busy = False
            return None

    def _decorate(self, passage: Passage, refused: set[str]) -> None:
        try:
            decorations: Decorations = decorate(passage, refused)
        except Exception:  # noqa: BLE001  # this code stays plain, and the next passages are not lost
            decorations = {}
        if self._stopped:
            return
        self._deliver(passage.key, decorations)
        if _is_unsure(passage, refused):
            with self._wake:
                self._unsure[passage.key] = passage, decorations
                self._unsure.move_to_end(passage.key)
                if len(self._unsure) > _MOST_WAITING:
                    self._unsure.popitem(last=False)

    def _correct(self, passage: Passage, decorations: Decorations, colours: FileColours) -> None:
        """Deliver a passage again if its true colours are known and differ."""
        try:
            spans = colours.spans(passage)
        except Exception:  # noqa: BLE001  # git, the disk, or a lexer fails: the first colours stay
            return
        changed = {
            number: replace(decorations[number], spans=true)
            for number, true in spans.items()
            if true != decorations[number].spans
        }
        if changed and not self._stopped:
            self._deliver(passage.key, {**decorations, **changed})


def _is_unsure(passage: Passage, refused: set[str]) -> bool:
    """Whether lines above the passage could colour it otherwise."""
    if passage.starts_the_file or passage.file.path in refused:
        return False
    return lexer_for(passage.file.path) is not None
