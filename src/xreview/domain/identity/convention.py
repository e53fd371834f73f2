"""Conventions: what a repository does on purpose, learned from rejections as `intended`."""

import re
from collections.abc import Callable, Sequence

from xreview.domain.events.event import ConventionWritten
from xreview.domain.finding import Finding
from xreview.domain.identity.claim import claim_key, claims_agree, words_agree
from xreview.domain.record import dataclass
from xreview.domain.report import Report

MatchesPath = Callable[[str, str], bool]
"""Whether a .gitignore pattern matches a `/`-separated path."""


@dataclass(frozen=True, slots=True)
class Convention:
    """A sentence about what is intended, and which findings it answers.

    The id stays when the sentence is edited. `subjects` are the fingerprints it was made from, and
    `origins` their reports, as far as the journal has them. `path_pattern` is as in a .gitignore
    file.
    """

    id: str
    sentence: str
    subjects: tuple[str, ...]
    owner: str
    at: str
    path_pattern: str = ""
    origins: tuple[Report, ...] = ()

    def answers(self, report: Report, matches_path: MatchesPath) -> bool:
        """Whether the report claims the same as one of the origins, on a path where it holds."""
        if report.fingerprint in self.subjects:
            return True
        if self.path_pattern and not matches_path(self.path_pattern, report.anchor.path):
            return False
        return any(
            claim_key(origin) == claim_key(report) and claims_agree(origin, report)
            for origin in self.origins
        )

    def names(self, report: Report) -> bool:
        """Whether it was made from the report, or from one with similar words.

        A convention answers a kind of claim. If a reviewer makes several claims of one kind about
        the same code, it answers only those it names.
        """
        return report.fingerprint in self.subjects or any(
            words_agree(origin, report) for origin in self.origins
        )


LONGEST_SENTENCE = 500  # characters, as the `conventions` setting has it


def convention_id(action: str, number: int) -> str:
    """The id of the convention that an action made from its finding with this number, from 0.

    It contains the action, so that undoing the action also removes the convention.
    """
    return f"{number}-{action}" if number else action


def action_of(id: str) -> str:
    """The action that made the convention."""
    return id.rpartition("-")[2]


def default_sentence(report: Report) -> str:
    """The sentence of a new convention."""
    place = report.anchor.path.rpartition("/")[0]
    return f"“{report.title}” is intended {f'in {place}/' if place else 'in this repository'}."


def default_pattern(path: str) -> str:
    """Where a convention made from a finding in `path` holds at first: the folder of the file, or
    at the top of the repository, files with the same ending."""
    folder, _, name = path.rpartition("/")
    if folder:
        return f"/{_literal(folder)}/"
    stem, dot, ending = name.rpartition(".")
    return f"/*.{_literal(ending)}" if dot and stem else f"/{_literal(name)}"


def _literal(path: str) -> str:
    return re.sub(r"([\\*?\[\]! ])", r"\\\1", path)


def conventions_for(
    findings: Sequence[Finding], action: str, owner: str
) -> tuple[ConventionWritten, ...]:
    """The conventions that a rejection as `intended` makes, one for each folder of a finding.

    Each holds for the claim in that folder until it is edited or `action` is undone.
    """
    return tuple(
        ConventionWritten(
            convention_id(action, number),
            default_sentence(reports[0])[:LONGEST_SENTENCE],
            tuple(dict.fromkeys(report.fingerprint for report in reports)),
            owner,
            pattern,
        )
        for number, (pattern, reports) in enumerate(
            one for finding in findings for one in _by_folder(finding).items()
        )
    )


def _by_folder(finding: Finding) -> dict[str, list[Report]]:
    """A finding's reports by the pattern of their paths, the lead's first."""
    found: dict[str, list[Report]] = {}
    for report in finding.reports:
        found.setdefault(default_pattern(report.anchor.path), []).append(report)
    return found
