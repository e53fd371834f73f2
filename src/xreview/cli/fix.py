"""`xreview-tui fix`: have accepted findings fixed in a disposable tree, and judged."""

import argparse
import json
import os
from typing import TYPE_CHECKING

from xreview.cli.fix_words import fix_lines, fix_progress, fix_to_json, wrapped_line
from xreview.cli.options import (
    add_asking_options,
    add_folder_option,
    folder_of,
    request_of,
    run_options_of,
)
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
from xreview.cli.progress import ProgressLine
from xreview.cli.sessions import local_moment
from xreview.cli.table import Column, table
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import replace
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.repo.disposable.shelf import ShelvedFix
    from xreview.repo.repository import Repository
    from xreview.review.assembly.fix_headless import FirstRound, FixWish

DESCRIPTION = """\
Hand the accepted findings of the latest review to a coding agent, a model, or the
mechanical fixer. It works in a disposable copy of your files; your checkout, index and
branches stay as they are. Each finding is then judged: fixed, still there, regressed,
not verified, blocked, or tampered.

If something isn't fixed, --again has the fixer go on from there once, with your --note.
The patch is kept until you apply it (--apply ID) or throw it away (--clean ID). What was
applied, here or in the app, is undone with --undo. Nothing is ever committed.

Exits with 0 if everything was fixed, 1 if something wasn't, 3 if the fix is incomplete."""

_MODES = ("again", "dry_run", "list", "apply", "undo", "clean")
_LONGEST_NOTE = 64 * 1024  # bytes


