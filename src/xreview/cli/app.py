"""No command: the app."""

import argparse
import os

from xreview.cli.options import author_of, imports_of, load_settings, request_of
from xreview.cli.terminal import require_terminal, take_input_then_keyboard
from xreview.config.paths import folders


def run(arguments: argparse.Namespace) -> int:
    """Check that there is a terminal and something to show on it, then run the app."""
    request = request_of(arguments)
    reads_input = request.patch == "-"
    require_terminal(is_input_taken=reads_input)
    settings = load_settings(arguments).checked()
    said = author_of(arguments)
    if reads_input:
        take_input_then_keyboard()
    from xreview.tui.launch import run_app

    places = folders(os.environ)
    imports = imports_of(arguments)
    return run_app(request, settings, places.journal, places.themes, imports, said)
