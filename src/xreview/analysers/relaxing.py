"""Weakening a rule to one that is cheaper to search and finds at least the same nodes.

ast-grep compiles a rule for each search, which takes longer than the search of an ordinary file
where the rule has regular expressions: 1 ms against 0.05 ms. The weaker rule has none.
ast-grep.github.io/reference/rule.html describes the keys.
"""

from collections.abc import Mapping
from typing import Any, cast

_RELATIONS = ("has", "inside", "follows", "precedes")
_POSITIVE = ("kind", "pattern", "any", "all", "nthChild", *_RELATIONS)
"""A rule needs one of these keys."""

Clause = Mapping[str, Any]


def relax(match: Clause, where: Mapping[str, Clause]) -> dict[str, Any] | None:
    """The configuration of the weaker rule; None if there is no weaker one worth a search."""
    rule = _relaxed(match)
    if rule is None or (rule == match and not _has_regex(where)):
        return None
    weaker = {name: _relaxed(clause) for name, clause in where.items()}
    constraints = {name: clause for name, clause in weaker.items() if clause is not None}
    return {"rule": rule, **({"constraints": constraints} if constraints else {})}


def _relaxed(clause: Clause) -> dict[str, Any] | None:
    """The clause without what needs a regular expression; None if it then says nothing."""
    kept: dict[str, Any] = {}
    for key, value in clause.items():
        match key:
            case "regex":
                continue
            case "any":
                weaker = [_relaxed(one) for one in value]
                # One alternative that says nothing makes all of them say nothing.
                value = None if None in weaker else weaker
            case "all":
                value = [one for one in map(_relaxed, value) if one is not None]
            case "has" | "inside" | "follows" | "precedes":
                # A search that stops at fewer nodes would find more, one at more nodes less.
                value = None if _has_regex(value.get("stopBy")) else _relaxed(value)
            case _:
                # A weaker rule under `not` would be a stronger one.
                value = None if _has_regex(value) else value
        if value not in (None, []):
            kept[key] = value
    return kept if any(key in kept for key in _POSITIVE) else None


def _has_regex(value: object) -> bool:
    if isinstance(value, Mapping):
        clause = cast("Clause", value)
        return "regex" in clause or any(map(_has_regex, clause.values()))
    return isinstance(value, list) and any(map(_has_regex, cast("list[object]", value)))
