"""Which headings of templates mean which of our sections."""

import pytest

from xreview.domain.briefing.section import BriefSection, sections_for


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Description", BriefSection.WHAT),
        ("What does this PR do?", BriefSection.WHAT),
        ("Proposed changes", BriefSection.WHAT),
        ("Motivation and Context", BriefSection.WHY),
        ("Why are these changes needed?", BriefSection.WHY),
        ("How Has This Been Tested?", BriefSection.CHECKED),
        ("🧪 Test plan", BriefSection.CHECKED),
        ("Risks & trade-offs", BriefSection.RISKS),
        ("Notes for reviewers", BriefSection.LOOK),
    ],
)
def test_a_usual_heading_is_known(heading: str, section: BriefSection):
    assert next(sections_for(heading)) is section


@pytest.mark.parametrize("heading", ["Checklist", "Type of change", "Screenshots", "", "Étape 1"])
def test_other_headings_are_left_alone(heading: str):
    assert list(sections_for(heading)) == []
