"""The scorecard as tables for a terminal of 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from xreview.cli.calibration_text import calibration_blocks
from xreview.cli.prompt_stats_text import reply_block
from xreview.cli.table import Column, cut, table
from xreview.domain.ruling import Ruling
from xreview.domain.scorecard.attempt_figures import AttemptTally
from xreview.domain.scorecard.figures import Delay, OutcomeTally, Scorecard, ScorecardRow
from xreview.domain.scorecard.scored import ScoredReviewer
from xreview.domain.text import visible
from xreview.review.record.attempt_words import (
    ATTEMPT_NOTE,
    DOLLARS,
    MINUTES,
    attempt_groups,
    attempts_headline,
    first_try_words,
    solution_words,
)
from xreview.review.record.scorecard_words import (
    ARM_MEANINGS,
    CATCH_NOTE,
    CONTESTS,
    FIX_NOTE,
    SHARE_NOTE,
    SIGHT_NOTE,
    THIN_NOTE,
    author_vendor_words,
    catch_words,
    contests,
    delay_words,
    duration,
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

WIDTH = 80
_BANDS = 3
"""Reviewers side by side in the table of what each found."""
_FIGURES = (
    Column("RAISED", is_number=True),
    Column("ACCEPTED", is_number=True),
    Column("REJECTED", is_number=True),
    Column("ESCALATED", is_number=True),
    Column("OPEN", is_number=True),
    Column("PRECISION", is_number=True),
)
_ATTEMPTED = tuple(
    Column(heading, is_number=True)
    for heading in (
        *("TRIED", "PICKED", "GRAFTED", "GREEN", "AGAINST", "ROUNDS", "WORKS"),
        *("DOLLARS", "MINUTES"),
    )
)


def scorecard_text(scorecard: Scorecard) -> str:
    """The whole scorecard, with hostile text neutralised."""
    rows = "\n\n".join(_blocks(scorecard)).split("\n")
    return "\n".join(textwrap.fill(row, WIDTH) if len(row) > WIDTH else row for row in rows)


def _blocks(scorecard: Scorecard) -> Iterator[str]:
    if not scorecard.rows:
        yield emptiness(scorecard)
        if scorecard.catches_by:
            yield _catches(scorecard)
        if scorecard.fixers:
            yield _fixers(scorecard)
        yield from calibration_blocks(scorecard.calibration, WIDTH)
        yield from reply_block(scorecard.prompts, WIDTH)
        yield from _attempts(scorecard)
        return
    yield headline(scorecard)
    if empty := emptiness(scorecard):
        yield empty
    for (author, reviewer), rows in groupby(
        scorecard.rows, key=lambda row: (row.author, row.reviewer)
    ):
        yield _cell(author, reviewer, list(rows))
    yield _arms(scorecard)
    yield _catches(scorecard)
    if scorecard.sight:
        yield _sight(scorecard)
    if rows := contests(scorecard):
        yield _contests(rows)
    yield _efforts(scorecard)
    if scorecard.fixers:
        yield _fixers(scorecard)
    yield from calibration_blocks(scorecard.calibration, WIDTH)
    yield from reply_block(scorecard.prompts, WIDTH)
    yield from _attempts(scorecard)
    yield f"{SHARE_NOTE}\n{THIN_NOTE}"


def _cell(author: str, reviewer: ScoredReviewer, rows: Sequence[ScorecardRow]) -> str:
    total = sum((row.tally for row in rows), OutcomeTally())
    lines = [("all", *_figures(total))]
    lines += [(row.category.value, *_figures(row.tally)) for row in rows]
    title = f"Code by {author_vendor_words(author)}, reviewed by {reviewer.label}"
    parts = [visible(title), table((Column("CATEGORY", is_flexible=True), *_FIGURES), lines, WIDTH)]
    if reasons := reasons_words(total):
        parts.append(f"rejected: {reasons}")
    if followed := followed_words(total):
        parts.append(followed)
    return "\n".join(parts)


def _figures(tally: OutcomeTally) -> tuple[str, ...]:
    return (
        f"{tally.raised:,}",
        f"{tally.accepted:,}",
        f"{tally.rejections:,}",
        f"{tally.escalated:,}",
        f"{tally.open:,}",
        proportion_words(tally.accepted_share),
    )


def _arms(scorecard: Scorecard) -> str:
    rows = [
        (ARM_MEANINGS[arm], *_figures(tally))
        for arm, tally in scorecard.arms.items()
        if tally.raised
    ]
    columns = (Column("REVIEWED BY", is_flexible=True), *_FIGURES)
    return f"Who reviewed whom\n{table(columns, rows, WIDTH)}"


def _catches(scorecard: Scorecard) -> str:
    columns = (
        Column("REVIEWER", is_flexible=True),
        Column("CAUGHT", is_number=True),
        Column("MISSED", is_number=True),
        Column("SHIPPED", is_number=True),
    )
    rows = [
        (reviewer.label, f"{one.caught:,}", f"{one.missed:,}", f"{one.shipped:,}")
        for reviewer, one in scorecard.catches_by.items()
    ]
    said = f"Bugs: {catch_words(scorecard.catches)}"
    return "\n".join([said, *([table(columns, rows, WIDTH)] if rows else []), CATCH_NOTE])


def _sight(scorecard: Scorecard) -> str:
    parts = [f"What each reviewer finds: {SIGHT_NOTE}"]
    reviewers = [
        one for one in scorecard.reviewers if any(key[0] == one for key in scorecard.sight)
    ]
    for start in range(0, len(reviewers), _BANDS):
        band = reviewers[start : start + _BANDS]
        columns = [
            Column("CATEGORY"),
            *(Column(visible(one.label), is_number=True) for one in band),
        ]
        rows = [
            (
                category.value,
                *(
                    out_of(share) if (share := scorecard.sight.get((one, category))) else "–"
                    for one in band
                ),
            )
            for category in scorecard.categories
            if any((one, category) in scorecard.sight for one in band)
        ]
        parts.append(table(columns, rows, WIDTH))
    return "\n".join(parts)


def _contests(rows: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    counts = (Column(ruling.words.upper(), is_number=True) for ruling in Ruling)
    columns = (Column("CONTESTS", is_flexible=True), *counts)
    lines = [(visible(label), *figures) for label, figures in rows]
    return f"{CONTESTS}\n{table(columns, lines, WIDTH)}"


def _efforts(scorecard: Scorecard) -> str:
    columns = (
        Column("REVIEWER", is_flexible=True),
        Column("BUGS PER DOLLAR", is_number=True),
        Column("PER MINUTE", is_number=True),
        Column("HALF IN", is_number=True),
        Column("9 IN 10", is_number=True),
    )
    rows = [
        (
            reviewer.label,
            rate_words(brought.dollars, "free"),
            rate_words(brought.minutes, "no time"),
            *_waited(reviewer, scorecard.delays),
        )
        for reviewer, brought in scorecard.yields.items()
    ]
    return (
        "Cost, time, and how long findings waited for a decision\n"
        f"{table(columns, rows, WIDTH)}\nall: {delay_words(scorecard.delay)}"
    )


def _fixers(scorecard: Scorecard) -> str:
    columns = (
        Column("FIXER", is_flexible=True),
        Column("FIXES", is_number=True),
        Column("JUDGED", is_number=True),
        Column("FIXED", is_number=True),
        Column("WORKS", is_number=True),
        Column("COST PER WORKING", is_number=True),
    )
    rows = [
        (
            one.fixer.label,
            f"{one.fixes:,}",
            f"{one.success.of:,}",
            proportion_words(one.success),
            f"{one.working:,}",
            fix_cost_words(one.spending),
        )
        for one in scorecard.fixers
    ]
    outcomes = [f"{visible(one.fixer.label)}: {fix_outcome_words(one)}" for one in scorecard.fixers]
    said = ["What fixers made of accepted findings", table(columns, rows, WIDTH), *outcomes]
    return "\n".join(filter(None, (*said, refuted_words(scorecard.refuted), FIX_NOTE)))


def _attempts(scorecard: Scorecard) -> Iterator[str]:
    """Yield a table for each way to group attempts; nothing without any."""
    account = scorecard.attempts
    if not account.attempts:
        return
    yield f"{attempts_headline(account)}\n{ATTEMPT_NOTE}"
    for title, groups in attempt_groups(account):
        header, *rows = table(_ATTEMPTED, [_attempted(tally) for _, tally in groups]).split("\n")
        lines = [f"Attempts {title}", header]
        for (label, _), row in zip(groups, rows, strict=True):
            lines += [cut(visible(label), WIDTH), row]
        yield "\n".join(lines)


def _attempted(tally: AttemptTally) -> tuple[str, ...]:
    return (
        f"{tally.attempts:,}",
        f"{tally.picked:,}",
        f"{tally.grafted:,}",
        first_try_words(tally.first_try),
        f"{tally.accepted:,}",
        f"{tally.rounds:,}",
        f"{tally.working:,}",
        solution_words(tally.dollars, DOLLARS),
        solution_words(tally.minutes, MINUTES),
    )


def _waited(reviewer: ScoredReviewer, delays: Mapping[ScoredReviewer, Delay]) -> tuple[str, str]:
    delay = delays.get(reviewer)
    return (duration(delay.median), duration(delay.p90)) if delay else ("–", "–")
