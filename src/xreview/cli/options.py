"""The options that more than one command has, and what they mean to the floors below."""

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.parser import OneOf, Parser
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import UsageError
from xreview.domain.report import Severity

if TYPE_CHECKING:
    from xreview.config.load import Loaded, PolicyFile
    from xreview.config.schema import Settings
    from xreview.domain.authorship.author_answer import AuthorAnswer
    from xreview.repo.change.request import ChangeRequest
    from xreview.review.assembly.run_options import RunOptions

SEVERITIES = tuple(severity.word for severity in Severity)
_REVIEWING_OPTIONS = ("author", "brief", "budget", "offline")
_LONGEST_BRIEF = 64 * 1024
_CHANGE_OPTIONS = ("staged", "commit", "range", "base", "patch")


def add_folder_option(parser: Parser, *, is_top: bool = False) -> None:
    """`-C DIR`. A command leaves alone what was given before it."""
    parser.add_argument(
        "-C",
        dest="folder",
        metavar="DIR",
        default="." if is_top else argparse.SUPPRESS,
        help="run as if started in DIR",
    )


def add_change_options(parser: Parser, *, is_top: bool = False) -> None:
    """The options that say which change to review."""
    default = None if is_top else argparse.SUPPRESS
    group = parser.add_argument_group(
        "which change",
        "Without any of these: the uncommitted changes; where there are none, this branch\n"
        "against the default branch; else the last commit.",
    )
    group.add_argument(
        "--staged",
        action="store_true",
        default=False if is_top else argparse.SUPPRESS,
        help="what is staged for the next commit",
    )
    group.add_argument("--commit", metavar="REV", default=default, help="one commit")
    group.add_argument(
        "--range", metavar="A..B", default=default, help="B against A (A...B: since they parted)"
    )
    group.add_argument(
        "--base", metavar="REF", default=default, help="everything since this branch left REF"
    )
    parser.add_argument(
        "--import",
        dest="imports",
        metavar="FILE",
        action="append",
        default=[] if is_top else argparse.SUPPRESS,
        help="findings of another tool (SARIF, rdjson, GitLab, CodeClimate, checkstyle, ESLint, "
        "ruff, gcc, our JSON) into the same triage; - for standard input; may repeat",
    )
    parser.add_argument(
        "--import-root",
        metavar="FOLDER",
        default=None if is_top else argparse.SUPPRESS,
        help="the folder in which the imported tools ran, where their paths do not tell: one of "
        "the repository, or what their machine calls its top",
    )
    group.add_argument(
        "--patch", metavar="FILE", default=default, help="a patch file, or - for standard input"
    )


def add_reviewing_options(parser: Parser, *, is_top: bool = False) -> None:
    """`--author` and `--reviewer`: who wrote the change, and who is to read it."""
    parser.add_argument(
        "--author",
        metavar="VENDOR[:MODEL]",
        default=None if is_top else argparse.SUPPRESS,
        help="who wrote the change, whatever is found out; or unknown. `who --set` remembers it",
    )
    parser.add_argument(
        "--reviewer",
        dest="reviewers",
        metavar="NAME",
        action="append",
        default=None if is_top else argparse.SUPPRESS,
        help="who reads it, even of the author's own family; may repeat",
    )
    parser.add_argument(
        "--ignore",
        dest="ignores",
        metavar="PATTERN",
        action="append",
        default=None if is_top else argparse.SUPPRESS,
        help="leave matching files out of the review, as in a .gitignore file; may repeat",
    )
    parser.add_argument(
        "--brief",
        metavar="TEXT",
        default=None if is_top else argparse.SUPPRESS,
        help="what the change is for, told to the models; @FILE reads it from a file",
    )
    parser.add_argument(
        "--budget",
        metavar="USD",
        default=None if is_top else argparse.SUPPRESS,
        help="what the models may cost (default: 1, or as configured)",
    )
    parser.add_argument(
        "--offline",
        action="store_const",
        const="true",
        default=None if is_top else argparse.SUPPRESS,
        help="ask nothing that is not on this machine",
    )
    parser.add_argument(
        "--yes-egress",
        action="store_true",
        default=False if is_top else argparse.SUPPRESS,
        help="let code go to the models' vendors without asking, for this run",
    )


def add_fail_on_option(parser: Parser) -> None:
    """`--fail-on SEVERITY`."""
    parser.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        type=OneOf(lambda: SEVERITIES),
        help="exit with 1 if a finding at least this severe is open: %(type)s "
        "(default: low, or as configured)",
    )


def add_output_options(parser: Parser) -> None:
    """`--format FORMAT` and `--output FILE`."""
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        type=OneOf(_formats),
        default="markdown",
        help="%(type)s (default: %(default)s)",
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def _formats() -> tuple[str, ...]:
    from xreview.export.format import export_formats

    return tuple(export_formats())


