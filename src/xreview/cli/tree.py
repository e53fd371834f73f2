"""The whole command line as one tree of parsers, for parsing, help and completion."""

import os
import sys
from importlib import import_module
from pathlib import PurePath

from xreview import __version__
from xreview.cli.options import add_change_options, add_folder_option, add_reviewing_options
from xreview.cli.parser import OneOf, Parser
from xreview.config.paths import folders

_NAMES = (
    "review pr post reply brief fix attempt who trust export log models prompt egress escalation "
    "demo doctor conventions config completion"
)
COMMANDS = {name: import_module(f"xreview.cli.{name}") for name in _NAMES.split()}
"""Each module has SUMMARY, DESCRIPTION, `add_arguments(parser)` and `run(arguments) -> int`."""

_DESCRIPTION = """\
Triage a cross-model code review in the terminal.

Without a command, the app: it shows the change in this repository, what reviewers
say about it and where they disagree, and records what you decide."""

_EPILOG = """\
exit codes:
  0    done, and nothing at or above the threshold is open
  1    `review`: findings at or above the threshold (--fail-on) are open, or a person
       has to look (--require-human)
  2    wrong usage or configuration, or the change can't be read
  3    incomplete: a reviewer failed or something was not read; `doctor`: a check
       failed; `models`: no model can be asked
  130  interrupted, also `review` ended by SIGTERM; `review` prints its results so far
  143  ended by SIGTERM (129: by SIGHUP)

`%(prog)s doctor` checks this machine,
`%(prog)s config path` shows where the configuration is."""


def build_parser() -> Parser:
    """The parser of everything. Heavy imports wait in each command's `run`."""
    program = _program()
    parser = Parser(
        prog=program,
        usage="%(prog)s [OPTION]... [COMMAND]",
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"xreview-tui {__version__}")
    add_folder_option(parser, is_top=True)
    parser.add_argument(
        "--theme", metavar="NAME", type=OneOf(_themes), help="the colours of the app: %(type)s"
    )
    add_change_options(parser, is_top=True)
    add_reviewing_options(parser, is_top=True)
    parser.add_commands("command", COMMANDS)
    for command in parser.commands().values():
        words = "".join(f" {action.metavar}" for action in command.positionals())
        command.usage = f"%(prog)s [OPTION]...{words}"
    return parser


def _themes() -> tuple[str, ...]:
    from xreview.tui.themes.files import available_themes

    return tuple(available_themes(folders(os.environ).themes).themes)


def _program() -> str:
    """The name under which the user started the program."""
    name = PurePath(sys.argv[0]).name
    if name == "git-xreview":
        return "git xreview"
    return "python -m xreview" if name == "__main__.py" else "xreview-tui"
