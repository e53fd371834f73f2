"""What a pull request says it is for, as models read it: what people see, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.forge import pull_of
from xreview.review.pulls.brief import pull_brief

SHOWN = "```html\n<!-- kept -->\n```"


def brief(body: str) -> str:
    return pull_brief(replace(pull_of(), title="", body=body, issues=()))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("a <!-- b --> c", "a  c"),
        ("a\n<!-- b\n```\nc -->d", "a\n\nd"),
        ("a <!-- never closed\nb", "a"),
        ("<!-- x --><!-- y -->a", "a"),
        (f"a\n{SHOWN}\n<!-- b -->", f"a\n{SHOWN}"),
        ("~~~\n``` <!-- a -->\n~~~\n<!-- b -->c", "~~~\n``` <!-- a -->\n~~~\nc"),
    ],
)
def test_comments_are_left_out_but_not_from_code(body: str, said: str) -> None:
    assert brief(body) == said


@given(st.text(alphabet="<!->`~a \n"))
def test_without_fences_no_comment_is_left(body: str) -> None:
    if "```" not in body and "~~~" not in body:
        assert "<!--" not in brief(body)
