"""A finding in many places: each format names the others, and tells the problem once."""

import pytest

from tests.export.build import REPORT, altered, finding
from tests.export.test_prompt import FIX
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Report
from xreview.export.document import ExportEntry
from xreview.export.format import export_format
from xreview.export.phrases import also_at


def repeated(count: int) -> Finding:
    def at(number: int) -> Report:
        return finding(
            f"f{number}", anchor=Anchor(f"s/{number}\x1b.py", REPORT.anchor.side, 7, 7, "x")
        ).lead

    others = tuple(at(number) for number in range(count))
    return Finding((REPORT, *others), (), Disagreement.LONE)


def test_a_few_places_are_named_and_the_rest_counted() -> None:
    assert also_at(repeated(0)) == ""
    assert also_at(repeated(1)) == "Also at s/0\x1b.py:7."
    assert also_at(repeated(1007)).endswith("s/4\x1b.py:7 and 1,002 more.")


@pytest.mark.parametrize("format", ["markdown", "github", "html", "rdjson", "prompt", "sarif"])
def test_each_format_names_the_places_and_tells_the_problem_once(format: str) -> None:
    document = altered(entries=(ExportEntry(repeated(3), FIX),))

    text = export_format(format).render(document)

    assert all(f"s/{number}" in text for number in range(3))
    assert "\x1b" not in text
    alone = export_format(format).render(altered(entries=(ExportEntry(repeated(0), FIX),)))
    assert text.count(REPORT.claim) == alone.count(REPORT.claim)