def given_change_options(arguments: argparse.Namespace) -> list[str]:
    """Which of the options about the change were given, as they are written."""
    given = [
        f"--{name}" for name in _CHANGE_OPTIONS if getattr(arguments, name) not in (None, False)
    ]
    given += [f"--{name}" for name in _REVIEWING_OPTIONS if getattr(arguments, name) is not None]
    given += ["--yes-egress"] if arguments.yes_egress else []
    return given + (["--reviewer"] if arguments.reviewers else [])


def folder_of(arguments: argparse.Namespace) -> Path:
    """The folder to run in. Raises UsageError where it is none."""
    folder = Path(arguments.folder)
    if not os.path.isdir(folder):  # noqa: PTH112 - pathlib's raises for a name that is too long
        raise UsageError(f"-C: {folder} is not a folder.", "Name one that exists.")
    return folder.absolute()


def request_of(arguments: argparse.Namespace) -> "ChangeRequest":
    """The change that was asked for. Raises UsageError."""
    from xreview.repo.change.request import ChangeRequest

    return ChangeRequest(
        cwd=folder_of(arguments), **{name: getattr(arguments, name) for name in _CHANGE_OPTIONS}
    )


def load_settings(arguments: argparse.Namespace) -> "Loaded":
    """The configuration for this run, with its problems in it.

    The repository's part is that of the working tree: for commands that review no change.
    """
    return _load(arguments, repository_file(folder_of(arguments), os.environ))


def _load(arguments: argparse.Namespace, repository: "Path | PolicyFile | None") -> "Loaded":
    from xreview.config.load import load
    from xreview.repo.hardened.secret_variables import keep_private

    options = {
        name: value
        for name in ("theme", "fail_on", "budget", "offline")
        if (value := getattr(arguments, name, None)) is not None
    }
    if ignores := getattr(arguments, "ignores", None):
        options["ignore"] = ",".join(ignores)
    environ = os.environ
    loaded = load(folders(environ), repository, environ, options)
    settings, origins = loaded.settings, loaded.origins
    keep_private(one.key_variable for one in settings.reviewers.values())
    if named := getattr(arguments, "reviewers", None):
        settings = replace(settings, review_with=tuple(dict.fromkeys(named)))
        origins = {**origins, "review_with": "--reviewer"}
    return replace(loaded, settings=settings, origins=origins)


def author_of(arguments: argparse.Namespace) -> "AuthorAnswer | None":
    """Who wrote the change, as `--author` says. Raises UsageError."""
    if arguments.author is None:
        return None
    from xreview.domain.authorship.author_answer import parse_answer

    return parse_answer(arguments.author)


def run_options_of(arguments: argparse.Namespace) -> "RunOptions":
    """What a run is given, beside the change. Raises UsageError or ConfigError."""
    from xreview.review.assembly.run_options import RunOptions

    def settings_under(policy: "PolicyFile | None") -> "Settings":
        return _load(arguments, policy).checked()

    return RunOptions(
        settings_under(None),
        folders(os.environ),
        dict(os.environ),
        tuple(imports_of(arguments)),
        author_of(arguments),
        brief_of(arguments),
        arguments.yes_egress,
        settings_under=settings_under,
        import_root=import_root_of(arguments),
    )


def brief_of(arguments: argparse.Namespace) -> str:
    """What the change is for, as `--brief` says. Raises UsageError."""
    given: str = arguments.brief or ""
    if not given.startswith("@"):
        return given
    from xreview.cli.given_file import read_given

    content = read_given(folder_of(arguments) / given[1:], "--brief", _LONGEST_BRIEF)
    return content.decode("utf-8", "replace")


def imports_of(arguments: argparse.Namespace) -> list[Path]:
    """The files to import findings from, relative to the folder given by `-C`.

    Pipes are read here, where Ctrl+C ends the wait for them. Raises UsageError.
    """
    if not arguments.imports:
        return []
    from xreview.imports.source import STANDARD_INPUT, take_pipes

    if arguments.patch == str(STANDARD_INPUT) and str(STANDARD_INPUT) in arguments.imports:
        raise UsageError(
            "Standard input can't be both the patch and the findings.",
            "Name a file for one of them.",
        )
    folder = folder_of(arguments)
    paths = [
        STANDARD_INPUT if name == str(STANDARD_INPUT) else folder / name
        for name in arguments.imports
    ]
    take_pipes(paths)
    return paths


def import_root_of(arguments: argparse.Namespace) -> str | None:
    """The folder in which imported tools ran: where it is a folder here, its whole path."""
    said: str | None = arguments.import_root
    if said is None:
        return None
    if not arguments.imports:
        raise UsageError("--import-root means nothing without --import.", "Name a file to import.")
    here = folder_of(arguments) / said
    return str(here.resolve()) if here.is_dir() else said
