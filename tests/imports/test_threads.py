"""What accounts say on a pull request, as reviewers of its change."""

from dataclasses import replace

import pytest

from tests.imports.discussing import (
    ADA,
    AFTER,
    AUTHOR,
    BEFORE,
    BUGBOT,
    CODEX,
    HEAD,
    OLD,
    RABBIT,
    comment,
    discussion,
    hunk_to,
    one_voice,
    review,
    thread,
    voices,
)
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.coverage import Reading
from xreview.domain.pull.discussion import CommentPlace, RemoteComment, ReviewThread
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.report import Confidence, ReviewerKind, Severity
from xreview.imports.threads import said_on

MAJOR = "_⚠️ Potential issue_ | _🟠 Major_\n\n**It fails.**\n\nThe sum is wrong."
BUG = "### It fails\n\n**High Severity**\n\nIt is wrong.\n\n<!-- BUGBOT_BUG_ID: 5760633a-321c -->"


async def test_a_persons_thread_is_a_report_at_the_code_it_is_about():
    voice = await one_voice(discussion(thread("Why not `fsum`? It's exact.", id="PRRT_1")))
    assert voice.reviewer.identity.label == "ada (person)"
    (report,) = voice.reports
    assert (report.title, report.source) == ("Why not `fsum`?", "PRRT_1")
    assert report.claim.startswith("Why not `fsum`? It's exact.")
    assert report.anchored
    assert report.anchor.quote == "    return sum(cart)"
    assert report.anchor.start_line == 2


async def test_an_unknown_severity_is_medium_and_says_so():
    known = await one_voice(discussion(thread(MAJOR, RABBIT)))
    unknown = await one_voice(discussion(thread("It fails.")))
    assert known.reports[0].severity is Severity.HIGH
    assert "No severity given" not in known.reports[0].claim
    assert unknown.reports[0].severity is Severity.MEDIUM
    assert unknown.reports[0].confidence is Confidence.MEDIUM
    assert unknown.reports[0].claim.endswith("No severity given.")


async def test_each_account_is_a_reviewer_with_its_kind_and_family():
    other = ForgeAccount("new-reviewer[bot]", is_bot=True)
    said = discussion(
        thread("A.", ADA),
        thread("**<sub><sub>![P1 Badge](https://x/P1)</sub></sub>  It fails**\n\nB.", CODEX),
        thread("C.", other),
        thread(MAJOR, RABBIT),
    )
    identities = [voice.reviewer.identity for voice in await voices(said)]
    assert [(one.name, one.kind, one.family) for one in identities] == [
        ("ada", ReviewerKind.PERSON, "person"),
        ("codex-connector", ReviewerKind.AGENT, "openai"),
        ("new-reviewer", ReviewerKind.AGENT, ""),
        ("coderabbit", ReviewerKind.AGENT, ""),
    ]
    assert identities[1].is_model_of("openai")


async def test_both_accounts_of_copilot_are_one_reviewer():
    reviews = ForgeAccount("copilot-pull-request-reviewer[bot]", is_bot=True)
    said = discussion(thread("It fails.", ForgeAccount("Copilot")), review(reviews, "## Pull"))
    (voice,) = await voices(said)
    assert voice.reviewer.identity.name == "copilot-review"
    assert voice.coverage[0].reading is Reading.READ


async def test_a_tool_that_posts_from_a_persons_account_is_not_that_person():
    body = "**[Critical]** It fails.\n\n_— {} via Qwen Code /review_"
    said = discussion(
        thread("I disagree.", ADA),
        thread(body.format("qwen3.7-max"), ADA),
        thread(body.format("deepseek-v4"), AUTHOR),
    )
    found = [voice.reviewer.identity for voice in await voices(said)]
    assert [(one.name, one.family, one.model) for one in found] == [
        ("ada", "person", ""),
        ("qwen-code-review", "qwen", "qwen3.7-max"),
        ("qwen-code-review-2", "deepseek", "deepseek-v4"),
    ]


async def test_a_name_that_is_taken_gets_a_number():
    voice = await one_voice(discussion(thread(MAJOR, RABBIT)), taken=["coderabbit"])
    assert voice.reviewer.identity.name == "coderabbit-2"
    assert voice.coverage[0].reviewer == voice.reports[0].reviewer.name == "coderabbit-2"


async def test_a_report_on_an_unchanged_line_is_kept():
    voice = await one_voice(discussion(thread("Rename it.", line=5)))
    assert [report.anchor.start_line for report in voice.reports] == [5]


async def test_code_that_has_moved_is_found_in_the_head():
    moved = {"cart.py": "# a\n# b\n# c\n" + AFTER}
    said = discussion(thread("It fails.", commit=OLD, line_now=None))
    (report,) = (await one_voice(said, moved)).reports
    assert (report.anchored, report.anchor.start_line) == (True, 5)


async def test_code_that_is_gone_leaves_the_report_without_a_certain_place():
    gone = {"cart.py": "def total(cart):\n    return math.fsum(cart)\n"}
    said = discussion(thread("It fails.", commit=OLD, line_now=None))
    (report,) = (await one_voice(said, gone)).reports
    assert not report.anchored


