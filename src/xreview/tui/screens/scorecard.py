"""The scorecard: which reviewer finds what, according to your own decisions.

Every bar has its numbers next to it, and its parts differ by shape, not by colour alone.
"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content

from xreview.domain.errors import XReviewError
from xreview.domain.report import Category
from xreview.domain.ruling import Ruling
from xreview.domain.scorecard.figures import OutcomeTally, Scorecard
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import ScoredReviewer
from xreview.domain.text import shorten, shorten_middle, visible
from xreview.review.record.scorecard_words import (
    ARM_MEANINGS,
    BAR_NOTE,
    CATCH_NOTE,
    CONTESTS,
    FIX_NOTE,
    SHARE_NOTE,
    SIGHT_NOTE,
    THIN_NOTE,
    UNIT_NOTE,
    author_vendor_words,
    bar,
    catch_words,
    contests,
    delay_words,
    emptiness,
    fix_cost_words,
    fix_outcome_words,
    followed_words,
    headline,
    out_of,
    proportion_words,
    rate_words,
    reasons_words,
    refuted_words,
)
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.screens.scorecard_attempts import attempt_parts
from xreview.tui.screens.scorecard_calibration import calibration_parts
from xreview.tui.screens.triage.empty import STILL_READING
from xreview.tui.widgets.text_pane import TextPart

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_LABEL = max(len(category.value) for category in Category) + 2
_LONGEST_NAME = 30
_SHARE = len(" ") + len("  100% (72–100%)")
_NARROWEST_CELL = 17
_WIDEST_CELL = 30
_PARTS = (
    ("accepted", "█", "$text-success"),
    ("rejected", "▒", "$text-error"),
    ("escalated", "◆", "$text-warning"),
    ("open", "·", "$text-muted"),
)


def scorecard_content(scorecard: Scorecard, width: int) -> Content:
    """Return the whole page in lines of at most `width` columns (60 or more)."""
    width = max(width, 60)
    if not scorecard.rows:
        later = _catches(scorecard) if scorecard.catches_by else ()
        levels = calibration_parts(scorecard.calibration, width)
        return Content.assemble(
            emptiness(scorecard), *later, *levels, *_fixers(scorecard), *attempt_parts(scorecard)
        )
    parts: list[TextPart] = [
        (f"{headline(scorecard)}\n", "bold"),
        (f"{UNIT_NOTE}\n", "$text-muted"),
    ]
    if empty := emptiness(scorecard):
        parts.append(f"{empty}\n")
    parts += _catches(scorecard)
    parts += _map(scorecard, width)
    parts += _arms(scorecard, width)
    parts += _outcomes(scorecard, width)
    parts += calibration_parts(scorecard.calibration, width)
    parts += _contests(scorecard, width)
    parts += _efforts(scorecard)
    parts += _fixers(scorecard)
    parts += attempt_parts(scorecard)
    parts.append((f"\n{SHARE_NOTE}\n{BAR_NOTE}\n{THIN_NOTE}\n", "$text-muted"))
    return Content.assemble(*parts)


def _catches(scorecard: Scorecard) -> Iterator[TextPart]:
    """Yield what was caught, missed and shipped, of all and of each reviewer."""
    yield ("\nCaught, missed, shipped\n", "bold underline")
    yield (f"{CATCH_NOTE}\n", "$text-muted")
    longest = max((len(one.label) for one in scorecard.catches_by), default=0)
    label = max(_LABEL, min(longest, _LONGEST_NAME))
    yield f"{'all together':<{label}} {catch_words(scorecard.catches)}\n"
    for reviewer, count in scorecard.catches_by.items():
        yield f"{_named(reviewer, label):<{label}} {catch_words(count)}\n"


def _named(reviewer: ScoredReviewer, width: int) -> str:
    """The reviewer's label or name, whichever fits; the name's two ends if neither does."""
    label, name = visible(reviewer.label), visible(reviewer.name)
    return label if len(label) <= width else shorten_middle(name, width)


def stacked(tally: OutcomeTally, most: int) -> list[TextPart]:
    """Return one bar for accepted, rejected, escalated, and open, a column for each report.

    More than `most` reports share `most` columns. A part that isn't 0 has at least one column.
    """
    numbers = (tally.accepted, tally.rejections, tally.escalated, tally.open)
    width = min(most, tally.raised)
    columns = [max(1, number * width // tally.raised) if number else 0 for number in numbers]
    columns[columns.index(max(columns))] += width - sum(columns)
    return [
        (sign * size, colour)
        for (_, sign, colour), size in zip(_PARTS, columns, strict=True)
        if size
    ]


def _map(scorecard: Scorecard, width: int) -> Iterator[TextPart]:
    """Yield categories by reviewer, as many reviewers side by side as fit."""
    reviewers = [
        one for one in scorecard.reviewers if any(one == who for who, _ in scorecard.sight)
    ]
    yield ("\nWho sees what", "bold underline")
    if not reviewers:
        yield "\nNothing accepted yet. Accepted findings show which reviewers saw them.\n"
        return
    yield (f"\n{SIGHT_NOTE}\n", "$text-muted")
    cell = max(_NARROWEST_CELL, min(_WIDEST_CELL, (width - _LABEL) // len(reviewers)))
    side_by_side = max(1, (width - _LABEL) // cell)
    for start in range(0, len(reviewers), side_by_side):
        yield from _band(scorecard, reviewers[start : start + side_by_side], cell)


def _band(
    scorecard: Scorecard, reviewers: Sequence[ScoredReviewer], cell: int
) -> Iterator[TextPart]:
    yield " " * _LABEL
    for reviewer in reviewers:
        yield (f"{_named(reviewer, cell - 2):<{cell}}", "bold")
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


def _cell(share: Proportion | None, width: int, figures: int) -> Iterator[TextPart]:
    if share is None:
        yield (f"{'–':<{width}}", "$text-muted")
        return
    size = max(3, width - figures - 3)
    yield (bar(share, size), "$text-success" if share.count else "$text-error")
    yield f" {out_of(share)}".ljust(width - size)


def _arms(scorecard: Scorecard, width: int) -> Iterator[TextPart]:
    yield ("\nWho reviewed whom\n", "bold underline")
    label = max(map(len, ARM_MEANINGS.values())) + 2
    size = max(4, min(40, width - label - 34))
    for arm, tally in scorecard.arms.items():
        if not tally.raised:
            continue
        share = tally.accepted_share
        yield f"{ARM_MEANINGS[arm]:<{label}}"
        yield (bar(share, size), "$text-accent")
        yield f" {proportion_words(share)}, {share.count:,}/{share.of:,}, {tally.raised:,} raised\n"


def _outcomes(scorecard: Scorecard, width: int) -> Iterator[TextPart]:
    yield ("\nOutcomes", "bold underline")
    yield "\n"
    for name, sign, colour in _PARTS:
        yield (sign, colour)
        yield f" {name}  "
    yield "\n"
    numbers = max(len(_numbers(tally)) for tally in scorecard.by_author_and_reviewer().values())
    size = max(8, min(48, width - _LABEL - numbers - _SHARE))
    for (author, reviewer), group in groupby(
        scorecard.rows, key=lambda row: (row.author, row.reviewer)
    ):
        rows = list(group)
        total = sum((row.tally for row in rows), OutcomeTally())
        title = visible(f"Code by {author_vendor_words(author)}, reviewed by {reviewer.label}")
        yield (f"\n{shorten(title, width)}\n", "bold")
        for row in rows:
            yield from _outcome(row.category.value, row.tally, size)
        if len(rows) > 1:
            yield from _outcome("all", total, size)
        for sentence in (reasons_words(total), followed_words(total)):
            if sentence:
                yield (f"{'':<{_LABEL}}{sentence}\n", "$text-muted")


def _outcome(label: str, tally: OutcomeTally, size: int) -> Iterator[TextPart]:
    yield f"{label:<{_LABEL}}"
    yield from stacked(tally, size)
    yield " " * (size - min(size, tally.raised))
    yield f" {_numbers(tally)}  {proportion_words(tally.accepted_share)}\n"


def _numbers(tally: OutcomeTally) -> str:
    numbers = (tally.accepted, tally.rejections, tally.escalated, tally.open)
    return "/".join(f"{number:,}" for number in numbers)


def _contests(scorecard: Scorecard, width: int) -> Iterator[TextPart]:
    if not (rows := contests(scorecard)):
        return
    yield (f"\n{CONTESTS}\n", "bold underline")
    for label, counts in rows:
        told = ", ".join(
            f"{count} {ruling.words}" for count, ruling in zip(counts, Ruling, strict=True)
        )
        yield f"{shorten(visible(label), width)}\n"
        yield (f"  {told}\n", "$text-muted")


def _efforts(scorecard: Scorecard) -> Iterator[TextPart]:
    yield ("\nCost and time\n", "bold underline")
    for reviewer, brought in scorecard.yields.items():
        yield (f"{visible(reviewer.label)}\n", "bold")
        yield (
            f"  bugs per dollar: {rate_words(brought.dollars, 'free')}, "
            f"per minute: {rate_words(brought.minutes, 'no time')}\n"
        )
        if delay := scorecard.delays.get(reviewer):
            yield f"  time to decide: {delay_words(delay)}\n"
    yield f"time to decide, all: {delay_words(scorecard.delay)}\n"


def _fixers(scorecard: Scorecard) -> Iterator[TextPart]:
    """Yield how often each fixer succeeded, and what a working fix cost."""
    if not scorecard.fixers:
        return
    yield ("\nWhat fixers made of accepted findings\n", "bold underline")
    yield (f"{FIX_NOTE}\n", "$text-muted")
    for one in scorecard.fixers:
        yield (f"{visible(one.fixer.label)}\n", "bold")
        fixed = f"{out_of(one.success)} fixed, {proportion_words(one.success)}"
        cost = f"cost per working fix: {fix_cost_words(one.spending)}"
        yield f"  {fixed}; {one.working:,} work now; {cost}\n"
        yield (f"  {fix_outcome_words(one)}\n", "$text-muted")
    if said := refuted_words(scorecard.refuted):
        yield f"{said}\n"


class ScorecardScreen(PageScreen):
    """Shows a scorecard on the whole screen, redrawn when the terminal is resized."""

    DEFAULT_CSS = """
    ScorecardScreen { background: $background; }
    ScorecardScreen > VerticalScroll {
        width: 100%; max-width: 100%; height: 100%; max-height: 100%;
        background: $background; padding: 0 1;
    }
    """

    def __init__(self, scorecard: Scorecard) -> None:
        super().__init__("Scorecard of this repository", Content(""))
        self._scorecard = scorecard

    def on_resize(self, event: events.Resize) -> None:
        """Redraw for the new width; borders, padding, and the scrollbar take six columns."""
        self.body.update(scorecard_content(self._scorecard, event.size.width - 6))


async def open_scorecard(app: "XReviewApp") -> None:
    """Read the journal and show what it says about the reviewers in this repository."""
    from xreview.review.record.scorecard import read_scorecard

    if (session := app.triage.session) is None:
        app.notify(STILL_READING, severity="warning")
        return
    try:
        card = await asyncio.to_thread(read_scorecard, app.options.journal, session.repository)
    except XReviewError as error:
        app.show_trouble(error)
        return
    await app.push_screen(ScorecardScreen(card))
