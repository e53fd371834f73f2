"""Each kind of disagreement as it looks at each size; `make snapshots` draws them anew."""

import pytest

from tests.demo.stage import DemoStage, over
from tests.demo.test_case import SIZES, go_to, of_kind
from tests.tui.harness import until
from xreview.demo.place import demonstration
from xreview.domain.finding import Disagreement


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", Disagreement)
def test_the_case_looks_like_this(snap_compare, monkeypatch, tmp_path, kind, size):
    monkeypatch.setenv("COLORTERM", "truecolor")
    stage = DemoStage(monkeypatch, tmp_path)

    async def settled(pilot) -> None:
        app = pilot.app
        await over(app, pilot)
        app.clear_notifications()
        app.triage.findings.go_home()
        await go_to(app, pilot, of_kind(app, kind)[0])
        await pilot.pause(0.2)
        await until(pilot, lambda: app.triage.code.is_settled)
        await pilot.pause(0.2)

    with demonstration() as place:
        assert snap_compare(stage.app(place), terminal_size=size, run_before=settled)
