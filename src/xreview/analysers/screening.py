"""Finding out cheaply that a rule can't match, from what every match of it has.

ast-grep compiles a rule for each search and then visits every node, which for the rules of a pack
takes longer than all else. Most rules are about code that the lines that matter don't have.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

from ast_grep_py import SgNode, SgRoot

from xreview.analysers.relaxing import Clause, relax
from xreview.analysers.rules import AnalyserRule, rules_for
from xreview.domain.record import dataclass, field

_PLACEHOLDER = re.compile(r"\$+(\w*)")
_KIND = re.compile(r"\w+")
_WORD = re.compile(r"\w{3,}")

_OTHERWISE = re.compile(r"\[\[|&&|--|~~|\\[<>BpPzZux]|\(\?[a-z]*[xuU]")
"""What the engine of ast-grep reads in another way than `re`: sets of sets, word ends, classes."""

Kinds = frozenset[str]
Words = frozenset[str]
Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What every match of a rule has.

    Args:
        kinds: its node is of one of these kinds; None if they are unknown.
        words: of each of these sets, its text has at least one word.
        weaker: the configuration of a search that finds it (`relax`).
        texts: of each of these groups, its text matches at least one.
        values: the texts of these placeholders match, as the weaker search binds them.
    """

    kinds: Kinds | None
    words: tuple[Words, ...]
    weaker: Mapping[str, Any] | None
    texts: tuple[Patterns, ...] = ()
    values: Mapping[str, re.Pattern[str]] = field(default_factory=dict[str, re.Pattern[str]])

    def lets_text_pass(self, text: str) -> bool:
        """Whether a match can be in a text."""
        return all(any(word in text for word in words) for words in self.words)

    def lets_node_pass(self, node: SgNode) -> bool:
        """Whether a node that the weaker search found can be a match."""
        if self.texts:
            text = node.text()
            if not all(any(one.search(text) for one in group) for group in self.texts):
                return False
        for name, pattern in self.values.items():
            value = node.get_match(name)
            if value is not None and pattern.search(value.text()) is None:
                return False
        return True


@cache
def screen_of(rule: AnalyserRule, language: str) -> Screen:
    """The screen of a rule for files of a language."""
    kinds, words = _kinds(rule.match, language), tuple(_words(rule.match))
    weaker = relax(rule.match, rule.where)
    # If the rule itself were weaker, another alternative of it could bind the placeholders.
    is_same = weaker is not None and weaker["rule"] == rule.match
    clauses = rule.where.items() if is_same else ()
    values = {name: found for name, clause in clauses if (found := _regex(clause)) is not None}
    return Screen(kinds, words, weaker, tuple(_texts(rule.match)), values)


@cache
def kinds_screened(language: str) -> Kinds:
    """The kinds of nodes that the rules of a language are about."""
    screens = (screen_of(rule, language) for rule in rules_for(language) if rule.match)
    return frozenset[str]().union(*(screen.kinds or () for screen in screens))


def _kinds(clause: Clause, language: str) -> Kinds | None:
    """The kinds of the nodes that a rule of ast-grep can match; None if they are unknown."""
    every = [_kinds_by(key, value, language) for key, value in clause.items()]
    return _in_all(every)


def _kinds_by(key: str, value: Any, language: str) -> Kinds | None:
    match key, value:
        case "kind", str() if _KIND.fullmatch(value):
            return frozenset({value})
        case "pattern", str():
            return _kinds_of_pattern(value, language)
        case "all", _:
            return _in_all(_kinds(one, language) for one in value)
        case "any", _:
            each = [_kinds(one, language) for one in value]
            known = [one for one in each if one is not None]
            return frozenset[str]().union(*known) if len(known) == len(each) else None
        case _:
            return None


def _in_all(every: Iterable[Kinds | None]) -> Kinds | None:
    known = [one for one in every if one is not None]
    return known[0].intersection(*known[1:]) if known else None


@cache
def _kinds_of_pattern(pattern: str, language: str) -> Kinds | None:
    """The kind of node that a pattern stands for: the kind that it matches in its own text."""
    # Names in place of the placeholders, which are no code in most languages.
    code = _PLACEHOLDER.sub(lambda found: f"a{found[1].lower()}", pattern)
    root = SgRoot(code, language).root()
    node = root.find(pattern=pattern)
    # What matches the whole file, or isn't code on its own, can match anything.
    if node is None or node.kind() == root.kind() or root.find(kind="ERROR") is not None:
        return None
    return frozenset({node.kind()})


def _texts(clause: Clause) -> Iterator[Patterns]:
    """Groups of expressions, of each of which the text of a match itself matches one."""
    if (found := _regex(clause)) is not None:
        yield (found,)
    for one in clause.get("all", ()):
        yield from _texts(one)
    each = [next(_texts(one), None) for one in clause.get("any", ())]
    known = [one for one in each if one is not None]
    if known and len(known) == len(each):
        yield tuple(chain.from_iterable(known))


def _regex(clause: Clause) -> re.Pattern[str] | None:
    """The clause's expression; None if it means something else in Python, or nothing."""
    regex = clause.get("regex")
    if not isinstance(regex, str) or _OTHERWISE.search(regex):
        return None
    try:
        return re.compile(regex)
    except re.error:
        return None


def _words(clause: Clause) -> list[Words]:
    """Sets of words, of each of which a match has one in its text."""
    found: list[Words] = []
    for key, value in clause.items():
        match key, value:
            case "pattern", str():
                found += _words_of_pattern(value)
            case "has", _:
                found += _words(value)
            case "all", _:
                found += (words for one in value for words in _words(one))
            case "any", _:
                found += _words_of_any([_words(one) for one in value])
            case _:
                pass
    return found


def _words_of_pattern(pattern: str) -> list[Words]:
    words = _WORD.findall(_PLACEHOLDER.sub(" ", pattern))
    return [frozenset({word}) for word in dict.fromkeys(words)]


def _words_of_any(each: list[list[Words]]) -> list[Words]:
    if not all(each):
        return []
    telling = (max(one, key=lambda words: min(map(len, words))) for one in each)
    return [frozenset[str]().union(*telling)]
