"""The case on one screen: for each kind of disagreement, both voices are read without a key.

Everything is read from the lines on the screen, not from what the panes were given.
"""

import asyncio
import re
from dataclasses import dataclass
from math import inf

import pytest
from textual.pilot import Pilot

from tests.demo.stage import DemoStage
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.stance import StanceKind
from xreview.tui.app import XReviewApp

SIZES = [(160, 48), (120, 34), (100, 30), (70, 24)]
LEAST_LINES = dict(zip(SIZES, (8, 5, 4, 4), strict=True))
DECISIVE = {
    Disagreement.CONTESTED: StanceKind.REBUTS,
    Disagreement.TRADE_OFF: StanceKind.TRADE_OFF,
    Disagreement.CONCEDED: StanceKind.CONCEDES,
    Disagreement.CORROBORATED: StanceKind.CONCEDES,
}


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return DemoStage(monkeypatch, tmp_path)


def lines_of(app: XReviewApp, id: str) -> list[str]:
    """The lines of a pane on the screen, its border included; none if it isn't shown."""
    region = app.triage.query_one(f"#{id}").region
    rows = app.screen._compositor.render_strips()[region.y : region.bottom]
    return [row.crop(region.x, region.right).text for row in rows]


def text_of(app: XReviewApp, id: str) -> list[str]:
    """The lines of text in a pane, without border, padding, and scroll bar."""
    return [row[2:-1].rstrip(" ▁▂▃▄▅▆▇█") for row in lines_of(app, id)[1:-1]]


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


async def go_to(app: XReviewApp, pilot: Pilot[int], finding: Finding) -> None:
    """Put the cursor on a finding, in the list; on a narrow screen, press the key to the case."""
    app.triage.arrangement.fold(app.triage.arrangement.group_of(finding), False)
    app.triage.refresh_list()
    assert app.triage.findings.go_to(finding)
    await pilot.pause()
    if app.size.width < 80 and app.triage.pane is app.triage.findings:
        await pilot.press("3")
    await pilot.pause()


def of_kind(app: XReviewApp, kind: Disagreement) -> list[Finding]:
    found = [one for one in app.triage.snapshot.findings if one.disagreement is kind]
    assert found
    return found


def opposing(finding: Finding) -> str:
    """What the other side says first."""
    if finding.disagreement is Disagreement.CONFLICT:
        return finding.reports[1].title
    kind = DECISIVE[finding.disagreement]
    return next(one.argument for one in finding.stances if one.kind is kind)


def shown_lines(rows: list[str], argument: str) -> float:
    """How many lines of an argument are on the screen, from its beginning; infinity for all."""
    left, count = flat(argument), 0
    for row in map(flat, rows):
        if row and left.startswith(row.rstrip("…")):
            left, count = flat(left.removeprefix(row.rstrip("…"))), count + 1
        elif count:
            break
    return count if left else inf


@dataclass(frozen=True)
class Seen:
    """What the screen shows with the cursor on a finding."""

    finding: Finding
    review: list[str]
    disagreement: list[str]
    framed_review: list[str]
    framed_disagreement: list[str]


@pytest.fixture(scope="module", params=SIZES, ids=str)
def walk(request, tmp_path_factory) -> tuple[tuple[int, int], list[Seen]]:
    """A size of the screen, and what it shows for each finding: one walk for several tests."""
    with pytest.MonkeyPatch.context() as patch:
        stage = DemoStage(patch, tmp_path_factory.mktemp("walk"))
        return request.param, asyncio.run(walked(stage, request.param))


async def walked(stage: DemoStage, size: tuple[int, int]) -> list[Seen]:
    seen = []
    async with stage.run(size) as (app, pilot, _):
        for kind in Disagreement:
            for finding in of_kind(app, kind):
                await go_to(app, pilot, finding)
                texts = (text_of(app, id) for id in ("review", "disagreement"))
                framed = (lines_of(app, id) for id in ("review", "disagreement"))
                seen.append(Seen(finding, *texts, *framed))
    return seen


