"""Lines of what a program prints, each bounded."""


class LineSplitter:
    """Cuts what comes into lines, and drops those of more than `longest` bytes.

    `total` is how many bytes came so far.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self.total = 0
        self._rest = bytearray()
        self._dropping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that this piece completes, without their ends."""
        self.total += len(chunk)
        first, *others = chunk.split(b"\n")
        self._add(first)
        lines: list[bytes] = []
        for other in others:
            if not self._dropping:
                lines.append(bytes(self._rest))
            self._rest.clear()
            self._dropping = False
            self._add(other)
        return lines

    def rest(self) -> bytes:
        """What came after the last line's end."""
        return bytes(self._rest)

    def _add(self, piece: bytes) -> None:
        if self._dropping or len(self._rest) + len(piece) > self._longest:
            self._dropping = True
            self._rest.clear()
        else:
            self._rest += piece
