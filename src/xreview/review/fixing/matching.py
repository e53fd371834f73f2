"""Which parts of a patch were made for which finding."""

from collections.abc import Iterable, Mapping, Sequence

from xreview.domain.change import FileDiff, Hunk
from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerResult
from xreview.domain.identity.anchor import Anchor
from xreview.repo.disposable.applying import PatchPart


def all_parts(files: Iterable[FileDiff]) -> tuple[PatchPart, ...]:
    """All parts of a patch: its hunks, and whole files without hunks (binary, renamed, empty)."""
    return tuple(part for file in files for part in _parts(file))


def spread_parts(parts: Iterable[PatchPart], files: Iterable[FileDiff]) -> tuple[PatchPart, ...]:
    """Parts hunk by hunk, in the order of the patch: a whole file is all of its hunks."""
    wanted = set(parts)
    return tuple(
        part for part in all_parts(files) if part in wanted or PatchPart(part.path) in wanted
    )


def matched_parts(
    findings: Sequence[Finding], results: Mapping[str, FixerResult], files: Sequence[FileDiff]
) -> dict[str, tuple[PatchPart, ...]]:
    """The parts for each finding, by its fingerprint.

    In a file that several findings are in, a hunk belongs to the nearest ones. A file that none is
    in belongs to those for which the fixer names it.
    """
    found: dict[str, list[PatchPart]] = {one.fingerprint: [] for one in findings}
    for file in files:
        there = [(one, anchor) for one in findings for anchor in _anchors(one, file)]
        named = [
            one
            for one in findings
            if (result := results.get(one.fingerprint)) and file.path in result.files
        ]
        if not there:
            for one in named:
                found[one.fingerprint] += all_parts([file])
            continue
        hunks = tuple(file.hunks)
        for at, hunk in enumerate(hunks):
            for one in _nearest(hunk, there):
                found[one.fingerprint].append(PatchPart(file.path, at))
        if not hunks:
            for one in {id(one): one for one, _ in there}.values():
                found[one.fingerprint].append(PatchPart(file.path, None))
    return {name: tuple(dict.fromkeys(parts)) for name, parts in found.items()}


def _parts(file: FileDiff) -> list[PatchPart]:
    hunks = [PatchPart(file.path, at) for at, _ in enumerate(file.hunks)]
    return hunks or [PatchPart(file.path, None)]


def _anchors(finding: Finding, file: FileDiff) -> list[Anchor]:
    return [one for one in finding.places if one.path in (file.path, file.old_path)]


def _nearest(hunk: Hunk, there: Sequence[tuple[Finding, Anchor]]) -> list[Finding]:
    """The findings in the file with the smallest distance from a hunk, in lines."""
    distances = [(_distance(hunk, anchor), one) for one, anchor in there]
    least = min(distance for distance, _ in distances)
    return list({id(one): one for distance, one in distances if distance == least}.values())


def _distance(hunk: Hunk, anchor: Anchor) -> int:
    last = hunk.old_start + max(hunk.old_count, 1) - 1
    return max(hunk.old_start - anchor.end_line, anchor.start_line - last, 0)
