"""The modes of `attempt` that change the user's files: taking an attempt, a graft, and undoing."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xreview.cli.attempt_run import with_trials
from xreview.cli.output import complain, say
from xreview.cli.parser import quoted
from xreview.cli.progress import ProgressBlock
from xreview.domain.attempt.piece import PieceRef
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.review.assembly.attempts_headless import HeadlessTrials, OnGraft
    from xreview.review.attempts.graft import GraftSnapshot, Took
    from xreview.review.attempts.veil import Veil


def take_attempt(arguments: argparse.Namespace) -> int:
    """Put a whole attempt into the user's files."""
    trial, _, label = arguments.take.rpartition(":")
    if not (trial and label):
        raise UsageError(
            f"--take: “{quoted(arguments.take)}” names no attempt.", "Write it like 3f2a9c1b:A."
        )
    reason: str = arguments.reason or ""
    took = with_trials(
        arguments,
        lambda found: found.take(trial, label.upper(), reason, is_forced=arguments.force),
    )
    if arguments.json:
        from xreview.cli.attempt_json import took_json

        say(json.dumps(took_json(took), indent=2))
    else:
        _tell(took)
    return _code(took)


def graft_attempts(arguments: argparse.Namespace) -> int:
    """Check pieces of several attempts together, and put them into the user's files."""
    trial, *words = arguments.graft
    if not words:
        raise UsageError("--graft names no piece.", f"Add PATH=LABEL: --graft {trial} app.py=A.")
    with ProgressBlock(is_wanted=not (arguments.quiet or arguments.json)) as block:

        def show(one: "GraftSnapshot") -> None:
            block.write([" · ".join(filter(None, ("graft", one.stage.value, one.doing)))])

        grafted = with_trials(
            arguments,
            lambda found: _graft(found, trial, words, arguments, show),
            asks_models=True,
        )
    if arguments.json:
        from xreview.cli.attempt_json import graft_json

        say(json.dumps(graft_json(grafted.checked, grafted.took, grafted.veil), indent=2))
    else:
        for line in _checked(grafted):
            say(line)
        if grafted.took is not None:
            _tell(grafted.took)
    return ExitCode.OPEN_FINDINGS if grafted.took is None else _code(grafted.took)


@dataclass(frozen=True)
class _Grafted:
    """What a graft came to.

    Args:
        took: None if it wasn't taken, since it isn't sound.
        undecided: the conflicting pieces that stay as in the base.
    """

    checked: "GraftSnapshot"
    took: "Took | None"
    undecided: tuple[PieceRef, ...]
    veil: "Veil"


async def _graft(
    found: "HeadlessTrials",
    beginning: str,
    words: Sequence[str],
    arguments: argparse.Namespace,
    show: "OnGraft",
) -> _Grafted:
    from xreview.cli.attempt_graft import graft_choice, undecided_pieces
    from xreview.cli.attempt_told import ToldTrial

    trial = await found.find(beginning)
    snapshot = await found.trials.snapshot(trial.id)
    if snapshot.comparison is None:
        raise UsageError("No attempt changed anything.", "There is nothing to take.")
    choice = graft_choice(snapshot.comparison, words)
    reason: str = arguments.reason or ""
    checked, took = await found.graft(trial.id, choice, reason, show, is_forced=arguments.force)
    left = tuple(one.ref for one in undecided_pieces(snapshot.comparison, choice))
    return _Grafted(checked, took, left, ToldTrial(snapshot, found.hides).veil)


def _checked(grafted: _Grafted) -> Iterator[str]:
    """What the check of a graft says."""
    checked, veil = grafted.checked, grafted.veil
    yield from map(veil.line, checked.problems)
    for one in checked.broken:
        run = one.after or one.before
        yield f"broken   {veil.line(run.command if run else '')}"
    for one in checked.tampering:
        yield f"TAMPERED {veil.line(one.words)}"
    if checked.raised:
        yield f"{count_of(checked.raised, 'finding')} that no attempt has, from the combination:"
    for finding in checked.findings[: checked.raised]:
        lead = finding.lead
        place = f"{lead.anchor.path}:{lead.anchor.start_line}"
        yield f"new      {finding.severity.word} {veil.line(place)} {veil.line(lead.title)}"
    yield from map(veil.line, (*checked.unread, *checked.notices))
    if grafted.undecided:
        named = ", ".join(f"{one.path}:{one.number}" for one in grafted.undecided)
        yield f"Conflicting pieces without a choice stay as they were: {veil.line(named)}"
    if grafted.took is None:
        yield "Nothing was taken, because the graft isn't sound. Add --force to take it anyway."


def undo_take(arguments: argparse.Namespace) -> int:
    """Give the user's files back what they had before the last take."""
    taken = with_trials(arguments, lambda found: found.undo(arguments.undo))
    if arguments.json:
        paths = [visible(path) for path in taken.paths]
        say(json.dumps({"action": taken.action, "labels": taken.labels, "paths": paths}, indent=2))
    else:
        for path in taken.paths:
            say(f"as before  {visible(path)}")
    return ExitCode.DONE


def _tell(took: "Took") -> None:
    if took.taken is None and not took.conflicts:
        say("Your files have all of it already.")
    for path in took.paths:
        say(f"{'merged' if path in took.merged else 'changed'}  {visible(path)}")
    for path in took.conflicts:
        complain(f"{path} changed in the same place meanwhile; it was left as it is.")
    for notice in took.notices:
        complain(notice)
    if took.taken is not None:
        say(
            "Nothing was committed. `xreview-tui` reviews it; `xreview-tui attempt --undo` puts "
            "your files back."
        )


def _code(took: "Took") -> ExitCode:
    return ExitCode.OPEN_FINDINGS if took.conflicts else ExitCode.DONE
