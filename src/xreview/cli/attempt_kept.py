"""The modes of `attempt` about what is kept: listing, comparing again, revealing, removing."""

import argparse
import json
from typing import TYPE_CHECKING

from xreview.cli.app import open_app
from xreview.cli.attempt_run import print_trial, with_trials
from xreview.cli.options import folder_of
from xreview.cli.output import complain, say
from xreview.cli.sessions import local_moment, short
from xreview.cli.table import Column, table
from xreview.cli.terminal import is_on_terminal
from xreview.domain.errors import ExitCode
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.cli.attempt_told import ToldTrial
    from xreview.review.assembly.attempts_headless import HeadlessTrials
    from xreview.review.attempts.listed import ListedTrial


def list_trials(arguments: argparse.Namespace) -> int:
    """Print what is kept, of all repositories."""
    listed = with_trials(arguments, lambda found: found.trials.listed())
    if arguments.json:
        say(json.dumps([_listed(one) for one in listed], indent=2))
    elif not listed:
        say("No attempts are kept.")
    else:
        say(table(_COLUMNS, [_row(one) for one in listed]))
    return ExitCode.DONE


def _listed(one: "ListedTrial") -> dict[str, object]:
    return {
        "id": one.id,
        "title": visible(one.title),
        "started": one.started,
        "labels": list(one.labels),
        "state": visible(one.state),
        "repository": visible(one.repository),
        "here": one.is_here,
        "running": one.is_running,
        "over": one.is_over,
    }


def _row(one: "ListedTrial") -> tuple[str, ...]:
    where = "here" if one.is_here else one.repository.removesuffix("/.git")
    labels = f"{one.labels[0]}–{one.labels[-1]}" if len(one.labels) > 1 else "".join(one.labels)
    return short(one.id), local_moment(one.started), labels, one.state, one.title, where


def open_trial(arguments: argparse.Namespace) -> int:
    """Compare a kept trial again: in the app on a terminal, else as text or JSON."""
    if not (arguments.json or arguments.quiet) and is_on_terminal():
        from xreview.repo.change.request import ChangeRequest

        trial = with_trials(arguments, lambda found: found.find(arguments.open))
        return open_app(ChangeRequest(folder_of(arguments)), arguments, trial=trial.id)
    print_trial(arguments, with_trials(arguments, lambda found: _told(found, arguments.open)))
    return ExitCode.DONE


def reveal_trial(arguments: argparse.Namespace) -> int:
    """Have names shown from now on, and print the comparison with them."""

    async def revealed(found: "HeadlessTrials") -> "ToldTrial":
        trial = await found.find(arguments.reveal)
        await found.trials.reveal(trial.id)
        return await _told(found, trial.id)

    print_trial(arguments, with_trials(arguments, revealed))
    return ExitCode.DONE


async def _told(found: "HeadlessTrials", beginning: str) -> "ToldTrial":
    from xreview.cli.attempt_told import ToldTrial

    trial = await found.find(beginning)
    return ToldTrial(await found.trials.snapshot(trial.id), found.hides)


def clean_trials(arguments: argparse.Namespace) -> int:
    """Remove one trial, or all of this repository that don't run."""

    async def clean(found: "HeadlessTrials") -> "tuple[tuple[ListedTrial, ...], int]":
        removed = await found.clean(arguments.clean)
        return removed, sum(one.is_here for one in await found.trials.listed())

    removed, left = with_trials(arguments, clean)
    for one in removed:
        say(f"removed  {short(one.id)}  {visible(one.title)}")
    if left and not arguments.clean:
        complain(f"{count_of(left, 'task')} with attempts left: running, or open in the app.")
    return ExitCode.DONE


_COLUMNS = (
    *map(Column, ("ID", "STARTED", "ATTEMPTS", "STATE")),
    Column("TASK", is_flexible=True),
    Column("REPOSITORY"),
)
