"""Refuses paths that no repository can have, such as `..` or `/etc/x` in a forged tree.

The file is named to the user, kept from every reviewer, and counted as a gap.
"""

from collections.abc import Iterable, Mapping

from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.inside import CLASHING, clashing, why_outside
from xreview.domain.text import count_of

_NAMED = 5
_NOT_THERE = (FileStatus.DELETED, FileStatus.UNMERGED)


def refused_files(source: ChangeSource, files: Iterable[FileDiff]) -> Mapping[str, str]:
    """The refused paths of a change, each with the reason."""
    files = tuple(files)
    refused = {file.path: why for file in files if (why := why_outside(file.path))}
    if source.kind is ChangeKind.PATCH or source.head is None:
        # A series of patches can name a file often, and only a stored tree can name one twice.
        return refused
    there = (f.path for f in files if f.status not in _NOT_THERE and f.path not in refused)
    return refused | dict.fromkeys(sorted(clashing(there)), CLASHING)


def refusal_sentence(refused: Mapping[str, str]) -> str:
    """A notice that names refused paths."""
    named = "; ".join(f"“{path}”: {why}" for path, why in list(refused.items())[:_NAMED])
    more = f"; {len(refused) - _NAMED} more" if len(refused) > _NAMED else ""
    return (
        f"{count_of(len(refused), 'entry', 'entries')} can't be a file of a repository and "
        f"{'is' if len(refused) == 1 else 'are'} not read ({named}{more}). Git doesn't make such "
        "entries; check the repository with `git fsck`."
    )
