"""The command line's one entrance, and the one place where an error becomes an exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from xreview.cli.output import complain, flush, replace_closed_streams
from xreview.domain.errors import ExitCode, UsageError, XReviewError


def run(words: Sequence[str]) -> int:
    """Do what the command line asks and return the exit code.

    Args:
        words: the arguments, without the program's name.

    Nothing is raised but SystemExit, by --help and --version.
    """
    replace_closed_streams()
    try:
        code = _dispatch(words)
        flush()
        return code
    except XReviewError as error:
        complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 - the seam: no traceback reaches the terminal
        from xreview.cli.machine import machine_refusal

        refused = machine_refusal(error)
        if refused is not None:
            complain(str(refused))
            return refused.exit_code
        from xreview.cli.crash import report

        complain(report(error))
        return ExitCode.INCOMPLETE


def _dispatch(words: Sequence[str]) -> int:
    from xreview.cli.tree import COMMANDS, build_parser

    arguments = build_parser().parse_strictly(words)
    _leave_out_programs_of_the_repository(Path(getattr(arguments, "folder", ".")))
    if arguments.command is None:
        from xreview.cli import app

        return app.run(arguments)
    _refuse_idle_options(arguments.command, arguments)
    return COMMANDS[arguments.command].run(arguments)


def _leave_out_programs_of_the_repository(folder: Path) -> None:
    """Clean this process's PATH: what we start is found carefully, what libraries start is not."""
    from xreview.hardening.programs import repository_folders, search_path

    try:
        folder = folder.absolute()
    except FileNotFoundError as error:
        raise UsageError(
            "The folder you are in does not exist any more.", "Change to one that does."
        ) from error
    os.environ["PATH"] = search_path(os.environ, repository_folders(folder, os.environ))


def _refuse_idle_options(command: str, arguments: argparse.Namespace) -> None:
    """Refuse what was given before a command that has no use for it."""
    from xreview.cli.options import given_change_options

    idle = [
        option
        for option in given_change_options(arguments)
        if command not in ("review", "prompt") and (command, option) != ("models", "--offline")
    ]
    idle += ["--theme"] if arguments.theme is not None else []
    if idle:
        raise UsageError(f"{idle[0]} means nothing to `{command}`.", "Leave it out.")


def _reader_left() -> int:
    """Whoever read our output has gone (`| head`): keep the interpreter quiet about it too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.INCOMPLETE
