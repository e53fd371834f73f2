"""Which rules a review follows: the user's, and the repository's from before the change."""

from collections.abc import Iterable, Iterator

from xreview.config.document import LARGEST_FILE
from xreview.config.load import PolicyFile
from xreview.config.paths import REPOSITORY_FILE
from xreview.domain.change import FileDiff
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.files.contents import file_before
from xreview.review.assembly.run_options import RunOptions

_BEFORE = "This review uses the version from before the change."
_FILES = {
    ".gitattributes": "It can say how git compares files; here all text is compared unchanged.",
    ".gitignore": "Untracked files that it ignores are not in the change.",
    ".gitmodules": "It says where submodules come from.",
}


def under_policy(options: RunOptions, collected: CollectedChange) -> RunOptions:
    """The options with the repository's policy from before this change.

    Blocks on git. Raises ChangeError or ConfigError where that policy can't be used.
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
