"""What must never be waved through: where being wrong costs money, data, or the keys."""

import re

from xreview.domain.finding import Finding
from xreview.domain.report import Category, Report

_CATEGORIES = frozenset({Category.SECURITY, Category.DATA_INTEGRITY})
_WORDS = re.compile(
    r"(?<![a-z])(?:"
    # money
    r"payments?|paid|pays?|payouts?|charg(?:e|es|ed|ing)|refund\w*|invoic\w*|billing|currenc\w*"
    r"|money|balances?|ledgers?|prices?|pricing|checkouts?|transfers?"
    # who may do what
    r"|auth|oauth\d?|authenticat\w*|authori[sz]\w*|log[ -]?ins?|passwords?|passwd|credentials?"
    r"|secrets?|(?:access|refresh|session|bearer|csrf|jwt)[ _-]?tokens?|jwts?|permissions?"
    r"|privileges?|sessions? (?:id|fixation|hijack\w*)|impersonat\w*|bypass\w*"
    # data that is lost or wrong for good
    r"|data[ -]?loss|lose[sd]? data|lost (?:data|updates?|writes?)|corrupt\w*|overwrit\w*"
    r"|truncat\w*|drops? (?:the )?(?:table|column|database)|delet(?:e|es|ed|ing) (?:all|the wrong)"
    r"|irreversib\w*|unrecoverabl\w*"
    r")(?![a-z])",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_high_stakes(finding: Finding) -> bool:
    """Whether it is about security, data loss or integrity, money or authentication.

    Such a finding is decided on its own, never in bulk. Too many rather than too few: it costs one
    more key to be asked, and one word of one of its reports is enough.
    """
    return any(_is_high(report) for report in finding.reports)


def _is_high(report: Report) -> bool:
    if report.category in _CATEGORIES:
        return True
    said = f"{report.title}\n{report.claim}\n{report.scenario}".replace("_", " ")
    return any(_WORDS.search(text) for text in (said, _HUMP.sub(" ", said)))
