"""`xreview-tui attempt`: one task for several writers, compared, and what to take of it."""

import argparse
from typing import TYPE_CHECKING

from xreview.cli.attempt_kept import clean_trials, list_trials, open_trial, reveal_trial
from xreview.cli.attempt_run import print_trial, with_trials
from xreview.cli.attempt_taking import graft_attempts, take_attempt, undo_take
from xreview.cli.options import add_asking_options, add_folder_option, folder_of, load_settings
from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser
from xreview.cli.progress import ProgressBlock
from xreview.domain.attempt.seat import Preset
from xreview.domain.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from xreview.review.assembly.attempts_headless import HeadlessTrials
    from xreview.review.attempts.snapshot import TrialSnapshot
    from xreview.review.attempts.wish import TrialWish

DESCRIPTION = """\
Give one task to several coding agents and models. Each works in a disposable copy of your
files; your checkout, index and branches stay as they are. Each attempt is checked, and
reviewed by a model of another family. You get one table, where the attempts part, and
what to do next. Who wrote which attempt stays hidden until you pick.

TASK is the text, @FILE, or - for standard input; without it, your editor opens.

Attempts are kept until you remove them (--clean). --take puts one into your files,
--graft pieces of several; --undo gives your files back. Nothing is ever committed.

Exits with 0 if at least one attempt is written, reviewed in full, and passes all checks,
1 if none is, 3 if that isn't known, because something failed or was stopped."""

_MODES = ("dry_run", "list", "open", "clean", "take", "graft", "undo", "reveal")
_ONLY_FOR = {
    "reason": ("take", "graft"),
    "force": ("take", "graft"),
    "writers": ("attempt", "dry_run"),
    "checks": ("attempt", "dry_run"),
    "preset": ("attempt", "dry_run"),
    "swap": ("attempt", "dry_run"),
    "revision": ("attempt", "dry_run"),
    "task": ("attempt", "dry_run"),
}
"""Options that say nothing in other modes."""
_OPTIONS = {"writers": "--with", "checks": "--check", "revision": "--base", "task": "TASK"}


