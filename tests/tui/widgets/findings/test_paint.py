"""How the lines of the findings list are worded in the room they have."""

import pytest
from rich.style import Style

from xreview.tui.widgets.findings.paint import group_heading
from xreview.tui.widgets.findings.rows import Heading


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (36, "▾ quick to confirm ──── 6 open of 6 "),
        (30, "▾ quick to confirm ─── 6 open "),
    ],
)
def test_a_heading_names_its_group_in_full_before_it_says_how_many_there_are(width, said):
    heading = Heading("quick to confirm", 6, 6, is_folded=False)
    drawn = group_heading(heading, width, lambda _: Style())
    assert "".join(part.text for part in drawn) == said
