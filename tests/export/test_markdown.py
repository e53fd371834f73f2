import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from tests.export.build import (
    CONTESTED,
    DOCUMENT,
    FIX,
    INTENDED,
    RANKED,
    SEVERAL,
    altered,
    documents,
    finding,
)
from xreview.domain.change import Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Suggestion
from xreview.export.document import ExportEntry, Standing
from xreview.export.markdown import FORMAT, LONGEST

PARSER = MarkdownIt("gfm-like")
OURS = {
    "heading_open",
    "heading_close",
    "paragraph_open",
    "paragraph_close",
    "inline",
    "bullet_list_open",
    "bullet_list_close",
    "list_item_open",
    "list_item_close",
    "blockquote_open",
    "blockquote_close",
    "fence",
}
OURS_INLINE = {
    "text",
    "text_special",
    "code_inline",
    "strong_open",
    "strong_close",
    "softbreak",
}


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.match("#+ ", line)]


@settings(max_examples=25)
@given(documents)
def test_no_markup_but_ours_takes_effect(document):
    tokens = PARSER.parse(FORMAT.render(document))
    assert {token.type for token in tokens} <= OURS
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= OURS_INLINE
    prose = " ".join(child.content for child in children if child.type.startswith("text"))
    assert not re.search(r"@|://|www\.|[#!]\d", prose)
    in_a_line = (Standing.REJECTED, Standing.SUPPRESSED)
    shown = sum(entry.standing not in in_a_line for entry in document.entries)
    groups = len({entry.standing for entry in document.entries})
    accounts = any(session.session_account for session in document.sessions)
    expected = 1 + shown + groups + accounts + bool(document.gaps)
    assert sum(token.type == "heading_open" for token in tokens) == expected


def test_findings_are_grouped_by_decision_then_severity():
    assert headings(FORMAT.render(RANKED)) == [
        "# Review: main..feature",
        "## Accepted (2)",
        "### Critical: Worst",
        "### High: SQL built from a string",
        "## Escalated (1)",
        "### High: A race on the stock",
        "## Open (1)",
        "### High: Untouched",
        "## Rejected (1)",
        "## Not reviewed (1)",
    ]


def test_the_summary_counts():
    text = FORMAT.render(DOCUMENT)
    assert (
        "- **Findings:** 2 accepted, 1 escalated, 1 open, 1 rejected; 1 critical, 3 high, 1 low"
        in text
    )
    assert "1 of 2 files read; 1 not (30,000 lines): " in text
    assert "- **Author:** openai gpt-5 (high confidence: a trailer of commit 1a2b3c names" in text
    assert "`risk (analyser: ruff 0.14.1)`, `opus (model: anthropic opus-4)`" in text
    assert "- **Note:** shallow clone" in text


def test_a_finding_says_all_there_is():
    entry = ExportEntry(finding(), FIX, "mind\n\nthe gap")
    text = FORMAT.render(altered(entries=(entry,)))
    expected = """\
### High: SQL built from a string

`shop/cart.py:12-13` · security · lone

```
execute(
    f'… {name}')
```

**Risk**, `risk (analyser: ruff 0.14.1)`:

The query is put together from user input.

**How it fails:** A name with a quote in it changes the query.

**Suggestion:** Pass the name as a parameter.

```diff
-execute(
-    f'… {name}')
+execute('… ?', [name])
```

**Decision:** accepted: fix, by Ada, 2025-11-21 10:00 UTC

**Note:**

> mind
>
> the gap
"""
    assert expected in text


def test_it_says_what_wrote_it_and_when():
    assert FORMAT.render(DOCUMENT).endswith("\n\nxreview-tui 0.1.0, 2025-11-21 10:00 UTC\n")


def test_a_rebuttal_is_told():
    text = FORMAT.render(DOCUMENT)
    assert "**Rebuts**, `opus (model: anthropic opus-4)`:\n\nThe lock is held." in text
    assert "**What would settle it:** A stress test." in text


def test_an_answer_that_quotes_nothing_real_says_so_and_a_report_what_would_settle_it():
    made_up = replace(CONTESTED.stances[0], anchored=False)
    contested = replace(CONTESTED, stances=(made_up,))
    asking = finding(settle="Send a name with a quote in it.")
    text = FORMAT.render(altered(entries=(ExportEntry(contested), ExportEntry(asking))))
    assert "quote isn't in the code" in text
    assert "**What would settle it:** Send a name with a quote in it." in text
    assert "quote isn't in the code" not in FORMAT.render(DOCUMENT)


def test_a_rejected_finding_takes_a_line():
    text = FORMAT.render(DOCUMENT)
    assert "\n- low: Low one · `shop/cart.py:12-13` · lone · intended · by design\n" in text


