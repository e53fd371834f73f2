import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given, settings

from tests.export.build import (
    CONTESTED,
    DOCUMENT,
    FIX,
    INTENDED,
    RANKED,
    REPORT,
    SEVERAL,
    altered,
    documents,
    finding,
)
from xreview.domain.report import Severity
from xreview.export.document import ExportEntry, in_reading_order
from xreview.export.html import FORMAT

VOID = {"meta", "br"}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "dl"),
    *("dt", "dd", "p", "strong", "nav", "ol", "ul", "li", "main", "section", "article", "figure"),
    *("figcaption", "pre", "code", "del", "ins", "table", "thead", "tbody", "tr", "th", "td"),
    "footer",
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "role"),
    *("aria-labelledby", "tabindex", "scope"),
}


class Page(HTMLParser):
    """The tags, attributes and text of a page; fails where a tag is not closed in its turn."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.open = [], [], "", []
        self.headings = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text += data
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            self.headings.append((self.open[-1], data))


def page(document):
    return Page(FORMAT.render(document))


@settings(max_examples=25)
@given(documents)
def test_no_text_becomes_markup(document):
    found = page(document)
    assert set(found.tags) <= ALLOWED
    assert {name for name, _ in found.attributes} <= ATTRIBUTES
    targets = {value for name, value in found.attributes if name == "href"}
    ids = [value for name, value in found.attributes if name == "id"]
    assert all(target.startswith("#") for target in targets)
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in targets} <= set(ids)


def test_the_policy_allows_the_one_style_sheet_and_nothing_else():
    text = FORMAT.render(DOCUMENT)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"<script|<link|<img|<iframe| on\w+=| style=|https?://", text)


def test_headings_go_down_one_step_at_a_time_and_are_in_the_contents():
    found = page(RANKED)
    levels = [int(tag[1]) for tag, _ in found.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = [text for _, text in found.headings]
    assert names[:4] == ["Review: main..feature", "Contents", "Accepted (2)", "Critical: Worst"]
    assert names[-1] == "Not reviewed (1)"
    assert found.text.count("Critical: Worst") == 2


def test_what_a_person_must_know_is_in_it():
    text = " ".join(page(DOCUMENT).text.split())
    assert "This review is incomplete. What wasn't read isn't known to be clean." in text
    assert "big.sql" in text
    assert "cut off at 20,000 lines" in text
    assert "Decision: rejected: intended, by Ada, 2025-11-21 10:00 UTC" in text
    assert "ada@example.com" not in text
    assert "by design" in text
    assert "Rebuts, opus (model: anthropic opus-4): The lock is held." in text
    assert "What would settle it: A stress test." in text
    assert "-execute(- f'… {name}')+execute('… ?', [name])" in text
    assert "1 of 2 files read; 1 not (30,000 lines): " in text


def test_an_answer_that_quotes_nothing_real_says_so_and_a_report_what_would_settle_it():
    made_up = replace(CONTESTED.stances[0], anchored=False)
    contested = replace(CONTESTED, stances=(made_up,))
    asking = finding(settle="Send a name with a quote in it.")
    text = page(altered(entries=(ExportEntry(contested), ExportEntry(asking)))).text
    assert "quote isn't in the code" in text
    assert "What would settle it: Send a name with a quote in it." in text


def test_a_complete_review_has_no_warning():
    text = page(altered(is_complete=True, gaps=())).text
    assert "incomplete" not in text
    assert "Not reviewed" not in text


def test_several_sessions_and_what_is_not_asked_again():
    found = page(SEVERAL)
    text = " ".join(found.text.split())
    assert ("h1", "Review: 2 sessions") in found.headings
    assert ("h2", "Suppressed (1)") in found.headings
    assert "Suppressed: not asked again, by a convention: Shops trust their own carts." in text
    assert "by Bob, 2025-11-21 10:00 UTC" in text
    assert "bob@example.com" not in text
    assert "Seen last in: commit 1a2b3c, 2025-11-20 09:00 UTC" in text
    assert "opus: The model is out of order." in text
    assert "opus (model: anthropic opus-4), of the author's family" in text
    assert "openai gpt-5 (high confidence: a trailer of commit 1a2b3c names it)" in text
    assert "security · lone · fixed" in text


def test_nothing_found_and_nothing_left():
    assert "No findings in what was read." in page(altered(entries=())).text
    left = page(altered(entries=(), left_out=2)).text
    assert "This export contains no findings." in left
    assert "2 findings" in left


def test_hostile_text_is_shown():
    hostile = finding(title="<img src=x onerror=alert(1)>", claim="a & b \x1b[2J \u202e")
    text = FORMAT.render(altered(entries=(ExportEntry(hostile),)))
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "a &amp; b ␛[2J ⇄" in text


def quoting(quote):
    return finding(anchor=replace(REPORT.anchor, quote=quote))


def test_every_line_of_a_quote_is_kept():
    quote = "\n    first\n\tsecond\n"
    quoted = page(altered(entries=(ExportEntry(quoting(quote)),))).text
    assert quote in quoted


def test_the_worst_come_first_and_order_is_by_decision():
    entries = in_reading_order(
        [
            ExportEntry(finding("a", title="low", severity=Severity.LOW), FIX),
            ExportEntry(CONTESTED, INTENDED),
            ExportEntry(finding("b", title="high"), FIX),
        ]
    )
    names = [text for tag, text in page(altered(entries=entries)).headings if tag == "h3"]
    assert names == ["High: high", "Low: low", "High: A race on the stock"]
