"""The code around a report, without secrets, as a review shows it to a model."""

import asyncio

from xreview.domain.change import Change, FileDiff, Side
from xreview.domain.errors import ChangeError
from xreview.domain.identity.anchor import Anchor
from xreview.ports.reviewer import ContentReader
from xreview.review.egress.gate import Gate
from xreview.review.egress.secrets import PROSE
from xreview.review.egress.withholding import Withholding, is_withheld
from xreview.review.prompt.blocks import Blocks
from xreview.review.prompt.context import shown_file
from xreview.review.prompt.pieces import Piece, pieces_of


class Excerpts:
    """Reads the files of a change without their secrets, and cuts each once into excerpts of at
    most `room` tokens."""

    def __init__(
        self, change: Change, contents: ContentReader, room: int, blocks: Blocks, gate: Gate
    ) -> None:
        self._change = change
        self._gate = gate
        self._withholding = Withholding(contents, self._gate)
        self._room = room
        self._blocks = blocks
        self._cut: dict[str, list[Piece]] = {}
        self._in_texts = 0

    @property
    def withheld(self) -> int:
        """The number of lines withheld so far."""
        return self._withholding.total + self._in_texts

    async def around(self, anchor: Anchor) -> Piece | None:
        """The excerpt nearest to a place; None if its file isn't in the change, is withheld whole,
        or has nothing to show."""
        file = self._change.by_path.get(anchor.path)
        if file is None or is_withheld(file):
            return None
        if file.path not in self._cut:
            self._cut[file.path] = await self._excerpts(file)
        return min(
            self._cut[file.path],
            key=lambda piece: (_distance(piece, anchor), piece.number),
            default=None,
        )

    async def quote(self, anchor: Anchor, *, is_there: bool) -> str:
        """What a report quotes, without secrets. If the quote is in the code, the lines are taken
        from the file: a line may look like a secret only among its neighbours."""
        file = self._change.by_path.get(anchor.path)
        if is_there and file is not None:
            content = await self._read(file, anchor.side)
            if content is not None:
                rows = content.split("\n")[anchor.start_line - 1 : anchor.end_line]
                return "\n".join(rows)
        return await self.text(anchor.quote, anchor.path)

    async def text(self, text: str, path: str = PROSE) -> str:
        """Any other text without lines that look like secrets.

        The ending of `path` says how values are written in it; prose by default.
        """
        cleaned = await asyncio.to_thread(self._gate.text, text, path)
        self._in_texts += cleaned.withheld
        return cleaned.text

    async def _excerpts(self, file: FileDiff) -> list[Piece]:
        (cleaned,) = await self._withholding.files((file,))
        content = await self._read(file, Side.NEW)
        shown = await shown_file(cleaned, content, self._blocks)
        return await asyncio.to_thread(pieces_of, shown, self._room)

    async def _read(self, file: FileDiff, side: Side) -> str | None:
        try:
            content = await self._withholding.read(file, side)
        except ChangeError:
            return None  # the diff is still there
        return None if content is None else content.decode("utf-8", "surrogateescape")


def _distance(piece: Piece, anchor: Anchor) -> int:
    """The number of lines to a place; 0 if its first line is in the piece."""
    numbers = (
        line.new_number if anchor.side is Side.NEW else line.old_number
        for part in piece.segments
        for line in part
    )
    return min((abs(number - anchor.start_line) for number in numbers if number), default=2**53)
