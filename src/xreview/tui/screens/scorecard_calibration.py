"""The part of the scorecard about levels and confidences, against what happened later."""

from collections.abc import Iterator

from xreview.domain.calibration.figures import Calibration
from xreview.domain.scorecard.proportion import Proportion
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
from xreview.review.record.scorecard_words import bar
from xreview.tui.widgets.text_pane import TextPart

_LABEL = 10
_FIGURES = 38
"""Columns for counts and the share with its interval."""


def calibration_parts(calibration: Calibration, width: int) -> Iterator[TextPart]:
    """Yield a bar for each level and each confidence; nothing without any decision."""
    if calibration.is_empty:
        return
    size = max(8, min(40, width - _LABEL - _FIGURES))
    yield (f"\n{CALIBRATION_TITLE}\n", "bold underline")
    if any(one.wrong.of for one in calibration.levels):
        yield (f"{LEVEL_NOTE}\n", "$text-muted")
        for one in calibration.levels:
            yield from _row(level_words(one), one.wrong, size, "$text-error")
            if said := sign_words(one):
                yield (f"{'':<{_LABEL}}{said}\n", "$text-muted")
        yield f"{agreement_words(calibration)}\n"
    else:
        yield (f"{NO_LEVELS}\n", "$text-muted")
    yield (f"\n{CONFIDENCE_TITLE}\n", "bold underline")
    for one in calibration.confidences:
        yield from _row(one.confidence.word, one.accepted, size, "$text-accent")
        if said := working_words(one):
            yield (f"{'':<{_LABEL}}{said}\n", "$text-muted")


def _row(label: str, share: Proportion, size: int, colour: str) -> Iterator[TextPart]:
    yield f"{label:<{_LABEL}}"
    yield (bar(share, size) if share.of else " " * size, colour)
    counts = f"{share.count:,}/{share.of:,}"
    yield f" {counts:>9}  {calibrated_words(share)}\n"
