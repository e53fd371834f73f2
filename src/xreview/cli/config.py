"""`xreview-tui config`: show the configuration, its sources, or an example."""

import argparse
import json
import os
from typing import TYPE_CHECKING, Any, cast

from xreview.cli.options import add_folder_option, load_settings
from xreview.cli.output import complain, say
from xreview.cli.parser import OneOf, Parser
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import ExitCode

if TYPE_CHECKING:
    from xreview.config.load import Loaded

DESCRIPTION = """\
Show the configuration.

  path      the paths of your file and the repository's (they may not exist)
  show      the current settings, and the file, variable or default that sets each
  example   a file with every setting, commented out
  schema    a JSON schema of the files, for editors that check TOML"""

_WHAT = ("path", "show", "example", "schema")


def add_arguments(parser: Parser) -> None:
    """Add the options."""
    add_folder_option(parser)
    parser.add_argument("what", type=OneOf(lambda: _WHAT), metavar="WHAT")


def run(arguments: argparse.Namespace) -> int:
    """Print it; return 2 if `show` finds a problem."""
    match arguments.what:
        case "example":
            from xreview.config.example import example

            say(example().rstrip("\n"))
        case "schema":
            from xreview.config.example import schema_text

            say(schema_text().rstrip("\n"))
        case "path":
            _paths(arguments)
        case _:
            return _show(load_settings(arguments))
    return ExitCode.DONE


def _paths(arguments: argparse.Namespace) -> None:
    from xreview.cli.options import folder_of

    repository = repository_file(folder_of(arguments), os.environ)
    say(str(folders(os.environ).config_file))
    if repository is not None:
        say(str(repository))


def _show(loaded: "Loaded") -> int:
    from xreview.config.example import toml_value
    from xreview.config.schema import KEYS

    settings = loaded.settings
    rows: list[tuple[str, str, str]] = []
    for key in KEYS:
        if key.name == "keys":
            continue
        value = getattr(settings, key.name)
        plain = key.kind.to_plain(value)
        if key.repository_field:
            plain = _joined(plain, key.kind.to_plain(getattr(settings, key.repository_field)))
        plain = toml_value(plain)
        rows.append((key.name, plain, loaded.origins[key.name]))
    for action, keys in settings.keys.items():
        origin = loaded.origins[f"keys.{action}"]
        rows.append((f"keys.{json.dumps(action)}", json.dumps(list(keys)), origin))
    say("\n".join(f"{name} = {plain}  # {origin}" for name, plain, origin in rows))
    for problem in loaded.problems:
        complain(str(problem))
    return ExitCode.USAGE if loaded.problems else ExitCode.DONE


def _joined(own: Any, theirs: Any) -> Any:
    """The user's lists and then the repository's, which `Settings` keeps apart."""
    if isinstance(own, dict):
        lists = cast("dict[str, Any]", own)
        return {name: _joined(lists[name], theirs[name]) for name in lists}
    return [*own, *theirs]
