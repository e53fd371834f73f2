"""Where a description can go, the same for the app and the command."""

from xreview.domain.errors import UsageError
from xreview.domain.pull.address import ForgeKind, PullAddress, parse_pull_url
from xreview.repo.repository import Repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.access import forge_for
from xreview.review.pulls.addresses import base_project, wanted_address
from xreview.review.pulls.describing import PullDescribing
from xreview.review.pulls.place import PostPlace, RecordPosting
from xreview.review.pulls.post_consent import PostConsents
from xreview.review.pulls.pull_forge import pull_events_in
from xreview.review.session.surroundings import now

NO_REQUEST = (
    "Write it to a file with --output brief.md, then open one: "
    "`gh pr create --body-file brief.md` (GitLab: `glab mr create`)."
)


def template_kind(
    repository: Repository | None, options: RunOptions, pull: str
) -> ForgeKind | None:
    """The kind of forge that templates are for; None where nobody said.

    Args:
        pull: the URL of the pull request; "" for none.
    """
    if pull:
        return parse_pull_url(pull).forge.kind
    if repository is None:
        return None
    try:
        return base_project(repository, options)[0].kind
    except UsageError:
        return None  # no remote, or none at a known forge


def description_address(
    text: str, own: str, repository: Repository | None, options: RunOptions
) -> PullAddress:
    """The pull request that is meant: by a URL or number, else the change's own (`own`, a URL),
    else that of the checked-out branch.

    Blocks on the network. Raises UsageError, with what to do if the branch has none, ForgeError.
    """
    if own and not text:
        return parse_pull_url(own)
    try:
        return wanted_address(text, repository, options)
    except UsageError as error:
        if text:
            raise
        raise UsageError(error.message, NO_REQUEST) from error


def describing_at(
    address: PullAddress, commit: str, options: RunOptions, record: RecordPosting
) -> PullDescribing:
    """What writes into a pull request; close it.

    Args:
        commit: the full id of the head that the text is about; "" for files on disk.
    """
    place = PostPlace(
        address,
        commit,
        lambda: forge_for(address.forge, options),
        lambda _: (),
        lambda: pull_events_in(options.journal, address.url),
        record,
        PostConsents(options.folders.state),
        now,
    )
    return PullDescribing(place, options.journal)
