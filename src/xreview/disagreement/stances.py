"""The stances on a finding, and the disagreement they amount to."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from xreview.disagreement.opposition import opposed
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.record import dataclass, field
from xreview.domain.report import Report
from xreview.domain.stance import Stance, StanceKind


@dataclass(frozen=True)
class TakenStances:
    """The stances that hold, by the report's fingerprint and the party's name."""

    by_subject: Mapping[str, Mapping[str, Stance]] = field(
        default_factory=dict[str, Mapping[str, Stance]]
    )

    def with_more(self, taken: Iterable[StanceTaken]) -> "TakenStances":
        """These and later ones. A party's last stance on a report holds, but silence doesn't
        withdraw an earlier answer: the party may just have been unreachable."""
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
    """The finding with the stances taken on its reports, and the resulting disagreement.

    A party that answered isn't silent any more.
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
    """The identity of a party: a model can read as two reviewers and answer as one party."""
    return stance.party.family, stance.party.model


def classify(reports: Sequence[Report], stances: Sequence[Stance]) -> Disagreement:
    """The kind of the first rule that matches:

    | condition                                            | kind         |
    |------------------------------------------------------|--------------|
    | a party rebuts it                                    | contested    |
    | two of its reports ask for opposite changes          | conflict     |
    | a party calls it a trade-off                         | trade-off    |
    | reports of two families, independently               | corroborated |
    | a model that was asked concedes                      | conceded     |
    | none of these                                        | lone         |
    """
    taken = {stance.counts_as for stance in stances}
    if StanceKind.REBUTS in taken:
        return Disagreement.CONTESTED
    if any(opposed(left, right) for left, right in combinations(reports, 2)):
        return Disagreement.CONFLICT
    if StanceKind.TRADE_OFF in taken:
        return Disagreement.TRADE_OFF
    if _independent(reports) > 1:
        return Disagreement.CORROBORATED
    if StanceKind.CONCEDES in taken:
        return Disagreement.CONCEDED
    return Disagreement.LONE


def _independent(reports: Sequence[Report]) -> int:
    """How many families certainly reported it: a model of an unknown one can be of any other's."""
    anchored = [report.reviewer for report in reports if report.anchored]
    models = {one.family for one in anchored if one.is_model}
    others = {one.family for one in anchored if not one.is_model}
    return len(others) + (len(models - {""}) or len(models))
