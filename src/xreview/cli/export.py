"""`xreview-tui export`: what was found and decided, from the journal."""

import argparse
import os
from pathlib import Path

from xreview.cli.options import (
    SEVERITIES,
    add_folder_option,
    add_output_options,
    folder_of,
)
from xreview.cli.output import check_target, deliver
from xreview.cli.parser import OneOf, Parser
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import ExitCode

LATEST = "latest"
SUMMARY = "print findings and decisions of an earlier session"
DESCRIPTION = """\
Print the findings of an earlier session with what was decided about them.
`--format prompt` is a request to a coding agent to fix what was accepted."""


def add_arguments(parser: Parser) -> None:
    """Which session, which findings, in which form, to where."""
    add_folder_option(parser)
    add_output_options(parser)
    parser.add_argument(
        "--session", metavar="ID", default=LATEST, help=f"an id, or {LATEST} (default)"
    )
    parser.add_argument(
        "--decisions",
        metavar="LIST",
        type=OneOf(_standings, several=True),
        help="only findings so decided: %(type)s, with commas between",
    )
    parser.add_argument(
        "--severity",
        metavar="SEVERITY",
        type=OneOf(lambda: SEVERITIES),
        help="only findings at least this severe: %(type)s",
    )


def run(arguments: argparse.Namespace) -> int:
    """Fold the session out of the journal, select, and print."""
    from xreview.domain.report import Severity
    from xreview.export.base import Standing, exporter
    from xreview.export.selection import at_least, select
    from xreview.review.document import stored_document

    check_target(arguments.output)
    document = stored_document(
        folders(os.environ).journal, _repository(folder_of(arguments)), arguments.session
    )
    standings = arguments.decisions and tuple(map(Standing, arguments.decisions))
    severities = arguments.severity and at_least(Severity[arguments.severity.upper()])
    chosen = select(document, standings=standings, severities=severities)
    deliver(exporter(arguments.format).render(chosen), arguments.output)
    return ExitCode.DONE


def _standings() -> tuple[str, ...]:
    from xreview.export.base import Standing

    return tuple(Standing)


def _repository(folder: Path) -> str:
    """What the journal calls the repository around the folder, or patches outside of any."""
    from xreview.repo.repository import find_repository
    from xreview.review.opening import NO_REPOSITORY

    if repository_file(folder, os.environ) is None:
        return NO_REPOSITORY
    return find_repository(folder).identity
