"""`xreview-tui doctor`: check this machine, and explain what is missing."""

import argparse
import json
import os
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from xreview import __version__
from xreview.cli.options import add_folder_option, folder_of, load_settings
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode
from xreview.domain.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xreview.cli.checks import Check

DESCRIPTION = """\
Check what xreview-tui needs on this machine, and explain what is missing.
Exits with 3 if something is missing or wrong, else with 0."""

_MARKS = {"ok": "ok", "note": "note", "wrong": "WRONG", "missing": "MISSING"}


def add_arguments(parser: Parser) -> None:
    """Add the options."""
    add_folder_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Run all checks and print them."""
    checks = tuple(_all_checks(arguments))
    is_well = all(check.state in ("ok", "note") for check in checks)
    if arguments.json:
        say(json.dumps(_as_json(checks, is_well), indent=2, ensure_ascii=False))
    else:
        say(_as_text(checks))
    return ExitCode.DONE if is_well else ExitCode.INCOMPLETE


def _all_checks(arguments: argparse.Namespace) -> "Iterable[Check]":
    from xreview.cli import checks
    from xreview.cli.forge_checks import check_forges
    from xreview.cli.program_checks import check_program

    environ = os.environ
    places = folders(environ)
    loaded = load_settings(arguments)
    yield from check_program(environ, folder_of(arguments))
    yield from checks.check_repository(folder_of(arguments))
    yield from checks.check_terminal(environ)
    yield from checks.check_themes(loaded, places)
    yield from checks.check_configuration(loaded, places, environ)
    yield from checks.check_storage(places)
    yield from check_forges(loaded, environ, folder_of(arguments))
    yield from checks.check_models(loaded, places, environ, folder_of(arguments))
    yield from checks.check_analysers()


def _as_text(checks: "Iterable[Check]") -> str:
    blocks: list[str] = []
    for area, group in groupby(checks, key=lambda check: check.area):
        rows = [area]
        for check in group:
            rows.append(f"  {_MARKS[check.state]:<7}  {check.name:<18} {visible(check.found)}")
            if check.advice:
                rows.append(f"{'':30}{visible(check.advice)}")
        blocks.append("\n".join(rows))
    return "\n\n".join(blocks)


def _as_json(checks: "Iterable[Check]", is_well: bool) -> dict[str, object]:
    return {
        "version": __version__,
        "ok": is_well,
        "checks": [asdict(check) for check in checks],
    }
