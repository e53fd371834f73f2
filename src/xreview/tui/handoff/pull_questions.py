"""What is asked before something is posted to a pull request, or deleted there."""

from typing import TYPE_CHECKING

from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.text import count_of
from xreview.tui.dialogs.question import ConfirmationText
from xreview.tui.widgets.pull.state import ShownPull
from xreview.tui.widgets.pull.words import MOVED, OTHERS

if TYPE_CHECKING:
    from xreview.review.pulls.posting import PostPreview

_VERDICTS = {
    ReviewVerdict.COMMENT: ("Publish the review?", "publish it as a comment"),
    ReviewVerdict.REQUEST_CHANGES: ("Publish and request changes?", "publish it as that"),
    ReviewVerdict.APPROVE: ("Publish and approve?", "publish it as an approval"),
}


def consent_question(preview: "PostPreview") -> ConfirmationText:
    """Ask whether an account may post to a project, the first time."""
    address = preview.pull.address
    return ConfirmationText(
        f"Post to {address.project} as {preview.account.login}?",
        (
            f"Reviews and replies would be written to {address.forge.name} in the name of "
            f"{preview.account.login}.",
            "A review stays pending, for your eyes only, until you publish it.",
            "Your answer is saved for this project and account.",
        ),
        "yes",
        f"post as {preview.account.login}",
        "no",
        "nothing is sent",
    )


def posting_question(preview: "PostPreview") -> ConfirmationText | None:
    """Ask before posting where something isn't as it was reviewed; None if all is."""
    sentences = [MOVED] if preview.is_moved else []
    if is_others := preview.adds_to_draft:
        sentences.append(OTHERS)
    if not sentences:
        return None
    return ConfirmationText(
        "Add to your pending review?" if is_others else "Post to the new commits?",
        (*sentences, f"{count_of(len(preview.plan.comments), 'finding')} would be posted."),
        "add" if is_others else "post",
        "they stay pending until you publish",
        "don't",
        "nothing is sent",
    )


def submit_question(shown: ShownPull, verdict: ReviewVerdict) -> ConfirmationText | None:
    """Ask whether to publish; it names what becomes public. None without a pending review."""
    if shown.preview is None or shown.pending is None:
        return None
    title, means = _VERDICTS[verdict]
    address = shown.preview.pull.address
    inline = len(shown.pending.comments)
    return ConfirmationText(
        title,
        (
            f"Everybody who can see {address.shown} would see the review by "
            f"{shown.account}: {count_of(inline, 'comment')} on lines and files, and its text.",
            "This can't be undone as a whole: comments can be deleted until somebody answers.",
        ),
        str(verdict),
        means,
        "don't",
        "it stays pending",
    )


def discard_review_question(shown: ShownPull) -> ConfirmationText:
    """Ask whether to delete the pending review."""
    count = len(shown.pending.comments) if shown.pending else 0
    return ConfirmationText(
        "Discard the pending review?",
        (
            f"What this program put into it is deleted at the forge: its text, and "
            f"{count_of(count, 'comment')} on lines and files.",
            "Comments that you wrote there yourself stay, and so do your decisions.",
        ),
        "discard",
        "delete that",
        "keep",
        "decide later",
    )


def undo_posting_question() -> ConfirmationText:
    """Ask whether to delete what was posted last."""
    return ConfirmationText(
        "Delete what was posted last?",
        ("Only what this program posted is deleted, and only where nobody has answered.",),
        "delete",
        "remove it from the pull request",
        "keep",
        "leave it there",
    )


def sending_question(doing: str) -> ConfirmationText:
    """Ask whether to leave while something is sent."""
    return ConfirmationText(
        "Leave? Something is being sent",
        (
            f"{doing} isn't over. Whether it arrives isn't known if you leave now.",
            "Posting again later posts nothing twice.",
        ),
        "leave",
        "don't wait for the forge",
        "stay",
        "wait for its answer",
    )


def unsent_question(lost: str) -> ConfirmationText:
    """Ask whether to leave with texts that aren't sent or saved; `lost` says which."""
    return ConfirmationText(
        "Leave and lose them?",
        (lost, "Decisions and notes are in the journal."),
        "leave",
        "the texts are lost",
        "stay",
        "keep them while the app runs",
    )
