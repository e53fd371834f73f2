"""Threads for tests."""

from xreview.domain.pull.discussion import CommentPlace, RemoteComment, ReviewThread
from xreview.domain.pull.pull import ForgeAccount

BOT = ForgeAccount("coderabbitai[bot]", is_bot=True)
ADA = ForgeAccount("ada")
BOB = ForgeAccount("bob")


def thread(*said: tuple[ForgeAccount, str], id: str = "T1", **given: object) -> ReviewThread:
    """A thread on line 2 of `app.py`, from (account, text) pairs."""
    comments = tuple(
        RemoteComment(f"{id}-{number}", account, body)
        for number, (account, body) in enumerate(said)
    )
    place = CommentPlace("app.py", start_line=2, end_line=2)
    return ReviewThread(id, comments, place, **given)  # pyright: ignore[reportArgumentType]
