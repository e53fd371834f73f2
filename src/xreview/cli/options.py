"""The options that several commands share, and what they mean to the floors below."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xreview.cli.import_options import import_root_in, imports_in
from xreview.cli.parser import OneOf, Parser
from xreview.cli.pull_options import pull_in
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import UsageError
from xreview.domain.record import replace

if TYPE_CHECKING:
    from xreview.config.load import Loaded, PolicyFile
    from xreview.config.schema import Settings
    from xreview.domain.authorship.author_answer import AuthorAnswer
    from xreview.repo.change.request import ChangeRequest
    from xreview.review.assembly.run_options import RunOptions

_LONGEST_BRIEF = 64 * 1024

_CHANGE_OPTIONS = {
    "staged": ("", "what is staged for the next commit"),
    "commit": ("REV", "one commit"),
    "range": ("A..B", "B against A (A...B: against their merge base)"),
    "base": ("REF", "everything since this branch left REF"),
    "patch": ("FILE", "a patch file, or - for standard input"),
    "pull": (
        "URL|NUMBER",
        "a pull or merge request. To take that of the checked-out branch, end with the word `pr`",
    ),
    "attempt": ("TRIAL:LABEL", "one attempt, as `attempt --list` names it"),
}
"""The fields of a `ChangeRequest` that say which change is meant, each with the metavar of its
option ("" for a flag) and its help."""
_NAMES = {"pull": "--pr"}
_REVIEWING_OPTIONS = ("author", "tier", "brief", "budget", "offline")


def add_folder_option(parser: Parser, *, is_top: bool = False) -> None:
    """Add `-C DIR`."""
    _adder(parser, is_top=is_top)("-C", dest="folder", metavar="DIR", top=".", help="run in DIR")


def add_change_options(parser: Parser, *, is_top: bool = False) -> None:
    """Add the options that say which change to review, and which findings to import."""
    add_change_choice(parser, is_top=is_top)
    add = _adder(parser, is_top=is_top)
    add(
        "--import",
        dest="imports",
        metavar="FILE",
        action="append",
        top=[],
        help="triage findings of another tool too (SARIF, rdjson, GitLab, CodeClimate, "
        "checkstyle, ESLint, ruff, gcc, our JSON), or what was said on a pull request (as gh api "
        "and glab api print it); - for standard input; repeatable",
    )
    add(
        "--import-root",
        metavar="FOLDER",
        help="the folder in which the imported tools ran, if their paths don't tell: one of the "
        "repository, or its top on their machine",
    )


def add_change_choice(
    parser: Parser, *, is_top: bool = False, without: tuple[str, ...] = ()
) -> None:
    """Add the options that say which change is meant, without those of some fields."""
    group = parser.add_argument_group(
        "which change",
        "Without any of these: the uncommitted changes, if there are any; else this branch\n"
        "against the default branch; else the last commit.",
    )
    add = _adder(group, is_top=is_top)
    for name, (metavar, text) in _CHANGE_OPTIONS.items():
        if name in without:
            continue
        if metavar:
            add(change_option(name), dest=name, metavar=metavar, help=text)
        else:
            add(f"--{name}", action="store_true", top=False, help=text)


def change_option(name: str) -> str:
    """The option of a field of `ChangeRequest`."""
    return _NAMES.get(name, f"--{name}")


CHANGE_OPTIONS = tuple(map(change_option, _CHANGE_OPTIONS))
"""The options that say which change is meant, as they are written."""


def add_reviewing_options(parser: Parser, *, is_top: bool = False) -> None:
    """Add the options that say who wrote the change, who reads it, and under which limits."""
    add = _adder(parser, is_top=is_top)
    add(
        "--author",
        metavar="VENDOR[:MODEL]",
        help="who wrote the change, or unknown; overrides what is found. `who --set` remembers it",
    )
    add(
        "--reviewer",
        dest="reviewers",
        metavar="NAME",
        action="append",
        help="who reads it, even of the author's own family; repeatable",
    )
    add(
        "--tier",
        metavar="TIER",
        type=OneOf(_tiers),
        help="which of a vendor's two models reads it: %(type)s (default: auto, or as configured)",
    )
    add(
        "--ignore",
        dest="ignores",
        metavar="PATTERN",
        action="append",
        help="don't review matching files, as in a .gitignore file; repeatable",
    )
    add(
        "--brief",
        metavar="TEXT",
        help="what the change is for; models see it. @FILE reads it from a file",
    )
    add("--budget", metavar="USD", help="what the models can cost (default: 1, or as configured)")
    add("--offline", action="store_const", const="true", help="contact nothing but this machine")
    add(
        "--yes-egress",
        action="store_true",
        top=False,
        help="send code to the models' vendors without asking, for this run",
    )


def add_asking_options(parser: Parser, cost: str, whose: str) -> None:
    """Add `--budget`, `--offline` and `--yes-egress` to a command that asks models itself.

    Args:
        cost: the help of the budget. whose: whose vendors get code.
    """
    parser.add_argument("--budget", metavar="USD", default=argparse.SUPPRESS, help=cost)
    add_offline_option(parser)
    parser.add_argument(
        "--yes-egress",
        action="store_true",
        default=argparse.SUPPRESS,
        help=f"send code to {whose} without asking, for this run",
    )


def add_offline_option(parser: Parser) -> None:
    """Add `--offline` to a command; what was given before the command stays."""
    parser.add_argument(
        "--offline",
        action="store_const",
        const="true",
        default=argparse.SUPPRESS,
        help="contact nothing but this machine",
    )


def _adder(
    target: Parser | argparse._ArgumentGroup,  # pyright: ignore[reportPrivateUsage] - it has no public name
    *,
    is_top: bool,
) -> Callable[..., None]:
    """A function that adds options; `top` is the default of the top parser (None if not given).

    A command must not override with its default what was given before it.
    """

    def add(*names: str, top: Any = None, **given: Any) -> None:
        target.add_argument(*names, default=top if is_top else argparse.SUPPRESS, **given)

    return add


def add_output_options(parser: Parser) -> None:
    """Add `--format FORMAT` and `--output FILE`."""
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        type=OneOf(_formats),
        default="markdown",
        help="%(type)s (default: %(default)s)",
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def severities() -> tuple[str, ...]:
    """The words for severities."""
    from xreview.domain.report import Severity

    return tuple(severity.word for severity in Severity)


def _tiers() -> tuple[str, ...]:
    from xreview.config.schema import TierSetting

    return tuple(TierSetting)


def _formats() -> tuple[str, ...]:
    from xreview.export.format import export_formats

    return tuple(export_formats())


def given_change_options(arguments: argparse.Namespace) -> list[str]:
    """The options about the change and its review that were given, as they are written."""
    given = [
        change_option(name)
        for name in (*_CHANGE_OPTIONS, *_REVIEWING_OPTIONS)
        if getattr(arguments, name) not in (None, False)
    ]
    given += ["--yes-egress"] if arguments.yes_egress else []
    return given + (["--reviewer"] if arguments.reviewers else [])


def folder_of(arguments: argparse.Namespace) -> Path:
    """The folder to run in. Raises UsageError if it isn't a folder."""
    folder = Path(arguments.folder)
    if not os.path.isdir(folder):  # noqa: PTH112 - pathlib's raises for a name that is too long
        raise UsageError(f"-C: {folder} isn't a folder.", "Name an existing one.")
    return folder.absolute()


