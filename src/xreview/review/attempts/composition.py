"""What a whole attempt, or chosen pieces of several, make of the files that all started from."""

from collections.abc import Collection, Mapping, Sequence

from xreview.domain.attempt.combining import AttemptLines, combined
from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceRef
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass, field
from xreview.repo.disposable.composing import PlacedFile, collisions, composed_patch
from xreview.repo.disposable.parts import FileState, Placement, parts_of
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.disposable.tree_listing import list_tree, read_blobs
from xreview.repo.repository import Repository
from xreview.review.attempts.place import OpenedTrial

LAST_LINE = 2**31
"""The end of a range that goes to the end of its file, however long that is."""


@dataclass(frozen=True, slots=True)
class MixedText:
    """A text file made of pieces: before, after, and as each of its attempts has it."""

    before: bytes
    after: bytes
    attempts: Mapping[str, bytes]


@dataclass(frozen=True)
class Composition:
    """A patch to take.

    Args:
        tree: the tree that has its objects, and whose base it is on top of.
        writers: which lines of which of its files are whose, by path.
        mixed: the text files that were put together, by path.
        problems: sentences about files that can't be together; the patch is empty then.
    """

    tree: DisposableTree
    patch: TreePatch
    labels: tuple[str, ...]
    writers: Mapping[str, tuple[AttemptLines, ...]]
    mixed: Mapping[str, MixedText] = field(default_factory=dict[str, MixedText])
    problems: tuple[str, ...] = ()


def whole_attempt(opened: OpenedTrial, label: str) -> Composition:
    """An attempt as it is. Raises UsageError for one that isn't there, or changed nothing."""
    if label not in opened.snapshot.by_label:
        known = ", ".join(opened.snapshot.by_label)
        raise UsageError(f"There is no attempt {label}.", f"There are {known}.")
    patch = opened.patches.get(label)
    if patch is None or not patch.files:
        why = "changed nothing" if label in opened.trees else "has no files"
        raise UsageError(f"Attempt {label} {why}.", "Take another one.")
    everything = (AttemptLines(label, 1, LAST_LINE),)
    writers = {file.path: everything for file in patch.files}
    return Composition(opened.trees[label], patch, (label,), writers)


def compose(opened: OpenedTrial, choice: Mapping[PieceRef, str]) -> Composition:
    """The chosen pieces on top of the common base. Blocks on git.

    Raises UsageError for a choice that names no such piece or attempt, or takes nothing;
    ChangeError.
    """
    comparison = opened.snapshot.comparison
    if comparison is None:
        raise UsageError("The attempts aren't compared yet.", "Wait until one of them is over.")
    chosen = _chosen(comparison, choice)
    composing = _Composing(opened, chosen)
    whole: dict[str, set[str]] = {}
    mixed: dict[str, tuple[AttemptPiece, ...]] = {}
    for path in dict.fromkeys(ref.path for ref in chosen):
        pieces = comparison.by_path[path]
        if pieces[0].is_whole:
            whole.setdefault(chosen[pieces[0].ref], set()).add(path)
        else:
            mixed[path] = pieces
    for label, paths in whole.items():
        composing.take_whole(label, paths)
    composing.mix(mixed)
    return composing.done()


def _chosen(comparison: AttemptComparison, choice: Mapping[PieceRef, str]) -> dict[PieceRef, str]:
    """The pieces that are taken from an attempt that changes them, in order."""
    for ref, label in choice.items():
        if ref not in comparison.by_ref:
            raise UsageError(
                f"{ref.path} has no piece {ref.number + 1} that an attempt changes.",
                "Look at the pieces again.",
            )
        if label and label not in comparison.labels:
            raise UsageError(
                f"There is no attempt {label}.", f"There are {', '.join(comparison.labels)}."
            )
    chosen = {
        piece.ref: label
        for piece in comparison.pieces
        if (label := choice.get(piece.ref, "")) and piece.version_of(label) is not None
    }
    if not chosen:
        raise UsageError("No piece is taken from any attempt.", "Choose a piece first.")
    return chosen


class _Composing:
    """A graft while it is put together."""

    def __init__(self, opened: OpenedTrial, chosen: Mapping[PieceRef, str]) -> None:
        self._opened, self._chosen = opened, chosen
        self._own, self._base = opened.base.repository, opened.base.base
        self._listed = list_tree(self._own, self._base)
        self._placed: list[PlacedFile] = []
        self._writers: dict[str, tuple[AttemptLines, ...]] = {}
        self._mixed: dict[str, MixedText] = {}

    def take_whole(self, label: str, paths: Collection[str]) -> None:
        """Take what an attempt made of these files of the base."""
        tree, patch = self._opened.trees[label], self._opened.patches[label]
        places = {file.path: place for file in patch.files if (place := _base_path(file)) in paths}
        for path, one in parts_of(tree.repository, tree.base, patch, set(places)).items():
            target = one.with_applied(one.all)
            self._place(label, target)
            self._writers[target.path] = (AttemptLines(label, 1, LAST_LINE),)
            if one.leaves_its_path and target.path != places[path]:
                self._place(label, Placement(places[path], None))

    def mix(self, by_path: Mapping[str, Sequence[AttemptPiece]]) -> None:
        """Put text files together."""
        labels = {
            path: tuple(dict.fromkeys(filter(None, (self._chosen.get(one.ref) for one in pieces))))
            for path, pieces in by_path.items()
        }
        bases = _contents(self._own, self._base, by_path)
        versions = {
            label: _contents(
                self._opened.trees[label].repository,
                self._opened.patches[label].tree,
                [path for path, own in labels.items() if label in own],
            )
            for label in sorted({label for own in labels.values() for label in own})
        }
        for path, pieces in by_path.items():
            base = bases.get(path)
            file = combined(base, pieces, self._chosen)
            if base is None or file.content == base:
                continue
            whose = " and ".join(f"attempt {label}" for label in labels[path])
            state = FileState(self._listed[path].mode, file.content)
            self._placed.append(PlacedFile(whose, Placement(path, state)))
            self._writers[path] = file.lines
            theirs = {label: versions[label].get(path, b"") for label in labels[path]}
            self._mixed[path] = MixedText(base, file.content, theirs)

    def done(self) -> Composition:
        """Return the patch, or what speaks against it."""
        tree = self._opened.base
        labels = tuple(sorted(set(self._chosen.values())))
        ordered = sorted(self._placed, key=lambda one: one.whose)
        problems = collisions(ordered, self._listed)
        patch = TreePatch(self._base, (), {})
        if not problems:
            placements = [one.placement for one in ordered]
            patch = composed_patch(self._own, self._base, placements)
        return Composition(tree, patch, labels, self._writers, self._mixed, problems)

    def _place(self, label: str, placement: Placement) -> None:
        self._placed.append(PlacedFile(f"attempt {label}", placement))


def _contents(own: Repository, tree: str, paths: Collection[str]) -> dict[str, bytes]:
    """The files of a git tree at these paths, as far as they are there."""
    listed = list_tree(own, tree)
    ids = {path: listed[path].id for path in paths if path in listed}
    blobs = read_blobs(own, ids.values())
    return {path: blobs[id] for path, id in ids.items()}


def _base_path(file: FileDiff) -> str:
    return (file.old_path if file.status is FileStatus.RENAMED else None) or file.path
