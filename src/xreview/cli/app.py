"""Starting the app from the command line."""

import argparse
from typing import TYPE_CHECKING

from xreview.cli.options import run_options_of
from xreview.cli.terminal import make_keyboard_of_terminal, require_terminal

if TYPE_CHECKING:
    from xreview.repo.change.request import ChangeRequest


def open_app(request: "ChangeRequest", arguments: argparse.Namespace, *, trial: str = "") -> int:
    """Run the app on a change and return the exit code; with the id of a trial, on its attempts.

    Raises UsageError without a terminal.
    """
    reads_input = "-" in (request.patch, *arguments.imports)
    require_terminal(is_input_taken=reads_input)
    options = run_options_of(arguments)
    if reads_input:
        make_keyboard_of_terminal()
    from xreview.tui.launch import run_app

    return run_app(request, options, trial=trial)
