"""`xreview-tui completion`: shell completion scripts."""

import argparse

from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser
from xreview.domain.errors import ExitCode

SHELLS = ("bash", "zsh", "fish")
SUMMARY = "print a completion script for bash, zsh or fish"
DESCRIPTION = """\
Print a completion script. To use it:

  bash   xreview-tui completion bash > ~/.local/share/bash-completion/completions/xreview-tui
  zsh    xreview-tui completion zsh > "${fpath[1]}/_xreview-tui"
  fish   xreview-tui completion fish > ~/.config/fish/completions/xreview-tui.fish"""


def add_arguments(parser: Parser) -> None:
    """Add the options."""
    parser.add_argument("shell", type=OneOf(lambda: SHELLS), metavar="SHELL", help="%(type)s")


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    from xreview.cli.completion_scripts import script

    say(script(arguments.shell).rstrip("\n"))
    return ExitCode.DONE
