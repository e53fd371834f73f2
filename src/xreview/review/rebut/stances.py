"""Applying stances to findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xreview.disagreement.classify import classify
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Finding
from xreview.domain.stance import Stance, StanceKind


@dataclass(frozen=True)
class TakenStances:
    """The current stances, by fingerprint of the report and name of the party."""

    by_subject: Mapping[str, Mapping[str, Stance]] = field(
        default_factory=dict[str, Mapping[str, Stance]]
    )

    def with_more(self, taken: Iterable[StanceTaken]) -> "TakenStances":
        """These and later ones. The last stance of a party on a report counts, except that
        silence doesn't withdraw an answer.
        """
        found = {subject: dict(stances) for subject, stances in self.by_subject.items()}
        for one in taken:
            for subject in one.subjects:
                stances = found.setdefault(subject, {})
                if one.stance.kind is StanceKind.SILENT and one.stance.party.name in stances:
                    continue
                stances[one.stance.party.name] = one.stance
        return TakenStances(found)

    def on(self, finding: Finding) -> tuple[Stance, ...]:
        """The distinct stances on a finding's reports, in the order of the reports."""
        found = (
            stance
            for fingerprint in finding.fingerprints
            for stance in self.by_subject.get(fingerprint, {}).values()
        )
        return tuple(dict.fromkeys(found))


def with_stances(finding: Finding, taken: TakenStances) -> Finding:
    """The finding with the stances on its reports, classified anew.

    A party that spoke is no longer silent. Stances whose quote wasn't found stay in the finding
    and count as silence (`Stance.counts_as`).
    """
    said = taken.on(finding)
    if not said:
        return finding
    speakers = {_model(stance) for stance in said}
    kept = tuple(
        stance
        for stance in finding.stances
        if not (stance.kind is StanceKind.SILENT and _model(stance) in speakers)
    )
    stances = (*kept, *(stance for stance in said if stance not in kept))
    return Finding(finding.reports, stances, classify(finding.reports, stances))


def _model(stance: Stance) -> tuple[str, str]:
    """Who speaks: one model can be two reviewers, one for each lens, and is one party."""
    return stance.party.family, stance.party.model
