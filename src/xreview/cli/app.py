"""No command: the app."""

import argparse

from xreview.cli.options import load_settings, request_of, run_options_of
from xreview.cli.terminal import require_terminal, take_input_then_keyboard


def run(arguments: argparse.Namespace) -> int:
    """Check that there is a terminal and something to show on it, then run the app."""
    request = request_of(arguments)
    reads_input = "-" in (request.patch, *arguments.imports)
    require_terminal(is_input_taken=reads_input)
    options = run_options_of(arguments, load_settings(arguments).checked())
    if reads_input:
        take_input_then_keyboard()
    from xreview.tui.launch import run_app

    return run_app(request, options)
