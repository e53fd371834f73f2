"""`xreview-tui demo`: the app on a sample service, with scripted models."""

import argparse
import os
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.cli.terminal import require_terminal
from xreview.config.paths import Folders, folders

if TYPE_CHECKING:
    from xreview.config.schema import Settings
    from xreview.review.choosing.panel import Panel

DESCRIPTION = """\
Open the app on a small payment service that two model families wrote; each reviews the
other's code. The models' replies are scripted and go through the real review: no key,
no network, no cost. The analysers are real.

With `--attempts`, or by G in the app, three scripted writers solve the same task; you
compare what they wrote, and take one, or pieces of several. Checks, files and undo are real.

Everything is in a temporary folder that is removed at the end; your own journal and
repositories are not touched."""


def add_arguments(parser: Parser) -> None:
    """Add `--attempts` and `--keep DIR`."""
    parser.add_argument(
        "--attempts", action="store_true", help="begin with a task for three scripted writers"
    )
    parser.add_argument("--keep", metavar="DIR", help="use DIR, which must be empty, and keep it")


def run(arguments: argparse.Namespace) -> int:
    """Make the sample repository and open the app on it. Raises XReviewError."""
    require_terminal()
    own = folders(os.environ)
    settings = demo_settings(own)
    # Imported while git makes the repository.
    threading.Thread(target=import_module, args=("xreview.tui.launch",)).start()
    from xreview.demo.place import demonstration
    from xreview.demo.scene import TASK, own_python
    from xreview.repo.change.request import ChangeRequest
    from xreview.review.assembly.run_options import RunOptions

    keep = Path(arguments.keep) if arguments.keep else None
    with demonstration(keep) as place:
        from xreview.tui.launch import run_app

        options = RunOptions(
            settings,
            place.folders(own.config),
            own_python(os.environ),
            task=TASK,
            new_panel=_scripted_panel,
            is_passing=True,
        )
        screen = "attempts" if arguments.attempts else ""
        code = run_app(ChangeRequest(place.repository), options, screen=screen)
    if keep:
        say(f"The sample repository is in {place.repository}.")
    return code


def _scripted_panel(*given: Any) -> "Panel":
    # Imported after the first frame.
    from xreview.demo.panel import ScriptedPanel

    return ScriptedPanel(*given)


def demo_settings(own: Folders) -> "Settings":
    """The user's settings for the look and the keys, else defaults. Raises ConfigError."""
    from xreview.config.load import load
    from xreview.config.schema import AttemptSettings, Settings
    from xreview.demo.scene import scene_settings

    chosen = load(own, None, os.environ).checked()
    look = Settings(
        theme=chosen.theme,
        side_by_side=chosen.side_by_side,
        tab_size=chosen.tab_size,
        editor=chosen.editor,
        mouse=chosen.mouse,
        notify=chosen.notify,
        keys=chosen.keys,
        read_sessions=False,
        attempts=AttemptSettings(blind=chosen.attempts.blind),
    )
    return scene_settings(look)
