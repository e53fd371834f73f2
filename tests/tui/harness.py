"""The real app on a real repository, with reviewers that say what a test tells them to."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.pilot import Pilot

from tests.fakes.reports import ECONOMY, RISK
from tests.fakes.reviewer import ScriptedReviewer, raw
from tests.repo.builder import Builder, isolate
from xreview.analysers import registry
from xreview.config.paths import Folders
from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.domain.related import RELATED_UNKNOWN
from xreview.domain.report import Category, Confidence, Lens, Severity, Suggestion
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector

if TYPE_CHECKING:
    from xreview.domain.authorship.author_answer import AuthorAnswer

BEFORE = "def load(path):\n    return open(path).read()\n"
AFTER = """def load(path):
    try:
        return open(path).read()
    except Exception:
        pass


def pay(amount, account):
    token = random.random()
    account.balance -= amount
    return token
"""
SWALLOWED = replace(
    raw("Swallowed error", "app.py", 4, "    except Exception:\n        pass"),
    suggestion=Suggestion("Name the error.", "    except OSError:\n        return None"),
    scenario="A missing file reads as an empty one.",
    confidence=Confidence.HIGH,
)
ALSO_SWALLOWED = replace(
    raw("The error is swallowed", "app.py", 4, "    except Exception:", reviewer=ECONOMY),
    claim="Every kind of error is swallowed here.",
)
WEAK_RANDOM = raw(
    "Weak randomness", "app.py", 9, "    token = random.random()",
    category=Category.SECURITY, severity=Severity.HIGH,
)  # fmt: skip
UNLOCKED = raw(
    "Balance changed without a lock", "app.py", 10, "    account.balance -= amount",
    category=Category.CONCURRENCY, severity=Severity.CRITICAL,
)  # fmt: skip


def change_repository(folder: Path) -> Builder:
    made = Builder(folder)
    made.write("app.py", BEFORE)
    made.write("docs/notes.md", "# Notes\n")
    made.commit("first")
    made.write("app.py", AFTER)
    made.write("docs/notes.md", "# Notes\n\nMore.\n")
    made.write("new file.txt", "hello\n")
    return made


class Stage:
    """Makes apps for one test: one repository, one journal, reviewers by name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        isolate(monkeypatch, folder / "home")
        for name in ("NO_COLOR", "TEXTUAL_THEME", "VISUAL", "EDITOR"):
            monkeypatch.delenv(name, raising=False)
        self.repository = change_repository(folder / "project")
        self.journal = folder / "data" / "journal.sqlite3"
        self.reviewers: dict[str, Callable[[], ScriptedReviewer]] = {
            "risk": lambda: ScriptedReviewer(RISK, Lens.RISK, [SWALLOWED, WEAK_RANDOM, UNLOCKED]),
            "economy": lambda: ScriptedReviewer(ECONOMY, Lens.ECONOMY, [ALSO_SWALLOWED]),
        }
        # First here: this imports the module, which must not keep a patched registry's function.
        monkeypatch.setattr(
            "xreview.review.assembly.parts.create", lambda name: self.reviewers[name]()
        )
        monkeypatch.setattr(registry, "create", lambda name: self.reviewers[name]())
        # The scripted reviewers need no process.
        monkeypatch.setattr("xreview.analysers.ahead.worker_ahead", nullcontext)
        # What listens on this machine's own ports must not take part in a test.
        self.environ: dict[str, str] = {}
        self.said: AuthorAnswer | None = None

    def app(self, settings: Settings | None = None, **request: object) -> XReviewApp:
        wanted = ChangeRequest(self.repository.top, **request)
        collector = Collector(wanted)
        collector.start()
        options = self.options(settings)
        return XReviewApp(wanted, options, collector, Remembered(options.folders.state))

    def options(self, settings: Settings | None = None) -> RunOptions:
        data = self.journal.parent
        places = Folders(data / "config", data, data / "cache", data / "state")
        return RunOptions(settings or Settings(), places, self.environ, said=self.said)

    @asynccontextmanager
    async def run(
        self, size: tuple[int, int] = (160, 48), settings: Settings | None = None, **request: object
    ) -> AsyncGenerator[tuple[XReviewApp, Pilot[int]], None]:
        app = self.app(settings, **request)
        async with app.run_test(size=size, notifications=True) as pilot:
            await reviewed(app, pilot)
            yield app, pilot


async def until(pilot: Pilot[int], condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something holds."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await pilot.pause(0.02)
    raise AssertionError("it never came to hold")


async def reviewed(app: XReviewApp, pilot: Pilot[int]) -> None:
    """Wait until the reviewers are through, it is known who wrote it, and the screen shows it."""

    def is_over() -> bool:
        snapshot = app.triage.snapshot
        return app.failure is not None or (
            snapshot is not None
            and snapshot.is_collected
            and bool(snapshot.session)
            and snapshot.attribution is not None
            and snapshot.related is not RELATED_UNKNOWN
            and (not snapshot.files or not snapshot.is_running)
        )

    await until(pilot, is_over)
    await pilot.pause()