def request_of(arguments: argparse.Namespace) -> "ChangeRequest":
    """The change to review. Raises UsageError."""
    from xreview.repo.change.request import ChangeRequest

    values = {name: getattr(arguments, name) for name in _CHANGE_OPTIONS}
    values["pull"] = pull_in(arguments)
    return ChangeRequest(cwd=folder_of(arguments), **values)


def load_settings(arguments: argparse.Namespace) -> "Loaded":
    """The configuration for this run, with its problems in it.

    For commands that review no change: the repository's part is that of the working tree.
    """
    return _load(arguments, repository_file(folder_of(arguments), os.environ))


def _load(arguments: argparse.Namespace, repository: "Path | PolicyFile | None") -> "Loaded":
    from xreview.config.load import load
    from xreview.repo.hardened.secret_variables import keep_private

    options = {
        name: value
        for name in ("theme", "fail_on", "require_human", "tier", "budget", "offline")
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


def run_options_of(arguments: argparse.Namespace) -> "RunOptions":
    """The options of a run, besides the change. Raises UsageError or ConfigError."""
    from xreview.review.assembly.run_options import RunOptions

    def settings_under(policy: "PolicyFile | None") -> "Settings":
        return _load(arguments, policy).checked()

    return RunOptions(
        settings_under(None),
        folders(os.environ),
        dict(os.environ),
        imports=tuple(imports_in(arguments, folder_of(arguments))),
        said=_author_of(arguments),
        brief=_brief_of(arguments),
        allows_egress=arguments.yes_egress,
        settings_under=settings_under,
        import_root=import_root_in(arguments, folder_of(arguments)),
    )


def _author_of(arguments: argparse.Namespace) -> "AuthorAnswer | None":
    if arguments.author is None:
        return None
    from xreview.domain.authorship.author_answer import parse_answer

    return parse_answer(arguments.author)


def _brief_of(arguments: argparse.Namespace) -> str:
    given: str = arguments.brief or ""
    if not given.startswith("@"):
        return given
    from xreview.cli.given_file import read_given

    content = read_given(folder_of(arguments) / given[1:], "--brief", _LONGEST_BRIEF)
    return content.decode("utf-8", "replace")