def add_arguments(parser: Parser) -> None:
    """Add what to fix, by whom, under which checks."""
    add_folder_option(parser)
    parser.add_argument("--agent", metavar="NAME", help="who fixes (default: the author's tool)")
    parser.add_argument(
        "--mechanical", action="store_true", help="only apply the suggested replacements"
    )
    parser.add_argument(
        "--check",
        dest="checks",
        metavar="CMD",
        action="append",
        help="a shell command that must not get worse; repeatable (default: the setting fix.check)",
    )
    parser.add_argument(
        "--findings",
        metavar="FP,…",
        help="only these: beginnings of fingerprints, as `export` prints",
    )
    parser.add_argument(
        "--in-place",
        action="store_true",
        help="apply the patch at once, unless it is tampered; your checkout must be clean",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be sent, and send nothing"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--list", action="store_true", help="list the fixes that are kept")
    parser.add_argument("--apply", metavar="ID", help="put a kept fix into your files")
    parser.add_argument(
        "--undo",
        metavar="ID",
        nargs="?",
        const="",
        help="take a fix out of your files again, as u does in the app, unless they changed since; "
        "without ID, what was applied here last",
    )
    parser.add_argument(
        "--clean",
        metavar="ID",
        nargs="?",
        const="",
        help="throw a kept fix away, so that it can't be undone; without ID, all that have nothing "
        "left to apply",
    )
    parser.add_argument(
        "--again",
        metavar="ID",
        help="go on from a kept fix with what it left, once, with --note and the same checks",
    )
    parser.add_argument(
        "--note",
        metavar="TEXT",
        help="with --again: what the fixer should know; @FILE reads it from a file",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.add_argument(
        "--force", action="store_true", help="with --apply: even what weakens or breaks something"
    )
    add_asking_options(parser, "what it can cost", "the fixer's vendor")


def run(arguments: argparse.Namespace) -> int:
    """Run the one thing that is asked for. Raises XReviewError."""
    modes = [name for name in _MODES if getattr(arguments, name) not in (None, False)]
    if len(modes) > 1:
        said = " and ".join(f"--{name.replace('_', '-')}" for name in modes)
        raise UsageError(f"{said} can't be combined.", "Give one of them.")
    if arguments.agent and arguments.mechanical:
        raise UsageError("--agent and --mechanical can't be combined.", "Give one of them.")
    mode = modes[0] if modes else "fix"
    if mode == "again" and (arguments.checks or arguments.mechanical):
        said = "--check" if arguments.checks else "--mechanical"
        raise UsageError(
            f"--again and {said} can't be combined.", "A second round has the checks of the first."
        )
    if arguments.note is not None and mode != "again":
        raise UsageError("--note is for a second round.", "Give --again with the id of a fix too.")
    return _ACTIONS[mode](arguments)


def _fix(arguments: argparse.Namespace) -> int:
    from xreview.review.assembly.fix_headless import fix_to_the_end

    request, options = request_of(arguments), run_options_of(arguments)
    budget = options.settings.budget if getattr(arguments, "budget", None) is not None else None
    first = _first_round(arguments)
    with ProgressLine(is_wanted=not (arguments.quiet or arguments.json)) as line:
        snapshot = fix_to_the_end(
            request,
            options,
            replace(_wish(arguments), budget=budget, first=first),
            lambda one: line.write(fix_progress(one)),
        )
    if arguments.json:
        say(json.dumps(fix_to_json(snapshot), indent=2))
    else:
        say("\n".join(map(wrapped_line, fix_lines(snapshot))))
    if snapshot.why:
        return ExitCode.INCOMPLETE
    is_done = all(
        one.verdict is not None and one.verdict.outcome is FixOutcome.FIXED
        for one in snapshot.findings
    )
    return ExitCode.DONE if is_done else ExitCode.OPEN_FINDINGS


def _first_round(arguments: argparse.Namespace) -> "FirstRound | None":
    if arguments.again is None:
        return None
    from xreview.repo.repository import find_repository
    from xreview.review.assembly.kept_fixes import KeptFixes

    repository = find_repository(folder_of(arguments))
    note = _note(arguments, arguments.note or "")
    return KeptFixes(folders(os.environ)).first_round(arguments.again, repository, note)


def _note(arguments: argparse.Namespace, given: str) -> str:
    if not given.startswith("@"):
        return given
    from xreview.cli.given_file import read_given

    content = read_given(folder_of(arguments) / given[1:], "--note", _LONGEST_NOTE)
    return content.decode("utf-8", "replace")


def _dry_run(arguments: argparse.Namespace) -> int:
    from xreview.review.assembly.fix_headless import handover_to_read

    say(handover_to_read(request_of(arguments), run_options_of(arguments), _wish(arguments)))
    return ExitCode.DONE


def _wish(arguments: argparse.Namespace) -> "FixWish":
    from xreview.review.assembly.fix_headless import FixWish

    named = (arguments.findings or "").split(",")
    return FixWish(
        tuple(name.strip() for name in named if name.strip()),
        arguments.agent or "",
        arguments.mechanical,
        tuple(arguments.checks or ()),
        arguments.in_place,
    )


def _list(arguments: argparse.Namespace) -> int:
    from xreview.review.assembly.kept_fixes import KeptFixes

    found = KeptFixes(folders(os.environ)).list()
    if arguments.json:
        rows = [
            {
                "id": one.id,
                "repository": visible(one.repository),
                "started": one.started,
                "fixer": visible(one.fixer),
                "running": one.is_running,
                "unapplied": one.has_unapplied_patch,
                "undoable": one.has_applied,
            }
            for one in found
        ]
        say(json.dumps(rows, indent=2))
    elif not found:
        say("No fix is kept.")
    else:
        say(table(_COLUMNS, [_row(one) for one in found]))
    return ExitCode.DONE


def _row(one: "ShelvedFix") -> tuple[str, ...]:
    where = one.repository.removesuffix("/.git")
    return one.id[:8], local_moment(one.started), one.fixer, one.state, one.title, where


def _apply(arguments: argparse.Namespace) -> int:
    from xreview.repo.repository import find_repository
    from xreview.review.assembly.kept_fixes import KeptFixes

    kept = KeptFixes(folders(os.environ))
    repository = find_repository(folder_of(arguments))
    applied = kept.apply(arguments.apply, repository, is_forced=arguments.force)
    for path in applied.paths:
        say(f"{'merged' if path in applied.merged else 'changed'}  {path}")
    for path in applied.conflicts:
        complain(f"{path} changed in the same place meanwhile; it was left as it is.")
    return ExitCode.OPEN_FINDINGS if applied.conflicts else ExitCode.DONE


def _undo(arguments: argparse.Namespace) -> int:
    from xreview.repo.repository import find_repository
    from xreview.review.assembly.kept_fixes import KeptFixes

    repository = find_repository(folder_of(arguments))
    for path in KeptFixes(folders(os.environ)).undo(arguments.undo, repository):
        say(f"as before  {path}")
    return ExitCode.DONE


def _clean(arguments: argparse.Namespace) -> int:
    from xreview.review.assembly.kept_fixes import KeptFixes

    kept = KeptFixes(folders(os.environ))
    if arguments.clean:
        removed = [kept.throw_away(arguments.clean, _repository(arguments))]
    else:
        removed = list(kept.clean())
    for one in removed:
        say(f"removed  {one.id[:8]}  {one.repository}")
    left = len(kept.list())
    if left:
        complain(f"{count_of(left, 'fix', 'fixes')} kept: running, or with a patch to apply.")
    return ExitCode.DONE


def _repository(arguments: argparse.Namespace) -> "Repository | None":
    from xreview.repo.repository import find_repository

    folder = folder_of(arguments)
    return find_repository(folder) if repository_file(folder, os.environ) is not None else None


_COLUMNS = (
    *map(Column, ("FIX", "STARTED", "BY", "STATE")),
    Column("TITLE", is_flexible=True),
    Column("REPOSITORY"),
)
_ACTIONS = {
    "fix": _fix,
    "again": _fix,
    "dry_run": _dry_run,
    "list": _list,
    "apply": _apply,
    "undo": _undo,
    "clean": _clean,
}
