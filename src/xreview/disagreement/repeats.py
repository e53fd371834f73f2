"""Joining what a rule reports in many places to one finding, so that you decide on it once.

Only the findings join, not the reports: each keeps its fingerprint, so that decisions and fixes
still hold for its place when another place appears or goes.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from xreview.domain.finding import Disagreement, Finding, is_repeat
from xreview.domain.report import Lens, ReviewerKind, Severity
from xreview.domain.tests import is_test

Handling = Callable[[Finding], Hashable]
"""Returns what was decided and is known about a finding. Where that differs, places stay apart: a
decision about one must not cover another that you haven't seen."""


def join_repeats(findings: Iterable[Finding], handling: Handling) -> tuple[Finding, ...]:
    """The findings in their order, those that belong together at the place of the first."""
    return tuple(joined(together) for together in repeats_in(findings, handling))


def repeats_in(findings: Iterable[Finding], handling: Handling) -> list[list[Finding]]:
    """The findings that belong together, the most telling place first.

    A severe problem stays alone, and so does one that another reviewer raised or answered: each of
    its places is its own decision.
    """
    found = list(findings)
    together: list[list[Finding]] = []
    groups = _groups_in(found)
    grouped = {id(finding) for group in groups.values() for finding in group}
    for finding in found:
        if (group := groups.get(id(finding))) is not None:
            together += _handled_alike(group, handling)
        elif id(finding) not in grouped:
            together.append([finding])
    return together


def _groups_in(findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Two or more findings that report the same of their places, by the `id` of the first."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        # Few of many pass this, so that little is left to look at closely.
        if len(finding.reports) == 1 and (rule := finding.reports[0].rule):
            by_rule[rule].append(finding)
    groups: dict[int, list[Finding]] = {}
    for of_rule in by_rule.values():
        if len(of_rule) == 1:
            continue
        same: list[list[Finding]] = []
        for finding in filter(_can_join, of_rule):
            group = next((one for one in same if is_repeat(one[0].lead, finding.lead)), None)
            if group is None:
                same.append([finding])
            else:
                group.append(finding)
        groups |= {id(group[0]): group for group in same if len(group) > 1}
    return groups


def joined(together: Sequence[Finding]) -> Finding:
    """One finding for those that belong together."""
    if len(together) == 1:
        return together[0]
    reports = tuple(finding.lead for finding in together)
    stances = dict.fromkeys(stance for finding in together for stance in finding.stances)
    return Finding(reports, tuple(stances), Disagreement.LONE)


_EMBEDDED = frozenset(lens.value for lens in Lens)
"""The program's own analysers, which are named by their lens. What an imported tool says of a rule
can differ from place to place."""


def _can_join(finding: Finding) -> bool:
    lead = finding.lead
    return (
        lead.reviewer.kind is ReviewerKind.ANALYSER
        and lead.reviewer.name in _EMBEDDED
        and lead.anchored
        and lead.severity < Severity.HIGH
        and finding.disagreement is Disagreement.LONE
    )


def _handled_alike(findings: Iterable[Finding], handling: Handling) -> Iterable[list[Finding]]:
    alike: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(handling(finding), []).append(finding)
    return (sorted(found, key=_telling_first) for found in alike.values())


def _telling_first(finding: Finding) -> tuple[bool, int, str, int]:
    """The order of places: the product before its tests, then as a reader meets them."""
    anchor = finding.anchor
    return is_test(anchor.path), -finding.lead.severity, anchor.path, anchor.start_line
