"""A pull request from `P` to its published review, by keys in the app, at a loopback forge."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.forge_server import faults
from tests.functional.at_forge import ISSUE, RABBIT, SWALLOWED, WRITABLE, AtForge, at_forge
from tests.repo.builder import isolate
from tests.tui.asked import notices
from tests.tui.harness import reviewed, until
from xreview.config.paths import Folders
from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.domain.pull.address import ForgeKind
from xreview.domain.pull.marker import markers_in
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.opening import collect_change
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector
from xreview.tui.dialogs.question import QuestionScreen
from xreview.tui.screens.pull import PullScreen
from xreview.tui.screens.pull_list import PullListScreen


@pytest.fixture(params=WRITABLE, ids=lambda kind: kind.value)
def there(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch) -> Iterator[AtForge]:
    yield from _served(request.param, tmp_path, monkeypatch)


@pytest.fixture
def github(tmp_path: Path, monkeypatch) -> Iterator[AtForge]:
    yield from _served(ForgeKind.GITHUB, tmp_path, monkeypatch)


def _served(kind: ForgeKind, folder: Path, monkeypatch) -> Iterator[AtForge]:
    with at_forge(kind, folder) as made:
        isolate(monkeypatch, made.program.home)
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        made.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
        made.pull.ask("ada")
        made.clone()
        yield made


@asynccontextmanager
async def opened(there: AtForge, pull: str | None = "12") -> AsyncGenerator:
    """The app in Ada's clone: on the request, or on what is checked out for None."""
    wanted = ChangeRequest(there.program.folder, pull=pull)
    host = there.server.host
    data = there.program.data
    folders = Folders(there.program.config, data, data / "cache", data / "state")
    environ = {"HOME": str(there.program.home), "PATH": "/usr/bin:/bin"}
    settings = replace(Settings(), forges={host.origin: host.kind})
    options = RunOptions(settings, folders, environ)
    collector = Collector(wanted, lambda one: collect_change(one, options))
    collector.start()
    app = XReviewApp(wanted, options, collector, Remembered(options.folders.state))
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await reviewed(app, pilot)
        yield app, pilot


async def at_the_request(app, pilot) -> None:
    await pilot.press("P")
    await until(pilot, lambda: isinstance(app.screen, PullScreen))
    await settled(app, pilot)


async def settled(app, pilot) -> None:
    await until(pilot, lambda: app.pull_desk.shown.is_idle)
    await pilot.pause(0.05)


async def agreed(app, pilot, key: str) -> str:
    """Press a key, and say yes to what is asked then."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
    asked = "\n".join(str(one.content) for one in app.screen.query("Static"))
    await pilot.press("1")
    await until(pilot, lambda: isinstance(app.screen, PullScreen))
    await settled(app, pilot)
    return asked


def told(app) -> str:
    return str(app.screen.query_one("#pull-told").content)


def listed(app) -> str:
    return str(app.screen.list.query_one("Static").content)


def by_ada(there: AtForge) -> list[str]:
    """What she has said on lines that everybody sees."""
    return [
        one.body
        for thread in there.pull.threads
        for one in thread.seen_by(None)
        if one.author is not None and one.author.login == "ada"
    ]


async def test_from_the_list_to_a_published_review(there: AtForge):
    async with opened(there, None) as (app, pilot):
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, PullListScreen))
        await until(pilot, lambda: "Run commands" in listed(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.triage)
        await until(pilot, lambda: app.triage.snapshot and app.triage.snapshot.pull)
        await reviewed(app, pilot)
        titles = {one.lead.title for one in app.triage.snapshot.findings}
        assert "Errors are swallowed" in titles
        await pilot.press("a", "a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        await at_the_request(app, pilot)
        asked = await agreed(app, pilot, "p")
        assert "ada" in asked
        assert "Pending review: 1 comment" in told(app), told(app)
        assert by_ada(there) == [], "only she sees it"
        await agreed(app, pilot, "c")
        assert "Published: " in told(app)
        (posted,) = by_ada(there)
        assert len(markers_in(posted)) == 1
        await agreed(app, pilot, "u")
        assert "1 comment deleted" in told(app), told(app)
        assert by_ada(there) == []


async def test_a_thread_is_answered_resolved_and_put_back(there: AtForge):
    async with opened(there) as (app, pilot):
        await pilot.press("r", "i", "r", "i")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        await at_the_request(app, pilot)
        await pilot.press("2")
        await pilot.pause(0.05)
        await agreed(app, pilot, "enter")
        (thread,) = there.pull.threads
        assert thread.comments[-1].body.startswith("Not changed: this is intended."), told(app)
        await pilot.press("R")
        await settled(app, pilot)
        assert thread.resolver is not None, told(app)
        await pilot.press("R")
        await settled(app, pilot)
        assert thread.resolver is None, told(app)
        await agreed(app, pilot, "u")
        assert "The reply was deleted." in told(app)
        assert by_ada(there) == []


async def test_quitting_while_it_is_sent_asks_and_a_later_session_posts_nothing_twice(
    there: AtForge,
):
    async with opened(there) as (app, pilot):
        await pilot.press("a", "a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        await at_the_request(app, pilot)
        there.server.fail(faults.slow(0.7), times=999)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: there.server.writes())
        await pilot.press("escape", "q")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("1")
        await until(pilot, lambda: not app.is_running)
    there.server.faults._waiting.clear()
    await asyncio.sleep(1)  # what was on its way arrives
    async with opened(there) as (app, pilot):
        await at_the_request(app, pilot)
        if "On their lines (1)" in listed(app):
            await pilot.press("p")
            await settled(app, pilot)
        await agreed(app, pilot, "c")
        (posted,) = by_ada(there)
        assert len(markers_in(posted)) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.bad_credentials(), "token"),
        (faults.sso_required(), "single sign-on"),
        (faults.captive_page(), "127.0.0.1"),
        (faults.server_error(), "502"),
        (faults.primary_limit(), "limit"),
    ],
    ids=lambda one: getattr(one, "name", None),
)
async def test_a_fault_is_told_and_the_triage_goes_on(
    github: AtForge, fault: faults.Fault, said: str
):
    async with opened(github) as (app, pilot):
        await pilot.press("a")
        github.server.fail(fault, times=999, path="/api/")
        await at_the_request(app, pilot)
        assert said in told(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.triage)
        await pilot.press("a")
        await until(pilot, lambda: not app.triage.snapshot.open_findings)
        github.server.faults._waiting.clear()
        await at_the_request(app, pilot)
        assert "On their lines (1)" in listed(app)


@pytest.mark.parametrize(
    "fault", [faults.not_found(), faults.captive_page(), faults.cut_off()], ids=lambda one: one.name
)
async def test_a_request_that_can_not_be_opened_leaves_the_one_before(
    github: AtForge, fault: faults.Fault
):
    async with opened(github, None) as (app, pilot):
        before = app.triage.snapshot.source
        github.server.fail(fault, times=999, path="/api/")
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, PullListScreen))
        await until(pilot, lambda: "127.0.0.1" in _all_text(app) or notices(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.triage)
        assert app.triage.snapshot.source == before


def _all_text(app) -> str:
    return "\n".join(str(one.content) for one in app.screen.query("Static"))
