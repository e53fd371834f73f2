"""The references that tell of authors: notes, checkpoints, and branches that end at a commit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xreview.repo.attribution.base import Deadline
from xreview.repo.attribution.evidence.checkpoints import BRANCH, REFERENCES
from xreview.repo.attribution.evidence.notes import AI_NOTES, WHOGITIT_NOTES
from xreview.repo.hardened.process import GitProcess
from xreview.repo.repository import Repository

_HEADS, _REMOTES = "refs/heads/", "refs/remotes/"
_MOST_BRANCHES = 50
_MOST_CHECKPOINTS = 200


@dataclass(frozen=True)
class References:
    """Where notes and checkpoints are.

    Args:
        notes: ids of commits by the full names of the references of notes.
        checkpoints: ids of the commits of the branch of checkpoints, here and of remotes.
    """

    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    checkpoints: tuple[str, ...] = ()


def references_of(repository: Repository, deadline: Deadline) -> References:
    """The references of notes and checkpoints. Raises ChangeError."""
    wanted = (AI_NOTES, WHOGITIT_NOTES, f"{_HEADS}{BRANCH}", f"{_REMOTES}*/{BRANCH}")
    found = _listed(repository, wanted, deadline)
    notes = {name: id for name, id in found.items() if name in (AI_NOTES, WHOGITIT_NOTES)}
    stores = (id for name, id in found.items() if name not in notes)
    return References(notes, tuple(dict.fromkeys(stores)))


def checkpoints_of_their_own(
    repository: Repository, ids: Sequence[str], deadline: Deadline
) -> dict[str, str]:
    """The commits of checkpoints that have a reference each, by the checkpoints' ids."""
    patterns = [f"{REFERENCES}/*/{id}" for id in ids[:_MOST_CHECKPOINTS]]
    found = _listed(repository, patterns, deadline) if patterns else {}
    return {name.rpartition("/")[2]: id for name, id in found.items()}


def branches_at(repository: Repository, commit: str, deadline: Deadline) -> tuple[str, ...]:
    """The names of the branches, here and of remotes, that end at a commit.

    A remote's own name is not part of them.
    """
    found = _listed(repository, (_HEADS, _REMOTES), deadline, f"--points-at={commit}")
    return tuple(dict.fromkeys(map(_branch, found)))[:_MOST_BRANCHES]


def _branch(name: str) -> str:
    if name.startswith(_REMOTES):
        return name.removeprefix(_REMOTES).partition("/")[2]
    return name.removeprefix(_HEADS)


def _listed(
    repository: Repository, patterns: Iterable[str], deadline: Deadline, *options: str
) -> dict[str, str]:
    form = "--format=%(objectname) %(refname)"
    output = output_before_deadline(
        repository.start("for-each-ref", form, *options, *patterns), deadline
    )
    rows = (row.partition(" ") for row in output.split("\n")[:-1])
    return {name: id for id, _, name in rows}


def output_before_deadline(process: GitProcess, deadline: Deadline) -> str:
    """What a git command prints until the deadline. Raises ChangeError where it fails."""
    return process.finish(deadline.left).checked().decode("utf-8", "surrogateescape")
