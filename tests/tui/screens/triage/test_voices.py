"""The titles of the two voices, and what they say where there is no finding."""

from dataclasses import replace

import pytest

from tests.fakes.reviewer import ScriptedReviewer
from tests.tui.harness import SWALLOWED, Stage
from xreview.domain.report import Lens


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def top_of(app, id: str) -> str:
    region = app.triage.query_one(f"#{id}").region
    row = app.screen._compositor.render_strips()[region.y]
    return row.crop(region.x, region.right).text


async def test_a_long_path_keeps_its_end_and_its_line(stage):
    path = f"{'deep/' * 12}file.py"
    stage.repository.write(path, "    except Exception:\n        pass\n")
    reviewer = stage.reviewers["risk"]().identity
    anchored = replace(SWALLOWED, path=path, start_line=1)
    for name in stage.reviewers:
        stage.reviewers[name] = lambda: ScriptedReviewer(reviewer, Lens.RISK, [anchored])
    async with stage.run((100, 30)) as (app, _):
        title = top_of(app, "review")
        assert "3 Review · …" in title
        assert "/file.py:1 " in title


async def test_a_hostile_path_is_made_visible(stage):
    path = "a\x1b[2J[red].py"
    stage.repository.write(path, "    except Exception:\n        pass\n")
    reviewer = stage.reviewers["risk"]().identity
    anchored = replace(SWALLOWED, path=path, start_line=1)
    for name in stage.reviewers:
        stage.reviewers[name] = lambda: ScriptedReviewer(reviewer, Lens.RISK, [anchored])
    async with stage.run() as (app, _):
        assert "a␛[2J[red].py:1" in top_of(app, "review")


async def test_without_a_finding_the_panes_say_so(stage):
    for name in stage.reviewers:
        identity = stage.reviewers[name]().identity
        stage.reviewers[name] = lambda identity=identity: ScriptedReviewer(identity, Lens.RISK, [])
    async with stage.run() as (app, _):
        rows = [row.text for row in app.screen._compositor.render_strips()]
        assert any("No finding under the cursor." in row for row in rows)
        assert "─ 3 Review ─" in top_of(app, "review")
        assert "─ 4 Disagreement ─" in top_of(app, "disagreement")
