"""The scorecard on the screen: a person's own map of which reviewer sees what.

Every bar has its numbers beside it, and the parts of a bar differ by shape, so that nothing is told
by colour alone. Drawn as `Content`; names in it are neutralised.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from xreview.domain.report import Category
from xreview.domain.scorecard.figures import OutcomeTally, Proportion, Scorecard, ScoredReviewer
from xreview.domain.text import shorten, visible
from xreview.review.record.scorecard_words import (
    ARM_MEANINGS,
    SHARE_NOTE,
    SIGHT_NOTE,
    THIN_NOTE,
    author_vendor_words,
    delay_words,
    emptiness,
    followed_words,
    headline,
    out_of,
    rate_words,
    reasons_words,
    share_percent,
)

Part = str | tuple[str, str]
_LABEL = max(len(category.value) for category in Category) + 2
_NARROWEST_CELL = 17
_WIDEST_CELL = 30
_EIGHTHS = " ▏▎▍▌▋▊▉"
_PARTS = (
    ("accepted", "█", "$text-success"),
    ("rejected", "▒", "$text-error"),
    ("escalated", "◆", "$text-warning"),
    ("open", "·", "$text-muted"),
)


def scorecard_content(scorecard: Scorecard, width: int) -> Content:
    """The whole page, in lines of at most `width` columns (60 at least)."""
    width = max(width, 60)
    if not scorecard.rows:
        return Content(emptiness(scorecard))
    parts: list[Part] = [(f"{headline(scorecard)}\n", "bold")]
    if empty := emptiness(scorecard):
        parts.append(f"{empty}\n")
    parts += _map(scorecard, width)
    parts += _arms(scorecard, width)
    parts += _outcomes(scorecard, width)
    parts += _efforts(scorecard)
    parts.append((f"\n{SHARE_NOTE}\n{THIN_NOTE}\n", "$text-muted"))
    return Content.assemble(*parts)


def bar(count: int, of: int, width: int) -> str:
    """`count` of `of` as a bar of `width` columns, in eighths of a column; never empty for a
    count that is not 0, never full for one that is not all."""
    eighths = count * width * 8 // of if of else 0
    if 0 < count < of:
        eighths = min(max(eighths, 1), width * 8 - 1)
    whole, rest = divmod(eighths, 8)
    drawn = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return drawn + "░" * (width - len(drawn))


def stacked(tally: OutcomeTally, width: int) -> list[Part]:
    """Accepted, rejected, escalated and open as one bar of `width` columns; a part that is not 0
    has at least one."""
    numbers = (tally.accepted, tally.rejections, tally.escalated, tally.open)
    columns = [max(1, number * width // tally.raised) if number else 0 for number in numbers]
    columns[columns.index(max(columns))] += width - sum(columns)
    return [
        (sign * size, colour)
        for (_, sign, colour), size in zip(_PARTS, columns, strict=True)
        if size
    ]


def _map(scorecard: Scorecard, width: int) -> Iterator[Part]:
    """Category by reviewer, as many reviewers side by side as there is room for."""
    reviewers = [
        one for one in scorecard.reviewers if any(one == who for who, _ in scorecard.sight)
    ]
    yield ("\nWho sees what", "bold underline")
    if not reviewers:
        yield "\nNothing accepted yet: what is accepted shows who saw it and who did not.\n"
        return
    yield (f"\n{SIGHT_NOTE}\n", "$text-muted")
    cell = max(_NARROWEST_CELL, min(_WIDEST_CELL, (width - _LABEL) // len(reviewers)))
    side_by_side = max(1, (width - _LABEL) // cell)
    for start in range(0, len(reviewers), side_by_side):
        yield from _band(scorecard, reviewers[start : start + side_by_side], cell)


def _band(scorecard: Scorecard, reviewers: Sequence[ScoredReviewer], cell: int) -> Iterator[Part]:
    yield " " * _LABEL
    for reviewer in reviewers:
        yield (f"{shorten(visible(reviewer.label), cell - 2):<{cell}}", "bold")
    yield "\n"
    widest = max(
        len(out_of(share)) for (who, _), share in scorecard.sight.items() if who in reviewers
    )
    for category in scorecard.categories:
        shares = [scorecard.sight.get((reviewer, category)) for reviewer in reviewers]
        if any(shares):
            yield f"{category.value:<{_LABEL}}"
            for share in shares:
                yield from _cell(share, cell, widest)
            yield "\n"


def _cell(share: Proportion | None, width: int, figures: int) -> Iterator[Part]:
    if share is None:
        yield (f"{'–':<{width}}", "$text-muted")
        return
    size = max(3, width - figures - 3)
    yield (bar(share.count, share.of, size), "$text-success" if share.count else "$text-error")
    yield f" {out_of(share)}".ljust(width - size)


def _arms(scorecard: Scorecard, width: int) -> Iterator[Part]:
    yield ("\nWho reviewed whom\n", "bold underline")
    label = max(map(len, ARM_MEANINGS.values())) + 2
    size = min(40, width - label - 26)
    for arm, tally in scorecard.arms.items():
        if not tally.raised:
            continue
        share = tally.accepted_share
        yield f"{ARM_MEANINGS[arm]:<{label}}"
        yield (bar(share.count, share.of, size), "$text-accent")
        yield f" {share_percent(share)} of {share.of:,}, {tally.raised:,} raised\n"


def _outcomes(scorecard: Scorecard, width: int) -> Iterator[Part]:
    yield ("\nWhat became of it", "bold underline")
    yield "\n"
    for name, sign, colour in _PARTS:
        yield (sign, colour)
        yield f" {name}  "
    yield "\n"
    numbers = max(len(_numbers(tally)) for tally in scorecard.by_author_and_reviewer().values())
    size = max(8, min(48, width - _LABEL - numbers - 8))
    for (author, reviewer), group in groupby(
        scorecard.rows, key=lambda row: (row.author, row.reviewer)
    ):
        rows = list(group)
        total = sum((row.tally for row in rows), OutcomeTally())
        title = visible(f"Code by {author_vendor_words(author)}, read by {reviewer.label}")
        yield (f"\n{shorten(title, width)}\n", "bold")
        for row in rows:
            yield from _outcome(row.category.value, row.tally, size)
        if len(rows) > 1:
            yield from _outcome("all", total, size)
        for sentence in (reasons_words(total), followed_words(total)):
            if sentence:
                yield (f"{'':<{_LABEL}}{sentence}\n", "$text-muted")


def _outcome(label: str, tally: OutcomeTally, size: int) -> Iterator[Part]:
    yield f"{label:<{_LABEL}}"
    yield from stacked(tally, size)
    yield f" {_numbers(tally)}  {share_percent(tally.accepted_share)}\n"


def _numbers(tally: OutcomeTally) -> str:
    numbers = (tally.accepted, tally.rejections, tally.escalated, tally.open)
    return "/".join(f"{number:,}" for number in numbers)


def _efforts(scorecard: Scorecard) -> Iterator[Part]:
    yield ("\nWhat it took\n", "bold underline")
    for reviewer, brought in scorecard.yields.items():
        yield (f"{visible(reviewer.label)}\n", "bold")
        yield (
            f"  bugs per dollar: {rate_words(brought.dollars, 'free')}, "
            f"per minute: {rate_words(brought.minutes, 'no time')}\n"
        )
        if delay := scorecard.delays.get(reviewer):
            yield f"  decided: {delay_words(delay)}\n"
    yield f"all decided: {delay_words(scorecard.delay)}\n"


class ScorecardScreen(ModalScreen[None]):
    """Shows a scorecard over the whole screen, drawn anew when the terminal's size changes.

    Args:
        scorecard: what to show.
        scope: what it is about, for the title.
    """

    DEFAULT_CSS = """
    ScorecardScreen { align: center middle; background: $background; }
    ScorecardScreen > VerticalScroll {
        width: 100%; height: 100%; border: round $accent; background: $background; padding: 0 1;
    }
    ScorecardScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "close", priority=True),
        Binding("j,down", "scroll(1)", "down", show=False, priority=True),
        Binding("k,up", "scroll(-1)", "up", show=False, priority=True),
        Binding("pagedown,space", "scroll(20)", "page down", show=False, priority=True),
        Binding("pageup", "scroll(-20)", "page up", show=False, priority=True),
        Binding("home,g", "scroll(-100000)", "top", show=False, priority=True),
        Binding("end,G", "scroll(100000)", "end", show=False, priority=True),
    ]

    def __init__(self, scorecard: Scorecard, scope: str = "this repository") -> None:
        super().__init__()
        self._scorecard = scorecard
        self._scope = scope
        self._body = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The page in a scrolling box."""
        box = VerticalScroll(self._body, can_focus=False)
        box.border_title = Content(visible(f"Scorecard of {self._scope}"))
        box.border_subtitle = "j/k scroll · Esc closes"
        yield box

    def on_resize(self, event: events.Resize) -> None:
        """Draw it for the new width: borders, padding and the scrollbar take six columns."""
        self._body.update(scorecard_content(self._scorecard, event.size.width - 6))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Back to the app."""
        self.app.pop_screen()
