"""A problem in the code under review, as an analyser found it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from xreview.analysers.rules import AnalyserRule


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule that matched: the quoted lines, and words for the `{names}` in the rule's texts."""

    rule: AnalyserRule
    start_line: int
    end_line: int
    quote: str
    replacement: str | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str])

    def text(self, template: str) -> str:
        """A text of the rule with the words put in."""
        return re.sub(r"\{(\w+)\}", lambda name: self.words.get(name[1], name[0]), template)
