"""Starting the app from the command line."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.terminal import make_keyboard_of_terminal, require_terminal
from xreview.config.look import look_of
from xreview.config.paths import folders

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from xreview.repo.change.request import ChangeRequest
    from xreview.review.assembly.run_options import RunOptions


def open_app(request: "ChangeRequest", arguments: "argparse.Namespace", *, trial: str = "") -> int:
    """Run the app on a change and return the exit code; with the id of a trial, on its attempts.

    Raises UsageError without a terminal.
    """
    from xreview.cli.options import run_options_of

    reads_input = "-" in (request.patch, *arguments.imports)
    require_terminal(is_input_taken=reads_input)
    if not trial and request.is_local and not _says_more(arguments):
        return _open_at_once(request, lambda: arguments, arguments.theme)
    options = run_options_of(arguments)
    if reads_input:
        make_keyboard_of_terminal()
    from xreview.tui.launch import run_app

    return run_app(request, options, trial=trial)


def open_app_as_usual() -> int:
    """Run the app as a command line without any word does. Raises UsageError as `open_app`."""
    from xreview.repo.change.request import ChangeRequest

    def arguments() -> "argparse.Namespace":
        from xreview.cli.tree import build_parser

        return build_parser().parse_strictly(())

    require_terminal()
    return _open_at_once(ChangeRequest(Path().absolute()), arguments)


def _says_more(arguments: "argparse.Namespace") -> bool:
    """Whether words of the command line can be wrong, which is told before the screen changes."""
    texts = (arguments.author, arguments.tier, arguments.brief, arguments.budget)
    return bool(arguments.imports or arguments.import_root or arguments.ignores) or any(texts)


def _open_at_once(
    request: "ChangeRequest",
    arguments: "Callable[[], argparse.Namespace]",
    theme: str | None = None,
) -> int:
    """Paint the change before the settings are read, except those that are seen."""
    from xreview.repo.hardened.secret_variables import keep_private
    from xreview.tui.launch import run_app_at_once

    def options() -> "RunOptions":
        from xreview.cli.options import run_options_of

        return run_options_of(arguments())

    own = folders(os.environ)
    look = look_of(own.config_file, os.environ, theme)
    keep_private(look.private)
    return run_app_at_once(request, look, own, options)
