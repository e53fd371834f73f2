"""`xreview-tui export`: print findings and decisions from the journal."""

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, add_output_options, folder_of, severities
from xreview.cli.output import check_target, deliver
from xreview.cli.parser import OneOf, Parser
from xreview.cli.sessions import journal_names
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from xreview.domain.report import Severity

LATEST, ALL = "latest", "all"
DESCRIPTION = """\
Print the findings of earlier sessions with their decisions. `--format prompt` is a request
to a coding agent to fix the accepted findings.

A finding that several sessions saw is printed once, in its latest form."""


def add_arguments(parser: Parser) -> None:
    """Add the arguments."""
    add_folder_option(parser)
    add_output_options(parser)
    parser.add_argument(
        "--sessions",
        "--session",
        metavar="LIST",
        action="append",
        help=f"comma-separated ids, {LATEST} (default) or {ALL}; can be repeated",
    )
    parser.add_argument(
        "--since",
        metavar="WHEN",
        help="only findings seen or decided since a day or time (2026-01-31, 2026-01-31T09:30), "
        f"by default of {ALL} sessions",
    )
    parser.add_argument(
        "--decisions",
        metavar="LIST",
        action="append",
        type=OneOf(_standings, several=True),
        help="only findings with these decisions, comma-separated: %(type)s",
    )
    parser.add_argument(
        "--severities",
        metavar="LIST",
        action="append",
        type=OneOf(severities, several=True),
        help="only findings with these severities, comma-separated: %(type)s",
    )
    parser.add_argument(
        "--severity",
        metavar="SEVERITY",
        type=OneOf(severities),
        help="only findings with at least this severity: %(type)s",
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the sessions from the journal, select, and print."""
    from xreview.export.document import Standing
    from xreview.export.entry_filter import check_standings, moment_of, select
    from xreview.export.format import export_format
    from xreview.review.record.document import stored_document

    chosen = export_format(arguments.format)
    standings = arguments.decisions and tuple(map(Standing, _joined(arguments.decisions)))
    if standings:
        check_standings(chosen, standings)
    severities = _severities(arguments)
    since = moment_of(arguments.since) if arguments.since is not None else None
    sessions = _sessions(arguments.sessions, has_since=since is not None)
    check_target(arguments.output)
    repository, user = journal_names(folder_of(arguments))
    journal = folders(os.environ).journal
    document = stored_document(journal, repository, sessions, user=user)
    selected = select(document, standings=standings, severities=severities, since=since)
    deliver(chosen.render(selected), arguments.output)
    return ExitCode.DONE


def _sessions(given: list[str] | None, *, has_since: bool) -> tuple[str, ...]:
    if given is None:
        return (ALL,) if has_since else (LATEST,)
    words = tuple(word.strip() for text in given for word in text.split(","))
    if not all(words):
        raise UsageError(
            "--sessions has an empty name.", "Run `xreview-tui log list` to see the names."
        )
    return words


def _severities(arguments: argparse.Namespace) -> "frozenset[Severity] | None":
    from xreview.domain.report import Severity
    from xreview.export.entry_filter import at_least

    if arguments.severities and arguments.severity:
        raise UsageError(
            "--severity and --severities can't be given together.",
            "--severity includes everything worse; --severities only what you list.",
        )
    if arguments.severities:
        return frozenset(Severity[word.upper()] for word in _joined(arguments.severities))
    return at_least(Severity[arguments.severity.upper()]) if arguments.severity else None


def _joined(given: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for words in given for word in words)


def _standings() -> tuple[str, ...]:
    from xreview.export.document import Standing

    return tuple(Standing)
