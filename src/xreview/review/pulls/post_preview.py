"""What would be posted, for the user to read first."""

from xreview.domain.pull.posting import PendingReview, ReviewPlan
from xreview.domain.pull.pull import ForgeAccount, Pull
from xreview.domain.record import dataclass
from xreview.export.document import ExportEntry
from xreview.review.pulls.drafts import is_wholly_ours


@dataclass(frozen=True, slots=True)
class PostPreview:
    """Exactly what would be posted, and where.

    Args:
        pull: as the forge described it just now.
        account: who it would be posted as.
        existing: the account's pending review, to which it would be added; None for none.
        is_moved: the pull request has other commits than were reviewed: places are found by quote.
        needs_consent: nothing was posted to this project with this account yet: ask, then `agree`.
        notices: sentences to read before posting.
        entries: the findings that were asked for, with what was decided.
    """

    pull: Pull
    plan: ReviewPlan
    account: ForgeAccount
    existing: PendingReview | None = None
    is_moved: bool = False
    needs_consent: bool = False
    notices: tuple[str, ...] = ()
    entries: tuple[ExportEntry, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to post."""
        return not self.plan.comments

    @property
    def adds_to_draft(self) -> bool:
        """Whether it would be added to a pending review with comments that the user wrote: that
        takes an explicit choice."""
        return self.existing is not None and not is_wholly_ours(self.existing)
