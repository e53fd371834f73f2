import pytest

from xreview.config.kinds import Unfit
from xreview.config.levels import LEVEL_WORDS, LevelChoice


@pytest.mark.parametrize("text", LEVEL_WORDS)
def test_a_number_and_its_word_are_the_same_level(text: str) -> None:
    kind = LevelChoice()
    at = LEVEL_WORDS.index(text)

    assert kind.parse(kind.from_text(text.upper())) == at // 2 + 1


@pytest.mark.parametrize("raw", [-1, 6, True, None, 2.0, "4", "much", ""])
def test_all_else_is_refused(raw: object) -> None:
    with pytest.raises(Unfit, match="whole number from 0 to 5"):
        LevelChoice().parse(raw)
