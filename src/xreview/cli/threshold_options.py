"""The options that say what fails a headless review."""

from xreview.cli.options import severities
from xreview.cli.parser import OneOf, Parser


def add_fail_on_option(parser: Parser) -> None:
    """Add `--fail-on SEVERITY`."""
    parser.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        type=OneOf(severities),
        help="exit with 1 if a finding at least this severe is open: %(type)s "
        "(default: low, or as configured)",
    )


def add_require_human_option(parser: Parser) -> None:
    """Add `--require-human LEVEL`."""
    parser.add_argument(
        "--require-human",
        metavar="LEVEL",
        type=OneOf(_levels),
        help="exit with 1 if a person didn't look at what deserves at least this attention (see "
        "`trust`): %(type)s (default: off, or as configured)",
    )


def _levels() -> tuple[str, ...]:
    from xreview.config.levels import LEVEL_WORDS

    return LEVEL_WORDS
