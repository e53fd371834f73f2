"""`xreview-tui models`: the models that can review, and why others can't."""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, add_offline_option, folder_of, load_settings
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.config.paths import Folders, folders
from xreview.domain.errors import ExitCode

if TYPE_CHECKING:
    from xreview.cli.model_table import ModelLine
    from xreview.config.schema import Settings

DESCRIPTION = """\
List the models from your configuration, the built-in ones, and those of model servers and
coding agents on this machine, in the deep tier and, where there is one, in the fast tier.
Prices are US dollars per million tokens. Without --check, this contacts no vendor; it only
looks for keys, programs and local servers.

Exits with 3 if no model is available, else with 0. The analysers need no model."""


def add_arguments(parser: Parser) -> None:
    """Add the options."""
    add_folder_option(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--check", action="store_true", help="ask the servers which models they have; sends no code"
    )
    add_offline_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the models. Raises ConfigError."""
    import asyncio

    settings = load_settings(arguments).checked()
    environ = os.environ
    found = model_lines(
        settings, folders(environ), environ, folder_of(arguments), asks_servers=arguments.check
    )
    lines = asyncio.run(found)
    is_usable = any(line.is_usable for line in lines)
    if arguments.json:
        say(json.dumps({"usable": is_usable, "models": [one.json for one in lines]}, indent=2))
    else:
        from xreview.cli.model_table import as_text

        say(as_text(lines))
    return ExitCode.DONE if is_usable else ExitCode.INCOMPLETE


async def model_lines(
    settings: "Settings",
    places: Folders,
    environ: Mapping[str, str],
    folder: Path,
    *,
    asks_servers: bool = False,
) -> "list[ModelLine]":
    """Return all models, in order of preference. Raises ConfigError for a bad price list.

    Programs of the checkout, `folder`, are never run.
    """
    from xreview.cli.model_table import ModelLine
    from xreview.config.prices import load_prices
    from xreview.review.asking.models import ModelMaker
    from xreview.review.asking.money import Money
    from xreview.review.asking.server_check import ServerCheck, check_servers
    from xreview.review.choosing.panel import Panel, price_file

    panel = Panel(settings, places, environ, Money(settings.budget), folder)
    await panel.find()
    prices = load_prices(price_file(places))
    checks: dict[str, ServerCheck] = {}
    if asks_servers:
        maker = ModelMaker(prices)
        try:
            checks = await check_servers(panel.prospects, maker)
        finally:
            await maker.close()
    return [
        ModelLine(
            one,
            prices.of(one.identity.model),
            checks.get(one.settings.name),
            prices.of(one.settings.lighter) if one.settings.lighter else None,
        )
        for one in panel.prospects
    ]
