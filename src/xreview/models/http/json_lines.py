"""Newline-delimited JSON out of bytes: one document per line (Ollama's native stream)."""


class LineReader:
    """Takes a stream in pieces of any size and gives each line that holds something.

    Lines end at LF; a CR before it is white space to JSON.
    """

    def __init__(self) -> None:
        self._partial: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that this piece completes, without their ends."""
        first, *others = piece.split(b"\n")
        if first:
            self._partial.append(first)
        if not others:
            return []
        whole = [b"".join(self._partial), *others[:-1]]
        self._partial = [others[-1]] if others[-1] else []
        return [line for line in whole if line.strip()]

    def end(self) -> list[bytes]:
        """The last line, where the stream ended without a line feed."""
        rest = b"".join(self._partial)
        self._partial = []
        return [rest] if rest.strip() else []
