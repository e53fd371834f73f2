"""`xreview-tui fix`: have accepted findings fixed in a disposable tree, and judged."""

import argparse
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xreview.cli.options import add_folder_option, folder_of, request_of, run_options_of
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
from xreview.cli.progress import ProgressLine
from xreview.cli.sessions import local_moment
from xreview.cli.table import Column, table
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.identity.anchor import short_form
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.repo.disposable.shelf import ShelvedFix
    from xreview.repo.repository import Repository
    from xreview.review.assembly.fix_headless import FixWish
    from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot

SUMMARY = "have the accepted findings fixed in a disposable tree, and judge the result"
DESCRIPTION = """\
Hand the accepted findings of the latest review to a coding agent, a model, or the
mechanical fixer. It works in a disposable copy of your files; your checkout, index and
branches stay as they are. Each finding is then judged: fixed, still there, regressed,
not verified, blocked, or tampered.

The patch is kept until you apply it (--apply ID) or throw it away (--clean ID). Nothing
is ever committed.

Exits with 0 if everything was fixed, 1 if something wasn't, 3 if the fix is incomplete."""

_INDENT = 14
"""Columns of the first word of a line about a fix."""

_MODES = ("dry_run", "list", "apply", "clean")


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
        "--clean",
        metavar="ID",
        nargs="?",
        const="",
        help="throw a kept fix away; without ID, all that have nothing left to apply",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.add_argument(
        "--force", action="store_true", help="with --apply: even what weakens or breaks something"
    )
    parser.add_argument(
        "--budget", metavar="USD", default=argparse.SUPPRESS, help="what it can cost"
    )
    parser.add_argument(
        "--offline",
        action="store_const",
        const="true",
        default=argparse.SUPPRESS,
        help="contact nothing but this machine",
    )
    parser.add_argument(
        "--yes-egress",
        action="store_true",
        default=argparse.SUPPRESS,
        help="send code to the fixer's vendor without asking, for this run",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the one thing that is asked for. Raises XReviewError."""
    modes = [name for name in _MODES if getattr(arguments, name) not in (None, False)]
    if len(modes) > 1:
        said = " and ".join(f"--{name.replace('_', '-')}" for name in modes)
        raise UsageError(f"{said} can't be combined.", "Give one of them.")
    if arguments.agent and arguments.mechanical:
        raise UsageError("--agent and --mechanical can't be combined.", "Give one of them.")
    return _ACTIONS[modes[0] if modes else "fix"](arguments)


def _fix(arguments: argparse.Namespace) -> int:
    from xreview.review.assembly.fix_headless import fix_to_the_end

    request, options = request_of(arguments), run_options_of(arguments)
    budget = options.settings.budget if getattr(arguments, "budget", None) is not None else None
    with ProgressLine(is_wanted=not (arguments.quiet or arguments.json)) as line:
        snapshot = fix_to_the_end(
            request,
            options,
            replace(_wish(arguments), budget=budget),
            lambda one: line.write(_progress(one)),
        )
    if arguments.json:
        say(json.dumps(fix_to_json(snapshot), indent=2))
    else:
        say("\n".join(map(_wrapped, fix_lines(snapshot))))
    if snapshot.why:
        return ExitCode.INCOMPLETE
    is_done = all(
        one.verdict is not None and one.verdict.outcome is FixOutcome.FIXED
        for one in snapshot.findings
    )
    return ExitCode.DONE if is_done else ExitCode.OPEN_FINDINGS


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


def _wrapped(line: str) -> str:
    """A line in the width of a terminal, indented below its first word; unchanged elsewhere."""
    if not sys.stdout.isatty():
        return line
    indent = " " * _INDENT if line[_INDENT - 2 : _INDENT].isspace() else ""
    return textwrap.fill(
        line,
        shutil.get_terminal_size().columns,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _progress(snapshot: "FixSnapshot") -> str:
    return " · ".join(filter(None, (snapshot.fixer.name, snapshot.stage.value, snapshot.doing)))


def fix_lines(snapshot: "FixSnapshot") -> Iterator[str]:
    """A finished fix for people: the outcome of each finding, worst first, and what else is in the
    patch."""
    yield f"{visible(snapshot.fixer.label)}: {snapshot.header}"
    order = list(FixOutcome)
    judged = [one for one in snapshot.findings if one.verdict is not None]
    for one in sorted(judged, key=lambda one: order.index(_outcome(one))):
        lead = one.finding.lead
        name, place = short_form(lead.fingerprint), f"{lead.anchor.path}:{lead.anchor.start_line}"
        yield f"{_outcome(one):<12}  {visible(name)}  {visible(place)}  {visible(lead.title)}"
        if one.verdict is not None and one.verdict.evidence:
            yield f"{' ' * _INDENT}{visible(one.verdict.evidence)}"
    for tampered in snapshot.tampering:
        yield f"TAMPERED      {visible(tampered.words)}"
    for report in snapshot.raised:
        place = f"{report.anchor.path}:{report.anchor.start_line}"
        yield f"new           {visible(place)}  {visible(report.title)}"
    for path, why in snapshot.refused.items():
        yield f"not in patch  {visible(path)}: {visible(why)}"
    if outside := dict.fromkeys(part.path for part in snapshot.outside):
        paths = ", ".join(map(visible, outside))
        yield f"outside       {paths} (no finding asked for it; left out)"
    yield from map(visible, snapshot.notices)
    if snapshot.why:
        yield f"incomplete: {visible(snapshot.why)}"
    yield _next_step(snapshot)


def _next_step(snapshot: "FixSnapshot") -> str:
    if snapshot.applied:
        files = count_of(len({part.path for part in snapshot.applied}), "file")
        return f"Applied to {files}. Nothing was committed."
    if not snapshot.wanted:
        return "The patch has nothing to apply."
    command = f"xreview-tui fix --apply {snapshot.id[:8]}"
    if snapshot.is_suspicious:
        return f"Read it first: it weakens or breaks something. `{command} --force` applies it."
    return f"Apply it with `{command}`."


def _outcome(one: "FixedFinding") -> FixOutcome:
    return one.verdict.outcome if one.verdict else FixOutcome.NOT_VERIFIED


def fix_to_json(snapshot: "FixSnapshot") -> dict[str, Any]:
    """A finished fix for programs; texts are neutralised."""
    return {
        "id": snapshot.id,
        "fixer": {
            "name": visible(snapshot.fixer.name),
            "kind": snapshot.fixer.kind,
            "family": visible(snapshot.fixer.family),
            "model": visible(snapshot.fixer.model),
        },
        "findings": [
            {
                "fingerprint": one.finding.fingerprint,
                "path": visible(one.finding.anchor.path),
                "line": one.finding.anchor.start_line,
                "title": visible(one.finding.lead.title),
                "outcome": _outcome(one),
                "evidence": visible(one.verdict.evidence) if one.verdict else "",
                "files": [visible(path) for path in dict.fromkeys(part.path for part in one.parts)],
            }
            for one in snapshot.findings
        ],
        "tampering": [
            {"path": visible(one.path), "line": one.line, "why": visible(one.words)}
            for one in snapshot.tampering
        ],
        "new": [
            {
                "path": visible(report.anchor.path),
                "line": report.anchor.start_line,
                "title": visible(report.title),
            }
            for report in snapshot.raised
        ],
        "outside": [visible(path) for path in dict.fromkeys(one.path for one in snapshot.outside)],
        "refused": {visible(path): visible(why) for path, why in snapshot.refused.items()},
        "checks": [
            {
                "command": visible(run.command),
                "before": one.before.code if one.before else None,
                "after": one.after.code if one.after else None,
                "is_worse": one.is_worse,
            }
            for one in snapshot.checks
            if (run := one.after or one.before)
        ],
        "applied": bool(snapshot.applied),
        "cost": snapshot.cost,
        "seconds": round(snapshot.seconds, 1),
        "notices": [visible(one) for one in snapshot.notices],
        "why": visible(snapshot.why),
        "folder": visible(str(snapshot.folder)),
    }


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
    state = "running" if one.is_running else "to apply" if one.has_unapplied_patch else "over"
    where = one.repository.removesuffix("/.git")
    return one.id[:8], local_moment(one.started), one.fixer, state, one.title, where


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
    "dry_run": _dry_run,
    "list": _list,
    "apply": _apply,
    "clean": _clean,
}
