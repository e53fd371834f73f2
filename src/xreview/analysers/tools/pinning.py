"""Reducing zizmor's list of actions that aren't pinned to what a change makes worse.

Most workflows use tags on purpose, and an update from one tag to the next is no new risk.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from xreview.analysers.complexity import old_side
from xreview.analysers.ruff import Diagnostic
from xreview.analysers.rules import AnalyserRule
from xreview.analysers.source import Source
from xreview.analysers.syntax import MatchPlace

AUDIT = "unpinned-uses"
"""zizmor's name for an action that is used by a tag or a branch."""

_USE = re.compile(r"""^[\s-]*["']?uses["']?\s*:\s*["']?([^@\s"']+)@([^\s"'#]+)""", re.MULTILINE)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH = re.compile(r"main|master|trunk|develop|HEAD", re.IGNORECASE)
_OWN = re.compile(r"(actions|github)/")
_NAMED = 3


def newly_unpinned(
    source: Source, unpinned: Sequence[Diagnostic], rules: Iterable[AnalyserRule]
) -> Iterator[tuple[AnalyserRule, MatchPlace]]:
    """One match for each rule, whose words name the actions.

    Actions of GitHub itself count only if the file pins others, and actions that were used without
    a commit before don't count at all.
    """
    pins = any(_COMMIT.fullmatch(version) for _, version in _USE.findall(source.clean))
    before = _unpinned_in(old_side(source.clean, source.body))
    new: list[tuple[str, MatchPlace]] = []
    for said in unpinned:
        use = _text_of(source, said.place)
        name, _, version = use.partition("@")
        if name not in before and (pins or _BRANCH.fullmatch(version) or not _OWN.match(name)):
            new.append((use, said.place))
    for rule in rules:
        found = [(use, place) for use, place in new if _fits(rule, source, place)]
        if found:
            yield rule, replace(found[0][1], words={"actions": _listed([use for use, _ in found])})


def _unpinned_in(text: str) -> frozenset[str]:
    return frozenset(name for name, version in _USE.findall(text) if not _COMMIT.fullmatch(version))


def _text_of(source: Source, place: MatchPlace) -> str:
    found = _USE.search(source.quote(place.start_line, place.end_line))
    return f"{found[1]}@{found[2]}" if found else place.words["code"].strip("\"'")


def _fits(rule: AnalyserRule, source: Source, place: MatchPlace) -> bool:
    return re.search(rule.near, source.quote(place.start_line, place.end_line)) is not None


def _listed(uses: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(uses))
    named = ", ".join(f"`{use}`" for use in distinct[:_NAMED])
    rest = len(distinct) - _NAMED
    return f"{named} and {rest} more" if rest > 0 else named