def test_the_other_side_is_read_without_a_key(walk):
    size, all_seen = walk
    for seen in all_seen:
        finding, rows = seen.finding, seen.disagreement
        kind = finding.disagreement
        if kind is Disagreement.LONE:
            # Of a file that is read with both lenses, the other model is silent about this.
            assert rows[0].startswith(("Nobody answered.", "gpt (scripted)/risk read the same"))
            continue
        count = shown_lines(rows, opposing(finding))
        assert count >= 1, (kind, rows)
        if kind in (Disagreement.CONTESTED, Disagreement.TRADE_OFF):
            # Right below who says it, and as much of it as the issue asks for.
            assert flat(opposing(finding)).startswith(flat(rows[1]))
            assert count >= LEAST_LINES[size]


def test_the_claim_is_read_beside_it_and_nothing_is_said_twice(walk):
    _, all_seen = walk
    for seen in all_seen:
        lead = seen.finding.lead
        claimed, against = (flat(" ".join(rows)) for rows in (seen.review, seen.disagreement))
        assert flat(lead.title) in claimed
        assert flat(lead.claim)[:40] in claimed
        assert flat(lead.claim)[:40] not in against
        assert flat(lead.anchor.quote.split("\n")[0]) not in against
        place = f"{lead.anchor.path}:{lead.anchor.start_line}"
        assert flat(" ".join(seen.framed_review)).count(place) == 1
        kind = seen.finding.disagreement.value
        assert f"4 Disagreement · {kind}" in seen.framed_disagreement[0]


async def test_two_reports_in_conflict_are_numbered(stage):
    async with stage.run() as (app, pilot, _):
        (finding,) = of_kind(app, Disagreement.CONFLICT)
        second = finding.reports[1].reviewer.name
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await go_to(app, pilot, finding)
            assert text_of(app, "review")[0].startswith(f"1 {finding.lead.title[:20]}")
            assert text_of(app, "disagreement")[0].startswith(f"2 {second} asks for the opposite")


async def test_text_below_the_edge_is_counted_on_the_border(stage):
    async with stage.run((120, 34)) as (app, pilot, _):
        (finding,) = of_kind(app, Disagreement.CONFLICT)
        await go_to(app, pilot, finding)
        pane = app.triage.query_one("#disagreement")
        assert pane.max_scroll_y > 2
        assert f"↓ {pane.max_scroll_y} more lines" in lines_of(app, "disagreement")[-1]
        await pilot.press("4", "j")
        await pilot.pause()
        assert f"↓ {pane.max_scroll_y - 1} more lines" in lines_of(app, "disagreement")[-1]
        await pilot.press("end")
        await pilot.pause()
        assert "more" not in lines_of(app, "disagreement")[-1]


async def test_zoomed_the_case_is_shown_in_full(stage):
    async with stage.run((100, 30)) as (app, pilot, _):
        finding = of_kind(app, Disagreement.CONCEDED)[0]
        await go_to(app, pilot, finding)
        argument = flat(opposing(finding))
        assert argument not in flat(" ".join(text_of(app, "disagreement")))
        await pilot.press("4", "z")
        await pilot.pause()
        assert argument in flat(" ".join(text_of(app, "disagreement")))
        assert flat(finding.lead.scenario) in flat(" ".join(text_of(app, "review")))
        assert lines_of(app, "findings") == []
        await pilot.press("escape")
        await pilot.pause()
        assert lines_of(app, "findings")


async def test_the_narrow_case_follows_the_findings(stage):
    async with stage.run((70, 24)) as (app, pilot, _):
        await go_to(app, pilot, of_kind(app, Disagreement.CONTESTED)[0])
        await pilot.press("tab")
        assert app.triage.pane.id == "disagreement"
        assert lines_of(app, "review")
        await pilot.press("n")
        await pilot.pause()
        finding = app.triage.findings.current
        assert flat(finding.lead.title)[:50] in flat(" ".join(text_of(app, "review")))
        await pilot.press("1")
        await pilot.pause()
        assert lines_of(app, "review") == []


async def test_a_folded_group_says_so(stage):
    async with stage.run() as (app, pilot, _):
        await pilot.press("end")
        await pilot.pause()
        assert "folded here." in text_of(app, "review")[0]
        assert "·" not in lines_of(app, "disagreement")[0]
