"""What deceives in quoted or suggested code is said in words wherever code is shown to people."""

import json

import pytest

from tests.export.build import FIX, altered, finding
from xreview.domain.change import Side
from xreview.domain.identity.anchor import NO_CONTEXT, Anchor
from xreview.domain.report import Suggestion
from xreview.export import github, html, markdown, prompt
from xreview.export.document import ExportEntry

QUOTE = "if user.\u0430dmin:\n    pass  # \u202eGröße ❤\ufe0f"
ODD = finding(
    anchor=Anchor("a.py", Side.NEW, 7, 8, QUOTE, NO_CONTEXT),
    suggestion=Suggestion("Compare.", "if user.\u0430dmin is True:\n    pass"),
)
PLAIN = finding(
    anchor=Anchor("a.py", Side.NEW, 7, 8, "größe = 1\n# 漢字 ❤\ufe0f", NO_CONTEXT),
    suggestion=Suggestion("Compare.", "größe = 2\n"),
)
EXPORTERS = {"html": html, "github": github, "markdown": markdown, "prompt": prompt}


def rendered(name: str, found) -> str:
    entry = ExportEntry(found, decided=FIX)
    text = EXPORTERS[name].FORMAT.render(altered(entries=(entry,)))
    text = json.loads(text)["body"] if name == "github" else text
    return text.replace("\\", "").replace("&quot;", '"').replace("&#x27;", "'")


@pytest.mark.parametrize("name", EXPORTERS)
def test_what_deceives_is_said_with_its_line(name: str) -> None:
    text = rendered(name, ODD)

    assert "Line 7 has " in text
    assert 'Cyrillic and Latin letters that read "admin"' in text
    assert "Line 8 has U+202E RIGHT-TO-LEFT OVERRIDE, shown as ⇄" in text
    assert "In the suggested code: Line 1 has " in text


@pytest.mark.parametrize("name", EXPORTERS)
def test_nothing_is_said_of_what_people_write(name: str) -> None:
    assert "U+" not in rendered(name, PLAIN)


def test_github_offers_no_button_for_code_that_deceives() -> None:
    assert github._suggestion(ODD.lead) is None
    assert github._suggestion(PLAIN.lead) is not None
