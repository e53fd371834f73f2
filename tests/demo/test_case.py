"""The case on one screen: for each kind of disagreement, both voices are read without a key."""

import re

import pytest
from textual.pilot import Pilot

from tests.demo.stage import DemoStage
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.stance import StanceKind
from xreview.tui.app import XReviewApp

SIZES = [(160, 48), (120, 34), (100, 30), (70, 24)]
LEAST_LINES = {(160, 48): 8, (120, 34): 5, (100, 30): 4, (70, 24): 4}


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return DemoStage(monkeypatch, tmp_path)


def lines_of(app: XReviewApp, id: str) -> list[str]:
    """The lines of a pane as they are on the screen, without its border and padding."""
    region = app.triage.query_one(f"#{id}").region
    drawn = app.screen._compositor.render_strips()
    rows = drawn[region.y + 1 : region.bottom - 1]
    return [row.crop(region.x + 2, region.right - 2).text.rstrip(" ▁▂▃▄▅▆▇█") for row in rows]


def said(app: XReviewApp, id: str) -> str:
    return flat(" ".join(lines_of(app, id)))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


async def go_to(app: XReviewApp, pilot: Pilot[int], finding: Finding) -> None:
    app.triage.arrangement.fold(app.triage.arrangement.group_of(finding), False)
    app.triage.refresh_list()
    assert app.triage.findings.go_to(finding)
    await pilot.pause()
    if app.size.width < 80:
        await pilot.press("3")  # the one key to the case
    await pilot.pause()


def of_kind(app: XReviewApp, kind: Disagreement) -> list[Finding]:
    found = [one for one in app.triage.snapshot.findings if one.disagreement is kind]
    assert found
    return found


def test_dump(): ...


@pytest.mark.parametrize("size", SIZES)
async def test_dumpit(stage, size):
    async with stage.run(size) as (app, pilot, _):
        for kind in Disagreement:
            await go_to(app, pilot, of_kind(app, kind)[0])
            print(kind, size)
            for row in app.screen._compositor.render_strips():
                print(row.text)
