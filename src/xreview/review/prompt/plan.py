"""Planning the requests of a review: what goes into which, in which order, and what is left out.

Every file of the change is in a request or has a coverage entry that says why not.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import cached_property

from xreview.analysers.plan import Skip, skip_content
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship import line_ranges
from xreview.domain.authorship.line_ranges import Ranges
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.domain.report import Lens
from xreview.domain.text import count_of
from xreview.ports.request import ModelRequest
from xreview.ports.reviewer import ContentReader
from xreview.review.prompt.blocks import Blocks
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.prompt.compose import (
    RequestFrame,
    estimated_tokens,
    request_digest,
    request_tokens,
)
from xreview.review.prompt.context import ShownFile, shown_file
from xreview.review.prompt.grouping import Group, groups_of
from xreview.review.prompt.own import NO_OWN_PROMPTS, OwnPrompts
from xreview.review.prompt.pieces import Piece, pieces_of, shown_in
from xreview.review.prompt.room import ContextWindow, Room, room_in, too_narrow
from xreview.review.prompt.routing import Route, Routing, routing
from xreview.review.prompt.template import Template
from xreview.review.reply.quote import ShownCode

EASY_ROOM = 4_000
"""Tokens for code from which the full instructions are used."""

_BACKGROUND_SHARE = 16  # the fraction of a small window for the background: one part in 16


@dataclass(frozen=True)
class PlanSettings:
    """How a review is planned.

    With more code than `request_tokens` in one request, findings get worse and come later, even if
    the model takes more. `most_pieces` limits the requests about one file. `prompts` are the
    user's own. `attention` is None where it isn't known: then only the routing says what is hard,
    and what comes first.
    """

    reviewer: str
    background: Background = NO_BACKGROUND
    attention: ChangeAttention | None = None
    request_tokens: int = 24_000
    reads_last: bool = True
    most_pieces: int = 20
    prompts: OwnPrompts = NO_OWN_PROMPTS


@dataclass(frozen=True)
class Part:
    """One request of a plan, without tools, effort and output cap, and how risky its files look.

    `level`: the highest attention that one of them deserves. `is_hard`: it is worth the stronger
    model. `is_last`: only documentation and plain data.
    """

    pieces: tuple[Piece, ...]
    request: ModelRequest
    tokens: int
    score: int
    reasons: tuple[str, ...]
    level: AttentionLevel
    is_hard: bool
    is_last: bool

    @cached_property
    def digest(self) -> str:
        """The digest of the prompt."""
        return request_digest(self.request)

    @property
    def label(self) -> str:
        """The files in a few words, with raw names."""
        first = self.pieces[0]
        named = first.path if first.of == 1 else f"{first.path} ({first.number}/{first.of})"
        more = len(self.pieces) - 1
        return f"{named} and {count_of(more, 'more file')}" if more else named

    @cached_property
    def shown(self) -> ShownCode:
        """The code in it, to look up quotes."""
        return shown_in(self.pieces)


@dataclass(frozen=True)
class Plan:
    """The requests of one review in sending order; `skipped` has the files that are in no request,
    and `unsent` the missing lines of those that are."""

    template: Template
    room: Room
    requests: tuple[Part, ...]
    skipped: tuple[CoverageEntry, ...]
    unsent: Mapping[str, Ranges]

    @property
    def tokens(self) -> int:
        """The estimated input of all requests."""
        return sum(part.tokens for part in self.requests)


async def plan(
    files: Sequence[FileDiff],
    contents: ContentReader,
    window: ContextWindow,
    lens: Lens,
    settings: PlanSettings,
) -> Plan:
    """Plan the review of some files. Raises ReviewerError if the window is too small for code."""
    frame, room_there = _fitting(window, lens, settings)
    room = min(settings.request_tokens, room_there.code)
    gathered = _Gathered(settings, routing())
    async with aclosing(Blocks()) as blocks:
        for file in files:
            await gathered.take(file, contents, blocks, room)
    groups = groups_of(sorted(gathered.pieces))
    batches = [batch for group in groups for batch in gathered.batches(group, room)]
    requests = tuple(sorted((gathered.part(frame, batch) for batch in batches), key=_order))
    return Plan(frame.template, room_there, requests, tuple(gathered.skipped), gathered.unsent)


def _fitting(
    window: ContextWindow, lens: Lens, settings: PlanSettings
) -> tuple[RequestFrame, Room]:
    """The fullest instructions that leave room, and the room. Raises ReviewerError."""
    told = settings.background
    short = told.shortened(window.size // _BACKGROUND_SHARE)
    compact = settings.prompts.compact(lens)
    frames = (
        RequestFrame(settings.prompts.review(lens), told),
        RequestFrame(compact, told),
        RequestFrame(compact, short),
    )
    for frame in frames[:-1]:
        room = room_in(window, frame.tokens)
        if room.code >= EASY_ROOM:
            return frame, room
    room = room_in(window, frames[-1].tokens)
    if not room.is_enough:
        raise too_narrow(window, frames[-1].tokens, settings.reviewer)
    return frames[-1], room


def _order(part: Part) -> tuple[bool, int, int, str, int]:
    first = part.pieces[0]
    return part.is_last, -part.level, -part.score, first.path, first.number


class _Gathered:
    """The files read so far."""

    def __init__(self, settings: PlanSettings, rules: Routing) -> None:
        self.pieces: dict[str, list[Piece]] = {}
        self.skipped: list[CoverageEntry] = []
        self.unsent: dict[str, Ranges] = {}
        self._settings = settings
        self._rules = rules
        self._routes: dict[str, Route] = {}
        self._sizes: dict[str, int] = {}

    async def take(
        self, file: FileDiff, contents: ContentReader, blocks: Blocks, room: int
    ) -> None:
        """Cut one file into pieces, or leave it out."""
        # In a thread: with 150,000 lines this would block the interface.
        if (left_out := await asyncio.to_thread(self._skip, file)) is not None:
            return self._leave_out(file.path, left_out)
        content = None
        if file.status is not FileStatus.DELETED:
            try:
                content = await contents.read(file, Side.NEW)
            except ChangeError as error:
                return self._fail(file.path, error.message)
            if content is not None and (left_out := skip_content(content)) is not None:
                return self._leave_out(file.path, left_out)
        text = None if content is None else content.decode("utf-8", "surrogateescape")
        shown = await shown_file(file, text, blocks)
        return await asyncio.to_thread(self._cut, shown, room)

    def batches(self, group: Group, room: int) -> Iterator[tuple[Piece, ...]]:
        """The pieces of a group: together if they fit, else each on its own."""
        pieces = [piece for path in group for piece in self.pieces[path]]
        if sum(self._sizes[path] for path in group) <= room:
            yield tuple(pieces)
        else:
            yield from ((piece,) for piece in pieces)

    def part(self, frame: RequestFrame, pieces: tuple[Piece, ...]) -> Part:
        """The request about some pieces."""
        routes = [self._routes[piece.path] for piece in pieces]
        request = frame.request([piece.text for piece in pieces])
        score = max(route.score for route in routes)
        level = max(self._level_of(piece.path) for piece in pieces)
        is_close = level >= AttentionLevel.STUDY
        is_last = all(route.last for route in routes) and not is_close
        is_risky = score >= self._rules.hard_from and level > AttentionLevel.SKIM
        return Part(
            pieces=pieces,
            request=request,
            tokens=request_tokens(request),
            score=score,
            reasons=tuple(dict.fromkeys(why for route in routes for why in route.reasons)),
            level=level,
            is_hard=is_close or (is_risky and not is_last),
            is_last=is_last,
        )

    def _level_of(self, path: str) -> AttentionLevel:
        attention = self._settings.attention
        return attention.of(path).level if attention else AttentionLevel.READ

    def _skip(self, file: FileDiff) -> Skip | None:
        left_out = self._rules.skip(file)
        if left_out is None:
            route = self._routes[file.path] = self._rules.route(file)
            if route.last and not self._settings.reads_last:
                left_out = Skip(f"{route.last}, excluded by the settings")
        return left_out

    def _cut(self, shown: ShownFile, room: int) -> None:
        path = shown.file.path
        pieces = pieces_of(shown, room)
        if not pieces:
            return self._leave_out(path, Skip("no lines changed"))
        sent, over = pieces[: self._settings.most_pieces], pieces[self._settings.most_pieces :]
        self._add_unsent(path, *(piece.changed for piece in over))
        self._add_unsent(path, *(piece.cut_lines for piece in sent))
        self.pieces.setdefault(path, []).extend(sent)
        self._sizes[path] = sum(estimated_tokens(piece.text) + 1 for piece in self.pieces[path])
        return None

    def _add_unsent(self, path: str, *ranges: Ranges) -> None:
        known = self.unsent.get(path, ())
        merged = line_ranges.merged_ranges(one for several in (known, *ranges) for one in several)
        if merged:
            self.unsent[path] = merged

    def _leave_out(self, path: str, skip: Skip) -> None:
        self.skipped.append(
            CoverageEntry(
                self._settings.reviewer, path, Reading.SKIPPED, skip.why, expected=skip.expected
            )
        )

    def _fail(self, path: str, why: str) -> None:
        self.skipped.append(CoverageEntry(self._settings.reviewer, path, Reading.FAILED, why))
