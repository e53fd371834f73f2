import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import texts
from xreview.review.prompt.compose import RUN_MARK, fenced, without_mark


def mark_of(drawn: str) -> str:
    return drawn.split("\n", 1)[0].rpartition(" ")[2]


marks = st.text("0123456789abcdef", min_size=12, max_size=24)


@given(marks, texts | texts.map(lambda text: fenced("change", text)), st.data())
def test_only_the_last_line_closes_a_fence(mark, text, data) -> None:
    if data.draw(st.booleans()):  # what a model repeated
        text += fenced("change", "x", mark)
    drawn = fenced("change", text, mark)
    used = mark_of(drawn)

    assert drawn == f"<<<BEGIN change {used}\n{text}\n<<<END change {used}"
    assert used not in text
    assert drawn.count(used) == 2


def test_no_two_runs_have_one_mark_and_nobody_can_work_it_out() -> None:
    code = "from xreview.review.prompt.compose import *; print(fenced('change', 'x = 1'))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
        ).stdout
        for _ in range(2)
    }

    assert len(runs) == 2
    assert all(len(mark_of(one)) == 24 for one in runs)


@given(texts)
def test_what_is_remembered_by_a_prompt_is_the_same_in_every_run(text) -> None:
    one, other = fenced("change", text, "a" * 24), fenced("change", text, "b" * 24)

    if "a" * 24 not in text and "b" * 24 not in text:
        assert without_mark(one, "a" * 24) == without_mark(other, "b" * 24)
    assert without_mark(text) == text
    assert RUN_MARK not in without_mark(fenced("change", text))
