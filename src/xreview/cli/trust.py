"""`xreview-tui trust`: how much human reading a change deserves, and why."""

import argparse
import json
import os
from typing import TYPE_CHECKING

from xreview.cli.options import (
    add_change_choice,
    add_folder_option,
    folder_of,
    request_of,
    run_options_of,
)
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.domain.attention.attention import ChangeAttention
    from xreview.domain.change import ChangeSource
    from xreview.domain.stakes.stakes import Stakes
    from xreview.repo.change.request import ChangeRequest

DESCRIPTION = """\
Show how much attention the change and each of its files deserve, from 1 (skip) to 5
(decide: a person decides, never in bulk), with the reasons: what a mistake costs, how
easily it is verified, how much context it needs, whether it can be undone.

Nothing leaves the machine, except to fetch a pull request, and no model is asked. In a
change that alters the repository's settings, those from before it count."""


def add_arguments(parser: Parser) -> None:
    """Add which change, and the form of the answer."""
    add_folder_option(parser)
    add_change_choice(parser)
    parser.add_argument("--json", action="store_true", help="as JSON (docs/attention.md)")
    parser.add_argument(
        "trust_folder", metavar="[FOLDER]", nargs="?", help="run in FOLDER, like -C"
    )


def run(arguments: argparse.Namespace) -> int:
    """Weigh and print. Raises UsageError, ConfigError, ChangeError, ForgeError."""
    if arguments.trust_folder is not None:
        arguments.folder = os.path.join(arguments.folder, arguments.trust_folder)  # noqa: PTH118
        folder_of(arguments)
    source, stakes, attention, notices = _weighed(arguments, request_of(arguments))
    from xreview.cli.trust_text import attention_as_json, attention_text

    if arguments.json:
        say(json.dumps(attention_as_json(source, stakes, attention), indent=2))
    else:
        say(attention_text(source, attention))
    if notices:
        complain("\n".join(notices))
    return ExitCode.DONE


def _weighed(
    arguments: argparse.Namespace, request: "ChangeRequest"
) -> tuple["ChangeSource", "Stakes", "ChangeAttention", tuple[str, ...]]:
    from xreview.review.assembly.parts import policy_notices, under_policy
    from xreview.review.attention.reading import read_attention
    from xreview.review.pulls.opening import collect_change
    from xreview.review.session.whole_change import read_to_end

    options = run_options_of(arguments)
    collected = collect_change(request, options)
    try:
        change = read_to_end(collected, request)
        settings = under_policy(options, collected).settings
        weighed = read_attention(change, settings, folders(os.environ).journal)
    finally:
        collected.close()
    told = (*policy_notices(change.files), *map(visible, weighed.notices))
    return change.source, weighed.stakes, weighed.attention, told
