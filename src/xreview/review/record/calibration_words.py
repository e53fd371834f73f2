"""The calibration in words, for the terminal and the screen."""

from xreview.domain.calibration.figures import (
    Agreement,
    Calibration,
    ConfidenceRecord,
    LevelRecord,
)
from xreview.domain.scorecard.proportion import Proportion
from xreview.review.record.scorecard_words import proportion_words

CALIBRATION_TITLE = "Calibration: what was called what, and proved wrong later"
LEVEL_NOTE = (
    "A file counts once a person decided about its change. Wrong: missed, shipped, reverted, or "
    "fixed later, by `log missed` and `log outcomes`. Higher levels should prove wrong more often."
)
CONFIDENCE_TITLE = "How sure reviewers were, and what you decided"
NO_LEVELS = (
    "No levels to compare yet: they need reviews with decisions, and `log outcomes` for what "
    "happened since."
)
TOO_FEW = "not enough decisions"


def calibrated_words(share: Proportion) -> str:
    """`5% (1–24%)`, "not enough decisions", or `–` for none."""
    return TOO_FEW if share.of and share.is_thin else proportion_words(share)


def level_words(record: LevelRecord) -> str:
    """`2 skim`."""
    return f"{int(record.level)} {record.level.word}"


def sign_words(record: LevelRecord) -> str:
    """`1 missed, 2 reverted`; "" if nothing proved wrong."""
    return ", ".join(f"{count:,} {sign}" for sign, count in record.by_sign.items() if count)


def working_words(record: ConfidenceRecord) -> str:
    """How many of the accepted have a fix that works; "" for none."""
    return f"{record.working:,} with a working fix" if record.working else ""


def agreement_words(calibration: Calibration) -> str:
    """One sentence: whether low levels can be trusted."""
    low, high = calibration.low, calibration.high
    shares = f"1–2 proved wrong in {_of(low)}, 3–5 in {_of(high)}"
    match calibration.agreement:
        case Agreement.UNKNOWN:
            return f"Whether levels 1 and 2 can be trusted is open: {TOO_FEW}."
        case Agreement.HOLDS:
            return f"As it should be: files called {shares}."
        case Agreement.DOUBTFUL:
            return f"Levels 1 and 2 may be too low: files called {shares}; it can be chance."
        case Agreement.BROKEN:
            return f"Levels 1 and 2 are too low: files called {shares}."


def _of(share: Proportion) -> str:
    return f"{share.count:,} of {share.of:,}"
