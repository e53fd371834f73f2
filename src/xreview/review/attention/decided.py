"""Which files a person decided about as they are now, not only as they once were."""

from collections.abc import Mapping
from pathlib import Path

from xreview.domain.events.event import AttentionWeighed
from xreview.domain.viewed import diff_digest
from xreview.journal.store import Journal
from xreview.review.session.snapshot import ReviewSnapshot


def decided_as_they_are(snapshot: ReviewSnapshot, journal: Path) -> frozenset[str]:
    """Return the paths of the files without open findings, in which a person decided about a
    finding of the very diff that is under review now. Blocks on the journal. Raises JournalError.
    """
    made: dict[str, set[str]] = {}
    for finding in snapshot.findings:
        decided = snapshot.triage.decided(finding)
        if decided is not None and finding.is_anchored:
            made.setdefault(finding.anchor.path, set()).add(decided.session)
    for finding in snapshot.open_findings:
        made.pop(finding.anchor.path, None)
    if not made:
        return frozenset()
    now = {file.path: diff_digest(file) for file in snapshot.files if file.path in made}
    then = _digests(journal, {id for ids in made.values() for id in ids} - {snapshot.session})
    return frozenset(
        path
        for path, sessions in made.items()
        if snapshot.session in sessions
        or any(then.get(id, {}).get(path) == now.get(path, "") != "" for id in sessions)
    )


def _digests(journal: Path, sessions: set[str]) -> Mapping[str, Mapping[str, str]]:
    """The digests of the files of each session, as they were when it weighed them."""
    if not sessions:
        return {}
    found: dict[str, dict[str, str]] = {}
    with Journal.open(journal) as opened:
        for id in sessions:
            for event in opened.events(session=id, types=(AttentionWeighed,)):
                if isinstance(event.payload, AttentionWeighed):
                    found[id] = {one.path: one.digest for one in event.payload.files}
    return found
