"""Quick actions are escaped, and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.forge.gitlab.wording import without_quick_actions


@pytest.mark.parametrize(
    ("body", "escaped"),
    [
        ("/close", "\\/close"),
        ("text\n/assign @ada", "text\n\\/assign @ada"),
        ("\r/close\r\n/label ~x\r", "\r\\/close\r\n\\/label ~x\r"),
        ("```\n/merge\n```\n/merge", "```\n /merge\n```\n\\/merge"),
        ("````\n```\n/merge\n````", "````\n```\n /merge\n````"),
        ("~~~\n/merge\n```\n/merge\n~~~", "~~~\n /merge\n```\n /merge\n~~~"),
        ("``` a`b\n/merge", "``` a`b\n\\/merge"),
    ],
)
def test_actions(body, escaped):
    assert without_quick_actions(body) == escaped


@pytest.mark.parametrize(
    "body",
    [
        "see /close",
        " /close",
        "// a comment",
        "/* one */",
        "/etc/hosts",
        "/a-b",
        "a\n\n```\n}\n```",
    ],
)
def test_all_else_stays(body):
    assert without_quick_actions(body) == body


# GitLab's own expression, with some of its names; it deletes carriage returns first.
ACTION = re.compile(r"^/(close|merge|approve)(?: [^\n]*)?(?:\s*\n|$)", re.MULTILINE | re.IGNORECASE)
PIECES = st.sampled_from(
    ["/close", "/MERGE now", "/approve ", "\n", "\r", "```", "````", "~~~", "<b>", ">>>", "`", " "]
)


@given(st.lists(PIECES).map("".join))
def test_gitlab_finds_no_action_outside_of_any_block(body):
    assert not ACTION.search(without_quick_actions(body).replace("\r", ""))
