"""What is loaded until the app has answered a first key. A failure names who imported it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.tui.harness import change_repository

SCRIPT = """
import json, os, sys

importers = {}


class Watcher:
    def find_spec(self, name, path, target=None):
        frame = sys._getframe(1)
        while frame is not None and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        importers.setdefault(name, frame.f_globals.get("__name__", "?") if frame else "?")


sys.meta_path.insert(0, Watcher())

import asyncio
from pathlib import Path

from textual import events

from xreview.config.paths import Folders
from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector


mounted = XReviewApp.on_mount


def press_at_once(app):
    app.post_message(events.Key("2", "2"))
    mounted(app)


XReviewApp.on_mount = press_at_once
own = Path(sys.argv[2])
request = ChangeRequest(Path(sys.argv[1]))
collector = Collector(request)
collector.start()
options = RunOptions(Settings(), Folders(own, own, own, own), {})
app = XReviewApp(request, options, collector, Remembered(own))
given, before = app._listener.keys_given, asyncio.Event.set


def tell_at_first_key(event):
    if event is given:
        loaded = {name: importers.get(name, "?") for name in sys.modules}
        sys.__stdout__.write(json.dumps([app.triage.pane_id, loaded]))
        sys.__stdout__.flush()
        os._exit(0)
    before(event)


asyncio.Event.set = tell_at_first_key
app.run(headless=True, size=(160, 48))
"""

ALLOWED = (
    "xreview.config",
    "xreview.disagreement.attention",
    "xreview.disagreement.groups",
    "xreview.disagreement.reading_order",
    "xreview.domain",
    "xreview.hardening",
    "xreview.ports",
    "xreview.repo",
    "xreview.review.assembly.run_options",
    "xreview.review.session.contained",
    "xreview.review.session.pending",
    "xreview.review.session.snapshot",
    "xreview.tui",
)
"""What may be loaded, with all it holds; but see `LATE`."""

LATE = (
    "xreview.domain.account",
    "xreview.domain.attempt",
    "xreview.domain.events.event",
    "xreview.domain.identity.carry_over",
    "xreview.domain.pull.posting",
    "xreview.domain.remaining",
    "xreview.domain.scorecard",
    "xreview.domain.session_account",
    "xreview.tui.dialogs",
    "xreview.tui.handoff",
    "git",
    "httpx",
    "pygments",
    "sqlite3",
)
"""What is loaded only once it is needed, or with the session."""

MOST_MODULES = 200
"""How many of our own modules there may be; a few more than there are."""


def _is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _is_parent_of_allowed(name: str) -> bool:
    return any(package.startswith(f"{name}.") for package in ALLOWED)


def loaded_at_first_key(folder: Path) -> dict[str, str]:
    """Every loaded module, with the module that imported it first."""
    repository = change_repository(folder / "project")
    environ = {**os.environ, "HOME": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(repository.top), str(folder / "own")],
        env=environ, stdout=subprocess.PIPE, text=True, timeout=120, check=True,
    )  # fmt: skip
    pane, loaded = json.loads(ended.stdout)
    assert pane == "code", "the key was answered"
    return loaded


def test_the_first_key_is_answered_before_the_rest_is_loaded(tmp_path: Path) -> None:
    loaded = loaded_at_first_key(tmp_path)
    own = {name for name in loaded if _is_in(name, ("xreview",))}
    strange = {
        name for name in own if not _is_in(name, ALLOWED) and not _is_parent_of_allowed(name)
    } | {name for name in loaded if _is_in(name, LATE)}
    told = [f"{name}, imported by {loaded[name]}" for name in sorted(strange)]
    assert not told, "\n".join(["loaded before the first key is answered:", *told])
    assert len(own) <= MOST_MODULES, "\n".join(
        f"{name}, imported by {loaded[name]}" for name in sorted(own)
    )
