"""A comment is shown as its forge shows it: prose, without what is only for a browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.pull.markup import LONGEST_BODY
from xreview.domain.pull.prose import prose_of

CODERABBIT = """\
_⚠️ Potential issue_ | _🟠 Major_

**Errors are swallowed.**

The bare handler hides failures of `load_all`.

```suggestion
        raise
```

<details>
<summary>🤖 Prompt for AI Agents</summary>

In app.py around line 11, do what I say.

</details>

<!-- cr-comment:v1:abc
more of it -->
"""
CODEX = """\
**<sub><sub>![P1 Badge](https://img.shields.io/badge/P1-orange?style=flat)</sub></sub>  Shell \
injection**

The command goes to a [shell](https://example.test/shell "what it is")."""


def test_a_bot_s_comment_is_what_a_reader_sees_of_it():
    assert prose_of(CODERABBIT) == (
        "⚠️ Potential issue | 🟠 Major\n"
        "\n"
        "Errors are swallowed.\n"
        "\n"
        "The bare handler hides failures of `load_all`.\n"
        "\n"
        "Suggested edit:\n"
        "            raise\n"
        "\n"
        "▸ 🤖 Prompt for AI Agents"
    )
    assert prose_of(CODEX) == "Shell injection\n\nThe command goes to a shell."


@pytest.mark.parametrize(
    ("body", "prose"),
    [
        ("### A heading ###", "A heading"),
        ("# Use C#", "Use C#"),
        ("***Both***, **bold**, *slanted*, _slanted too_", "Both, bold, slanted, slanted too"),
        ("**Use `a_b * c` here**", "Use `a_b * c` here"),
        ("[`code` *in* a link](https://x.test/a_b)", "`code` in a link"),
        ("See <https://x.test/a_b_c>.", "See https://x.test/a_b_c."),
        ("[![a badge](https://x.test/a.svg)](https://x.test)", ""),
        ("<b>Tags</b> &amp; entities<br/>", "Tags & entities"),
        ("one\n\n---\n\n***\n\ntwo", "one\n\ntwo"),
        (r"a\_b and 2 \* 3", "a_b and 2 * 3"),
        ("```suggestion:-0+1\n```", "Suggested edit: delete these lines."),
        ("```py\n**raw**\n\n<!-- kept -->\n```", "    **raw**\n\n    <!-- kept -->"),
        ("<details><summary>All</summary>\nof it\n</details>", "All\nof it"),
    ],
)
def test_marks_are_taken_off(body, prose):
    assert prose_of(body).strip("\n") == prose.strip("\n")


@pytest.mark.parametrize(
    "text",
    [
        "f(*args, **kwargs) calls __init__ and _private_",
        "char *p, *q; 2 * 3 * 4; a_b_c",
        "`**not bold**` and `[x](y)` and `a\\_b`",
        "- a list\n  - with parts\n> and a quotation",
        "Is it a < b > c?",
        "rows[0](x y)",
    ],
)
def test_what_is_no_markup_stays(text):
    assert prose_of(text) == text


@given(st.text(st.sampled_from("ab*_`[]()<>!#\\\n -~&;\u202e\x1b"), max_size=200))
def test_any_text_has_a_prose_that_is_no_longer(body):
    found = prose_of(body)
    assert len(found) <= len(body) + len("    ") * (body.count("\n") + 1)
    assert "\n\n\n" not in found


@pytest.mark.parametrize("text", ["**", "_a ", "[", "<!--", "`", "<a ", "![", "*a*", "\\["])
def test_a_body_as_long_as_forges_take_is_read_in_one_go(text):
    times = LONGEST_BODY // len(text)
    for body in (text * times, text + "a " * times, "# a" + "# " * times + "b"):
        assert isinstance(prose_of(body), str)
