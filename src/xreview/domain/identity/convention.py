"""What a repository means to be as it is, remembered from rejections with the reason `intended`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xreview.domain.events.event import ConventionWritten
from xreview.domain.finding import Finding
from xreview.domain.identity.claim import claim_key, claims_agree, words_agree
from xreview.domain.report import Report

MatchesPath = Callable[[str, str], bool]
"""Whether a pattern, as in a .gitignore file, matches a `/`-separated path."""


@dataclass(frozen=True, slots=True)
class Convention:
    """A sentence about what is intended, and which findings it answers.

    Args:
        id: stays the same when the sentence is edited.
        subjects: the fingerprints of the findings it was made from.
        owner, at: who said so, and when last (as in `Event.at`).
        path_pattern: as in a .gitignore file, where it holds; "" for everywhere.
        origins: the reports that it was made from, as far as the journal has them.
    """

    id: str
    sentence: str
    subjects: tuple[str, ...]
    owner: str
    at: str
    path_pattern: str = ""
    origins: tuple[Report, ...] = ()

    def answers(self, report: Report, matches_path: MatchesPath) -> bool:
        """Whether the report claims the same as one of the origins, in a path it holds for."""
        if report.fingerprint in self.subjects:
            return True
        if self.path_pattern and not matches_path(self.path_pattern, report.anchor.path):
            return False
        return any(
            claim_key(origin) == claim_key(report) and claims_agree(origin, report)
            for origin in self.origins
        )

    def names(self, report: Report) -> bool:
        """Whether the report is one that it was made from, or says the same in words.

        A convention answers a kind of claim; where a reviewer claims several things of one kind
        about one piece of code, it may answer those only that this holds for.
        """
        return report.fingerprint in self.subjects or any(
            words_agree(origin, report) for origin in self.origins
        )


LONGEST_SENTENCE = 500  # characters, as the `conventions` setting has it


def convention_id(action: str, number: int) -> str:
    """The id of the convention that an action made about its finding with this number, from 0.

    It tells the action, so that undoing the action takes the convention back too.
    """
    return f"{number}-{action}" if number else action


def action_of(id: str) -> str:
    """The action that made the convention."""
    return id.rpartition("-")[2]


def default_sentence(report: Report) -> str:
    """What a convention says until somebody puts it better."""
    place = report.anchor.path.rpartition("/")[0]
    return f"“{report.title}” is intended {f'in {place}/' if place else 'in this repository'}."


def default_pattern(path: str) -> str:
    """Where a convention made from a finding in `path` holds: the folder of the file.

    At the top of the repository, files there of the same kind. Wider is for a person to say.
    """
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
    """What a rejection as `intended` writes down beside the decision: a convention for each.

    It holds for the claim in the finding's folder until a person makes it wider or narrower, and
    as long as `action`, the decision's, is not undone.
    """
    return tuple(
        ConventionWritten(
            convention_id(action, number),
            default_sentence(finding.lead)[:LONGEST_SENTENCE],
            finding.fingerprints,
            owner,
            default_pattern(finding.anchor.path),
        )
        for number, finding in enumerate(findings)
    )
