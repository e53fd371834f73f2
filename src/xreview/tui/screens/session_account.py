"""The account of the session: what was caught, rejected, spent, and not reviewed."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from xreview.domain.session_account.account import SessionAccount
from xreview.domain.session_account.sections import account_headline, account_sections
from xreview.domain.text import visible
from xreview.tui.dialogs.dialog import PageScreen

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp
    from xreview.tui.widgets.text_pane import TextPart


class SessionAccountScreen(PageScreen):
    """The page; the key that opens it closes it, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "leave", "close", show=False, priority=True),
    ]


async def open_session_account(app: "XReviewApp") -> None:
    """Show the account of everything that was decided until now."""
    from xreview.review.record.document import exportable

    if (session := app.triage.session) is None:
        app.notify("The change is still being read.")
        return
    found = await exportable(session, app.options.journal)
    account = found.document.latest.session_account
    if account is not None:
        content = session_account_content(account, found.trouble)
        await app.push_screen(SessionAccountScreen("Account of this session", content))


def session_account_content(account: SessionAccount, trouble: str = "") -> Content:
    """Return the page. `trouble` says why it isn't what the journal holds, raw."""
    parts: list[TextPart] = [(f"{visible(account_headline(account))}\n", "bold")]
    if trouble:
        parts.append((f"⚠ {visible(trouble)}\n", "$text-warning"))
    for section in account_sections(account):
        parts.append((f"\n{section.title}\n", "bold underline"))
        parts += [f"• {visible(said)}\n" for said in section.lines]
    return Content.assemble(*parts)