async def test_a_thread_on_removed_lines_is_about_the_old_side():
    hunk = "@@ -1,6 +1,6 @@\n def total(cart):\n-    return 0"
    said = discussion(thread("Keep it.", side=Side.OLD, hunk=hunk))
    (report,) = (await one_voice(said)).reports
    assert (report.anchor.side, report.anchor.quote) == (Side.OLD, "    return 0")
    assert report.anchored


async def test_several_lines_are_quoted_whole():
    said = discussion(thread("Both.", line=2, start=1))
    (report,) = (await one_voice(said)).reports
    assert report.anchor.quote == "def total(cart):\n    return sum(cart)"
    assert (report.anchor.start_line, report.anchor.end_line) == (1, 2)


async def test_a_suggestion_replaces_the_lines_of_the_thread():
    body = "Use `fsum`.\n\n```suggestion\n    return fsum(cart)\n```"
    (report,) = (await one_voice(discussion(thread(body)))).reports
    assert report.suggestion
    assert report.suggestion.replacement == "    return fsum(cart)"
    assert "```" not in report.claim


async def test_a_suggestion_whose_lines_are_not_quoted_stays_in_the_claim():
    body = "Use `fsum`.\n\n```suggestion\n    return fsum(cart)\n```"
    shifted = thread(body, line=2, start=1, hunk="@@ -2,1 +2,1 @@\n+    return sum(cart)")
    (report,) = (await one_voice(discussion(shifted))).reports
    assert report.suggestion
    assert report.suggestion.replacement is None
    assert "```suggestion\n    return fsum(cart)\n```" in report.claim


async def test_a_suggestion_of_gitlab_names_its_lines_around_the_thread():
    async def content_at(commit: str, path: str) -> bytes:
        assert (commit, path) == (OLD, "cart.py")
        return AFTER.encode()

    body = "Use it.\n\n```suggestion:-1+0\ndef total(cart): ...\n```"
    said = discussion(thread(body, hunk="", commit=OLD))
    (report,) = (await one_voice(said, content_at=content_at)).reports
    assert (report.anchor.start_line, report.anchor.end_line) == (1, 2)
    assert report.suggestion
    assert report.suggestion.replacement == "def total(cart): ..."


async def test_without_a_quoted_diff_the_code_comes_from_the_commented_commit():
    before_the_push = "import x\n" + AFTER

    async def content_at(commit: str, path: str) -> bytes | None:
        return before_the_push.encode() if commit == OLD else None

    said = discussion(thread("It fails.", line=3, hunk="", commit=OLD, line_now=None))
    (report,) = (await one_voice(said, content_at=content_at)).reports
    assert (report.anchor.quote, report.anchor.start_line) == ("    return sum(cart)", 2)


async def test_a_commented_version_is_read_once_for_all_its_threads():
    asked: list[str] = []

    async def content_at(commit: str, path: str) -> bytes:
        asked.append(path)
        return AFTER.encode()

    lines = (thread(f"It fails, {line}.", line=line, hunk="", commit=OLD) for line in (1, 2, 5))
    voice = await one_voice(discussion(*lines), content_at=content_at)
    assert all(report.anchored for report in voice.reports)
    assert asked == ["cart.py"]


async def test_without_that_commit_the_forges_own_line_in_the_head_counts():
    said = discussion(thread("It fails.", line=9, hunk="", commit=OLD, line_now=2))
    (report,) = (await one_voice(said)).reports
    assert (report.anchor.quote, report.anchor.start_line) == ("    return sum(cart)", 2)


async def test_a_thread_on_the_file_as_a_whole_stands_on_its_first_change():
    place = CommentPlace("cart.py", commit=HEAD)
    whole = ReviewThread("T1", (RemoteComment("c1", ADA, "Split this file."),), place)
    (report,) = (await one_voice(discussion(whole))).reports
    assert report.anchor.quote == "    return sum(cart)"
    assert "It is about the file as a whole." in report.claim


async def test_a_renamed_files_old_name_leads_to_it():
    file = FileDiff("new.py", FileStatus.RENAMED, "cart.py")
    said = discussion(thread("It fails.", path="cart.py"))
    voice = await one_voice(said, {"b.py": "x = 1\n"}, {"b.py": "\n"}, file)
    assert [report.path for report in voice.raw] == ["new.py"]


async def test_threads_outside_the_change_are_counted_in_a_notice():
    said = discussion(thread("A."), thread("B.", path="b.py"), thread("C.", path="c.py"))
    voice = await one_voice(said)
    assert len(voice.reports) == 1
    (notice,) = voice.notices
    assert notice.left_out == 2
    assert notice.sentence == (
        "2 of 3 comments by ada are about files outside this change (b.py, c.py)."
    )


async def test_a_resolved_or_outdated_thread_is_still_a_report():
    said = discussion(
        thread("A.", is_resolved=True), thread("B.", line=5, is_outdated=True, line_now=None)
    )
    assert len((await one_voice(said)).reports) == 2


