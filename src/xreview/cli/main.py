"""The entrance of the command line, where errors become messages and exit codes."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.output import complain, flush, replace_closed_streams
from xreview.domain.errors import ExitCode, UsageError, XReviewError

if TYPE_CHECKING:
    import argparse

_BY_SIGNAL = 128


def run(words: Sequence[str]) -> int:
    """Run a command line, without the program's name, and return the exit code.

    Raises only SystemExit, for --help and --version.
    """
    replace_closed_streams()
    try:
        code = _dispatch(words)
        if code < _BY_SIGNAL:  # else the terminal may be gone, and that is why
            flush()
        return code
    except XReviewError as error:
        complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output is gone (`| head`): keep the interpreter quiet about it too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.INCOMPLETE
    except Exception as error:  # noqa: BLE001 - the seam: no traceback reaches the terminal
        from xreview.cli.machine import machine_refusal, report

        refused = machine_refusal(error)
        if refused is not None:
            complain(str(refused))
            return refused.exit_code
        complain(report(error))
        return ExitCode.INCOMPLETE


def _dispatch(words: Sequence[str]) -> int:
    if not words:  # parsing nothing would be a quarter of the time to the first frame
        from xreview.cli.app import open_app_as_usual

        _leave_out_programs_of_the_repository(Path())
        return open_app_as_usual()
    from xreview.cli.tree import COMMANDS, build_parser

    arguments = build_parser().parse_strictly(words)
    _leave_out_programs_of_the_repository(Path(getattr(arguments, "folder", ".")))
    if arguments.command is None:
        return _run_app(arguments)
    _refuse_idle_options(arguments.command, arguments)
    return COMMANDS[arguments.command].run(arguments)


def _run_app(arguments: "argparse.Namespace") -> int:
    from xreview.cli.app import open_app
    from xreview.cli.options import request_of

    return open_app(request_of(arguments), arguments)


_REVIEWING = ("review", "prompt", "pr")
_WHICH_CHANGE = ("--staged", "--commit", "--range", "--base", "--patch", "--pr")
_OPTIONS_TOO = {
    "models": ("--offline",),
    "fix": ("--offline", "--budget", "--yes-egress"),
    "attempt": ("--offline", "--budget", "--yes-egress"),
    "brief": (*_WHICH_CHANGE, "--offline", "--budget", "--yes-egress"),
    "post": ("--pr", "--offline"),
    "reply": ("--pr", "--offline"),
    "trust": (*_WHICH_CHANGE, "--attempt"),
}
"""Options of a review that other commands accept, too."""


def _leave_out_programs_of_the_repository(folder: Path) -> None:
    """Clean this process's PATH for the programs that libraries start."""
    from xreview.hardening.programs import repository_folders, search_path

    try:
        folder = folder.absolute()
    except FileNotFoundError as error:
        raise UsageError(
            "The current folder no longer exists.", "Change to another one."
        ) from error
    os.environ["PATH"] = search_path(os.environ, repository_folders(folder, os.environ))


def _refuse_idle_options(command: str, arguments: "argparse.Namespace") -> None:
    """Refuse options before a command that doesn't accept them."""
    from xreview.cli.options import given_change_options

    idle = [
        option
        for option in given_change_options(arguments)
        if command not in _REVIEWING and option not in _OPTIONS_TOO.get(command, ())
    ]
    idle += ["--theme"] if arguments.theme is not None and command != "pr" else []
    if idle:
        raise UsageError(f"`{command}` doesn't accept {idle[0]}.", "Remove it.")
