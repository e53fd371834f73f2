"""Removing a leading `<think>…</think>` block from an answer.

Servers that don't know a model's template pass its thoughts on as text. Later blocks are part of
the answer.
"""

_OPEN = "<think>"
_CLOSE = "</think>"


class LeadingThought:
    """Strips the block from text that arrives in pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._is_inside = False
        self._is_over = False

    @property
    def is_thinking(self) -> bool:
        """Whether the block is still open."""
        return self._is_inside

    def feed(self, piece: str) -> str:
        """Return the next part of the answer."""
        if self._is_over:
            return piece
        self._held += piece
        if not self._is_inside:
            start = self._held.lstrip()
            if len(start) < len(_OPEN) and _OPEN.startswith(start):
                return ""
            if not start.startswith(_OPEN):
                return self.end()
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

    def end(self) -> str:
        """Return the rest of the text, unless it is still a thought."""
        left = "" if self._is_inside else self._held
        self._is_inside, self._is_over, self._held = False, True, ""
        return left
