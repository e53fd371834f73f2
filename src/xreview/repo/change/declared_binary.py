"""Showing text files that an attribute (`*.py -diff`, `binary`, a driver) declares binary.

Attributes may come with the change itself, so they don't decide what a reviewer sees: such files
are printed again with `--text`. A file that then contains a NUL byte stays binary.
"""

from collections.abc import Iterable, Iterator, Sequence

from xreview.domain.change import BIG_FILE_BYTES, FileDiff
from xreview.domain.record import replace
from xreview.repo.change.comparison import PATCH, Comparison
from xreview.repo.diff.file_header import SUBMODULE_MODE
from xreview.repo.diff.git_diff import split_git_diff
from xreview.repo.repository import Repository

NOTICE = "An attribute declares this file binary, but it's text."
_FIELDS = 3  # path, attribute, value
_UNSPECIFIED = "unspecified"
_AT_ONCE = 200


def show_declared_binary(
    batches: Iterable[tuple[FileDiff, ...]], repository: Repository, comparison: Comparison
) -> Iterator[tuple[FileDiff, ...]]:
    """The batches, with the diffs that only an attribute hid."""
    for batch in batches:
        hidden = [
            file
            for file in batch
            if file.binary and SUBMODULE_MODE not in (file.old_mode, file.new_mode)
        ]
        if not hidden:
            yield batch
            continue
        declared = _declared(hidden, repository)
        printed: dict[str, FileDiff] = {}
        for start in range(0, len(declared), _AT_ONCE):
            printed |= _printed(declared[start : start + _AT_ONCE], repository, comparison)
        yield tuple(printed.get(file.path, file) for file in batch)


def _declared(files: Sequence[FileDiff], repository: Repository) -> list[FileDiff]:
    """The files with an attribute that says how they're compared."""
    asked = "".join(f"{file.path}\0" for file in files).encode("utf-8", "surrogateescape")
    done = repository.start("check-attr", "-z", "--stdin", "diff", input=asked).finish()
    fields = done.output.decode("utf-8", "surrogateescape").split("\0")
    values = dict(zip(fields[0::_FIELDS], fields[2::_FIELDS], strict=False))
    small = _small(files, repository)
    # If git can't tell, the file is printed too: its content decides.
    return [file for file in small if values.get(file.path) != _UNSPECIFIED]


def _small(files: Sequence[FileDiff], repository: Repository) -> list[FileDiff]:
    """The files that are cheap to compare: with `--text`, git would compare any size."""
    ids = [id for file in files for id in (file.old_blob, file.new_blob) if id]
    asked = "".join(f"{id}\n" for id in ids).encode()
    done = repository.start("cat-file", "--batch-check=%(objectname) %(objectsize)", input=asked)
    rows = (row.split() for row in done.finish().output.decode("ascii", "replace").splitlines())
    sizes = {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}
    return [file for file in files if _size(file, repository, sizes) <= BIG_FILE_BYTES]


def _size(file: FileDiff, repository: Repository, sizes: dict[str, int]) -> int:
    """The size of the larger side, from the object database or from disk."""
    known = [sizes[id] for id in (file.old_blob, file.new_blob) if id in sizes]
    if file.new_blob not in sizes and file.new_mode and repository.top is not None:
        try:
            known.append((repository.top / file.path).lstat().st_size)
        except OSError:
            known.append(0)
    return max(known, default=0)


def _printed(
    files: Sequence[FileDiff], repository: Repository, comparison: Comparison
) -> dict[str, FileDiff]:
    """The diffs of those files that are text, by path."""
    # Git needs the old path too, to recognise a rename.
    paths = dict.fromkeys(path for file in files for path in (file.old_path, file.path) if path)
    process = repository.start(*comparison.arguments_for(*PATCH, "--text", paths=tuple(paths)))
    found: dict[str, FileDiff] = {}
    try:
        for batch in split_git_diff(process.chunks()):
            found |= {file.path: replace(file, notice=NOTICE) for file in batch}
    finally:
        process.close()
    return {path: file for path, file in found.items() if file.body and b"\0" not in file.body}
