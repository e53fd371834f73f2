"""Why the writers have their tiers, without a word about who sits where."""

import pytest

from tests.review.attempts.test_seating import ALL, DEEP, FAST
from xreview.domain.attempt.seat import Preset
from xreview.domain.stakes.tier import TierAdvice
from xreview.review.attempts.seating import seats_for, writer_choices
from xreview.review.attempts.seating_words import seating_words
from xreview.review.attempts.wish import TrialWish


@pytest.mark.parametrize(
    ("names", "preset", "advice", "words"),
    [
        (
            ("gpt", "claude"),
            None,
            DEEP,
            "Deep models write: it touches money (“refund” in",
        ),
        (("gpt:fast", "claude:deep"), None, DEEP, "As you chose."),
        (
            (),
            None,
            FAST,
            "Fast models write: a mistake is cheap; where there is no",
        ),
        (("gpt", "claude:deep"), None, FAST, "; where you named another tier, that one."),
        (("gpt", "claude"), Preset.FAST_DEEP, DEEP, "As the preset says: fast models write"),
        (("gpt", "codex"), None, DEEP, " All writers are of one family."),
        (("gpt", "gpt:fast"), Preset.SWAP, DEEP, " All writers are of one family."),
    ],
)
def test_the_reason_for_the_tiers_is_said(
    names: tuple[str, ...], preset: Preset | None, advice: TierAdvice, words: str
) -> None:
    seats = seats_for(TrialWish("t", names, preset=preset), writer_choices(ALL), (), advice)

    said = seating_words(names, preset, advice, seats)

    assert words in said
    assert ("one family" in said) is (len({one.writer.family for one in seats}) == 1)
    assert not any(one.settings.name in said for one in ALL)
