"""Reading the code in the app: colours, ranges, gutter marks, by keys and mouse."""

import pytest

from tests.tui.harness import Stage, until
from xreview.tui.app import XReviewApp


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Stage:
    return Stage(monkeypatch, tmp_path)


def coloured(app: XReviewApp, text: str, variable: str) -> bool:
    """Whether the line with a text has it in the colour of a theme variable."""
    code = app.triage.code
    wanted = code._canvas.painter.palette.colour(variable)
    for y in range(code.size.height):
        strip = code.render_line(y)
        if text in strip.text:
            return any(text in part.text and part.style.color == wanted for part in strip)
    return False


async def test_a_hunk_inside_a_docstring_is_coloured_as_one(stage):
    lines = ['"""', *[f"Line {number}." for number in range(20)], '"""', ""]
    stage.repository.write("prose.py", "\n".join(lines))
    stage.repository.commit("prose")
    lines[15] = "Return the sum."
    stage.repository.write("prose.py", "\n".join(lines))
    async with stage.run() as (app, pilot):
        app.triage.code.go_to_path("prose.py")
        await until(pilot, lambda: coloured(app, "Return the sum.", "syntax-documentation"))