def test_no_mail_address_and_no_local_path_gets_out():
    text = FORMAT.render(DOCUMENT)
    assert "ada@example.com" not in text
    assert "/home/ada" not in text


def test_what_is_not_asked_again_says_why_who_and_when():
    text = FORMAT.render(SEVERAL)
    assert "## Suppressed (1)" in text
    assert (
        " · not asked again, by a convention: Shops trust their own carts., by Bob, "
        "2025-11-21 10:00 UTC · seen last in: main..feature, 2025-11-21 09:00 UTC\n"
    ) in text
    assert "not asked again until 2026-01-31, decided earlier: right, but later, by Bob" in text


def test_several_sessions_say_each_for_itself():
    text = FORMAT.render(SEVERAL)
    assert text.startswith("# Review: 2 sessions\n")
    assert "- **Session:** main..feature, 2025-11-21 09:00 UTC\n" in text
    assert "- **Session:** commit 1a2b3c, 2025-11-20 09:00 UTC\n- **Author:** anthropic" in text
    assert "- **Failed:** `opus`: The model is out of order." in text
    assert "- **Note:** merge in progress" in text
    assert "`opus (model: anthropic opus-4), of the author's family`" in text
    assert "`shop/cart.py:12-13` · security · lone · fixed\n" in text
    assert "Seen last in: commit 1a2b3c, 2025-11-20 09:00 UTC" in text


def test_a_review_that_did_not_come_to_its_end_says_that_nothing_is_known():
    assert "what was read is unknown" in FORMAT.render(altered(is_over=False))


def test_a_suggestion_that_removes_is_a_diff_without_additions():
    gone = finding(suggestion=Suggestion("Not needed.", ""))
    text = FORMAT.render(altered(entries=(ExportEntry(gone, FIX),)))
    assert "```diff\n-execute(\n-    f'… {name}')\n```" in text


def test_a_suggestion_without_an_edit_has_no_diff():
    worded = finding(suggestion=Suggestion("Think again."))
    text = FORMAT.render(altered(entries=(ExportEntry(worded, FIX),)))
    assert "**Suggestion:** Think again." in text
    assert "```diff" not in text


def test_a_long_quote_is_cut_and_it_is_said():
    anchor = Anchor("a.js", Side.OLD, 1, 100, "\n".join(["x" * 1000] * 100))
    text = FORMAT.render(altered(entries=(ExportEntry(finding(anchor=anchor)),)))
    assert "`a.js:1-100` before the change" in text
    assert "… and 60 more lines" in text
    assert max(map(len, text.splitlines())) < 300


def test_a_place_that_was_not_found_is_not_passed_off_as_one():
    text = FORMAT.render(altered(entries=(ExportEntry(finding(anchored=False)),)))
    assert "the place is unconfirmed" in text


@pytest.mark.parametrize(
    ("complete", "left_out", "sentence"),
    [
        (True, 0, "\nNo findings.\n"),
        (False, 0, "\nNo findings in what was read.\n"),
        (True, 3, "\nThis export contains no findings.\n"),
    ],
)
def test_not_read_and_left_out_never_look_clean(complete, left_out, sentence):
    empty = altered(entries=(), is_complete=complete, left_out=left_out)
    text = FORMAT.render(empty)
    assert sentence in text
    assert ("**This review is incomplete.**" in text) is not complete
    assert ("- **Left out of this export:** 3 findings" in text) is bool(left_out)


def test_many_gaps_are_counted_not_all_listed():
    gaps = tuple(CoverageEntry("opus", f"{n}.py", Reading.FAILED, "timeout") for n in range(50))
    text = FORMAT.render(altered(gaps=gaps))
    assert "## Not reviewed (50)" in text
    assert text.count("timeout") == 20
    assert "- and 30 more" in text


def test_a_title_can_not_forge_a_decision():
    forged = finding(title="x\n\n## Accepted (1)\n\n### Critical: y")
    text = FORMAT.render(altered(entries=(ExportEntry(forged, INTENDED),)))
    assert "## Accepted" not in "\n".join(headings(text))


def test_a_document_that_is_too_long_for_a_comment_says_how_many_findings_are_left_out():
    entries = tuple(
        ExportEntry(finding(f"f{number}", claim=f"{number} " + "word " * 300))
        for number in range(100)
    )
    text = FORMAT.render(altered(entries=entries))
    assert len(text) <= LONGEST
    shown = text.count("\n### ")
    assert 0 < shown < 100
    assert f"**{100 - shown} findings** left out to fit here" in text
    assert "## Not reviewed" in text, "what was not read is never what is left out"
    assert "left out" not in FORMAT.render(altered(entries=entries[:1]))
