"""The calibration as tables with bars for a terminal."""

from collections.abc import Iterator

from xreview.cli.table import Column, table
from xreview.domain.calibration.figures import Calibration
from xreview.review.record.calibration_words import (
    CALIBRATION_TITLE,
    CONFIDENCE_TITLE,
    LEVEL_NOTE,
    NO_LEVELS,
    agreement_words,
    calibrated_words,
    level_words,
    sign_words,
    working_words,
)
from xreview.review.record.scorecard_words import BAR_NOTE, bar

_BAR = 20


def calibration_blocks(calibration: Calibration, width: int) -> Iterator[str]:
    """Yield a table by level and one by confidence; nothing without any decision."""
    if calibration.is_empty:
        return
    yield "\n".join(_levels(calibration, width))
    if any(one.accepted.of for one in calibration.confidences):
        yield "\n".join(_confidences(calibration, width))


def _levels(calibration: Calibration, width: int) -> Iterator[str]:
    yield CALIBRATION_TITLE
    if not any(one.wrong.of for one in calibration.levels):
        yield NO_LEVELS
        return
    columns = (
        Column("LEVEL"),
        Column("FILES", is_number=True),
        Column("WRONG", is_number=True),
        Column("SHARE", is_number=True),
        Column("0–100 %", is_flexible=True),
    )
    rows = [
        (
            level_words(one),
            f"{one.wrong.of:,}",
            f"{one.wrong.count:,}",
            calibrated_words(one.wrong),
            bar(one.wrong, _BAR) if one.wrong.of else "",
        )
        for one in calibration.levels
    ]
    yield table(columns, rows, width)
    for one in calibration.levels:
        if said := sign_words(one):
            yield f"{level_words(one)}: {said}"
    yield agreement_words(calibration)
    yield f"{LEVEL_NOTE}\n{BAR_NOTE}"


def _confidences(calibration: Calibration, width: int) -> Iterator[str]:
    columns = (
        Column("CONFIDENCE"),
        Column("DECIDED", is_number=True),
        Column("ACCEPTED", is_number=True),
        Column("PRECISION", is_number=True),
        Column("0–100 %", is_flexible=True),
    )
    rows = [
        (
            one.confidence.word,
            f"{one.accepted.of:,}",
            f"{one.accepted.count:,}",
            calibrated_words(one.accepted),
            bar(one.accepted, _BAR) if one.accepted.of else "",
        )
        for one in calibration.confidences
    ]
    yield f"{CONFIDENCE_TITLE}\n{table(columns, rows, width)}"
    for one in calibration.confidences:
        if said := working_words(one):
            yield f"{one.confidence.word}: {said}"
