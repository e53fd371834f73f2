import pytest

from xreview.domain.reply_count import ReplyCount


def test_the_words_say_how_many_broke_the_schema_and_how_many_were_repaired() -> None:
    assert ReplyCount(40, 3, 2).words == "3 of 40 replies broke the schema, 2 repaired"
    assert ReplyCount(1, 1, 0).words == "1 of 1 reply broke the schema, 0 repaired"
    assert ReplyCount(40).words == ""


def test_counts_add_up() -> None:
    assert ReplyCount(2, 1, 1) + ReplyCount(3, 2, 0) == ReplyCount(5, 3, 1)


@pytest.mark.parametrize("counts", [(1, 2, 0), (2, 1, 2), (-1, -1, -1), (1, 0, -1)])
def test_counts_that_contradict_each_other_are_refused(counts) -> None:
    with pytest.raises(ValueError, match="replies"):
        ReplyCount(*counts)
