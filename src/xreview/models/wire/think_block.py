"""The text of an answer that arrives in pieces, without a leading `<think>…</think>` block.

Servers that don't know a model's template pass its thoughts on as text. Later blocks are part of
the answer.
"""

from collections.abc import Iterator

from xreview.ports.model import Doing, ModelSignal, TextDelta

_OPEN = "<think>"
_CLOSE = "</think>"


class SpokenText:
    """The text so far; `str` returns it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._is_thinking = False
        self._held = ""
        self._is_inside = False
        self._is_over = False

    def __str__(self) -> str:
        return "".join(self._pieces)

    def thinks(self) -> Iterator[ModelSignal]:
        """Report that the model thinks, once until it says something."""
        if not self._is_thinking:
            self._is_thinking = True
            yield Doing("thinking")

    def feed(self, piece: str) -> Iterator[ModelSignal]:
        """Return the signals of the next piece."""
        if piece:
            yield from self._says(self._without_thought(piece))
            if self._is_inside:
                yield from self.thinks()

    def end(self) -> Iterator[ModelSignal]:
        """Return the text held back as the possible start of a thought."""
        yield from self._says(self._rest())

    def _says(self, text: str) -> Iterator[ModelSignal]:
        if text:
            self._is_thinking = False
            self._pieces.append(text)
            yield TextDelta(text)

    def _without_thought(self, piece: str) -> str:
        if self._is_over:
            return piece
        self._held += piece
        if not self._is_inside:
            start = self._held.lstrip()
            if len(start) < len(_OPEN) and _OPEN.startswith(start):
                return ""
            if not start.startswith(_OPEN):
                return self._rest()
            self._is_inside = True
            self._held = start[len(_OPEN) :]
        thought, close, answer = self._held.partition(_CLOSE)
        if not close:
            # Keep what could be the start of a closing tag.
            self._held = thought[-(len(_CLOSE) - 1) :]
            return ""
        if not answer.strip():
            # More white space can follow before the answer.
            self._held = _CLOSE
            return ""
        self._is_inside, self._is_over, self._held = False, True, ""
        return answer.lstrip()

    def _rest(self) -> str:
        left = "" if self._is_inside else self._held
        self._is_inside, self._is_over, self._held = False, True, ""
        return left
