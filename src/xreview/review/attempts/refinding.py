"""Trials of earlier runs: found again from their trees, from what is kept beside them, and from the
journal. An attempt that was cut off, by a kill or a reboot, keeps the patch it had made."""

from collections.abc import Sequence

from xreview.domain.errors import XReviewError
from xreview.domain.events.attempt_events import AttemptReturned, AttemptTaken, AttemptWritten
from xreview.domain.events.event import AttemptPayload
from xreview.domain.fixing.tampering import tampering_in
from xreview.domain.record import dataclass, field, replace
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.attempt_state import LONGEST_WHY, facts_of
from xreview.review.attempts.kept import KeptAttempt, kept_trial
from xreview.review.attempts.listed import entry_of
from xreview.review.attempts.place import OpenedTrial, TrialPlace
from xreview.review.attempts.snapshot import AttemptSnapshot, TrialSnapshot
from xreview.review.attempts.trial_run import compared
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.writing.unbroken import unbroken


@dataclass
class _Found:
    """What is found on the disk.

    Args:
        lost: the labels of the attempts that were cut off.
    """

    snapshot: TrialSnapshot
    base: DisposableTree
    trees: dict[str, DisposableTree] = field(default_factory=dict[str, DisposableTree])
    patches: dict[str, TreePatch] = field(default_factory=dict[str, TreePatch])
    lost: set[str] = field(default_factory=set[str])


async def refind_trial(place: TrialPlace, trial: str) -> tuple[OpenedTrial, bool]:
    """Find a trial again, and record what a kill left unrecorded.

    Returns it, and whether it must be kept anew. The trial is locked for this process before.
    Raises ChangeError if it belongs to another repository or its base is gone; JournalError.
    """
    found = await unbroken(_found_on_disk, place, trial)
    told = await place.recall(trial)
    snapshot = replace(found.snapshot, taken=still_taken(told) if told else found.snapshot.taken)
    written = {one.label for one in told if isinstance(one, AttemptWritten)}
    attempts: list[AttemptSnapshot] = []
    for one in snapshot.attempts:
        if one.label in found.lost:
            one = await _measured_again(one, found)
            if one.label not in written:
                await place.record(trial, _cut_off(trial, one, found.patches.get(one.label)))
        attempts.append(one)
    comparison = await unbroken(compared, found.patches)
    snapshot = replace(snapshot, attempts=tuple(attempts), comparison=comparison)
    return OpenedTrial(snapshot, found.base, found.trees, found.patches), bool(found.lost)


def still_taken(told: Sequence[AttemptPayload]) -> tuple[AttemptTaken, ...]:
    """What was taken and not returned, by the events of a trial, the latest last."""
    returned = {one.action for one in told if isinstance(one, AttemptReturned)}
    taken = (one for one in told if isinstance(one, AttemptTaken))
    return tuple({one.action: one for one in taken if one.action not in returned}.values())


def _found_on_disk(place: TrialPlace, trial: str) -> _Found:
    """Read it; make the trees of what was cut off fit for use. Blocks."""
    folder = place.shelf.place(trial)
    kept = kept_trial(folder)
    base = DisposableTree.open(place.repository, folder, place.is_hidden)
    if not kept.is_over:
        base.put(base.base)  # the checks before may have been cut off in the middle
    found = _Found(kept.snapshot(), base)
    attempts: list[AttemptSnapshot] = []
    for was, now in zip(kept.attempts, found.snapshot.attempts, strict=True):
        try:
            attempts.append(_attempt_on_disk(place, trial, was, now, found))
        except XReviewError as error:
            said = now.why if now.is_stopped else ""
            attempts.append(replace(now, why=f"{said} Its files are gone: {error}".strip()))
        if not was.is_over:
            found.lost.add(now.label)
    found.snapshot = replace(found.snapshot, attempts=tuple(attempts))
    return found


def _attempt_on_disk(
    place: TrialPlace, trial: str, was: KeptAttempt, now: AttemptSnapshot, found: _Found
) -> AttemptSnapshot:
    label, folder = now.label, place.shelf.place(entry_of(trial, now.label))
    if was.is_over and not was.tree and not folder.exists():
        return now  # it never had files
    if not was.is_over and not (folder / "snapshot.json").exists():
        return now
    tree = DisposableTree.open(place.repository, folder, place.is_hidden)
    found.trees[label] = tree
    if was.tree and not was.is_over:
        tree.put(was.tree)  # a check may have been cut off in the middle
    if was.is_over or was.tree:
        patch = tree.patch_to(was.tree or tree.base)
        patch = replace(patch, refused=was.refused)
    else:
        tree.restore()
        tree.drop_unseen({})
        patch = tree.patch()
    if patch.files:
        found.patches[label] = patch
    files = FixedFiles(tree.top, patch.files)
    tampering = was.tampering
    if not was.is_over:
        tampering = tampering_in(patch.files, lambda _: False, files.new_text)
    return replace(
        now, files=patch.files, refused=patch.refused, tampering=tampering, folder=tree.top
    )


async def _measured_again(one: AttemptSnapshot, found: _Found) -> AttemptSnapshot:
    """An attempt that was cut off, with the numbers of its partial patch."""
    tree = found.trees.get(one.label)
    if tree is None:
        return one
    return replace(one, facts=await facts_of(one, tree.top, one.seconds))


def _cut_off(trial: str, one: AttemptSnapshot, patch: TreePatch | None) -> AttemptWritten:
    tree, why = patch.tree if patch else "", one.why[:LONGEST_WHY]
    return AttemptWritten(trial, one.label, tree, one.cost, round(one.seconds, 3), why)
