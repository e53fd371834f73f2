"""Conversations on a pull request as text. All that the forge returned is made safe here."""

from collections.abc import Iterator, Sequence

from xreview.domain.pull.discussion import RemoteComment, ReviewThread
from xreview.domain.pull.prose import prose_of
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.text import visible, visible_block
from xreview.tui.widgets.findings.marks import THREAD_SIGNS
from xreview.tui.widgets.text_pane import TextPart

_TO_MINUTES = len("2026-01-02T03:04")
NO_REPLY = "Nobody replied.\n"
NO_WORDS = "No words, only pictures or hidden text.\n"


def thread_parts(thread: ReviewThread, pull_author: ForgeAccount | None) -> Iterator[TextPart]:
    """Yield a conversation from its first comment to its last reply, with its state and link.

    What the author of the pull request wrote is marked.
    """
    state = thread.state
    yield (f"Thread · {THREAD_SIGNS[state]} {state}\n", "bold $text-accent")
    for at, comment in enumerate(thread.comments):
        if at:
            yield "\n"
        yield from remark_parts(comment, pull_author)
    if not thread.replies:
        yield (NO_REPLY, "$text-muted")
    if thread.root.url:
        yield (f"{visible(thread.root.url)}\n", "$text-muted")


def talk_parts(
    threads: Sequence[ReviewThread], pull_author: ForgeAccount | None
) -> list[Iterator[TextPart]]:
    """Return the conversations of a finding, one block for each."""
    return [thread_parts(one, pull_author) for one in threads]


def moment_words(at: str) -> str:
    """Return an ISO 8601 moment to the minute; "" for an unknown one."""
    return visible(at[:_TO_MINUTES].replace("T", " "))


def remark_parts(comment: RemoteComment, pull_author: ForgeAccount | None) -> Iterator[TextPart]:
    """Yield who wrote a comment, when, and its prose."""
    author = comment.author
    yield (visible(author.login) or "unknown", "bold")
    if author.is_bot:
        yield (" bot", "$text-muted")
    if pull_author is not None and author.key == pull_author.key:
        yield (" wrote this change", "bold $text-warning")
    edited = ", edited" if comment.edited else ""
    pending = " · only you see it yet" if comment.is_pending else ""
    yield (f" · {moment_words(comment.at)}{edited}{pending}\n", "$text-muted")
    prose = visible_block(prose_of(comment.body)).strip()
    yield f"{prose}\n" if prose else (NO_WORDS, "$text-muted")
