from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import xreview
from tests.fakes.provider_server.windows import pieces_in
from xreview.review.prompt.compose import estimated_tokens


def test_the_estimate_is_above_what_a_tokenizer_needs_for_real_code() -> None:
    folder = Path(xreview.__file__).parent
    sources = [*folder.rglob("*.py"), *folder.rglob("*.toml"), *folder.rglob("*.json")]
    assert len(sources) > 50
    needed = estimated = 0

    for source in sources:
        rows = source.read_text("utf-8").split("\n")
        sent = "\n".join(f"+{at:>5}|{row}" for at, row in enumerate(rows))
        needed += pieces_in(sent)
        estimated += estimated_tokens(sent)
        assert pieces_in(sent) <= estimated_tokens(sent) * 1.15, source

    assert needed < 0.9 * estimated < 1.2 * needed


@given(st.text(), st.text())
def test_texts_put_together_are_never_more_than_apart(left, right) -> None:
    assert estimated_tokens(left + right) <= estimated_tokens(left) + estimated_tokens(right)
    assert estimated_tokens(left + right) >= max(estimated_tokens(left), estimated_tokens(right))


def test_characters_of_more_bytes_count_more() -> None:
    assert [estimated_tokens(text) for text in ("", "abcde", "日本語", "\udce9")] == [0, 2, 4, 1]
