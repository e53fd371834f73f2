"""Commits: the people they name, and their messages."""

from xreview.domain.authorship.author import EvidenceKind
from xreview.repo.attribution.base import dated
from xreview.repo.attribution.evidence_source import (
    EvidenceSource,
    Found,
    TracedChange,
    skipped_notice,
)
from xreview.repo.attribution.signatures.identities import identity_evidence
from xreview.repo.attribution.signatures.message import message_evidence


def _find(change: TracedChange) -> Found:
    evidence = [
        dated(one, commit.author.at)
        for commit in change.commits
        for one in (*identity_evidence(commit), *message_evidence(commit))
    ]
    return evidence, skipped_notice(change.large_commits, "commit", "too large to read")


SOURCE = EvidenceSource(EvidenceKind.TRAILER, "commit messages", _find)
