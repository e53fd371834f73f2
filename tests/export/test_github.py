import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from tests.export.build import (
    CART,
    CART_DIFF,
    DOCUMENT,
    EARLIER,
    FIX,
    INTENDED,
    OPUS,
    REPORT,
    SESSION,
    altered,
    documents,
    finding,
)
from xreview.domain.change import ChangeKind, ChangeSource, Side
from xreview.domain.changed_file import changed_file
from xreview.domain.events.carried import CarriedState
from xreview.domain.identity.anchor import Anchor
from xreview.domain.pull.markup import LONGEST_BODY
from xreview.domain.report import Suggestion
from xreview.domain.text import visible_block
from xreview.export.document import ExportEntry
from xreview.export.github import FORMAT

HEAD = "b" * 40


def review_of(*findings, files=(CART,), **changed) -> Any:
    entries = tuple(ExportEntry(found, FIX) for found in findings)
    document = altered(entries=entries, files=files, **changed)
    return json.loads(FORMAT.render(document))


def at(start, end, side=Side.NEW, quote="x"):
    return finding(anchor=Anchor("shop/cart.py", side, start, end, quote))


@settings(max_examples=25)
@given(documents)
def test_every_review_is_as_the_api_wants_it(document):
    text = FORMAT.render(document)
    assert text.isascii()
    review = json.loads(text)
    assert review.keys() - {"commit_id"} == {"body", "comments"}
    assert 0 < len(review["body"]) <= LONGEST_BODY
    for comment in review["comments"]:
        assert comment.keys() - {"start_line", "start_side"} == {"path", "line", "side", "body"}
        assert comment.get("start_line", 0) < comment["line"]
        assert visible_block(comment["body"]) == comment["body"]
    assert visible_block(review["body"]) == review["body"]


def test_a_finding_on_added_lines_is_a_comment_with_a_suggestion():
    (comment,) = review_of(finding())["comments"]
    body = comment.pop("body")
    assert comment == {
        "path": "shop/cart.py",
        "line": 13,
        "side": "RIGHT",
        "start_line": 12,
        "start_side": "RIGHT",
    }
    assert body.startswith("**High, security:** SQL built from a string")
    assert body.endswith("```suggestion\nexecute('… ?', [name])\n```")


def test_one_line_has_no_start():
    (comment,) = review_of(at(12, 12, quote="execute("))["comments"]
    assert (comment["line"], comment["side"]) == (12, "RIGHT")
    assert "start_line" not in comment
    assert "start_side" not in comment


def test_removed_lines_are_on_the_left_without_a_suggestion():
    (comment,) = review_of(at(11, 11, Side.OLD))["comments"]
    assert (comment["line"], comment["side"]) == (11, "LEFT")
    assert "```suggestion" not in comment["body"]


def test_context_lines_of_a_hunk_can_be_commented():
    assert [comment["line"] for comment in review_of(at(10, 10))["comments"]] == [10]


def test_what_is_not_on_lines_of_one_hunk_stands_in_the_body():
    far = CART_DIFF.body + b"@@ -40,1 +42,2 @@\n x\n+y\n"
    for found in (at(9, 9), at(14, 15), at(13, 42), finding(anchored=False)):
        review = review_of(found, files=(changed_file(replace(CART_DIFF, body=far)),))
        assert review["comments"] == []
        assert "### Not on lines of the diff" in review["body"]
        assert "`shop/cart.py:" in review["body"]
    assert review_of(finding(), files=())["comments"] == []
    odd = replace(REPORT.anchor, path="shop/\udcff")
    odd_file = replace(CART, path="shop/\udcff")
    assert review_of(finding(anchor=odd), files=(odd_file,))["comments"] == []


def test_only_accepted_findings_are_in_it():
    entries = (ExportEntry(finding(), INTENDED), ExportEntry(finding()))
    review = json.loads(FORMAT.render(altered(entries=entries, files=(CART,))))
    assert review["comments"] == []
    assert "0 findings" in review["body"]
    assert "SQL" not in review["body"]


def test_it_is_pending_and_of_the_commit_that_was_reviewed():
    source = ChangeSource(SESSION.source.kind, "main..feature", "", "a" * 40, HEAD)
    review = review_of(finding(), source=source)
    assert review["commit_id"] == HEAD
    assert "event" not in review
    assert "not committed" not in review["body"]
    unborn = review_of(finding())
    assert "commit_id" not in unborn
    assert "The code wasn't committed when it was reviewed" in unborn["body"]


def test_an_incomplete_review_says_so():
    assert "**This review is incomplete.**" in review_of(finding())["body"]
    whole = review_of(finding(), is_complete=True, gaps=())
    assert "incomplete" not in whole["body"]


def suggested(code):
    (comment,) = review_of(finding(suggestion=Suggestion("Do.", code)))["comments"]
    return comment["body"].partition("```suggestion")[2]


def test_suggestions():
    assert suggested("") == "\n```"
    assert suggested("a\r\nb\r") == "\na\nb\n```"
    assert suggested("x = '\x1b'") == ""
    assert suggested("# \u202e") == ""
    fenced = review_of(finding(suggestion=Suggestion("Do.", "```\nx")))["comments"][0]["body"]
    assert fenced.endswith("````suggestion\n```\nx\n````")


def test_a_claim_can_not_make_a_suggestion_or_call_a_person():
    claim = "```suggestion\nrm -rf /\n```\n@ada [x](http://y)"
    body = review_of(finding(claim=claim, suggestion=None))["comments"][0]["body"]
    assert "```suggestion" not in body
    assert "`@ada`" in body


def test_a_text_that_is_too_long_loses_whole_parts():
    review = review_of(*(at(90, 90, quote="`x\n" * 9000) for _ in range(5)))
    assert len(review["body"]) <= LONGEST_BODY
    assert review["body"].endswith("… the rest didn't fit and is left out here.")
    assert review["body"].count("\n````") % 2 == 0


def test_lines_of_an_earlier_session_are_of_another_commit():
    entry = ExportEntry(finding(), FIX, session=EARLIER.id)
    for head, places in ((None, 0), (HEAD, 0), (EARLIER.source.head, 1)):
        earlier = replace(EARLIER, files=(CART,))
        if places == 0 and head is not None:
            earlier = replace(earlier, source=replace(earlier.source, head="c" * 40))
        latest = replace(SESSION, source=replace(SESSION.source, head=head))
        document = replace(DOCUMENT, sessions=(latest, earlier), entries=(entry,))
        assert len(json.loads(FORMAT.render(document))["comments"]) == places


def test_what_was_fixed_is_not_asked_for_again():
    entry = ExportEntry(finding(), FIX, carried=CarriedState.FIXED)
    review = json.loads(FORMAT.render(altered(entries=(entry,), files=(CART,))))
    assert (review["comments"], "0 findings" in review["body"]) == ([], True)


def test_a_reviewer_of_the_author_s_own_family_is_marked():
    entry = ExportEntry(finding(reviewer=OPUS, rule=""), FIX, same_family=frozenset({OPUS.name}))
    review = json.loads(FORMAT.render(altered(entries=(entry,), files=(CART,))))
    assert "anthropic opus-4), of the author's family`" in review["comments"][0]["body"]


def test_the_tree_of_an_attempt_is_no_commit():
    session = replace(SESSION, source=replace(SESSION.source, head=HEAD))
    assert review_of(finding(), sessions=(session,))["commit_id"] == HEAD
    attempt = replace(session, source=replace(session.source, kind=ChangeKind.ATTEMPT))
    assert "commit_id" not in review_of(finding(), sessions=(attempt,))
