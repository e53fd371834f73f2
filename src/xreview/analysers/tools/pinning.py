"""Reducing zizmor's list of actions that aren't pinned to what a change makes worse.

Most workflows use tags on purpose, and an update from one tag to the next is no new risk.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from xreview.analysers.complexity import old_side
from xreview.analysers.ruff import Diagnostic
from xreview.analysers.rules import AnalyserRule
from xreview.analysers.source import Source
from xreview.analysers.syntax import MatchPlace
from xreview.analysers.tools.given import given_to
from xreview.domain.record import replace

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

    Actions of GitHub itself count only if the file pins others. Actions that were used without a
    commit before don't count at all, nor, for a rule that names it, do those that are given nothing
    worth stealing.
    """
    pins = any(_COMMIT.fullmatch(version) for _, version in _USE.findall(source.clean))
    before = _unpinned_in(old_side(source.clean, source.body))
    new: list[tuple[str, MatchPlace]] = []
    for said in unpinned:
        use = _text_of(source, said.place)
        name, _, version = use.partition("@")
        if _says_why(source.lines, said.place.start_line):
            continue
        if name not in before and (pins or _BRANCH.fullmatch(version) or not _OWN.match(name)):
            new.append((use, said.place))
    for rule in rules:
        found = [(use, place) for use, place in new if _fits(rule, source, place)]
        words: dict[str, str] = {}
        if "given" in rule.names:
            given = [given_to(source.clean.split("\n"), place.start_line) for _, place in found]
            found = [one for one, names in zip(found, given, strict=True) if names]
            words["given"] = _listed([name for names in given for name in names])
        if found:
            words["actions"] = _listed([f"`{use}`" for use, _ in found])
            yield rule, replace(found[0][1], words=words)


def _unpinned_in(text: str) -> frozenset[str]:
    return frozenset(name for name, version in _USE.findall(text) if not _COMMIT.fullmatch(version))


def _text_of(source: Source, place: MatchPlace) -> str:
    found = _USE.search(source.quote(place.start_line, place.end_line))
    return f"{found[1]}@{found[2]}" if found else place.words["code"].strip("\"'")


def _says_why(lines: Sequence[str], number: int) -> bool:
    """Whether a comment on the line, or on the one before, says something about pinning."""
    above = lines[number - 2].lstrip() if number > 1 else ""
    comment = lines[number - 1].partition("#")[2] + (above if above.startswith("#") else "")
    return "pin" in comment.lower()


def _fits(rule: AnalyserRule, source: Source, place: MatchPlace) -> bool:
    return re.search(rule.near, source.quote(place.start_line, place.end_line)) is not None


def _listed(words: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(words))
    named = ", ".join(distinct[:_NAMED])
    rest = len(distinct) - _NAMED
    return f"{named} and {rest} more" if rest > 0 else named
