"""Who wrote an attempt: its writer is known, so nothing else is looked for."""

from collections.abc import Sequence

from xreview.domain.authorship.author import Evidence, EvidenceKind, WrittenLines
from xreview.domain.change import FileDiff
from xreview.domain.report import Confidence, ReviewerIdentity, ReviewerKind
from xreview.repo.change.attempt_files import AttemptFiles


def writers_evidence(attempt: AttemptFiles, files: Sequence[FileDiff]) -> tuple[Evidence, ...]:
    """The writers of an attempt's files, each as evidence of these files as a whole."""
    paths: dict[ReviewerIdentity, list[str]] = {}
    for file in files:
        if (writer := attempt.writer_of(file.path)) is not None:
            paths.setdefault(writer, []).append(file.path)
    return tuple(
        Evidence(
            EvidenceKind.ATTEMPT,
            writer.name if writer.kind is ReviewerKind.AGENT else "",
            writer.family,
            writer.model,
            Confidence.HIGH,
            f"attempt {attempt.label}, written by {writer.name}",
            lines=tuple(map(WrittenLines, sorted(own))),
        )
        for writer, own in paths.items()
    )
