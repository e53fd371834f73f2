"""What the modes of `attempt` share: starting, stopping, and printing a trial."""

import argparse
import json
import shutil
import sys
from typing import TYPE_CHECKING, TypeVar

from xreview.cli.options import folder_of, run_options_of
from xreview.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from xreview.cli.attempt_told import ToldTrial
    from xreview.review.assembly.attempts_headless import HeadlessTrials

_Result = TypeVar("_Result")
_USUAL_WIDTH = 120
"""Columns where standard output isn't a terminal."""


def with_trials(
    arguments: argparse.Namespace,
    do: "Callable[[HeadlessTrials], Awaitable[_Result]]",
    *,
    asks_models: bool = False,
) -> _Result:
    """Do something with the trials of the repository. Raises XReviewError."""
    from xreview.repo.change.request import ChangeRequest
    from xreview.review.assembly.attempts_headless import do_with_trials

    request = ChangeRequest(folder_of(arguments))
    return do_with_trials(request, run_options_of(arguments), do, asks_models=asks_models)


def print_trial(arguments: argparse.Namespace, told: "ToldTrial") -> None:
    """Print a trial as text, or as JSON where that is asked for."""
    if arguments.json:
        from xreview.cli.attempt_json import trial_json

        say(json.dumps(trial_json(told), indent=2))
    else:
        from xreview.cli.attempt_text import trial_text

        say(trial_text(told, columns_of_output()))


def columns_of_output() -> int:
    """The width of standard output."""
    is_terminal = sys.stdout.isatty()
    return shutil.get_terminal_size().columns if is_terminal else _USUAL_WIDTH
