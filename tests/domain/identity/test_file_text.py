from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.identity import file_text
from xreview.domain.identity.file_text import FileText

rows = st.lists(st.sampled_from(["a", "b", "", " a "]), min_size=1)


@given(rows, rows)
def test_one_pass_finds_what_comparing_finds(lines, wanted) -> None:
    text, plain = FileText("\n".join(lines)), [row.strip() for row in wanted]

    compared = [
        start + 1
        for start in range(len(lines))
        if [row.strip() for row in lines[start : start + len(wanted)]] == plain
    ]

    assert list(text._whole_in_one_pass(plain)) == compared


def test_a_long_quote_of_equal_lines_is_found_in_one_pass(monkeypatch) -> None:
    passes = []
    monkeypatch.setattr(
        FileText, "_whole_in_one_pass", lambda self, wanted: passes.append(len(wanted)) or iter([1])
    )

    assert FileText("x\n" * 20_000).occurrences("x\n" * 3_000) == [1]
    assert passes == [3_000]
    assert FileText("x\ny\n").occurrences("x\ny") == [1]
    assert file_text._MOST_COMPARED < 20_000 * 3_000
