"""Taking the thinking out of an answer that begins with it.

Servers that do not know a model's template pass its thoughts on as text: `<think>…</think>` before
the answer. Only a leading block is thinking; the same words later on are part of the answer.
"""

_OPEN = "<think>"
_CLOSE = "</think>"


class LeadingThought:
    """Strips a leading `<think>…</think>` from text that comes in pieces, cut anywhere."""

    def __init__(self) -> None:
        self._held = ""
        self._is_inside = False
        self._is_over = False

    @property
    def is_thinking(self) -> bool:
        """Whether the block was opened and not yet closed."""
        return self._is_inside

    def feed(self, piece: str) -> str:
        """What of the text so far is answer, and was not returned before."""
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
            # A closing tag may be cut in two: all but its beginning can go.
            self._held = thought[-(len(_CLOSE) - 1) :]
            return ""
        if not answer.strip():
            # White space between the thought and the answer may still be coming.
            self._held = _CLOSE
            return ""
        self._is_inside, self._is_over, self._held = False, True, ""
        return answer.lstrip()

    def end(self) -> str:
        """What is left at the end of the text: an answer that never was a thought."""
        left = "" if self._is_inside else self._held
        self._is_inside, self._is_over, self._held = False, True, ""
        return left