async def test_replies_are_not_reports():
    first = thread("It fails.")
    reply = RemoteComment("c9", AUTHOR, "It doesn't.")
    said = discussion(replace(first, comments=(*first.comments, reply)))
    assert [one.title for one in (await one_voice(said)).reports] == ["It fails"]


async def test_threads_that_the_author_began_are_counted_and_no_findings():
    voice = await one_voice(discussion(thread("I moved this.", AUTHOR)))
    assert not voice.reports
    assert [one.sentence for one in voice.notices] == [
        "1 thread begun by the author, eve, isn't a finding."
    ]


async def test_what_this_program_posted_does_not_come_back():
    ours = thread("It fails.\n\n<!-- xreview:v1 fp=3d8903858e22 -->", ADA)
    voice = await one_voice(discussion(ours))
    assert not voice.reports
    assert voice.notices[0].left_out == 1


async def test_a_quotation_of_what_this_program_posted_is_a_finding():
    quoting = thread("> It fails.\n> <!-- xreview:v1 fp=3d8903858e22 -->\n\nIt still does.", RABBIT)
    assert len((await one_voice(discussion(quoting))).reports) == 1


async def test_a_problem_that_a_bot_posts_again_is_one_report_in_its_last_thread():
    said = discussion(
        thread(BUG, BUGBOT, id="T1", commit=OLD), thread(BUG, BUGBOT, line=5, id="T2")
    )
    voice = await one_voice(said)
    (report,) = voice.reports
    assert report.source == "T2"
    assert "It was posted 2 times." in report.claim


LISTED = """
**Actionable comments posted: 0**

<details>
<summary>🧹 Nitpick comments (2)</summary><blockquote>

<details>
<summary>cart.py (2)</summary><blockquote>

`2-2`: _⚠️ Potential issue_ | _🟠 Major_

**It fails.**

`5`: **Rename it.**

It is short.
</blockquote></details>
</blockquote></details>
"""


async def test_findings_that_are_only_in_a_body_are_reports_without_a_thread():
    voice = await one_voice(discussion(review(RABBIT, LISTED)))
    assert [(one.title, one.source) for one in voice.reports] == [
        ("It fails", ""),
        ("Rename it", ""),
    ]
    assert [one.anchor.quote for one in voice.reports] == ["    return sum(cart)", "def other():"]
    assert "listed in the review's text" in voice.reports[0].claim


async def test_a_listed_finding_that_is_also_a_thread_is_one_report():
    voice = await one_voice(discussion(thread(MAJOR, RABBIT, id="T1"), review(RABBIT, LISTED)))
    assert [(one.title, one.source) for one in voice.reports] == [
        ("It fails", "T1"),
        ("Rename it", ""),
    ]


async def test_suppressed_comments_of_copilot_have_low_confidence_and_its_quote():
    body = (
        "<details>\n<summary>Suppressed comments (1)</summary>\n\n"
        "**cart.py:2**\n* It fails. Use another.\n```\n    return sum(cart)\n```\n</details>"
    )
    copilot = ForgeAccount("copilot-pull-request-reviewer[bot]", is_bot=True)
    (report,) = (await one_voice(discussion(review(copilot, body)))).reports
    assert (report.confidence, report.anchored) == (Confidence.LOW, True)


async def test_what_a_person_says_on_the_change_as_a_whole_is_a_notice():
    said = discussion(review(ADA, "Please split this. It's large."), comment(ADA, "Thanks!"))
    voice = await one_voice(said)
    assert not voice.reports
    assert [one.sentence for one in voice.notices] == [
        "ada wrote 2 comments on the change as a whole: “Please split this”"
    ]


async def test_summaries_and_reports_of_bots_are_no_reviewers():
    said = discussion(
        comment(ForgeAccount("codecov[bot]", is_bot=True), "Coverage is 80 %."),
        comment(RABBIT, "<!-- walkthrough_start -->\n## Walkthrough\n\nIt changes the cart."),
        comment(AUTHOR, "Rebased."),
    )
    assert said_on(said, AUTHOR, HEAD) == ()


async def test_pending_comments_are_nobodys_findings():
    mine = RemoteComment("c1", ADA, "Not yet.", is_pending=True)
    place = CommentPlace("cart.py", Side.NEW, 2, 2, HEAD, hunk_to(2), 2)
    assert said_on(discussion(ReviewThread("T1", (mine,), place)), AUTHOR, HEAD) == ()


@pytest.mark.parametrize("body", ["", "   \n", "<!-- nothing -->"])
async def test_a_thread_without_a_text_is_no_finding(body):
    assert not await voices(discussion(thread(body)))


async def test_every_file_gets_one_entry():
    said = discussion(thread("It fails."), thread(MAJOR, RABBIT))
    for voice in await voices(said, {"cart.py": AFTER, "b.py": "x\n"}, {"cart.py": BEFORE}):
        assert [entry.path for entry in voice.coverage] == ["cart.py", "b.py"]
