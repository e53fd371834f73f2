"""The app on a pull request, over a loopback GitHub."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.forge_server import ForgeServer
from tests.tui.harness import Stage, reviewed
from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.domain.change import ChangeKind
from xreview.domain.pull.address import ForgeKind
from xreview.repo.change.request import ChangeRequest
from xreview.review.pulls.opening import collect_change
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector


def app_on(stage: Stage, server: ForgeServer, folder: Path, pull: str) -> XReviewApp:
    settings = Settings(forges={server.host.origin: ForgeKind.GITHUB})
    options = replace(stage.options(settings), environ={"PATH": "/nowhere"})
    request = ChangeRequest(folder, pull=pull)
    collector = Collector(request, lambda wanted: collect_change(wanted, options))
    collector.start()
    return XReviewApp(request, options, collector, Remembered(options.folders.state))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    return Stage(monkeypatch, tmp_path)


async def test_a_distant_pull_request_is_triaged_as_any_change(stage: Stage, tmp_path: Path):
    stage.repository.branch("topic")
    stage.repository.commit("the change")
    stage.repository.checkout("main")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with ForgeServer() as server:
        server.account("bob")
        project = server.project("acme/shop", stage.repository.top)
        project.open_pull(head="topic", author="bob", title="Retry payments")
        url = f"{server.host.origin}/acme/shop/pull/1"
        app = app_on(stage, server, elsewhere, url)
        async with app.run_test(size=(160, 48)) as pilot:
            await reviewed(app, pilot)
            snapshot = app.triage.snapshot
            assert app.failure is None
            assert snapshot is not None
            assert (snapshot.source.kind, snapshot.source.pull) == (ChangeKind.PULL, url)
            assert snapshot.source.title == "#1 Retry payments"
            assert snapshot.findings
            assert {file.path for file in snapshot.files} >= {"app.py", "docs/notes.md"}


async def test_one_that_does_not_exist_is_a_sentence(stage: Stage, tmp_path: Path):
    with ForgeServer() as server:
        server.project("acme/shop", stage.repository.top)
        app = app_on(stage, server, tmp_path, f"{server.host.origin}/acme/shop/pull/9")
        async with app.run_test(size=(160, 48)) as pilot:
            await reviewed(app, pilot)
            assert app.failure is not None
            assert "#9" in str(app.failure)
