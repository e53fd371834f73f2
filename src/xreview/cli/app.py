"""Starting the app from the command line."""

import argparse
import os
from functools import partial
from typing import TYPE_CHECKING

from xreview.cli.options import run_options_of
from xreview.cli.terminal import make_keyboard_of_terminal, require_terminal
from xreview.config.look import look_of
from xreview.config.paths import folders

if TYPE_CHECKING:
    from xreview.repo.change.request import ChangeRequest


def open_app(request: "ChangeRequest", arguments: argparse.Namespace, *, trial: str = "") -> int:
    """Run the app on a change and return the exit code; with the id of a trial, on its attempts.

    Raises UsageError without a terminal.
    """
    reads_input = "-" in (request.patch, *arguments.imports)
    require_terminal(is_input_taken=reads_input)
    if not trial and request.is_local and not _says_more(arguments):
        return _open_at_once(request, arguments)
    options = run_options_of(arguments)
    if reads_input:
        make_keyboard_of_terminal()
    from xreview.tui.launch import run_app

    return run_app(request, options, trial=trial)


def _says_more(arguments: argparse.Namespace) -> bool:
    """Whether words of the command line can be wrong, which is told before the screen changes."""
    texts = (arguments.author, arguments.tier, arguments.brief, arguments.budget)
    return bool(arguments.imports or arguments.import_root or arguments.ignores) or any(texts)


def _open_at_once(request: "ChangeRequest", arguments: argparse.Namespace) -> int:
    """Paint the change before the settings are read, except those that are seen."""
    from xreview.repo.hardened.secret_variables import keep_private
    from xreview.tui.launch import run_app_at_once

    own = folders(os.environ)
    look = look_of(own.config_file, os.environ, arguments.theme)
    keep_private(look.private)
    return run_app_at_once(request, look, own, partial(run_options_of, arguments))
