from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import texts
from xreview.review.prompt import fence
from xreview.review.prompt.fence import fenced


def mark_of(drawn: str) -> str:
    return drawn.split("\n", 1)[0].rpartition(" ")[2]


@given(texts | texts.map(lambda text: fenced("change", text, "key")), st.text())
def test_only_the_last_line_closes_a_fence(text, key) -> None:
    drawn = fenced("change", text, key)
    mark = mark_of(drawn)

    assert drawn == f"<<<BEGIN change {mark}\n{text}\n<<<END change {mark}"
    assert mark not in text
    assert drawn.count(mark) == 2


@given(texts, texts)
def test_a_mark_is_told_by_text_and_key_alone(text, other) -> None:
    assert fenced("a", text, "k") == fenced("a", text, "k")
    if text != other:
        assert mark_of(fenced("a", text, "k")) != mark_of(fenced("a", other, "k"))
    assert mark_of(fenced("a", text, "k")) != mark_of(fenced("a", text, "l"))


def test_a_text_that_holds_its_own_mark_gets_another(monkeypatch) -> None:
    # With marks of one character a text can hold its own.
    monkeypatch.setattr(fence, "_MARK_CHARACTERS", 1)
    text = "0123456789abcde"

    assert mark_of(fenced("change", text, "key")) == "f"
