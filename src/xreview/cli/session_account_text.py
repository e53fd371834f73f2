"""The account of a session as text for a terminal of 80 columns."""

import textwrap
from collections.abc import Iterator

from xreview.domain.session_account.sections import account_headline, account_sections
from xreview.domain.text import visible
from xreview.export import phrases
from xreview.export.document import ExportSession

_COLUMNS = 80


def session_account_text(session: ExportSession) -> str:
    """Return the account of a session, with its title."""
    return "\n".join(_lines(session))


def _lines(session: ExportSession) -> Iterator[str]:
    yield from _wrapped(phrases.session(session), "")
    if (account := session.session_account) is None:
        yield "No account: nothing is known about this session."
        return
    yield from _wrapped(account_headline(account), "")
    for section in account_sections(account):
        yield ""
        yield section.title
        for said in section.lines:
            yield from _wrapped(said, "  ")


def _wrapped(text: str, indent: str) -> list[str]:
    """The lines of a text; what continues one is indented further."""
    return textwrap.wrap(
        visible(text),
        _COLUMNS,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
    )
