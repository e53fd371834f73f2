"""A level with its reasons in words."""

from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.attention.sentence import (
    attention_words,
    levels_words,
    reason_words,
    reasons_by_question,
)

MONEY = AttentionReason(AttentionQuestion.COST, "it touches money", "src/refunds.py")
UNTESTED = AttentionReason(AttentionQuestion.CHECK, "no test names `refund`", "src/refunds.py")


def test_a_level_is_told_with_its_weightiest_reason_and_how_many_there_are() -> None:
    study = AttentionLevel.STUDY
    assert attention_words(Attention(study)) == "“study”"
    assert (
        attention_words(Attention(study, (MONEY,))) == "“study”: it touches money (src/refunds.py)"
    )
    both = Attention(study, (MONEY, UNTESTED))
    assert attention_words(both, with_path=False) == "“study”: it touches money and 1 more reason"


def test_what_a_reason_quotes_is_made_safe_and_short() -> None:
    hostile = AttentionReason(AttentionQuestion.COST, "a\x1b[2Jb" + "x" * 500, "p\u202e" * 200)
    said = reason_words(hostile)
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert len(said) < 240


def test_reasons_come_in_the_order_of_the_questions() -> None:
    assert reasons_by_question((UNTESTED, MONEY)) == {
        AttentionQuestion.COST: [MONEY],
        AttentionQuestion.CHECK: [UNTESTED],
    }


def test_a_quoted_word_is_told_with_its_file() -> None:
    word = AttentionReason(AttentionQuestion.COST, "it touches money (“refund”)", "a.py")
    assert reason_words(word) == "it touches money (“refund” in a.py)"
    assert reason_words(word, with_path=False) == "it touches money (“refund”)"


def test_how_many_files_are_at_each_level_is_told_the_highest_first() -> None:
    levels = (AttentionLevel.SKIM, AttentionLevel.DECIDE, AttentionLevel.SKIM)
    files = {f"{at}.py": Attention(level) for at, level in enumerate(levels)}
    told = levels_words(ChangeAttention(Attention(AttentionLevel.DECIDE), files))
    assert told == "1 file at decide, 2 at skim"
    assert levels_words(ChangeAttention(Attention(AttentionLevel.READ))) == ""
