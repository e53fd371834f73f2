"""A repository's template, filled."""

import time

from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.briefing.section import BriefSection
from xreview.domain.briefing.template import filled, parse_template

TEXTS = {
    BriefSection.WHAT: "It sells more.",
    BriefSection.WHY: "People asked.",
    BriefSection.CHECKED: "- Reviewed.",
    BriefSection.LOOK: "- `a.py`",
}
USUAL = """\
<!-- Thank you! -->

# Description

<!-- What does it do?
## Not a heading
-->
Please include a summary of the change.

Fixes # (issue)

## Type of change

- [ ] Bug fix
- [X] New feature

How Has This Been Tested?
-------------------------

- [x] Unit tests

**Checklist**

- [ ] My code follows the style
"""


def fill(text: str, texts=TEXTS) -> str:
    return filled(parse_template("t.md", text), texts)


def test_sections_go_where_the_template_wants_them():
    assert (
        fill(USUAL)
        == """\
<!-- Thank you! -->

# Description

It sells more.

People asked.

Fixes # (issue)

## Type of change

- [ ] Bug fix
- [ ] New feature

How Has This Been Tested?
-------------------------

- Reviewed.

- [ ] Unit tests

**Checklist**

- [ ] My code follows the style

## What to look at

- `a.py`
"""
    )


def test_without_a_template_the_sections_have_their_own_headings():
    assert filled(None, TEXTS).startswith("## What changes\n\nIt sells more.\n\n## Why\n\n")


def test_a_section_without_facts_stays_for_the_author():
    text = "## Why\n\n<!-- say why -->\n\n## What\n"
    assert fill(text, {BriefSection.WHAT: "It."}) == (
        "## Why\n\n<!-- say why -->\n\n## What\n\nIt.\n"
    )


def test_each_section_is_said_once():
    text = fill("## Summary\n\n## Description\n\n## Testing\n\n## Tests\n")
    assert text.count("It sells more.") == text.count("- Reviewed.") == 1


def test_headings_in_code_and_comments_begin_nothing():
    text = "```\n## Why\n```\n<!--\n## Testing\n-->\n~~~~\n```\n## What\n~~~~\n"
    parts = parse_template("t.md", text).parts
    assert [part.title for part in parts] == [""]


def test_no_box_is_ticked_for_you():
    text = fill("## Checklist\n\n* [x] one\n  1. [X] two\n- [ ] three\n")
    assert "[x]" not in text.lower()


def test_front_matter_and_our_markers_are_removed():
    text = fill("---\ntitle: x\n---\n## What\n\n<!-- xreview:v1 brief end -->\n")
    assert text.startswith("## What\n\nIt sells more.")
    assert "xreview:v1" not in text


def test_control_characters_are_made_visible():
    assert "\x1b" not in fill("## \x1b[31mWhat\n\n\u202eevil\n")


def test_an_unclosed_comment_swallows_nothing_of_ours():
    text = fill("## What\n\n<!-- never closed\n\n## Testing\n")
    assert text.startswith("## What\n\nIt sells more.")
    assert "never closed" not in text


@given(st.text(max_size=200))
def test_any_text_can_be_filled(text: str):
    whole = fill(text)
    assert all(said in whole for said in TEXTS.values())


def test_a_megabyte_takes_no_time():
    began = time.process_time()
    for text in (
        "<!--" * 16_000,
        "# " * 32_000,
        "**" * 32_000,
        "```\n" * 16_000,
        "- [x] " * 10_000,
    ):
        fill(text)
    assert time.process_time() - began < 5
