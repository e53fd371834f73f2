"""The app on an attempt: the whole ordinary screen, over the attempt's own tree."""

from pathlib import Path

import pytest

from tests.review.attempts.shelved import TRIAL, shelve
from tests.tui.harness import AFTER, Stage, reviewed
from xreview.config.remembered import Remembered
from xreview.domain.change import ChangeKind
from xreview.repo.change.request import ChangeRequest
from xreview.review.pulls.opening import collect_change
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector
from xreview.tui.handoff import editor


def app_on(stage: Stage, named: str) -> XReviewApp:
    options = stage.options()
    request = ChangeRequest(stage.repository.top, attempt=named)
    collector = Collector(request, lambda wanted: collect_change(wanted, options))
    collector.start()
    return XReviewApp(request, options, collector, Remembered(options.folders.state))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    return Stage(monkeypatch, tmp_path)


async def test_an_attempt_is_triaged_as_any_change_but_not_fixed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    stage.repository.git("checkout", "-q", "--", ".")
    tree = shelve(stage.repository, stage.options(), {"A": {"app.py": AFTER}})["A"]
    stage.repository.write("app.py", "raise SystemExit\n")  # the user goes on meanwhile
    called: list[Path] = []

    def call(top: Path, _editor: str, path: str, _line: int, others: object = ()) -> object:
        called.append(top / path)
        assert stage.repository.top in tuple(others)  # programs of theirs don't start
        return ["true"], {}

    monkeypatch.setattr(editor, "editor_call", call)
    monkeypatch.setattr(editor, "run_editor", lambda *_: 0)
    app = app_on(stage, f"{TRIAL}:A")
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await reviewed(app, pilot)
        snapshot = app.triage.snapshot
        assert app.failure is None
        assert snapshot is not None
        assert snapshot.source.kind is ChangeKind.ATTEMPT
        assert {one.anchor.path for one in snapshot.findings} == {"app.py"}
        assert snapshot.author.vendor == "openai"
        await pilot.press("a", "X")
        await pilot.pause()
        told = [one.message for one in app._notifications]
        assert any("Take it first, or press Y" in one for one in told), told
        await pilot.press("o")
        await pilot.pause()
        assert called == [tree.top / "app.py"]


async def test_one_that_is_gone_is_a_sentence(stage: Stage):
    app = app_on(stage, f"{TRIAL}:A")
    async with app.run_test(size=(100, 30)) as pilot:
        await reviewed(app, pilot)
        assert "No trial of this repository" in str(app.failure)
