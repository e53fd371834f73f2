"""Bringing a change into a file that isn't as expected any more: a three-way merge of its text."""

from pathlib import Path
from tempfile import TemporaryDirectory

from xreview.domain.record import dataclass
from xreview.repo.diff.file_header import LINK_MODE
from xreview.repo.disposable.parts import FileState
from xreview.repo.repository import Repository

_MOST_CONFLICTS = 127  # `git merge-file` returns their number, or more than this for an error


@dataclass(frozen=True, slots=True)
class MergedFile:
    """The result of a merge; `state` is None if a line-by-line merge isn't possible."""

    state: FileState | None
    is_conflict: bool


def merge_states(
    own: Repository,
    folder: Path,
    current: FileState | None,
    expected: FileState | None,
    wanted: FileState | None,
    name: str = "the fix",
) -> MergedFile:
    """Merge what leads from `expected` to `wanted` into `current`.

    Args:
        own: a repository that runs `git merge-file`. folder: for temporary files.
        name: what conflict markers call `wanted`.

    Raises ChangeError where git fails.
    """
    if current is None or wanted is None:
        return MergedFile(None, is_conflict=True)
    states = (current, wanted) if expected is None else (current, expected, wanted)
    if any(one.mode == LINK_MODE for one in states):
        return MergedFile(None, is_conflict=True)
    mode = current.mode if expected and expected.mode == wanted.mode else wanted.mode
    base = expected.content if expected else b""
    if current.content == base and expected is not None:
        return MergedFile(FileState(mode, wanted.content), is_conflict=False)
    contents = (current.content, base, wanted.content)
    if any(b"\0" in content for content in contents):
        return MergedFile(None, is_conflict=True)
    with TemporaryDirectory(dir=folder) as place:
        files = [str(Path(place, side)) for side in ("yours", "before", "wanted")]
        for file, content in zip(files, contents, strict=True):
            Path(file).write_bytes(content)
        labels = ("-L", "yours", "-L", f"before {name}", "-L", name)
        merging = own.start("merge-file", "-p", "--no-diff3", *labels, *files)
        done = merging.finish()
    if not 0 <= done.code <= _MOST_CONFLICTS:
        raise done.error
    return MergedFile(FileState(mode, done.output), is_conflict=done.code > 0)
