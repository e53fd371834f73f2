"""The parts of a review, put together once for the app and for every command."""

from collections.abc import Iterable, Iterator

from xreview.analysers.registry import EMBEDDED, create
from xreview.config.document import LARGEST_FILE
from xreview.config.load import PolicyFile
from xreview.config.paths import REPOSITORY_FILE
from xreview.config.reviewers import all_reviewers
from xreview.config.schema import Settings
from xreview.domain.change import ChangeKind, FileDiff
from xreview.domain.errors import JournalError, ReviewerError
from xreview.domain.record import dataclass, replace
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.files.contents import file_before
from xreview.review.asking.money import Asker, Money
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.authorship import Authorship
from xreview.review.choosing.panel import Panel
from xreview.review.choosing.selection import EgressPermission
from xreview.review.pulls.brief import pull_brief
from xreview.review.pulls.original import original_of
from xreview.review.session.ledger import Ledger
from xreview.review.session.session import ReviewSession
from xreview.review.session.surroundings import Surroundings, new_id, now
from xreview.review.session.whole_change import WholeChange


@dataclass(frozen=True)
class ReviewParts:
    """What a review needs besides its session. Close the panel.

    The options have the settings under the repository's policy from before the change.
    """

    change: WholeChange
    options: RunOptions
    panel: Panel
    authorship: Authorship
    permission: EgressPermission


def review_parts(
    change: WholeChange, options: RunOptions, ask_budget: Asker | None = None
) -> ReviewParts:
    """Put the parts together. Blocks on git.

    Raises ChangeError or ConfigError if the repository's policy can't be used, ReviewerError
    if the settings name an unknown reviewer.
    """
    options = under_policy(options, change.collected)
    options = replace(options, brief=options.brief or _brief_of(change, options))
    settings = options.settings
    analysers_in(settings)
    new_panel = options.new_panel or Panel
    money = Money(settings.budget, ask_budget)
    panel = new_panel(settings, options.folders, options.environ, money, change.checkout, change)
    return ReviewParts(
        change,
        options,
        panel,
        Authorship(change, settings, options.journal, options.said),
        EgressPermission(change, panel, is_given=options.allows_egress),
    )


def _brief_of(change: WholeChange, options: RunOptions) -> str:
    """What a change is for, where its origin says so; "" if it doesn't."""
    collected, source = change.collected, change.source
    if collected.pull is not None:
        pull = collected.pull
        return pull_brief(replace(pull, body=original_of(pull, options.journal)))
    if collected.attempt is not None:
        return collected.attempt.task
    if change.repository is None or source.head is not None or source.kind is ChangeKind.PATCH:
        return ""
    from xreview.review.choosing.taken_attempts import latest_in, takes_of

    try:
        take = latest_in(takes_of(options.journal, change.repository.identity), change.files)
    except JournalError:
        return ""  # the session says so when it reads the journal
    return take.task if take else ""


def new_session(change: WholeChange, options: RunOptions) -> ReviewSession:
    """Make a session with the analysers and the imports; it isn't open in the journal yet.

    Raises ReviewerError if the settings name an unknown reviewer, UsageError if an import
    can't be read or is malformed.
    """
    settings = options.settings
    given = Surroundings(
        change.repository_name, change.actor, now, new_id, settings.ignores, settings.conventions
    )
    reviewers = [create(name) for name in analysers_in(settings)]
    if options.imports:
        from xreview.imports.reader import imported_reviewers

        def paths() -> tuple[str, ...]:
            tree = change.tree()
            return tree.files if tree else ()

        taken = [reviewer.identity.name for reviewer in reviewers]
        reviewers += imported_reviewers(options.imports, taken, paths, options.import_root)
    session = ReviewSession(change.change, reviewers, Ledger(options.journal), given)
    session.show(pull=change.collected.pull)
    return session


def analysers_in(settings: Settings) -> tuple[str, ...]:
    """The analysers that read: those named in the settings, else all of them.

    Raises ReviewerError if the settings name an unknown reviewer.
    """
    known = (*EMBEDDED, *all_reviewers(settings.reviewers))
    if others := [name for name in settings.review_with if name not in known]:
        from xreview.models.local_servers import server_names  # loads every wire format

        for name in others:
            if not name.startswith(server_names()):
                choices = ", ".join(known)
                raise ReviewerError(f"Unknown reviewer “{name}”.", f"Use one of: {choices}.")
    return tuple(name for name in EMBEDDED if name in settings.review_with) or EMBEDDED


_BEFORE = "This review uses the version from before the change."
_FILES = {
    ".gitattributes": "It can say how git compares files; here all text is compared unchanged.",
    ".gitignore": "Untracked files that it ignores are not in the change.",
    ".gitmodules": "It says where submodules come from.",
}


def under_policy(options: RunOptions, collected: CollectedChange) -> RunOptions:
    """The options with the repository's policy from before this change.

    Blocks on git. Raises ChangeError or ConfigError if that policy can't be used.
    """
    found = file_before(collected, REPOSITORY_FILE, LARGEST_FILE)
    return options.under(None if found is None else PolicyFile(*found))


def policy_notices(files: Iterable[FileDiff]) -> Iterator[str]:
    """A sentence for each file in which the change alters the rules of its own review."""
    # The names of the linters' files are known without their engines.
    from xreview.analysers.linters import FILES as LINTERS

    for file in files:
        name = file.path.rpartition("/")[2]
        if file.path == REPOSITORY_FILE:
            yield f"This change alters {file.path}. {_BEFORE}"
        elif file.path in LINTERS:
            yield f"This change alters {file.path}, which can set up linters. {_BEFORE}"
        elif name in _FILES:
            yield f"This change alters {file.path}. {_FILES[name]}"
