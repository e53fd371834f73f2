"""The sections of a description, and the headings of templates that mean them."""

import re
from collections.abc import Iterator
from enum import Enum

_NO_WORD = re.compile(r"[^a-z]+")


class BriefSection(Enum):
    """What a description says, in its order; the value is the heading."""

    WHAT = "What changes"
    WHY = "Why"
    CHECKED = "How it was checked"
    RISKS = "Risks accepted"
    UNREVIEWED = "What is not reviewed"
    LOOK = "What to look at"


# The first match counts, so that "how to review" isn't about how it was tested.
_TABLE: tuple[tuple[BriefSection, tuple[str, ...]], ...] = (
    (BriefSection.UNREVIEWED, ("not reviewed", "not tested", "untested", "not covered")),
    (
        BriefSection.LOOK,
        (
            "what to look at",
            "look at",
            "how to review",
            "reviewer notes",
            "notes for reviewer",
            "notes for the reviewer",
            "notes to reviewer",
            "review focus",
            "focus",
            "review guide",
            "reviewers",
        ),
    ),
    (
        BriefSection.RISKS,
        ("risk", "risks", "trade off", "trade offs", "tradeoff", "tradeoffs", "known issues",
         "known limitations", "limitations", "caveats", "drawbacks", "side effects"),
    ),
    (
        BriefSection.CHECKED,
        ("test", "tests", "tested", "testing", "test plan", "verification", "verified",
         "validation", "checked", "how has this been tested", "qa", "quality assurance"),
    ),
    (
        BriefSection.WHY,
        ("why", "motivation", "context", "background", "rationale", "reason", "purpose", "problem",
         "goal", "intent"),
    ),
    (
        BriefSection.WHAT,
        ("what", "description", "summary", "changes", "change", "overview", "proposed changes",
         "what does this", "about", "details", "implementation"),
    ),
)  # fmt: skip
_LEFT_ALONE = ("checklist", "type of change", "breaking", "screenshots", "changelog", "related")
"""Headings with a word of the table that ask for something else."""


def sections_for(heading: str) -> Iterator[BriefSection]:
    """Yield the sections that a template's heading asks for, the best first; none if unknown."""
    words = f" {_NO_WORD.sub(' ', heading.lower()).strip()} "
    if any(f" {one} " in words for one in _LEFT_ALONE):
        return
    for section, meanings in _TABLE:
        if any(f" {one} " in words for one in meanings):
            yield section
