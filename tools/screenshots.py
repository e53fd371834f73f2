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
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from xreview.config.remembered import Remembered
from xreview.config.schema import Settings
from xreview.demo import panel
from xreview.demo.panel import ScriptedPanel, scripted_models
from xreview.demo.place import DemoPlace, demonstration
from xreview.models.replay import AT_ONCE
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly import parts
from xreview.review.assembly.run_options import RunOptions
from xreview.tui.app import XReviewApp
from xreview.tui.collector import Collector

DOCS = Path(__file__).resolve().parents[1] / "docs"
MOMENT = "2026-09-07T08:00:00.000000+00:00"
PATIENCE = 120
"""Seconds for one picture, on a machine that does other things as well."""


@dataclass(frozen=True)
class Picture:
    """One screenshot: how large the terminal is, which theme, and what is pressed before."""

    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    theme: str = "dark"


PICTURES = {
    "wide": Picture((160, 48)),
    "narrow": Picture((100, 30), ("j", "j")),
    "light": Picture((160, 40), ("j", "j", "j", "j", "j"), "light"),
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


async def drawn(picture: Picture, home: Path) -> str:
    """The screen as SVG, when everybody has read and answered."""
    with demonstration() as place:
        app = app_for(place, picture, home)
        async with app.run_test(size=picture.size) as pilot, asyncio.timeout(PATIENCE):
            while not is_over(app):
                await pilot.pause(0.1)
            await settled(app, pilot)
            await pilot.press("home", *picture.keys)
            await settled(app, pilot)
            return app.export_screenshot(title="xreview-tui demo")


def app_for(place: DemoPlace, picture: Picture, home: Path) -> XReviewApp:
    """The demonstration's app."""
    wanted = ChangeRequest(place.repository)
    collector = Collector(wanted)
    collector.start()
    settings = Settings(theme=picture.theme, read_sessions=False)
    folders = place.folders(home)
    options = RunOptions(settings, folders, new_panel=ScriptedPanel)
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
