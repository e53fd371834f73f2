"""Draws the README's screenshots out of the demonstration, with the real app: `make screenshots`.

    python tools/screenshots.py [--only NAME]… [FOLDER]

FOLDER is `docs` where none is given. The same code gives the same pictures: the sample, its history
and the replies are fixed, replies come at once, and the clock stands still.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.demo import panel
from xreview.demo.panel import ScriptedPanel, scripted_models
from xreview.demo.place import DemoPlace, demonstration
from xreview.demo.scene import TASK, own_python, scene_settings
from xreview.domain.attempt.seat import Seat
from xreview.domain.stakes.tier import TierAdvice
from xreview.models.replay import AT_ONCE
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly import attempts, parts
from xreview.review.assembly.run_options import RunOptions
from xreview.review.attempts import attempt_run, attempt_state
from xreview.review.attempts.seating import WriterChoice, seats_for
from xreview.review.attempts.wish import TrialWish
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector
from xreview.tui.dialogs.attempt_dialog import AttemptDialog

DOCS = Path(__file__).resolve().parents[1] / "docs"
MOMENT = "2026-09-07T08:00:00.000000+00:00"
PATIENCE = 120
"""Seconds for one picture, on a machine that does other things as well."""


@dataclass(frozen=True)
class Picture:
    """One screenshot: how large the terminal is, which theme, and what is pressed before.

    With `attempts`, the task of the second scene is done first.
    """

    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    theme: str = "dark"
    attempts: bool = False


PICTURES = {
    "wide": Picture((160, 48)),
    "narrow": Picture((100, 30), ("j", "j")),
    "light": Picture((160, 40), ("j", "j", "j", "j", "j"), "light"),
    "attempts": Picture((160, 44), ("2",), attempts=True),
}


def main() -> int:
    """Draw the pictures that are wanted."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DOCS)
    parser.add_argument("--only", metavar="NAME", action="append", choices=PICTURES)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        alone(Path(home))
        for name in arguments.only or PICTURES:
            target = arguments.folder / f"{name}.svg"
            target.write_text(asyncio.run(drawn(PICTURES[name], Path(home))), "utf-8")
            print(target)
    return 0


def alone(home: Path) -> None:
    """Keep out what this machine and this moment would put into a picture."""
    for name in ("NO_COLOR", "TEXTUAL_THEME", "VISUAL", "EDITOR"):
        os.environ.pop(name, None)
    os.environ |= {"HOME": str(home), "COLORTERM": "truecolor", "GIT_CONFIG_GLOBAL": os.devnull}
    parts.now = lambda: MOMENT
    panel.scripted_models = partial(scripted_models, AT_ONCE)
    for module in (attempt_run, attempt_state):
        module.__dict__["time"] = StoppedClock()
    attempts.seats_for = always_the_same_seats


def always_the_same_seats(
    wish: TrialWish,
    choices: Sequence[WriterChoice],
    default: Sequence[str],
    advice: TierAdvice,
    seed: str = "",
) -> tuple[Seat, ...]:
    """The writers, who otherwise get their labels by chance."""
    return seats_for(wish, choices, default, advice, MOMENT)


class StoppedClock:
    """In place of the module `time`, so that attempts take no time."""

    def monotonic(self) -> float:
        """Always the same moment."""
        return 0.0


async def drawn(picture: Picture, home: Path) -> str:
    """The screen as SVG, when everybody has read and answered."""
    with demonstration() as place:
        app = app_for(place, picture, home)
        async with app.run_test(size=picture.size) as pilot, asyncio.timeout(PATIENCE):
            while not is_over(app):
                await pilot.pause(0.1)
            await settled(app, pilot)
            if picture.attempts:
                await attempted(app, pilot)
            await pilot.press("home", *picture.keys)
            await settled(app, pilot)
            return app.export_screenshot(title="xreview-tui demo")


async def attempted(app: XReviewApp, pilot: Pilot[int]) -> None:
    """Give the task to its writers, and wait until all is reviewed."""
    await pilot.press("G")
    while not (isinstance(app.screen, AttemptDialog) and app.screen.rows.choices):
        await pilot.pause(0.05)
    await pilot.press("ctrl+d")
    while app.attempt_desk is None or app.attempt_desk.running is None:
        await pilot.pause(0.05)
    while app.attempt_desk.is_running:
        await pilot.pause(0.1)


def app_for(place: DemoPlace, picture: Picture, home: Path) -> XReviewApp:
    """The demonstration's app."""
    wanted = ChangeRequest(place.repository)
    collector = Collector(wanted)
    collector.start()
    settings = scene_settings(Settings(theme=picture.theme, read_sessions=False))
    folders = place.folders(home)
    options = RunOptions(
        settings, folders, own_python(os.environ), task=TASK, new_panel=ScriptedPanel
    )
    return XReviewApp(wanted, options, collector, Remembered(folders.state))


def is_over(app: XReviewApp) -> bool:
    """Whether all reviewers have read, and the authors' models have answered."""
    snapshot = app.triage.snapshot
    is_begun = snapshot is not None and bool(snapshot.session)
    return is_begun and all(worker.group != "flow" for worker in app.workers)


async def settled(app: XReviewApp, pilot: Pilot[int]) -> None:
    """Wait until the code has its colours."""
    await pilot.pause()
    while not app.triage.code.is_settled:
        await pilot.pause(0.05)
    await pilot.pause(0.2)


if __name__ == "__main__":
    sys.exit(main())
