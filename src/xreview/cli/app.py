"""The app, which runs where no command is given."""

import argparse

from xreview.cli.options import request_of, run_options_of
from xreview.cli.terminal import make_keyboard_of_terminal, require_terminal


def run(arguments: argparse.Namespace) -> int:
    """Check the terminal and the change, then run the app."""
    request = request_of(arguments)
    reads_input = "-" in (request.patch, *arguments.imports)
    require_terminal(is_input_taken=reads_input)
    options = run_options_of(arguments)
    if reads_input:
        make_keyboard_of_terminal()
    from xreview.tui.launch import run_app

    return run_app(request, options)
