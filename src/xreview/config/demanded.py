"""The least attention that the settings demand of files."""

from collections.abc import Iterable, Mapping

from xreview.config.ignore import IgnoreRules
from xreview.config.schema import Settings
from xreview.domain.attention.level import AttentionLevel


def demanded_levels(settings: Settings, paths: Iterable[str]) -> Mapping[str, AttentionLevel]:
    """Return the highest level whose patterns match, by path; files that none matches aren't in it.

    The user's patterns and the repository's are matched apart, so each can only add to the other: a
    repository's `!pattern` takes nothing back that the user demands.
    """
    tables = (settings.attention, settings.repository_attention)
    rules = [
        (level, IgnoreRules(patterns))
        for level, lists in (
            (AttentionLevel.DECIDE, [table.decide for table in tables]),
            (AttentionLevel.STUDY, [table.study for table in tables]),
            (AttentionLevel.READ, [table.read for table in tables]),
            (AttentionLevel.SKIM, [table.skim for table in tables]),
        )
        for patterns in lists
        if patterns
    ]
    found: dict[str, AttentionLevel] = {}
    for path in paths:
        if level := next((one for one, rule in rules if rule.ignores(path)), None):
            found[path] = level
    return found
