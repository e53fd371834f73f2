"""Reading the change that a request names, a pull request or an attempt too."""

from xreview.repo.change.collecting import CollectedChange, collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.run_options import RunOptions


def collect_change(request: ChangeRequest, options: RunOptions) -> CollectedChange:
    """Start reading the change that a request names, of any kind.

    Blocks; for a pull request on the network. Raises ChangeError, UsageError, ConfigError,
    ForgeError; for an attempt JournalError.
    """
    if request.attempt is not None:
        from xreview.review.attempts.named_attempt import collect_attempt  # reads the journal

        return collect_attempt(request.cwd, request.attempt, options)
    if request.pull is None:
        return collect(request)
    from xreview.review.pulls.pulling import collect_pull  # asks forges

    return collect_pull(request.cwd, request.pull, options)