def add_arguments(parser: Parser) -> None:
    """Add the task, who writes, under which checks, and what to do with what is kept."""
    add_folder_option(parser)
    parser.add_argument("task", metavar="TASK", nargs="?", help="what is to be done")
    parser.add_argument(
        "--with",
        dest="writers",
        metavar="NAME,…",
        action="append",
        help="who writes; NAME:fast asks a vendor's lighter model, and a name given twice writes "
        "twice (default: the setting attempts.writers, or up to three of different families)",
    )
    parser.add_argument(
        "--check",
        dest="checks",
        metavar="CMD",
        action="append",
        help="a shell command that must pass; repeatable (default: the setting fix.check)",
    )
    parser.add_argument(
        "--base",
        dest="revision",
        metavar="REV",
        help="start from REV, not from your files as they are",
    )
    parser.add_argument(
        "--preset",
        metavar="NAME",
        type=OneOf(lambda: tuple(Preset)),
        help="%(type)s: two writers who review each other; three families; fast models write and "
        "deep ones review",
    )
    parser.add_argument("--swap", action="store_true", help="the same as --preset swap")
    parser.add_argument(
        "--dry-run", action="store_true", help="print what writers would get, and send nothing"
    )
    parser.add_argument("--list", action="store_true", help="list the attempts that are kept")
    parser.add_argument(
        "--open",
        metavar="ID",
        help="compare kept attempts again: on a terminal in the app, with --quiet as text",
    )
    parser.add_argument("--take", metavar="ID:LABEL", help="put an attempt into your files")
    parser.add_argument(
        "--graft",
        metavar=("ID", "PATH=LABEL"),
        nargs="+",
        help="check pieces of several attempts together, and put them into your files: "
        "PATH=LABEL for a file, PATH:NUMBER=LABEL for one piece, LABEL for a whole attempt; later "
        "ones override earlier ones",
    )
    parser.add_argument(
        "--reason", metavar="TEXT", help="with --take or --graft: why, for the journal"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="with --take or --graft: even what breaks or weakens a check",
    )
    parser.add_argument(
        "--undo",
        metavar="ID",
        nargs="?",
        const="",
        help="give your files back what they had, unless they changed since; without ID, what was "
        "taken here last",
    )
    parser.add_argument("--reveal", metavar="ID", help="show who wrote and reviewed which attempt")
    parser.add_argument(
        "--clean",
        metavar="ID",
        nargs="?",
        const="",
        help="remove kept attempts; without ID, all of this repository that don't run",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    add_asking_options(parser, "what all attempts can cost", "the vendors of writers and reviewers")


def run(arguments: argparse.Namespace) -> int:
    """Run the one thing that is asked for. Raises XReviewError."""
    modes = [name for name in _MODES if getattr(arguments, name) not in (None, False)]
    if len(modes) > 1:
        said = " and ".join(f"--{name.replace('_', '-')}" for name in modes)
        raise UsageError(f"{said} can't be combined.", "Give one of them.")
    mode = modes[0] if modes else "attempt"
    for name, uses in _ONLY_FOR.items():
        if mode not in uses and getattr(arguments, name) not in (None, False):
            said, needed = _OPTIONS.get(name, f"--{name}"), " or ".join(f"--{one}" for one in uses)
            advice = "Remove it." if "attempt" in uses else f"It needs {needed}."
            where = f"--{mode.replace('_', '-')}" if modes else "a new task"
            raise UsageError(f"{said} says nothing to {where}.", advice)
    return _ACTIONS[mode](arguments)


def _attempt(arguments: argparse.Namespace) -> int:
    from xreview.cli.attempt_told import ToldTrial

    wish = _wish(arguments)
    with ProgressBlock(is_wanted=not (arguments.quiet or arguments.json)) as block:

        async def attempt(found: "HeadlessTrials") -> ToldTrial:
            def show(one: "TrialSnapshot") -> None:
                block.write(ToldTrial(one, found.hides).progress())

            return ToldTrial(await found.run(wish, show), found.hides)

        told = with_trials(arguments, attempt, asks_models=True)
    print_trial(arguments, told)
    return exit_code_of(told.snapshot)


def _dry_run(arguments: argparse.Namespace) -> int:
    wish = _wish(arguments)
    preview = with_trials(arguments, lambda found: found.trials.preview(wish), asks_models=True)
    say(preview.rstrip())
    return ExitCode.DONE


def exit_code_of(snapshot: "TrialSnapshot") -> ExitCode:
    """What a trial came to: `OPEN_FINDINGS` for complete attempts none of which is good enough."""
    from xreview.cli.attempt_outcome import is_complete, is_usable

    if any(one.is_stopped or not one.is_over for one in snapshot.attempts):
        return ExitCode.INCOMPLETE
    if any(map(is_usable, snapshot.attempts)):
        return ExitCode.DONE
    is_known = all(map(is_complete, snapshot.attempts))
    return ExitCode.OPEN_FINDINGS if is_known else ExitCode.INCOMPLETE


def _wish(arguments: argparse.Namespace) -> "TrialWish":
    from xreview.cli.attempt_task import task_of
    from xreview.review.attempts.wish import TrialWish

    preset = arguments.preset and Preset(arguments.preset)
    if arguments.swap and preset not in (None, Preset.SWAP):
        raise UsageError(f"--swap and --preset {preset} can't be combined.", "Give one of them.")
    names = [name.strip() for said in arguments.writers or () for name in said.split(",")]
    if arguments.writers and not any(names):
        raise UsageError("--with names nobody.", "See `xreview-tui models`.")
    settings = load_settings(arguments).checked()
    task = task_of(arguments.task, settings.editor, folder_of(arguments))
    has_budget = getattr(arguments, "budget", None) is not None
    return TrialWish(
        task,
        tuple(filter(None, names)),
        tuple(arguments.checks or ()),
        arguments.revision or "",
        Preset.SWAP if arguments.swap else preset,
        settings.budget if has_budget else None,
    )


_ACTIONS = {
    "attempt": _attempt,
    "dry_run": _dry_run,
    "list": list_trials,
    "open": open_trial,
    "reveal": reveal_trial,
    "clean": clean_trials,
    "take": take_attempt,
    "graft": graft_attempts,
    "undo": undo_take,
}
