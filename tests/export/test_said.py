"""What is said on a pull request as a whole, in the exports for people and programs."""

import json
from dataclasses import replace

import jsonschema
from markdown_it import MarkdownIt

from tests.export.build import DOCUMENT
from xreview.domain.pull.discussion import RemoteComment
from xreview.domain.pull.pull import ForgeAccount
from xreview.export.format import export_format
from xreview.export.json import schema

URL = "https://forge.example/acme/shop/pull/12#c1"
HOSTILE = "Please <script>rename</script> it, @team\x1b[31m.\n\n# Not a heading\n\nCloses #7"
SAID = RemoteComment("1", ForgeAccount("bob"), HOSTILE, "2026-11-01T12:30:00+02:00", URL)


def rendered(name: str, *said: RemoteComment) -> str:
    return export_format(name).render(replace(DOCUMENT, said=said))


def test_programs_get_it_verbatim():
    told = json.loads(rendered("json", SAID))
    jsonschema.validate(told, schema())
    assert told["said"] == [
        {"author": "bob", "is_bot": False, "at": SAID.at, "url": URL, "body": HOSTILE}
    ]
    assert json.loads(rendered("json"))["said"] == []


def test_markdown_quotes_it_inert():
    text = rendered("markdown", SAID)
    assert "## Said on the change (1)" in text
    assert "**bob, 2026-11-01 10:30 UTC, " in text
    assert "`@team␛[31m`" in text
    assert "<script>" not in text.replace("\\<script", "")
    tokens = MarkdownIt("gfm-like").parse(text)
    assert "html_block" not in {token.type for token in tokens}
    headings = [
        tokens[at + 1].content for at, one in enumerate(tokens) if one.type == "heading_open"
    ]
    assert not any("Not a heading" in heading for heading in headings)
    assert "Said on the change" not in rendered("markdown")


def test_markdown_leaves_out_what_has_no_room_and_says_so():
    many = [replace(SAID, id=str(n), body="x " * 3000) for n in range(20)]
    text = rendered("markdown", *many)
    assert len(text) < 40_000
    assert "more comments: `--format html` or `json` has all." in text


def test_the_page_shows_it_escaped():
    page = rendered("html", SAID)
    assert '<h2 id="said">Said on the change (1)</h2>' in page
    assert "&lt;script&gt;rename&lt;/script&gt;" in page
    assert "\x1b" not in page


def test_people_read_prose():
    bot = replace(SAID, body="**<sub>![P1](https://img.test)</sub> Slow**<!-- id -->")
    for name in ("markdown", "html"):
        text = rendered(name, bot)
        assert "Slow" in text
        assert "img.test" not in text
