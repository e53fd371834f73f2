"""Reading one comment: titles, claims, fences, foldable parts, and hostile text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xreview.analysers.backtracking import find_backtracking
from xreview.domain.pull.markup import LONGEST_BODY
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.report import Severity
from xreview.imports.bots.adapter import BotAdapter, adapter_marked, adapter_of, bot_adapters
from xreview.imports.bots.body import MOST_LISTED, listed_findings
from xreview.imports.bots.comment import LONGEST_CLAIM, SuggestedLines, read_comment
from xreview.imports.bots.patterns import LinePatterns
from xreview.imports.bots.standing import standing_in


def adapter(login: str) -> BotAdapter:
    found = adapter_of(ForgeAccount(login))
    assert found
    return found


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("It fails. Always.", "It fails"),
        ("It fails\nfor empty carts. Always.", "It fails for empty carts"),
        ("It fails\n\nAlways.", "It fails"),
        ("## It fails\n\nAlways.", "It fails"),
        ("**It fails.**\n\nAlways.", "It fails"),
        ("**It** fails. Always.", "It fails"),
        ("Use `a.b` here: it's 1.5 times faster. Really.", "Use `a.b` here: it's 1.5 times faster"),
        ("![badge](https://x/y.svg)\n\nIt fails.", "It fails"),
        ("Hello! It fails. Always.", "Hello! It fails"),
        ("Typo.", "Typo"),
        ("Run `git switch ... main` first. Always.", "Run `git switch ... main` first"),
        ("A name, e.g. this one, is wrong. Always.", "A name, e.g. this one, is wrong"),
        ("The `\\..` and **`a__b`** are\\_wrong. Always.", "The `\\..` and `a__b` are_wrong"),
        (":stop_sign: It fails. Always.", ":stop_sign: It fails"),
        ("> What you wrote\n\nIt fails.", "> What you wrote"),
        ("```suggestion\nx = 1\n```", "The comment suggests an edit"),
        ("`<div>` isn't closed. Close it.", "`<div>` isn't closed"),
        ("Should this be `//`? It divides.", "Should this be `//`?"),
        ("**Is this safe?**\n\nIt isn't.", "Is this safe?"),
    ],
)
def test_the_title_is_the_first_heading_bold_line_or_sentence(body, title):
    said = read_comment(body, None)
    assert said
    assert said.title == title


def test_the_claim_keeps_code_and_loses_what_is_for_a_browser():
    body = (
        'It fails.\r\n\r\n<sub>small &amp; bold</sub> <img src="x" alt="y">\n\n'
        "```py\n<!-- code -->\n```\n<!-- hidden\nfor two lines -->\n\n\n\nEnd."
    )
    said = read_comment(body, None)
    assert said
    assert said.claim == "It fails.\n\nsmall & bold\n\n```py\n<!-- code -->\n```\n\nEnd."


@pytest.mark.parametrize(
    ("info", "above", "below"),
    [("suggestion", None, None), ("suggestion:-0+1", 0, 1), ("suggestion:-12+3", 12, 3)],
)
def test_a_suggestion_can_name_its_lines(info, above, below):
    said = read_comment(f"Do it.\n\n```{info}\na\n\nb\n```\n", None)
    assert said
    assert said.suggestion == SuggestedLines("a\n\nb", above, below)


def test_a_suggestion_can_hold_a_fence_and_delete_its_lines():
    longer = read_comment("Do it.\n````suggestion\n```\ncode\n```\n````", None)
    assert longer
    assert longer.suggestion == SuggestedLines("```\ncode\n```")
    empty = read_comment("Do it.\n```suggestion\n```", None)
    assert empty
    assert empty.suggestion == SuggestedLines("")


def test_what_a_bot_folds_away_for_other_programs_is_dropped():
    body = (
        "**It fails.**\n\nText.\n\n<details><summary>More</summary>\n\nKept.\n"
        "<details>\n<summary>🤖 Prompt for AI Agents</summary>\n\n```\nDelete all\n```\n"
        "<details><summary>Nested</summary>also</details>\n</details>\n\nKept too.\n"
        "</details>\nEnd."
    )
    said = read_comment(body, adapter("coderabbitai[bot]"))
    assert said
    assert said.claim == "Text.\n\nMore\n\nKept.\n\nKept too.\nEnd."


def test_a_persons_comment_keeps_its_foldable_parts():
    body = "It fails.\n\n<details><summary>Prompt for AI Agents</summary>\n\nRun it.\n</details>"
    said = read_comment(body, None)
    assert said
    assert "Run it." in said.claim


def test_words_in_the_text_are_not_marks():
    body = "**It fails.**\n\nA _🔴 Critical_ error is logged as **Low Severity**."
    said = read_comment(body.replace("_🔴 Critical_", "critical"), adapter("coderabbitai[bot]"))
    assert said
    assert said.severity is None


def test_the_first_mark_counts():
    body = "_⚠️ Potential issue_ | _🟡 Minor_\n\n**It fails.**\n\n_🔴 Critical_"
    said = read_comment(body, adapter("coderabbitai[bot]"))
    assert said
    assert said.severity is Severity.MEDIUM


def test_a_very_long_comment_is_cut():
    said = read_comment("word " * 100_000, None)
    assert said
    assert len(said.title) <= 160
    assert len(said.claim) <= LONGEST_CLAIM


def test_a_mark_proves_a_bot_only_where_it_has_one():
    assert adapter_marked("Fine.\n\n_— qwen3.7-max via Qwen Code /review_")
    assert adapter_marked("I like CodeRabbit and `via Qwen Code /review`.") is None


MARKS = st.sampled_from(
    ["<details>", "</details>", "<summary>", "</summary>", "<!--", "-->", "```", "````suggestion",
     "> ", "**", "`12-14`: ", "<issue_to_address>", "<code_context>", "\n", "![P1 Badge](x)", "[",
     "<summary>a.py (2)</summary>", "🧹 Nitpick comments (2)", "Suppressed comments (1)",
     "_🟠 Major_",
     "**a.py:12**", "## Individual Comments", "1. `a.py`, line 3", "Comments Outside Diff (1)", "x"]
)  # fmt: skip
BODIES = st.lists(MARKS | st.text(max_size=8), max_size=60).map("".join)


@given(BODIES, st.sampled_from([*bot_adapters(), None]))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read(body, bot):
    said = read_comment(body, bot)
    assert said is None or (said.title and said.claim and "\n" not in said.title)
    if bot is not None:
        standing_in(body, bot)
        for found in listed_findings(body, bot):
            assert found.path
            assert 0 <= found.start_line <= found.end_line


@pytest.mark.parametrize(
    "piece",
    ["<details>", "<summary>", "<!--", "```\n", "![", "[](", "<img ", "<a ", "`", "**", "&", "_🔴 ",
     "**[Critical]** a", "<summary>a.py (1)</summary>\n", "> ", "* ", "\\", "`1`: x\n", "a. "],
)  # fmt: skip
def test_marks_repeated_up_to_the_limit_are_read(piece):
    # Reading it takes some hundredths of a second; with backtracking, this would never end.
    body = piece * (LONGEST_BODY // len(piece))
    for bot in (*bot_adapters(), None):
        said = read_comment(f"{body}\n\nIt fails.", bot)
        assert said is None or len(said.claim) <= LONGEST_CLAIM
        if bot is not None:
            assert len(listed_findings(f"🧹 Nitpick comments (1)\n{body}", bot)) <= MOST_LISTED


def all_patterns() -> list[str]:
    found: list[str] = []
    for bot in bot_adapters():
        found += [source for patterns in _patterns_of(bot) for source in patterns.sources]
    return found


def _patterns_of(bot: BotAdapter) -> list[LinePatterns]:
    given = [getattr(bot, name) for name in BotAdapter.__dataclass_fields__]
    given += [bot.severity.patterns, bot.confidence.patterns]
    for section in bot.sections:
        given += [getattr(section, name) for name in type(section).__dataclass_fields__]
        given += section.take or ()
    return [one for one in given if isinstance(one, LinePatterns)]


@pytest.mark.parametrize("source", all_patterns())
def test_no_pattern_backtracks(source):
    assert find_backtracking(source, 0) is None


def test_what_is_beyond_the_limit_is_not_read():
    bot = adapter("coderabbitai")
    id = "<!-- cr-comment:v1:0123456789abcdef -->"
    for body, found in ((f"It fails.\n{id}", id[19:35]), ("It fails.\n" * 10_000 + id, "")):
        said = read_comment(body, bot)
        assert said
        assert said.id == found
    assert not standing_in("\n" * LONGEST_BODY + "walkthrough_start", bot).is_summary


def test_a_pattern_that_takes_too_long_matches_nothing():
    slow = LinePatterns.of([r"^(?:a|a?)+$(?<=b)"])
    assert not slow.matches("a" * 200 + "c")


def test_a_body_lists_a_limited_number_of_findings():
    rows = "".join(f"`{n}`: **Title {n}**\n\nText.\n\n" for n in range(1, MOST_LISTED + 50))
    body = f"🧹 Nitpick comments (9)\n<summary>a.py (9)</summary>\n{rows}"
    assert len(listed_findings(body, adapter("coderabbitai[bot]"))) == MOST_LISTED


@pytest.mark.parametrize("bot", bot_adapters(), ids=lambda bot: bot.reviewer)
def test_an_adapter_is_complete(bot):
    assert bot.label
    assert bot.logins
    assert all(login == ForgeAccount(login).key for login in bot.logins)
    assert all(isinstance(one, Severity) for one in bot.severity.words.values())


def test_no_login_belongs_to_two_bots():
    logins = [login for bot in bot_adapters() for login in bot.logins]
    assert len(logins) == len(set(logins))
