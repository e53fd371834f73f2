"""The whole command line as one tree of parsers, for parsing, help and completion."""

import os
import sys
from pathlib import PurePath

from xreview import __version__
from xreview.cli.options import add_change_options, add_folder_option, add_reviewing_options
from xreview.cli.parser import CommandModule, OneOf, Parser
from xreview.config.paths import folders

_SUMMARIES = {
    "review": "review the change without the app and print the findings",
    "pr": "open the app on a pull request, or list the open ones",
    "post": "post the accepted findings to the pull request, as one pending review",
    "reply": "answer threads of the pull request with what was decided",
    "brief": "write the description of a pull request, and ask you first",
    "fix": "have the accepted findings fixed in a disposable tree, and judge the result",
    "attempt": "have a task attempted by several models, compare, and take one or pieces",
    "who": "show who wrote the change, with the evidence",
    "trust": "show how much human reading the change deserves, and why",
    "export": "print findings and decisions of earlier sessions",
    "log": "show, check, prune and share the journal of sessions and decisions",
    "models": "list the models that can review, and why others can't",
    "prompt": "show what models are sent; list, copy or compare prompts",
    "egress": "list or revoke permission to send this repository's code",
    "escalation": "list escalated findings, write letters to colleagues, record their answers",
    "demo": "the app on a sample payment service, with scripted models",
    "doctor": "check git, terminal, themes, configuration, forges, models and analysers",
    "conventions": "list, edit, export or remove conventions",
    "config": "show the configuration, where it comes from, or an example",
    "completion": "print a completion script for bash, zsh or fish",
}
COMMANDS = {name: CommandModule(f"xreview.cli.{name}", text) for name, text in _SUMMARIES.items()}
"""Each module has DESCRIPTION, `add_arguments(parser)` and `run(arguments) -> int`, and is imported
when its command is used: all of them would be half of the time to the first frame."""

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
    parser.add_commands("command", COMMANDS, _set_usage)
    return parser


def _set_usage(command: Parser) -> None:
    words = "".join(f" {action.metavar}" for action in command.positionals())
    command.usage = f"%(prog)s [OPTION]...{words}"


def _themes() -> tuple[str, ...]:
    from xreview.tui.themes.files import available_themes

    return tuple(available_themes(folders(os.environ).themes).themes)


def _program() -> str:
    """The name under which the user started the program."""
    name = PurePath(sys.argv[0]).name
    if name == "git-xreview":
        return "git xreview"
    return "python -m xreview" if name == "__main__.py" else "xreview-tui"
